/**
 * The elementwise functions of local arrays by name. Made by `scripts/generate-local-functions.ts`
 * from the table in `src/dtype/elementwise.ts`: do not edit.
 */
import {
  binary,
  type LocalBinary,
  type LocalTernary,
  type LocalUnary,
  ternary,
  unary,
} from './local.ts';

/** Returns elementwise: |x|, real for complex x (`numpy.absolute`). */
export const abs: LocalUnary = unary('abs');
export { abs as absolute };

/** Returns elementwise: x + y; "or" of bools (`numpy.add`). */
export const add: LocalBinary = binary('add');

/** Returns elementwise: inverse cosine of x (`numpy.arccos`). */
export const arccos: LocalUnary = unary('arccos');
export { arccos as acos };

/** Returns elementwise: inverse hyperbolic cosine of x (`numpy.arccosh`). */
export const arccosh: LocalUnary = unary('arccosh');
export { arccosh as acosh };

/** Returns elementwise: inverse sine of x (`numpy.arcsin`). */
export const arcsin: LocalUnary = unary('arcsin');
export { arcsin as asin };

/** Returns elementwise: inverse hyperbolic sine of x (`numpy.arcsinh`). */
export const arcsinh: LocalUnary = unary('arcsinh');
export { arcsinh as asinh };

/** Returns elementwise: inverse tangent of x (`numpy.arctan`). */
export const arctan: LocalUnary = unary('arctan');
export { arctan as atan };

/** Returns elementwise: angle of the point (y, x), in (−π, π] (`numpy.arctan2`). */
export const arctan2: LocalBinary = binary('arctan2');
export { arctan2 as atan2 };

/** Returns elementwise: inverse hyperbolic tangent of x (`numpy.arctanh`). */
export const arctanh: LocalUnary = unary('arctanh');
export { arctanh as atanh };

/** Returns elementwise: x & y (`numpy.bitwise_and`). */
export const bitwiseAnd: LocalBinary = binary('bitwiseAnd');

/** Returns elementwise: x | y (`numpy.bitwise_or`). */
export const bitwiseOr: LocalBinary = binary('bitwiseOr');

/** Returns elementwise: x ^ y (`numpy.bitwise_xor`). */
export const bitwiseXor: LocalBinary = binary('bitwiseXor');

/** Returns elementwise: cube root of x (`numpy.cbrt`). */
export const cbrt: LocalUnary = unary('cbrt');

/** Returns elementwise: smallest whole number ≥ x (`numpy.ceil`). */
export const ceil: LocalUnary = unary('ceil');

/** Returns elementwise: x within [low, high]: min(max(x, low), high) (`numpy.clip`). */
export const clip: LocalTernary = ternary('clip');

/** Returns elementwise: complex conjugate of x (`numpy.conjugate`). */
export const conj: LocalUnary = unary('conj');
export { conj as conjugate };

/** Returns elementwise: |x| with the sign of y (`numpy.copysign`). */
export const copysign: LocalBinary = binary('copysign');

/** Returns elementwise: cosine of x, in radians (`numpy.cos`). */
export const cos: LocalUnary = unary('cos');

/** Returns elementwise: hyperbolic cosine of x (`numpy.cosh`). */
export const cosh: LocalUnary = unary('cosh');

/** Returns elementwise: x · π / 180 (`numpy.deg2rad`). */
export const deg2rad: LocalUnary = unary('deg2rad');
export { deg2rad as radians };

/** Returns elementwise: x / y, a float for integers (`numpy.divide`). */
export const divide: LocalBinary = binary('divide');
export { divide as trueDivide, divide as div };

/** Returns elementwise: x == y (`numpy.equal`). */
export const equal: LocalBinary = binary('equal');

/** Returns elementwise: e to the power of x (`numpy.exp`). */
export const exp: LocalUnary = unary('exp');

/** Returns elementwise: 2 to the power of x (`numpy.exp2`). */
export const exp2: LocalUnary = unary('exp2');

/** Returns elementwise: exp(x) − 1, precise near 0 (`numpy.expm1`). */
export const expm1: LocalUnary = unary('expm1');

/** Returns elementwise: largest whole number ≤ x (`numpy.floor`). */
export const floor: LocalUnary = unary('floor');

/** Returns elementwise: x / y rounded down; 0 for integers where y is 0 (`numpy.floor_divide`). */
export const floorDivide: LocalBinary = binary('floorDivide');

/** Returns elementwise: remainder of x / y with the sign of x; 0 for integers where y is 0 (`numpy.fmod`). */
export const fmod: LocalBinary = binary('fmod');

/** Returns elementwise: x > y (`numpy.greater`). */
export const greater: LocalBinary = binary('greater');

/** Returns elementwise: x ≥ y (`numpy.greater_equal`). */
export const greaterEqual: LocalBinary = binary('greaterEqual');

/** Returns elementwise: sqrt(x² + y²) without overflow (`numpy.hypot`). */
export const hypot: LocalBinary = binary('hypot');

/** Returns elementwise: imaginary part of x (`numpy.imag`). */
export const imag: LocalUnary = unary('imag');

/** Returns elementwise: ~x; "not" of bools (`numpy.invert`). */
export const invert: LocalUnary = unary('invert');
export { invert as bitwiseInvert, invert as bitwiseNot };

/** Returns elementwise: whether x is neither infinite nor NaN (`numpy.isfinite`). */
export const isfinite: LocalUnary = unary('isfinite');

/** Returns elementwise: whether x is infinite (`numpy.isinf`). */
export const isinf: LocalUnary = unary('isinf');

/** Returns elementwise: whether x is NaN (`numpy.isnan`). */
export const isnan: LocalUnary = unary('isnan');

/** Returns elementwise: x << y; 0 when y is not in [0, bits) (`numpy.left_shift`). */
export const leftShift: LocalBinary = binary('leftShift');
export { leftShift as bitwiseLeftShift };

/** Returns elementwise: x < y (`numpy.less`). */
export const less: LocalBinary = binary('less');

/** Returns elementwise: x ≤ y (`numpy.less_equal`). */
export const lessEqual: LocalBinary = binary('lessEqual');

/** Returns elementwise: natural logarithm of x (`numpy.log`). */
export const log: LocalUnary = unary('log');

/** Returns elementwise: logarithm of x to base 10 (`numpy.log10`). */
export const log10: LocalUnary = unary('log10');

/** Returns elementwise: log(1 + x), precise near 0 (`numpy.log1p`). */
export const log1p: LocalUnary = unary('log1p');

/** Returns elementwise: logarithm of x to base 2 (`numpy.log2`). */
export const log2: LocalUnary = unary('log2');

/** Returns elementwise: log(exp(x) + exp(y)) without overflow (`numpy.logaddexp`). */
export const logaddexp: LocalBinary = binary('logaddexp');

/** Returns elementwise: whether x and y are not 0 (`numpy.logical_and`). */
export const logicalAnd: LocalBinary = binary('logicalAnd');

/** Returns elementwise: whether x is 0 (`numpy.logical_not`). */
export const logicalNot: LocalUnary = unary('logicalNot');

/** Returns elementwise: whether x or y is not 0 (`numpy.logical_or`). */
export const logicalOr: LocalBinary = binary('logicalOr');

/** Returns elementwise: whether one of x and y is 0 and the other is not (`numpy.logical_xor`). */
export const logicalXor: LocalBinary = binary('logicalXor');

/** Returns elementwise: the larger of x and y; NaN if one of them is (`numpy.maximum`). */
export const maximum: LocalBinary = binary('maximum');

/** Returns elementwise: the smaller of x and y; NaN if one of them is (`numpy.minimum`). */
export const minimum: LocalBinary = binary('minimum');

/** Returns elementwise: x · y; "and" of bools (`numpy.multiply`). */
export const multiply: LocalBinary = binary('multiply');
export { multiply as mul };

/** Returns elementwise: −x (`numpy.negative`). */
export const negative: LocalUnary = unary('negative');
export { negative as neg };

/** Returns elementwise: the next float after x towards y (`numpy.nextafter`). */
export const nextafter: LocalBinary = binary('nextafter');

/** Returns elementwise: x ≠ y (`numpy.not_equal`). */
export const notEqual: LocalBinary = binary('notEqual');

/** Returns elementwise: x, copied (`numpy.positive`). */
export const positive: LocalUnary = unary('positive');

/** Returns elementwise: x to the power of y; negative powers of integers are 0 or ±1 (`numpy.power`). */
export const power: LocalBinary = binary('power');
export { power as pow };

/** Returns elementwise: x · 180 / π (`numpy.rad2deg`). */
export const rad2deg: LocalUnary = unary('rad2deg');
export { rad2deg as degrees };

/** Returns elementwise: real part of x (`numpy.real`). */
export const real: LocalUnary = unary('real');

/** Returns elementwise: 1 / x, for integers towards 0; 0 for the integer 0 (`numpy.reciprocal`). */
export const reciprocal: LocalUnary = unary('reciprocal');

/** Returns elementwise: x − y · floor(x / y), with the sign of y; 0 for integers where y is 0 (`numpy.remainder`). */
export const remainder: LocalBinary = binary('remainder');
export { remainder as mod };

/** Returns elementwise: x >> y; 0 or −1 when y is not in [0, bits) (`numpy.right_shift`). */
export const rightShift: LocalBinary = binary('rightShift');
export { rightShift as bitwiseRightShift };

/** Returns elementwise: the nearest whole number, halves to even; a float (`numpy.rint`). */
export const rint: LocalUnary = unary('rint');

/** Returns elementwise: the nearest whole number, halves to even (`numpy.round`). */
export const round: LocalUnary = unary('round');

/** Returns elementwise: −1, 0 or 1; x / |x| for complex x (`numpy.sign`). */
export const sign: LocalUnary = unary('sign');

/** Returns elementwise: whether the sign of x is −, also of −0 (`numpy.signbit`). */
export const signbit: LocalUnary = unary('signbit');

/** Returns elementwise: sine of x, in radians (`numpy.sin`). */
export const sin: LocalUnary = unary('sin');

/** Returns elementwise: hyperbolic sine of x (`numpy.sinh`). */
export const sinh: LocalUnary = unary('sinh');

/** Returns elementwise: square root of x (`numpy.sqrt`). */
export const sqrt: LocalUnary = unary('sqrt');

/** Returns elementwise: x² (`numpy.square`). */
export const square: LocalUnary = unary('square');

/** Returns elementwise: x − y (`numpy.subtract`). */
export const subtract: LocalBinary = binary('subtract');
export { subtract as sub };

/** Returns elementwise: tangent of x, in radians (`numpy.tan`). */
export const tan: LocalUnary = unary('tan');

/** Returns elementwise: hyperbolic tangent of x (`numpy.tanh`). */
export const tanh: LocalUnary = unary('tanh');

/** Returns elementwise: x without its fraction (`numpy.trunc`). */
export const trunc: LocalUnary = unary('trunc');
