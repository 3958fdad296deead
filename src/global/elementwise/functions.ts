/** Elementwise functions. Written by scripts/elementwise-bindings.ts; @remarks all are collective. */
import { binary, ternary, unary } from './call.ts';

export { where } from './call.ts';
/** Returns |x|, real for complex x (`numpy.absolute`). */
export const abs = unary('abs');
export { abs as absolute };
/** Returns x + y; "or" of bools (`numpy.add`). */
export const add = binary('add');
/** Returns inverse cosine of x (`numpy.arccos`). */
export const arccos = unary('arccos');
export { arccos as acos };
/** Returns inverse hyperbolic cosine of x (`numpy.arccosh`). */
export const arccosh = unary('arccosh');
export { arccosh as acosh };
/** Returns inverse sine of x (`numpy.arcsin`). */
export const arcsin = unary('arcsin');
export { arcsin as asin };
/** Returns inverse hyperbolic sine of x (`numpy.arcsinh`). */
export const arcsinh = unary('arcsinh');
export { arcsinh as asinh };
/** Returns inverse tangent of x (`numpy.arctan`). */
export const arctan = unary('arctan');
export { arctan as atan };
/** Returns angle of the point (y, x), in (−π, π] (`numpy.arctan2`). */
export const arctan2 = binary('arctan2');
export { arctan2 as atan2 };
/** Returns inverse hyperbolic tangent of x (`numpy.arctanh`). */
export const arctanh = unary('arctanh');
export { arctanh as atanh };
/** Returns x & y (`numpy.bitwise_and`). */
export const bitwiseAnd = binary('bitwiseAnd');
/** Returns x | y (`numpy.bitwise_or`). */
export const bitwiseOr = binary('bitwiseOr');
/** Returns x ^ y (`numpy.bitwise_xor`). */
export const bitwiseXor = binary('bitwiseXor');
/** Returns cube root of x (`numpy.cbrt`). */
export const cbrt = unary('cbrt');
/** Returns smallest whole number ≥ x (`numpy.ceil`). */
export const ceil = unary('ceil');
/** Returns x within [low, high]: min(max(x, low), high) (`numpy.clip`). */
export const clip = ternary('clip');
/** Returns complex conjugate of x (`numpy.conjugate`). */
export const conj = unary('conj');
export { conj as conjugate };
/** Returns |x| with the sign of y (`numpy.copysign`). */
export const copysign = binary('copysign');
/** Returns cosine of x, in radians (`numpy.cos`). */
export const cos = unary('cos');
/** Returns hyperbolic cosine of x (`numpy.cosh`). */
export const cosh = unary('cosh');
/** Returns x · π / 180 (`numpy.deg2rad`). */
export const deg2rad = unary('deg2rad');
export { deg2rad as radians };
/** Returns x / y, a float for integers (`numpy.divide`). */
export const divide = binary('divide');
export { divide as trueDivide, divide as div };
/** Returns x == y (`numpy.equal`). */
export const equal = binary<'bool'>('equal');
/** Returns e to the power of x (`numpy.exp`). */
export const exp = unary('exp');
/** Returns 2 to the power of x (`numpy.exp2`). */
export const exp2 = unary('exp2');
/** Returns exp(x) − 1, precise near 0 (`numpy.expm1`). */
export const expm1 = unary('expm1');
/** Returns largest whole number ≤ x (`numpy.floor`). */
export const floor = unary('floor');
/** Returns x / y rounded down; 0 for integers where y is 0 (`numpy.floor_divide`). */
export const floorDivide = binary('floorDivide');
/** Returns remainder of x / y with the sign of x; 0 for integers where y is 0 (`numpy.fmod`). */
export const fmod = binary('fmod');
/** Returns x > y (`numpy.greater`). */
export const greater = binary<'bool'>('greater');
/** Returns x ≥ y (`numpy.greater_equal`). */
export const greaterEqual = binary<'bool'>('greaterEqual');
/** Returns sqrt(x² + y²) without overflow (`numpy.hypot`). */
export const hypot = binary('hypot');
/** Returns imaginary part of x (`numpy.imag`). */
export const imag = unary('imag');
/** Returns ~x; "not" of bools (`numpy.invert`). */
export const invert = unary('invert');
export { invert as bitwiseInvert, invert as bitwiseNot };
/** Returns whether x is neither infinite nor NaN (`numpy.isfinite`). */
export const isfinite = unary<'bool'>('isfinite');
/** Returns whether x is infinite (`numpy.isinf`). */
export const isinf = unary<'bool'>('isinf');
/** Returns whether x is NaN (`numpy.isnan`). */
export const isnan = unary<'bool'>('isnan');
/** Returns x << y; 0 when y is not in [0, bits) (`numpy.left_shift`). */
export const leftShift = binary('leftShift');
export { leftShift as bitwiseLeftShift };
/** Returns x < y (`numpy.less`). */
export const less = binary<'bool'>('less');
/** Returns x ≤ y (`numpy.less_equal`). */
export const lessEqual = binary<'bool'>('lessEqual');
/** Returns natural logarithm of x (`numpy.log`). */
export const log = unary('log');
/** Returns logarithm of x to base 10 (`numpy.log10`). */
export const log10 = unary('log10');
/** Returns log(1 + x), precise near 0 (`numpy.log1p`). */
export const log1p = unary('log1p');
/** Returns logarithm of x to base 2 (`numpy.log2`). */
export const log2 = unary('log2');
/** Returns log(exp(x) + exp(y)) without overflow (`numpy.logaddexp`). */
export const logaddexp = binary('logaddexp');
/** Returns whether x and y are not 0 (`numpy.logical_and`). */
export const logicalAnd = binary<'bool'>('logicalAnd');
/** Returns whether x is 0 (`numpy.logical_not`). */
export const logicalNot = unary<'bool'>('logicalNot');
/** Returns whether x or y is not 0 (`numpy.logical_or`). */
export const logicalOr = binary<'bool'>('logicalOr');
/** Returns whether one of x and y is 0 and the other is not (`numpy.logical_xor`). */
export const logicalXor = binary<'bool'>('logicalXor');
/** Returns the larger of x and y; NaN if one of them is (`numpy.maximum`). */
export const maximum = binary('maximum');
/** Returns the smaller of x and y; NaN if one of them is (`numpy.minimum`). */
export const minimum = binary('minimum');
/** Returns x · y; "and" of bools (`numpy.multiply`). */
export const multiply = binary('multiply');
export { multiply as mul };
/** Returns −x (`numpy.negative`). */
export const negative = unary('negative');
export { negative as neg };
/** Returns the next float after x towards y (`numpy.nextafter`). */
export const nextafter = binary('nextafter');
/** Returns x ≠ y (`numpy.not_equal`). */
export const notEqual = binary<'bool'>('notEqual');
/** Returns x, copied (`numpy.positive`). */
export const positive = unary('positive');
/** Returns x to the power of y; negative powers of integers are 0 or ±1 (`numpy.power`). */
export const power = binary('power');
export { power as pow };
/** Returns x · 180 / π (`numpy.rad2deg`). */
export const rad2deg = unary('rad2deg');
export { rad2deg as degrees };
/** Returns real part of x (`numpy.real`). */
export const real = unary('real');
/** Returns 1 / x, for integers towards 0; 0 for the integer 0 (`numpy.reciprocal`). */
export const reciprocal = unary('reciprocal');
/** Returns x − y · floor(x / y), with the sign of y; 0 for integers where y is 0 (`numpy.remainder`). */
export const remainder = binary('remainder');
export { remainder as mod };
/** Returns x >> y; 0 or −1 when y is not in [0, bits) (`numpy.right_shift`). */
export const rightShift = binary('rightShift');
export { rightShift as bitwiseRightShift };
/** Returns the nearest whole number, halves to even; a float (`numpy.rint`). */
export const rint = unary('rint');
/** Returns the nearest whole number, halves to even (`numpy.round`). */
export const round = unary('round');
/** Returns −1, 0 or 1; x / |x| for complex x (`numpy.sign`). */
export const sign = unary('sign');
/** Returns whether the sign of x is −, also of −0 (`numpy.signbit`). */
export const signbit = unary<'bool'>('signbit');
/** Returns sine of x, in radians (`numpy.sin`). */
export const sin = unary('sin');
/** Returns hyperbolic sine of x (`numpy.sinh`). */
export const sinh = unary('sinh');
/** Returns square root of x (`numpy.sqrt`). */
export const sqrt = unary('sqrt');
/** Returns x² (`numpy.square`). */
export const square = unary('square');
/** Returns x − y (`numpy.subtract`). */
export const subtract = binary('subtract');
export { subtract as sub };
/** Returns tangent of x, in radians (`numpy.tan`). */
export const tan = unary('tan');
/** Returns hyperbolic tangent of x (`numpy.tanh`). */
export const tanh = unary('tanh');
/** Returns x without its fraction (`numpy.trunc`). */
export const trunc = unary('trunc');
