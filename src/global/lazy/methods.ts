/** Elementwise functions of lazy arrays. Written by scripts/elementwise-bindings.ts; nothing is computed. */
import type { LazyArray, LazyFunctionOptions, LazyOperand } from './lazyArray.ts';

/** The methods of lazy arrays that are elementwise functions; the array is their first operand. */
export interface LazyElementwiseMethods {
  /** Returns |x|, real for complex x, where x is this array (`numpy.absolute`). */
  abs(options?: LazyFunctionOptions): LazyArray;
  /** `abs` */
  absolute(options?: LazyFunctionOptions): LazyArray;
  /** Returns x + y; "or" of bools, where x is this array (`numpy.add`). */
  add(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns inverse cosine of x, where x is this array (`numpy.arccos`). */
  arccos(options?: LazyFunctionOptions): LazyArray;
  /** `arccos` */
  acos(options?: LazyFunctionOptions): LazyArray;
  /** Returns inverse hyperbolic cosine of x, where x is this array (`numpy.arccosh`). */
  arccosh(options?: LazyFunctionOptions): LazyArray;
  /** `arccosh` */
  acosh(options?: LazyFunctionOptions): LazyArray;
  /** Returns inverse sine of x, where x is this array (`numpy.arcsin`). */
  arcsin(options?: LazyFunctionOptions): LazyArray;
  /** `arcsin` */
  asin(options?: LazyFunctionOptions): LazyArray;
  /** Returns inverse hyperbolic sine of x, where x is this array (`numpy.arcsinh`). */
  arcsinh(options?: LazyFunctionOptions): LazyArray;
  /** `arcsinh` */
  asinh(options?: LazyFunctionOptions): LazyArray;
  /** Returns inverse tangent of x, where x is this array (`numpy.arctan`). */
  arctan(options?: LazyFunctionOptions): LazyArray;
  /** `arctan` */
  atan(options?: LazyFunctionOptions): LazyArray;
  /** Returns angle of the point (y, x), in (−π, π], where y is this array (`numpy.arctan2`). */
  arctan2(x: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** `arctan2` */
  atan2(x: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns inverse hyperbolic tangent of x, where x is this array (`numpy.arctanh`). */
  arctanh(options?: LazyFunctionOptions): LazyArray;
  /** `arctanh` */
  atanh(options?: LazyFunctionOptions): LazyArray;
  /** Returns x & y, where x is this array (`numpy.bitwise_and`). */
  bitwiseAnd(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns x | y, where x is this array (`numpy.bitwise_or`). */
  bitwiseOr(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns x ^ y, where x is this array (`numpy.bitwise_xor`). */
  bitwiseXor(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns cube root of x, where x is this array (`numpy.cbrt`). */
  cbrt(options?: LazyFunctionOptions): LazyArray;
  /** Returns smallest whole number ≥ x, where x is this array (`numpy.ceil`). */
  ceil(options?: LazyFunctionOptions): LazyArray;
  /** Returns x within [low, high]: min(max(x, low), high), where x is this array (`numpy.clip`). */
  clip(
    low?: LazyOperand | null,
    high?: LazyOperand | null,
    options?: LazyFunctionOptions,
  ): LazyArray;
  /** Returns complex conjugate of x, where x is this array (`numpy.conjugate`). */
  conj(options?: LazyFunctionOptions): LazyArray;
  /** `conj` */
  conjugate(options?: LazyFunctionOptions): LazyArray;
  /** Returns |x| with the sign of y, where x is this array (`numpy.copysign`). */
  copysign(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns cosine of x, in radians, where x is this array (`numpy.cos`). */
  cos(options?: LazyFunctionOptions): LazyArray;
  /** Returns hyperbolic cosine of x, where x is this array (`numpy.cosh`). */
  cosh(options?: LazyFunctionOptions): LazyArray;
  /** Returns x · π / 180, where x is this array (`numpy.deg2rad`). */
  deg2rad(options?: LazyFunctionOptions): LazyArray;
  /** `deg2rad` */
  radians(options?: LazyFunctionOptions): LazyArray;
  /** Returns x / y, a float for integers, where x is this array (`numpy.divide`). */
  divide(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** `divide` */
  trueDivide(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** `divide` */
  div(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns x == y, where x is this array (`numpy.equal`). */
  equal(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns e to the power of x, where x is this array (`numpy.exp`). */
  exp(options?: LazyFunctionOptions): LazyArray;
  /** Returns 2 to the power of x, where x is this array (`numpy.exp2`). */
  exp2(options?: LazyFunctionOptions): LazyArray;
  /** Returns exp(x) − 1, precise near 0, where x is this array (`numpy.expm1`). */
  expm1(options?: LazyFunctionOptions): LazyArray;
  /** Returns largest whole number ≤ x, where x is this array (`numpy.floor`). */
  floor(options?: LazyFunctionOptions): LazyArray;
  /** Returns x / y rounded down; 0 for integers where y is 0, where x is this array (`numpy.floor_divide`). */
  floorDivide(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns remainder of x / y with the sign of x; 0 for integers where y is 0, where x is this array (`numpy.fmod`). */
  fmod(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns x > y, where x is this array (`numpy.greater`). */
  greater(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns x ≥ y, where x is this array (`numpy.greater_equal`). */
  greaterEqual(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns sqrt(x² + y²) without overflow, where x is this array (`numpy.hypot`). */
  hypot(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns imaginary part of x, where x is this array (`numpy.imag`). */
  imag(options?: LazyFunctionOptions): LazyArray;
  /** Returns ~x; "not" of bools, where x is this array (`numpy.invert`). */
  invert(options?: LazyFunctionOptions): LazyArray;
  /** `invert` */
  bitwiseInvert(options?: LazyFunctionOptions): LazyArray;
  /** `invert` */
  bitwiseNot(options?: LazyFunctionOptions): LazyArray;
  /** Returns whether x is neither infinite nor NaN, where x is this array (`numpy.isfinite`). */
  isfinite(options?: LazyFunctionOptions): LazyArray;
  /** Returns whether x is infinite, where x is this array (`numpy.isinf`). */
  isinf(options?: LazyFunctionOptions): LazyArray;
  /** Returns whether x is NaN, where x is this array (`numpy.isnan`). */
  isnan(options?: LazyFunctionOptions): LazyArray;
  /** Returns x << y; 0 when y is not in [0, bits), where x is this array (`numpy.left_shift`). */
  leftShift(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** `leftShift` */
  bitwiseLeftShift(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns x < y, where x is this array (`numpy.less`). */
  less(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns x ≤ y, where x is this array (`numpy.less_equal`). */
  lessEqual(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns natural logarithm of x, where x is this array (`numpy.log`). */
  log(options?: LazyFunctionOptions): LazyArray;
  /** Returns logarithm of x to base 10, where x is this array (`numpy.log10`). */
  log10(options?: LazyFunctionOptions): LazyArray;
  /** Returns log(1 + x), precise near 0, where x is this array (`numpy.log1p`). */
  log1p(options?: LazyFunctionOptions): LazyArray;
  /** Returns logarithm of x to base 2, where x is this array (`numpy.log2`). */
  log2(options?: LazyFunctionOptions): LazyArray;
  /** Returns log(exp(x) + exp(y)) without overflow, where x is this array (`numpy.logaddexp`). */
  logaddexp(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns whether x and y are not 0, where x is this array (`numpy.logical_and`). */
  logicalAnd(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns whether x is 0, where x is this array (`numpy.logical_not`). */
  logicalNot(options?: LazyFunctionOptions): LazyArray;
  /** Returns whether x or y is not 0, where x is this array (`numpy.logical_or`). */
  logicalOr(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns whether one of x and y is 0 and the other is not, where x is this array (`numpy.logical_xor`). */
  logicalXor(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns the larger of x and y; NaN if one of them is, where x is this array (`numpy.maximum`). */
  maximum(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns the smaller of x and y; NaN if one of them is, where x is this array (`numpy.minimum`). */
  minimum(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns x · y; "and" of bools, where x is this array (`numpy.multiply`). */
  multiply(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** `multiply` */
  mul(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns −x, where x is this array (`numpy.negative`). */
  negative(options?: LazyFunctionOptions): LazyArray;
  /** `negative` */
  neg(options?: LazyFunctionOptions): LazyArray;
  /** Returns the next float after x towards y, where x is this array (`numpy.nextafter`). */
  nextafter(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns x ≠ y, where x is this array (`numpy.not_equal`). */
  notEqual(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns x, copied, where x is this array (`numpy.positive`). */
  positive(options?: LazyFunctionOptions): LazyArray;
  /** Returns x to the power of y; negative powers of integers are 0 or ±1, where x is this array (`numpy.power`). */
  power(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** `power` */
  pow(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns x · 180 / π, where x is this array (`numpy.rad2deg`). */
  rad2deg(options?: LazyFunctionOptions): LazyArray;
  /** `rad2deg` */
  degrees(options?: LazyFunctionOptions): LazyArray;
  /** Returns real part of x, where x is this array (`numpy.real`). */
  real(options?: LazyFunctionOptions): LazyArray;
  /** Returns 1 / x, for integers towards 0; 0 for the integer 0, where x is this array (`numpy.reciprocal`). */
  reciprocal(options?: LazyFunctionOptions): LazyArray;
  /** Returns x − y · floor(x / y), with the sign of y; 0 for integers where y is 0, where x is this array (`numpy.remainder`). */
  remainder(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** `remainder` */
  mod(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns x >> y; 0 or −1 when y is not in [0, bits), where x is this array (`numpy.right_shift`). */
  rightShift(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** `rightShift` */
  bitwiseRightShift(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns the nearest whole number, halves to even; a float, where x is this array (`numpy.rint`). */
  rint(options?: LazyFunctionOptions): LazyArray;
  /** Returns −1, 0 or 1; x / |x| for complex x, where x is this array (`numpy.sign`). */
  sign(options?: LazyFunctionOptions): LazyArray;
  /** Returns whether the sign of x is −, also of −0, where x is this array (`numpy.signbit`). */
  signbit(options?: LazyFunctionOptions): LazyArray;
  /** Returns sine of x, in radians, where x is this array (`numpy.sin`). */
  sin(options?: LazyFunctionOptions): LazyArray;
  /** Returns hyperbolic sine of x, where x is this array (`numpy.sinh`). */
  sinh(options?: LazyFunctionOptions): LazyArray;
  /** Returns square root of x, where x is this array (`numpy.sqrt`). */
  sqrt(options?: LazyFunctionOptions): LazyArray;
  /** Returns x², where x is this array (`numpy.square`). */
  square(options?: LazyFunctionOptions): LazyArray;
  /** Returns x − y, where x is this array (`numpy.subtract`). */
  subtract(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** `subtract` */
  sub(y: LazyOperand, options?: LazyFunctionOptions): LazyArray;
  /** Returns tangent of x, in radians, where x is this array (`numpy.tan`). */
  tan(options?: LazyFunctionOptions): LazyArray;
  /** Returns hyperbolic tangent of x, where x is this array (`numpy.tanh`). */
  tanh(options?: LazyFunctionOptions): LazyArray;
  /** Returns x without its fraction, where x is this array (`numpy.trunc`). */
  trunc(options?: LazyFunctionOptions): LazyArray;
}
