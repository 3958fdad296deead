/** Elementwise functions as methods. Written by scripts/elementwise-bindings.ts; @remarks all are collective. */
import type { DistArray } from '../distArray.ts';
import type { ArrayOperand, ElementwiseOptions } from './options.ts';

/** The methods of arrays that are elementwise functions; the array is their first operand. */
export interface ElementwiseMethods {
  /** Returns |x|, real for complex x, where x is this array (`numpy.absolute`). */
  abs(options?: ElementwiseOptions): DistArray;
  /** The same as `abs`. */
  absolute(options?: ElementwiseOptions): DistArray;
  /** Returns x + y; "or" of bools, where x is this array (`numpy.add`). */
  add(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** Returns inverse cosine of x, where x is this array (`numpy.arccos`). */
  arccos(options?: ElementwiseOptions): DistArray;
  /** The same as `arccos`. */
  acos(options?: ElementwiseOptions): DistArray;
  /** Returns inverse hyperbolic cosine of x, where x is this array (`numpy.arccosh`). */
  arccosh(options?: ElementwiseOptions): DistArray;
  /** The same as `arccosh`. */
  acosh(options?: ElementwiseOptions): DistArray;
  /** Returns inverse sine of x, where x is this array (`numpy.arcsin`). */
  arcsin(options?: ElementwiseOptions): DistArray;
  /** The same as `arcsin`. */
  asin(options?: ElementwiseOptions): DistArray;
  /** Returns inverse hyperbolic sine of x, where x is this array (`numpy.arcsinh`). */
  arcsinh(options?: ElementwiseOptions): DistArray;
  /** The same as `arcsinh`. */
  asinh(options?: ElementwiseOptions): DistArray;
  /** Returns inverse tangent of x, where x is this array (`numpy.arctan`). */
  arctan(options?: ElementwiseOptions): DistArray;
  /** The same as `arctan`. */
  atan(options?: ElementwiseOptions): DistArray;
  /** Returns angle of the point (y, x), in (−π, π], where y is this array (`numpy.arctan2`). */
  arctan2(x: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** The same as `arctan2`. */
  atan2(x: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** Returns inverse hyperbolic tangent of x, where x is this array (`numpy.arctanh`). */
  arctanh(options?: ElementwiseOptions): DistArray;
  /** The same as `arctanh`. */
  atanh(options?: ElementwiseOptions): DistArray;
  /** Returns x & y, where x is this array (`numpy.bitwise_and`). */
  bitwiseAnd(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** Returns x | y, where x is this array (`numpy.bitwise_or`). */
  bitwiseOr(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** Returns x ^ y, where x is this array (`numpy.bitwise_xor`). */
  bitwiseXor(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** Returns cube root of x, where x is this array (`numpy.cbrt`). */
  cbrt(options?: ElementwiseOptions): DistArray;
  /** Returns smallest whole number ≥ x, where x is this array (`numpy.ceil`). */
  ceil(options?: ElementwiseOptions): DistArray;
  /** Returns x within [low, high]: min(max(x, low), high), where x is this array (`numpy.clip`). */
  clip(low: ArrayOperand, high: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** Returns complex conjugate of x, where x is this array (`numpy.conjugate`). */
  conj(options?: ElementwiseOptions): DistArray;
  /** The same as `conj`. */
  conjugate(options?: ElementwiseOptions): DistArray;
  /** Returns |x| with the sign of y, where x is this array (`numpy.copysign`). */
  copysign(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** Returns cosine of x, in radians, where x is this array (`numpy.cos`). */
  cos(options?: ElementwiseOptions): DistArray;
  /** Returns hyperbolic cosine of x, where x is this array (`numpy.cosh`). */
  cosh(options?: ElementwiseOptions): DistArray;
  /** Returns x · π / 180, where x is this array (`numpy.deg2rad`). */
  deg2rad(options?: ElementwiseOptions): DistArray;
  /** The same as `deg2rad`. */
  radians(options?: ElementwiseOptions): DistArray;
  /** Returns x / y, a float for integers, where x is this array (`numpy.divide`). */
  divide(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** The same as `divide`. */
  trueDivide(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** The same as `divide`. */
  div(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** Returns x == y, where x is this array (`numpy.equal`). */
  equal(y: ArrayOperand, options?: ElementwiseOptions): DistArray<'bool'>;
  /** Returns e to the power of x, where x is this array (`numpy.exp`). */
  exp(options?: ElementwiseOptions): DistArray;
  /** Returns 2 to the power of x, where x is this array (`numpy.exp2`). */
  exp2(options?: ElementwiseOptions): DistArray;
  /** Returns exp(x) − 1, precise near 0, where x is this array (`numpy.expm1`). */
  expm1(options?: ElementwiseOptions): DistArray;
  /** Returns largest whole number ≤ x, where x is this array (`numpy.floor`). */
  floor(options?: ElementwiseOptions): DistArray;
  /** Returns x / y rounded down; 0 for integers where y is 0, where x is this array (`numpy.floor_divide`). */
  floorDivide(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** Returns remainder of x / y with the sign of x; 0 for integers where y is 0, where x is this array (`numpy.fmod`). */
  fmod(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** Returns x > y, where x is this array (`numpy.greater`). */
  greater(y: ArrayOperand, options?: ElementwiseOptions): DistArray<'bool'>;
  /** Returns x ≥ y, where x is this array (`numpy.greater_equal`). */
  greaterEqual(y: ArrayOperand, options?: ElementwiseOptions): DistArray<'bool'>;
  /** Returns sqrt(x² + y²) without overflow, where x is this array (`numpy.hypot`). */
  hypot(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** Returns imaginary part of x, where x is this array (`numpy.imag`). */
  imag(options?: ElementwiseOptions): DistArray;
  /** Returns ~x; "not" of bools, where x is this array (`numpy.invert`). */
  invert(options?: ElementwiseOptions): DistArray;
  /** The same as `invert`. */
  bitwiseInvert(options?: ElementwiseOptions): DistArray;
  /** The same as `invert`. */
  bitwiseNot(options?: ElementwiseOptions): DistArray;
  /** Returns whether x is neither infinite nor NaN, where x is this array (`numpy.isfinite`). */
  isfinite(options?: ElementwiseOptions): DistArray<'bool'>;
  /** Returns whether x is infinite, where x is this array (`numpy.isinf`). */
  isinf(options?: ElementwiseOptions): DistArray<'bool'>;
  /** Returns whether x is NaN, where x is this array (`numpy.isnan`). */
  isnan(options?: ElementwiseOptions): DistArray<'bool'>;
  /** Returns x << y; 0 when y is not in [0, bits), where x is this array (`numpy.left_shift`). */
  leftShift(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** The same as `leftShift`. */
  bitwiseLeftShift(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** Returns x < y, where x is this array (`numpy.less`). */
  less(y: ArrayOperand, options?: ElementwiseOptions): DistArray<'bool'>;
  /** Returns x ≤ y, where x is this array (`numpy.less_equal`). */
  lessEqual(y: ArrayOperand, options?: ElementwiseOptions): DistArray<'bool'>;
  /** Returns natural logarithm of x, where x is this array (`numpy.log`). */
  log(options?: ElementwiseOptions): DistArray;
  /** Returns logarithm of x to base 10, where x is this array (`numpy.log10`). */
  log10(options?: ElementwiseOptions): DistArray;
  /** Returns log(1 + x), precise near 0, where x is this array (`numpy.log1p`). */
  log1p(options?: ElementwiseOptions): DistArray;
  /** Returns logarithm of x to base 2, where x is this array (`numpy.log2`). */
  log2(options?: ElementwiseOptions): DistArray;
  /** Returns log(exp(x) + exp(y)) without overflow, where x is this array (`numpy.logaddexp`). */
  logaddexp(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** Returns whether x and y are not 0, where x is this array (`numpy.logical_and`). */
  logicalAnd(y: ArrayOperand, options?: ElementwiseOptions): DistArray<'bool'>;
  /** Returns whether x is 0, where x is this array (`numpy.logical_not`). */
  logicalNot(options?: ElementwiseOptions): DistArray<'bool'>;
  /** Returns whether x or y is not 0, where x is this array (`numpy.logical_or`). */
  logicalOr(y: ArrayOperand, options?: ElementwiseOptions): DistArray<'bool'>;
  /** Returns whether one of x and y is 0 and the other is not, where x is this array (`numpy.logical_xor`). */
  logicalXor(y: ArrayOperand, options?: ElementwiseOptions): DistArray<'bool'>;
  /** Returns the larger of x and y; NaN if one of them is, where x is this array (`numpy.maximum`). */
  maximum(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** Returns the smaller of x and y; NaN if one of them is, where x is this array (`numpy.minimum`). */
  minimum(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** Returns x · y; "and" of bools, where x is this array (`numpy.multiply`). */
  multiply(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** The same as `multiply`. */
  mul(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** Returns −x, where x is this array (`numpy.negative`). */
  negative(options?: ElementwiseOptions): DistArray;
  /** The same as `negative`. */
  neg(options?: ElementwiseOptions): DistArray;
  /** Returns the next float after x towards y, where x is this array (`numpy.nextafter`). */
  nextafter(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** Returns x ≠ y, where x is this array (`numpy.not_equal`). */
  notEqual(y: ArrayOperand, options?: ElementwiseOptions): DistArray<'bool'>;
  /** Returns x, copied, where x is this array (`numpy.positive`). */
  positive(options?: ElementwiseOptions): DistArray;
  /** Returns x to the power of y; negative powers of integers are 0 or ±1, where x is this array (`numpy.power`). */
  power(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** The same as `power`. */
  pow(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** Returns x · 180 / π, where x is this array (`numpy.rad2deg`). */
  rad2deg(options?: ElementwiseOptions): DistArray;
  /** The same as `rad2deg`. */
  degrees(options?: ElementwiseOptions): DistArray;
  /** Returns real part of x, where x is this array (`numpy.real`). */
  real(options?: ElementwiseOptions): DistArray;
  /** Returns 1 / x, for integers towards 0; 0 for the integer 0, where x is this array (`numpy.reciprocal`). */
  reciprocal(options?: ElementwiseOptions): DistArray;
  /** Returns x − y · floor(x / y), with the sign of y; 0 for integers where y is 0, where x is this array (`numpy.remainder`). */
  remainder(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** The same as `remainder`. */
  mod(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** Returns x >> y; 0 or −1 when y is not in [0, bits), where x is this array (`numpy.right_shift`). */
  rightShift(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** The same as `rightShift`. */
  bitwiseRightShift(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** Returns the nearest whole number, halves to even; a float, where x is this array (`numpy.rint`). */
  rint(options?: ElementwiseOptions): DistArray;
  /** Returns the nearest whole number, halves to even, where x is this array (`numpy.round`). */
  round(options?: ElementwiseOptions): DistArray;
  /** Returns −1, 0 or 1; x / |x| for complex x, where x is this array (`numpy.sign`). */
  sign(options?: ElementwiseOptions): DistArray;
  /** Returns whether the sign of x is −, also of −0, where x is this array (`numpy.signbit`). */
  signbit(options?: ElementwiseOptions): DistArray<'bool'>;
  /** Returns sine of x, in radians, where x is this array (`numpy.sin`). */
  sin(options?: ElementwiseOptions): DistArray;
  /** Returns hyperbolic sine of x, where x is this array (`numpy.sinh`). */
  sinh(options?: ElementwiseOptions): DistArray;
  /** Returns square root of x, where x is this array (`numpy.sqrt`). */
  sqrt(options?: ElementwiseOptions): DistArray;
  /** Returns x², where x is this array (`numpy.square`). */
  square(options?: ElementwiseOptions): DistArray;
  /** Returns x − y, where x is this array (`numpy.subtract`). */
  subtract(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** The same as `subtract`. */
  sub(y: ArrayOperand, options?: ElementwiseOptions): DistArray;
  /** Returns tangent of x, in radians, where x is this array (`numpy.tan`). */
  tan(options?: ElementwiseOptions): DistArray;
  /** Returns hyperbolic tangent of x, where x is this array (`numpy.tanh`). */
  tanh(options?: ElementwiseOptions): DistArray;
  /** Returns x without its fraction, where x is this array (`numpy.trunc`). */
  trunc(options?: ElementwiseOptions): DistArray;
}
