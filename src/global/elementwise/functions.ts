/** Elementwise functions. Written by scripts/elementwise-bindings.ts; @remarks all are collective. */
import { binary, unary } from './call.ts';

export { where } from './call.ts';
export { clip, round } from './special.ts';
/** Returns |x|, real for complex x (`numpy.absolute`). */
export const abs = unary<'real'>('abs');
export { abs as absolute };
/** Returns x + y; "or" of bools (`numpy.add`). */
export const add = binary<'any'>('add');
/** Returns inverse cosine of x (`numpy.arccos`). */
export const arccos = unary<'float'>('arccos');
export { arccos as acos };
/** Returns inverse hyperbolic cosine of x (`numpy.arccosh`). */
export const arccosh = unary<'float'>('arccosh');
export { arccosh as acosh };
/** Returns inverse sine of x (`numpy.arcsin`). */
export const arcsin = unary<'float'>('arcsin');
export { arcsin as asin };
/** Returns inverse hyperbolic sine of x (`numpy.arcsinh`). */
export const arcsinh = unary<'float'>('arcsinh');
export { arcsinh as asinh };
/** Returns inverse tangent of x (`numpy.arctan`). */
export const arctan = unary<'float'>('arctan');
export { arctan as atan };
/** Returns angle of the point (y, x), in (−π, π] (`numpy.arctan2`). */
export const arctan2 = binary<'float'>('arctan2');
export { arctan2 as atan2 };
/** Returns inverse hyperbolic tangent of x (`numpy.arctanh`). */
export const arctanh = unary<'float'>('arctanh');
export { arctanh as atanh };
/** Returns x & y (`numpy.bitwise_and`). */
export const bitwiseAnd = binary<'any'>('bitwiseAnd');
/** Returns x | y (`numpy.bitwise_or`). */
export const bitwiseOr = binary<'any'>('bitwiseOr');
/** Returns x ^ y (`numpy.bitwise_xor`). */
export const bitwiseXor = binary<'any'>('bitwiseXor');
/** Returns cube root of x (`numpy.cbrt`). */
export const cbrt = unary<'float'>('cbrt');
/** Returns smallest whole number ≥ x (`numpy.ceil`). */
export const ceil = unary<'any'>('ceil');
/** Returns complex conjugate of x (`numpy.conjugate`). */
export const conj = unary<'number'>('conj');
export { conj as conjugate };
/** Returns |x| with the sign of y (`numpy.copysign`). */
export const copysign = binary<'float'>('copysign');
/** Returns cosine of x, in radians (`numpy.cos`). */
export const cos = unary<'float'>('cos');
/** Returns hyperbolic cosine of x (`numpy.cosh`). */
export const cosh = unary<'float'>('cosh');
/** Returns x · π / 180 (`numpy.deg2rad`). */
export const deg2rad = unary<'float'>('deg2rad');
export { deg2rad as radians };
/** Returns x / y, a float for integers (`numpy.divide`). */
export const divide = binary<'float'>('divide');
export { divide as trueDivide, divide as div };
/** Returns x == y (`numpy.equal`). */
export const equal = binary<'test'>('equal');
/** Returns e to the power of x (`numpy.exp`). */
export const exp = unary<'float'>('exp');
/** Returns 2 to the power of x (`numpy.exp2`). */
export const exp2 = unary<'float'>('exp2');
/** Returns exp(x) − 1, precise near 0 (`numpy.expm1`). */
export const expm1 = unary<'float'>('expm1');
/** Returns largest whole number ≤ x (`numpy.floor`). */
export const floor = unary<'any'>('floor');
/** Returns x / y rounded down; 0 for integers where y is 0 (`numpy.floor_divide`). */
export const floorDivide = binary<'number'>('floorDivide');
/** Returns remainder of x / y with the sign of x; 0 for integers where y is 0 (`numpy.fmod`). */
export const fmod = binary<'number'>('fmod');
/** Returns x > y (`numpy.greater`). */
export const greater = binary<'test'>('greater');
/** Returns x ≥ y (`numpy.greater_equal`). */
export const greaterEqual = binary<'test'>('greaterEqual');
/** Returns sqrt(x² + y²) without overflow (`numpy.hypot`). */
export const hypot = binary<'float'>('hypot');
/** Returns imaginary part of x (`numpy.imag`). */
export const imag = unary<'real'>('imag');
/** Returns ~x; "not" of bools (`numpy.invert`). */
export const invert = unary<'any'>('invert');
export { invert as bitwiseInvert, invert as bitwiseNot };
/** Returns whether x is neither infinite nor NaN (`numpy.isfinite`). */
export const isfinite = unary<'test'>('isfinite');
/** Returns whether x is infinite (`numpy.isinf`). */
export const isinf = unary<'test'>('isinf');
/** Returns whether x is NaN (`numpy.isnan`). */
export const isnan = unary<'test'>('isnan');
/** Returns x << y; 0 when y is not in [0, bits) (`numpy.left_shift`). */
export const leftShift = binary<'number'>('leftShift');
export { leftShift as bitwiseLeftShift };
/** Returns x < y (`numpy.less`). */
export const less = binary<'test'>('less');
/** Returns x ≤ y (`numpy.less_equal`). */
export const lessEqual = binary<'test'>('lessEqual');
/** Returns natural logarithm of x (`numpy.log`). */
export const log = unary<'float'>('log');
/** Returns logarithm of x to base 10 (`numpy.log10`). */
export const log10 = unary<'float'>('log10');
/** Returns log(1 + x), precise near 0 (`numpy.log1p`). */
export const log1p = unary<'float'>('log1p');
/** Returns logarithm of x to base 2 (`numpy.log2`). */
export const log2 = unary<'float'>('log2');
/** Returns log(exp(x) + exp(y)) without overflow (`numpy.logaddexp`). */
export const logaddexp = binary<'float'>('logaddexp');
/** Returns whether x and y are not 0 (`numpy.logical_and`). */
export const logicalAnd = binary<'test'>('logicalAnd');
/** Returns whether x is 0 (`numpy.logical_not`). */
export const logicalNot = unary<'test'>('logicalNot');
/** Returns whether x or y is not 0 (`numpy.logical_or`). */
export const logicalOr = binary<'test'>('logicalOr');
/** Returns whether one of x and y is 0 and the other is not (`numpy.logical_xor`). */
export const logicalXor = binary<'test'>('logicalXor');
/** Returns the larger of x and y; NaN if one of them is (`numpy.maximum`). */
export const maximum = binary<'any'>('maximum');
/** Returns the smaller of x and y; NaN if one of them is (`numpy.minimum`). */
export const minimum = binary<'any'>('minimum');
/** Returns x · y; "and" of bools (`numpy.multiply`). */
export const multiply = binary<'any'>('multiply');
export { multiply as mul };
/** Returns −x (`numpy.negative`). */
export const negative = unary<'number'>('negative');
export { negative as neg };
/** Returns the next float after x towards y (`numpy.nextafter`). */
export const nextafter = binary<'float'>('nextafter');
/** Returns x ≠ y (`numpy.not_equal`). */
export const notEqual = binary<'test'>('notEqual');
/** Returns x, copied (`numpy.positive`). */
export const positive = unary<'number'>('positive');
/** Returns x to the power of y; negative powers of integers are 0 or ±1 (`numpy.power`). */
export const power = binary<'number'>('power');
export { power as pow };
/** Returns x · 180 / π (`numpy.rad2deg`). */
export const rad2deg = unary<'float'>('rad2deg');
export { rad2deg as degrees };
/** Returns real part of x (`numpy.real`). */
export const real = unary<'real'>('real');
/** Returns 1 / x, for integers towards 0; 0 for the integer 0 (`numpy.reciprocal`). */
export const reciprocal = unary<'number'>('reciprocal');
/** Returns x − y · floor(x / y), with the sign of y; 0 for integers where y is 0 (`numpy.remainder`). */
export const remainder = binary<'number'>('remainder');
export { remainder as mod };
/** Returns x >> y; 0 or −1 when y is not in [0, bits) (`numpy.right_shift`). */
export const rightShift = binary<'number'>('rightShift');
export { rightShift as bitwiseRightShift };
/** Returns the nearest whole number, halves to even; a float (`numpy.rint`). */
export const rint = unary<'float'>('rint');
/** Returns −1, 0 or 1; x / |x| for complex x (`numpy.sign`). */
export const sign = unary<'number'>('sign');
/** Returns whether the sign of x is −, also of −0 (`numpy.signbit`). */
export const signbit = unary<'test'>('signbit');
/** Returns sine of x, in radians (`numpy.sin`). */
export const sin = unary<'float'>('sin');
/** Returns hyperbolic sine of x (`numpy.sinh`). */
export const sinh = unary<'float'>('sinh');
/** Returns square root of x (`numpy.sqrt`). */
export const sqrt = unary<'float'>('sqrt');
/** Returns x² (`numpy.square`). */
export const square = unary<'number'>('square');
/** Returns x − y (`numpy.subtract`). */
export const subtract = binary<'number'>('subtract');
export { subtract as sub };
/** Returns tangent of x, in radians (`numpy.tan`). */
export const tan = unary<'float'>('tan');
/** Returns hyperbolic tangent of x (`numpy.tanh`). */
export const tanh = unary<'float'>('tanh');
/** Returns x without its fraction (`numpy.trunc`). */
export const trunc = unary<'any'>('trunc');
