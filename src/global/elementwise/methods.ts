/** Elementwise functions as methods. Written by scripts/elementwise-bindings.ts; @remarks all are collective. */
import type { Dtype } from '../../dtype/dtype.ts';
import type { DistArray } from '../distArray.ts';
import type { ArrayOperand, ElementwiseOptions } from './options.ts';
import type { ResultBy } from './resultTypes.ts';
import type { Bound, RoundOptions } from './special.ts';

/** The methods of arrays that are elementwise functions; the array is their first operand. */
export interface ElementwiseMethods<D extends Dtype> {
  /** Returns |x|, real for complex x, where x is this array (`numpy.absolute`). */
  abs<R extends Dtype = ResultBy<'real', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** `abs` */
  absolute<R extends Dtype = ResultBy<'real', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns x + y; "or" of bools, where x is this array (`numpy.add`). */
  add<Y extends ArrayOperand, R extends Dtype = ResultBy<'any', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns inverse cosine of x, where x is this array (`numpy.arccos`). */
  arccos<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** `arccos` */
  acos<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns inverse hyperbolic cosine of x, where x is this array (`numpy.arccosh`). */
  arccosh<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** `arccosh` */
  acosh<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns inverse sine of x, where x is this array (`numpy.arcsin`). */
  arcsin<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** `arcsin` */
  asin<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns inverse hyperbolic sine of x, where x is this array (`numpy.arcsinh`). */
  arcsinh<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** `arcsinh` */
  asinh<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns inverse tangent of x, where x is this array (`numpy.arctan`). */
  arctan<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** `arctan` */
  atan<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns angle of the point (y, x), in (−π, π], where y is this array (`numpy.arctan2`). */
  arctan2<Y extends ArrayOperand, R extends Dtype = ResultBy<'float', D, Y>>(
    x: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** `arctan2` */
  atan2<Y extends ArrayOperand, R extends Dtype = ResultBy<'float', D, Y>>(
    x: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns inverse hyperbolic tangent of x, where x is this array (`numpy.arctanh`). */
  arctanh<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** `arctanh` */
  atanh<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns x & y, where x is this array (`numpy.bitwise_and`). */
  bitwiseAnd<Y extends ArrayOperand, R extends Dtype = ResultBy<'any', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns x | y, where x is this array (`numpy.bitwise_or`). */
  bitwiseOr<Y extends ArrayOperand, R extends Dtype = ResultBy<'any', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns x ^ y, where x is this array (`numpy.bitwise_xor`). */
  bitwiseXor<Y extends ArrayOperand, R extends Dtype = ResultBy<'any', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns cube root of x, where x is this array (`numpy.cbrt`). */
  cbrt<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns smallest whole number ≥ x, where x is this array (`numpy.ceil`). */
  ceil<R extends Dtype = ResultBy<'any', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns x within [low, high]: min(max(x, low), high), where x is this array (`numpy.clip`). */
  clip<R extends Dtype = Dtype>(
    low?: Bound,
    high?: Bound,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns complex conjugate of x, where x is this array (`numpy.conjugate`). */
  conj<R extends Dtype = ResultBy<'number', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** `conj` */
  conjugate<R extends Dtype = ResultBy<'number', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns |x| with the sign of y, where x is this array (`numpy.copysign`). */
  copysign<Y extends ArrayOperand, R extends Dtype = ResultBy<'float', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns cosine of x, in radians, where x is this array (`numpy.cos`). */
  cos<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns hyperbolic cosine of x, where x is this array (`numpy.cosh`). */
  cosh<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns x · π / 180, where x is this array (`numpy.deg2rad`). */
  deg2rad<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** `deg2rad` */
  radians<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns x / y, a float for integers, where x is this array (`numpy.divide`). */
  divide<Y extends ArrayOperand, R extends Dtype = ResultBy<'float', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** `divide` */
  trueDivide<Y extends ArrayOperand, R extends Dtype = ResultBy<'float', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** `divide` */
  div<Y extends ArrayOperand, R extends Dtype = ResultBy<'float', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns x == y, where x is this array (`numpy.equal`). */
  equal<Y extends ArrayOperand, R extends Dtype = ResultBy<'test', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns e to the power of x, where x is this array (`numpy.exp`). */
  exp<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns 2 to the power of x, where x is this array (`numpy.exp2`). */
  exp2<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns exp(x) − 1, precise near 0, where x is this array (`numpy.expm1`). */
  expm1<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns largest whole number ≤ x, where x is this array (`numpy.floor`). */
  floor<R extends Dtype = ResultBy<'any', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns x / y rounded down; 0 for integers where y is 0, where x is this array (`numpy.floor_divide`). */
  floorDivide<Y extends ArrayOperand, R extends Dtype = ResultBy<'number', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns remainder of x / y with the sign of x; 0 for integers where y is 0, where x is this array (`numpy.fmod`). */
  fmod<Y extends ArrayOperand, R extends Dtype = ResultBy<'number', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns x > y, where x is this array (`numpy.greater`). */
  greater<Y extends ArrayOperand, R extends Dtype = ResultBy<'test', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns x ≥ y, where x is this array (`numpy.greater_equal`). */
  greaterEqual<Y extends ArrayOperand, R extends Dtype = ResultBy<'test', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns sqrt(x² + y²) without overflow, where x is this array (`numpy.hypot`). */
  hypot<Y extends ArrayOperand, R extends Dtype = ResultBy<'float', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns imaginary part of x, where x is this array (`numpy.imag`). */
  imag<R extends Dtype = ResultBy<'real', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns ~x; "not" of bools, where x is this array (`numpy.invert`). */
  invert<R extends Dtype = ResultBy<'any', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** `invert` */
  bitwiseInvert<R extends Dtype = ResultBy<'any', D>>(
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** `invert` */
  bitwiseNot<R extends Dtype = ResultBy<'any', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns whether x is neither infinite nor NaN, where x is this array (`numpy.isfinite`). */
  isfinite<R extends Dtype = ResultBy<'test', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns whether x is infinite, where x is this array (`numpy.isinf`). */
  isinf<R extends Dtype = ResultBy<'test', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns whether x is NaN, where x is this array (`numpy.isnan`). */
  isnan<R extends Dtype = ResultBy<'test', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns x << y; 0 when y is not in [0, bits), where x is this array (`numpy.left_shift`). */
  leftShift<Y extends ArrayOperand, R extends Dtype = ResultBy<'number', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** `leftShift` */
  bitwiseLeftShift<Y extends ArrayOperand, R extends Dtype = ResultBy<'number', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns x < y, where x is this array (`numpy.less`). */
  less<Y extends ArrayOperand, R extends Dtype = ResultBy<'test', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns x ≤ y, where x is this array (`numpy.less_equal`). */
  lessEqual<Y extends ArrayOperand, R extends Dtype = ResultBy<'test', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns natural logarithm of x, where x is this array (`numpy.log`). */
  log<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns logarithm of x to base 10, where x is this array (`numpy.log10`). */
  log10<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns log(1 + x), precise near 0, where x is this array (`numpy.log1p`). */
  log1p<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns logarithm of x to base 2, where x is this array (`numpy.log2`). */
  log2<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns log(exp(x) + exp(y)) without overflow, where x is this array (`numpy.logaddexp`). */
  logaddexp<Y extends ArrayOperand, R extends Dtype = ResultBy<'float', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns whether x and y are not 0, where x is this array (`numpy.logical_and`). */
  logicalAnd<Y extends ArrayOperand, R extends Dtype = ResultBy<'test', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns whether x is 0, where x is this array (`numpy.logical_not`). */
  logicalNot<R extends Dtype = ResultBy<'test', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns whether x or y is not 0, where x is this array (`numpy.logical_or`). */
  logicalOr<Y extends ArrayOperand, R extends Dtype = ResultBy<'test', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns whether one of x and y is 0 and the other is not, where x is this array (`numpy.logical_xor`). */
  logicalXor<Y extends ArrayOperand, R extends Dtype = ResultBy<'test', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns the larger of x and y; NaN if one of them is, where x is this array (`numpy.maximum`). */
  maximum<Y extends ArrayOperand, R extends Dtype = ResultBy<'any', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns the smaller of x and y; NaN if one of them is, where x is this array (`numpy.minimum`). */
  minimum<Y extends ArrayOperand, R extends Dtype = ResultBy<'any', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns x · y; "and" of bools, where x is this array (`numpy.multiply`). */
  multiply<Y extends ArrayOperand, R extends Dtype = ResultBy<'any', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** `multiply` */
  mul<Y extends ArrayOperand, R extends Dtype = ResultBy<'any', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns −x, where x is this array (`numpy.negative`). */
  negative<R extends Dtype = ResultBy<'number', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** `negative` */
  neg<R extends Dtype = ResultBy<'number', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns the next float after x towards y, where x is this array (`numpy.nextafter`). */
  nextafter<Y extends ArrayOperand, R extends Dtype = ResultBy<'float', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns x ≠ y, where x is this array (`numpy.not_equal`). */
  notEqual<Y extends ArrayOperand, R extends Dtype = ResultBy<'test', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns x, copied, where x is this array (`numpy.positive`). */
  positive<R extends Dtype = ResultBy<'number', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns x to the power of y; negative powers of integers are 0 or ±1, where x is this array (`numpy.power`). */
  power<Y extends ArrayOperand, R extends Dtype = ResultBy<'number', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** `power` */
  pow<Y extends ArrayOperand, R extends Dtype = ResultBy<'number', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns x · 180 / π, where x is this array (`numpy.rad2deg`). */
  rad2deg<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** `rad2deg` */
  degrees<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns real part of x, where x is this array (`numpy.real`). */
  real<R extends Dtype = ResultBy<'real', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns 1 / x, for integers towards 0; 0 for the integer 0, where x is this array (`numpy.reciprocal`). */
  reciprocal<R extends Dtype = ResultBy<'number', D>>(
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns x − y · floor(x / y), with the sign of y; 0 for integers where y is 0, where x is this array (`numpy.remainder`). */
  remainder<Y extends ArrayOperand, R extends Dtype = ResultBy<'number', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** `remainder` */
  mod<Y extends ArrayOperand, R extends Dtype = ResultBy<'number', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns x >> y; 0 or −1 when y is not in [0, bits), where x is this array (`numpy.right_shift`). */
  rightShift<Y extends ArrayOperand, R extends Dtype = ResultBy<'number', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** `rightShift` */
  bitwiseRightShift<Y extends ArrayOperand, R extends Dtype = ResultBy<'number', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns the nearest whole number, halves to even; a float, where x is this array (`numpy.rint`). */
  rint<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns the nearest whole number, halves to even, where x is this array (`numpy.round`). */
  round<R extends Dtype = ResultBy<'number', D>>(options?: number | RoundOptions<R>): DistArray<R>;
  /** Returns −1, 0 or 1; x / |x| for complex x, where x is this array (`numpy.sign`). */
  sign<R extends Dtype = ResultBy<'number', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns whether the sign of x is −, also of −0, where x is this array (`numpy.signbit`). */
  signbit<R extends Dtype = ResultBy<'test', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns sine of x, in radians, where x is this array (`numpy.sin`). */
  sin<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns hyperbolic sine of x, where x is this array (`numpy.sinh`). */
  sinh<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns square root of x, where x is this array (`numpy.sqrt`). */
  sqrt<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns x², where x is this array (`numpy.square`). */
  square<R extends Dtype = ResultBy<'number', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns x − y, where x is this array (`numpy.subtract`). */
  subtract<Y extends ArrayOperand, R extends Dtype = ResultBy<'number', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** `subtract` */
  sub<Y extends ArrayOperand, R extends Dtype = ResultBy<'number', D, Y>>(
    y: Y,
    options?: ElementwiseOptions<R>,
  ): DistArray<R>;
  /** Returns tangent of x, in radians, where x is this array (`numpy.tan`). */
  tan<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns hyperbolic tangent of x, where x is this array (`numpy.tanh`). */
  tanh<R extends Dtype = ResultBy<'float', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
  /** Returns x without its fraction, where x is this array (`numpy.trunc`). */
  trunc<R extends Dtype = ResultBy<'any', D>>(options?: ElementwiseOptions<R>): DistArray<R>;
}
