/**
 * The table of all elementwise functions: names, number of operands, which dtypes they take and give,
 * and the kernel that computes them. It covers the 49 functions of DistArray 0.5 and the 67 of the Array
 * API standard. Functions, methods, dtype resolution and documentation are made from it.
 */

/**
 * What a function does with the promoted dtype of its operands, by kind:
 * `same` computes in it, `int8` in int8, `float` in the smallest float that holds it (float32 for up to 16
 * bits, where NumPy has float16 too), `float64` in that; `none`: it takes no such operands.
 */
export interface DtypeRule {
  readonly bool: 'same' | 'int8' | 'float' | 'float64' | 'none';
  readonly int: 'same' | 'float' | 'float64' | 'none';
  readonly float: 'same' | 'none';
  readonly complex: 'same' | 'none';
  /** Dtype of the result: the one that is computed in, `bool`, or that of the real part. */
  readonly result: 'same' | 'bool' | 'real';
}

function rule(
  bool: DtypeRule['bool'],
  int: DtypeRule['int'],
  float: DtypeRule['float'],
  complex: DtypeRule['complex'],
  result: DtypeRule['result'] = 'same',
): DtypeRule {
  return Object.freeze({ bool, int, float, complex, result });
}

/** The rules that functions share, after what NumPy's type tables say. */
const RULES = {
  any: rule('same', 'same', 'same', 'same'),
  number: rule('none', 'same', 'same', 'same'),
  arithmetic: rule('int8', 'same', 'same', 'same'),
  ordered: rule('int8', 'same', 'same', 'none'),
  trueDivision: rule('float64', 'float64', 'same', 'same'),
  float: rule('float', 'float', 'same', 'same'),
  realFloat: rule('float', 'float', 'same', 'none'),
  integral: rule('same', 'same', 'same', 'none'),
  round: rule('float', 'same', 'same', 'same'),
  bits: rule('same', 'same', 'none', 'none'),
  shift: rule('int8', 'same', 'none', 'none'),
  test: rule('same', 'same', 'same', 'same', 'bool'),
  floatTest: rule('float', 'float', 'same', 'none', 'bool'),
  realPart: rule('same', 'same', 'same', 'same', 'real'),
} as const;

/** How many operands a function has. */
export type Arity = 1 | 2 | 3;

/** One elementwise function. */
export interface ElementwiseFunction<A extends Arity = Arity> {
  /** Its other names: the Array API's where NumPy's differs, and short ones of methods. */
  readonly aliases: readonly string[];
  /** NumPy's name. */
  readonly numpy: string;
  readonly arity: A;
  readonly rule: DtypeRule;
  /** Whether the result tells an order or equality, where numbers beyond a dtype's range make sense. */
  readonly comparison: boolean;
  /** What the result's elements are, of operands `x`, `y`. */
  readonly doc: string;
}

function define<A extends Arity>(
  arity: A,
  rules: keyof typeof RULES,
  numpy: string,
  aliases: string,
  doc: string,
): ElementwiseFunction<A> {
  return Object.freeze({
    aliases: Object.freeze(aliases.split(' ').filter(Boolean)),
    numpy,
    arity,
    rule: RULES[rules],
    comparison: arity === 2 && rules === 'test' && !numpy.startsWith('logical'),
    doc,
  });
}

/** All elementwise functions by name; the name is also that of the kernel. */
export const ELEMENTWISE = Object.freeze({
  abs: define(1, 'realPart', 'absolute', 'absolute', '|x|, real for complex x'),
  add: define(2, 'any', 'add', '', 'x + y; "or" of bools'),
  arccos: define(1, 'float', 'arccos', 'acos', 'inverse cosine of x'),
  arccosh: define(1, 'float', 'arccosh', 'acosh', 'inverse hyperbolic cosine of x'),
  arcsin: define(1, 'float', 'arcsin', 'asin', 'inverse sine of x'),
  arcsinh: define(1, 'float', 'arcsinh', 'asinh', 'inverse hyperbolic sine of x'),
  arctan: define(1, 'float', 'arctan', 'atan', 'inverse tangent of x'),
  arctan2: define(2, 'realFloat', 'arctan2', 'atan2', 'angle of the point (y, x), in (−π, π]'),
  arctanh: define(1, 'float', 'arctanh', 'atanh', 'inverse hyperbolic tangent of x'),
  bitwiseAnd: define(2, 'bits', 'bitwise_and', '', 'x & y'),
  bitwiseOr: define(2, 'bits', 'bitwise_or', '', 'x | y'),
  bitwiseXor: define(2, 'bits', 'bitwise_xor', '', 'x ^ y'),
  cbrt: define(1, 'realFloat', 'cbrt', '', 'cube root of x'),
  ceil: define(1, 'integral', 'ceil', '', 'smallest whole number ≥ x'),
  clip: define(3, 'any', 'clip', '', 'x within [low, high]: min(max(x, low), high)'),
  conj: define(1, 'arithmetic', 'conjugate', 'conjugate', 'complex conjugate of x'),
  copysign: define(2, 'realFloat', 'copysign', '', '|x| with the sign of y'),
  cos: define(1, 'float', 'cos', '', 'cosine of x, in radians'),
  cosh: define(1, 'float', 'cosh', '', 'hyperbolic cosine of x'),
  deg2rad: define(1, 'realFloat', 'deg2rad', 'radians', 'x · π / 180'),
  divide: define(2, 'trueDivision', 'divide', 'trueDivide div', 'x / y, a float for integers'),
  equal: define(2, 'test', 'equal', '', 'x == y'),
  exp: define(1, 'float', 'exp', '', 'e to the power of x'),
  exp2: define(1, 'float', 'exp2', '', '2 to the power of x'),
  expm1: define(1, 'float', 'expm1', '', 'exp(x) − 1, precise near 0'),
  floor: define(1, 'integral', 'floor', '', 'largest whole number ≤ x'),
  floorDivide: define(
    2,
    'ordered',
    'floor_divide',
    '',
    'x / y rounded down; 0 for integers where y is 0',
  ),
  fmod: define(
    2,
    'ordered',
    'fmod',
    '',
    'remainder of x / y with the sign of x; 0 for integers where y is 0',
  ),
  greater: define(2, 'test', 'greater', '', 'x > y'),
  greaterEqual: define(2, 'test', 'greater_equal', '', 'x ≥ y'),
  hypot: define(2, 'realFloat', 'hypot', '', 'sqrt(x² + y²) without overflow'),
  imag: define(1, 'realPart', 'imag', '', 'imaginary part of x'),
  invert: define(1, 'bits', 'invert', 'bitwiseInvert bitwiseNot', '~x; "not" of bools'),
  isfinite: define(1, 'test', 'isfinite', '', 'whether x is neither infinite nor NaN'),
  isinf: define(1, 'test', 'isinf', '', 'whether x is infinite'),
  isnan: define(1, 'test', 'isnan', '', 'whether x is NaN'),
  leftShift: define(
    2,
    'shift',
    'left_shift',
    'bitwiseLeftShift',
    'x << y; 0 when y is not in [0, bits)',
  ),
  less: define(2, 'test', 'less', '', 'x < y'),
  lessEqual: define(2, 'test', 'less_equal', '', 'x ≤ y'),
  log: define(1, 'float', 'log', '', 'natural logarithm of x'),
  log10: define(1, 'float', 'log10', '', 'logarithm of x to base 10'),
  log1p: define(1, 'float', 'log1p', '', 'log(1 + x), precise near 0'),
  log2: define(1, 'float', 'log2', '', 'logarithm of x to base 2'),
  logaddexp: define(2, 'realFloat', 'logaddexp', '', 'log(exp(x) + exp(y)) without overflow'),
  logicalAnd: define(2, 'test', 'logical_and', '', 'whether x and y are not 0'),
  logicalNot: define(1, 'test', 'logical_not', '', 'whether x is 0'),
  logicalOr: define(2, 'test', 'logical_or', '', 'whether x or y is not 0'),
  logicalXor: define(
    2,
    'test',
    'logical_xor',
    '',
    'whether one of x and y is 0 and the other is not',
  ),
  maximum: define(2, 'any', 'maximum', '', 'the larger of x and y; NaN if one of them is'),
  minimum: define(2, 'any', 'minimum', '', 'the smaller of x and y; NaN if one of them is'),
  multiply: define(2, 'any', 'multiply', 'mul', 'x · y; "and" of bools'),
  negative: define(1, 'number', 'negative', 'neg', '−x'),
  nextafter: define(2, 'realFloat', 'nextafter', '', 'the next float after x towards y'),
  notEqual: define(2, 'test', 'not_equal', '', 'x ≠ y'),
  positive: define(1, 'number', 'positive', '', 'x, copied'),
  power: define(
    2,
    'arithmetic',
    'power',
    'pow',
    'x to the power of y; negative powers of integers are 0 or ±1',
  ),
  rad2deg: define(1, 'realFloat', 'rad2deg', 'degrees', 'x · 180 / π'),
  real: define(1, 'realPart', 'real', '', 'real part of x'),
  reciprocal: define(
    1,
    'arithmetic',
    'reciprocal',
    '',
    '1 / x, for integers towards 0; 0 for the integer 0',
  ),
  remainder: define(
    2,
    'ordered',
    'remainder',
    'mod',
    'x − y · floor(x / y), with the sign of y; 0 for integers where y is 0',
  ),
  rightShift: define(
    2,
    'shift',
    'right_shift',
    'bitwiseRightShift',
    'x >> y; 0 or −1 when y is not in [0, bits)',
  ),
  rint: define(1, 'float', 'rint', '', 'the nearest whole number, halves to even; a float'),
  round: define(1, 'round', 'round', '', 'the nearest whole number, halves to even'),
  sign: define(1, 'number', 'sign', '', '−1, 0 or 1; x / |x| for complex x'),
  signbit: define(1, 'floatTest', 'signbit', '', 'whether the sign of x is −, also of −0'),
  sin: define(1, 'float', 'sin', '', 'sine of x, in radians'),
  sinh: define(1, 'float', 'sinh', '', 'hyperbolic sine of x'),
  sqrt: define(1, 'float', 'sqrt', '', 'square root of x'),
  square: define(1, 'arithmetic', 'square', '', 'x²'),
  subtract: define(2, 'number', 'subtract', 'sub', 'x − y'),
  tan: define(1, 'float', 'tan', '', 'tangent of x, in radians'),
  tanh: define(1, 'float', 'tanh', '', 'hyperbolic tangent of x'),
  trunc: define(1, 'integral', 'trunc', '', 'x without its fraction'),
} as const);

/** Name of an elementwise function. */
export type ElementwiseName = keyof typeof ELEMENTWISE;

/** Every name and alias, with the name of the function that it means. */
export const ELEMENTWISE_NAMES: ReadonlyMap<string, ElementwiseName> = new Map(
  (Object.keys(ELEMENTWISE) as ElementwiseName[]).flatMap((name) =>
    [name, ...ELEMENTWISE[name].aliases].map((each): [string, ElementwiseName] => [each, name]),
  ),
);
