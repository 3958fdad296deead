/** Programs as C functions, for what is computed again and again: all steps in registers, one loop. */
import { DTYPES, type Dtype } from '../dtype/dtype.ts';
import { TYPES_OF_C } from '../jit/cTypes.ts';
import { outputDtype, type Step } from '../kernels/program.ts';

/** Name of the function in a source. */
export const LOOP_NAME = 'distarray_loop';

/** The C type of an element; undefined for complex numbers. Bools are bytes, of which any but 0 is true. */
function cTypeOf(dtype: Dtype): string | undefined {
  if (dtype === 'bool') return 'uint8_t';
  return DTYPES[dtype].kind === 'complex' ? undefined : TYPES_OF_C[dtype];
}

/** A step in C, of operands and the C type that it is computed in; the same formulas as `native/kernels/loops/`. */
type Formula = (operands: readonly string[], type: string, isFloat: boolean) => string;

const compare =
  (sign: string): Formula =>
  ([a, b]) =>
    `${a} ${sign} ${b}`;

/** For numbers that are no bools. */
const NUMBERS: Readonly<Record<string, Formula>> = {
  add: ([a, b], type) => `(${type})(${a} + ${b})`,
  subtract: ([a, b], type) => `(${type})(${a} - ${b})`,
  multiply: ([a, b], type) => `(${type})(${a} * ${b})`,
  square: ([a], type) => `(${type})(${a} * ${a})`,
  negative: ([a], type) => `(${type})(-${a})`,
  positive: ([a]) => a,
  less: compare('<'),
  lessEqual: compare('<='),
  greater: compare('>'),
  greaterEqual: compare('>='),
  equal: compare('=='),
  notEqual: ([a, b]) => `!(${a} == ${b})`,
  logicalAnd: ([a, b]) => `(${a} != 0) & (${b} != 0)`,
  logicalOr: ([a, b]) => `(${a} != 0) | (${b} != 0)`,
  logicalXor: ([a, b]) => `(${a} != 0) != (${b} != 0)`,
  logicalNot: ([a]) => `!(${a} != 0)`,
  maximum: ([a, b]) => `${b} <= ${a} | ${a} != ${a} ? ${a} : ${b}`,
  minimum: ([a, b]) => `${a} <= ${b} | ${a} != ${a} ? ${a} : ${b}`,
  where: ([condition, x, y]) => `${condition} ? ${x} : ${y}`,
};

/** For floats alone. */
const FLOATS: Readonly<Record<string, Formula>> = {
  divide: ([a, b]) => `${a} / ${b}`,
  reciprocal: ([a], type) => `(${type})1 / ${a}`,
  sqrt: ([a], type) => `__builtin_sqrt${suffix(type)}(${a})`,
  abs: ([a], type) => `__builtin_fabs${suffix(type)}(${a})`,
  floor: ([a], type) => `__builtin_floor${suffix(type)}(${a})`,
  ceil: ([a], type) => `__builtin_ceil${suffix(type)}(${a})`,
  trunc: ([a], type) => `__builtin_trunc${suffix(type)}(${a})`,
  isnan: ([a]) => `${a} != ${a}`,
};

const BOOLS: Readonly<Record<string, Formula>> = {
  logicalAnd: ([a, b]) => `${a} & ${b}`,
  logicalOr: ([a, b]) => `${a} | ${b}`,
  logicalXor: ([a, b]) => `${a} ^ ${b}`,
  logicalNot: ([a]) => `!${a}`,
  bitwiseAnd: ([a, b]) => `${a} & ${b}`,
  bitwiseOr: ([a, b]) => `${a} | ${b}`,
  bitwiseXor: ([a, b]) => `${a} ^ ${b}`,
  invert: ([a]) => `!${a}`,
  equal: ([a, b]) => `${a} == ${b}`,
  notEqual: ([a, b]) => `${a} != ${b}`,
  where: ([condition, x, y]) => `${condition} ? ${x} : ${y}`,
};

function suffix(type: string): string {
  return type === 'float' ? 'f' : '';
}

/**
 * Returns the source of a function that does what the steps do, for rows of contiguous memory; null when a step is not among
 * those that a compiler makes better code of than there is. Rounding is that of the steps, one by one.
 *
 * @param inputs - dtypes of the inputs
 * @param numbers - inputs that are one number
 * @param steps - that name values by number: the inputs first, each step's own output after them
 */
export function sourceOf(
  inputs: readonly Dtype[],
  numbers: ReadonlySet<number>,
  steps: readonly Step[],
): string | null {
  const names = new Map<number, string>();
  const before: string[] = [];
  const within: string[] = [];
  const behind: string[] = [];
  for (const [k, dtype] of inputs.entries()) {
    const type = cTypeOf(dtype);
    if (type === undefined) return null;
    const asValue = (element: string) => (dtype === 'bool' ? `${element} != 0` : element);
    if (numbers.has(k)) {
      before.push(`const ${type} v${k} = ${asValue(`*(const ${type}*)inputs[${k}]`)};`);
    } else {
      before.push(`const char* p${k} = inputs[${k}];`);
      within.push(`const ${type} v${k} = ${asValue(`((const ${type}*)p${k})[i]`)};`);
      behind.push(`p${k} += steps[${k}];`);
    }
    names.set(k, `v${k}`);
  }
  let result: Dtype = 'bool';
  for (const [index, step] of steps.entries()) {
    const made = formulaOf(
      step,
      step.inputs.map((value) => names.get(value)!),
    );
    if (made === null) return null;
    const [dtype, formula] = made;
    const type = cTypeOf(dtype);
    if (type === undefined) return null;
    names.set(step.output, `t${index}`);
    within.push(`const ${type} t${index} = ${formula};`);
    result = dtype;
  }
  return [
    '#include <stddef.h>',
    '#include <stdint.h>',
    '__attribute__((visibility("default")))',
    `void ${LOOP_NAME}(const void* const* inputs, void* output, size_t count, size_t rows,`,
    '                    const int64_t* steps) {',
    ...before.map((line) => `  ${line}`),
    '  char* to = output;',
    '  for (size_t row = 0; row < rows; row++) {',
    '#pragma GCC ivdep',
    '    for (size_t i = 0; i < count; i++) {',
    ...within.map((line) => `      ${line}`),
    `      ((${cTypeOf(result)}*)to)[i] = t${steps.length - 1};`,
    '    }',
    ...behind.map((line) => `    ${line}`),
    `    to += steps[${inputs.length}];`,
    '  }',
    '}',
    '',
  ].join('\n');
}

function formulaOf(
  step: Step,
  operands: readonly string[],
): [dtype: Dtype, formula: string] | null {
  const { operation, compute, to } = step;
  const type = cTypeOf(compute);
  if (type === undefined) return null;
  const { kind } = DTYPES[compute];
  if (operation === 'cast') {
    const formula = castOf(compute, to!, operands[0]);
    return formula === null ? null : [to!, formula];
  }
  const isFloat = kind === 'float';
  const table = kind === 'bool' ? BOOLS : NUMBERS;
  const formula = table[operation] ?? (isFloat ? FLOATS[operation] : undefined);
  const output = outputDtype(operation, compute);
  if (formula === undefined || output === undefined) return null;
  return [output, formula(operands, type, isFloat)];
}

/** Casts that C makes as the kernels do: not from floats to integers, where values may be beyond the range. */
function castOf(from: Dtype, to: Dtype, value: string): string | null {
  const type = cTypeOf(to);
  if (type === undefined) return null;
  if (to === 'bool') return `${value} != 0`;
  if (DTYPES[from].kind === 'float' && DTYPES[to].kind !== 'float') return null;
  return `(${type})${value}`;
}
