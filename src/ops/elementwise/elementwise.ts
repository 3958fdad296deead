/** Elementwise functions of local strided views. */
import type { Dtype } from '../../dtype/dtype.ts';
import { DTYPES, parseDtype } from '../../dtype/dtype.ts';
import { ELEMENTWISE, type ElementwiseName } from '../../dtype/elementwise.ts';
import { canCast, resultType } from '../../dtype/promotion.ts';
import { type Resolution, resolveElementwise, resolveUniform } from '../../dtype/resolve.ts';
import {
  isScalar,
  type Scalar,
  sideOfRange,
  type WeakKind,
  weakKindOf,
} from '../../dtype/scalar.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../../errors.ts';
import * as kernelBlock from '../../kernels/block.ts';
import { writeConstant } from '../../kernels/constant.ts';
import { cast, fill } from '../../kernels/copy.ts';
import {
  broadcastShapes,
  newResult,
  newView,
  type StridedView,
  sameShape,
  writeShape,
  writeView,
} from '../../kernels/stridedView.ts';

// Constants of this module are folded into the compiled code; imported ones are read on every use.
const { block, checkKernel, COMPUTE, DIMENSIONS, DTYPE_NUMBERS, MASKED } = kernelBlock;
const { OPERANDS, OPERATION, raw, SHAPE } = kernelBlock;

/** What an elementwise function takes: a view, or a number, which is a weak scalar. */
export type Operand = StridedView | Scalar;

/** Options of elementwise functions, as NumPy's. */
export interface ElementwiseOptions {
  /** Where the result goes, instead of to a new array. May overlap the operands. */
  readonly out?: StridedView;
  /** Only elements where this bool view is true are computed; others of a new result are 0. */
  readonly where?: StridedView<'bool'>;
  /** What is computed in, instead of what the operands' dtypes tell. */
  readonly dtype?: Dtype;
}

const NO_OPTIONS: ElementwiseOptions = {};
/** The numbers that C++ knows the operations by. */
const numbers: ReadonlyMap<string, number> = new Map(
  Object.entries(raw.operations()).map(([name, { number }]) => [name, number]),
);

/**
 * Returns a function of the table, applied to operands that are broadcast together: `out`, or a new
 * C-contiguous array. Dtypes as in NumPy 2 ({@link resolveElementwise}); numbers are weak scalars.
 *
 * @remarks Local. Nothing that the arrays contain throws.
 * @throws {@link ArgumentRangeError} (a `RangeError`) for shapes that cannot be broadcast, and a number that the integer
 * dtype of the others has not
 * @throws {@link ArgumentTypeError} for dtypes that the function does not take, and a result that cannot be cast to
 * that of `out` by the rule `sameKind`
 */
export function elementwise(
  name: ElementwiseName,
  operands: readonly Operand[],
  options: ElementwiseOptions = NO_OPTIONS,
): StridedView {
  const { arity, comparison } = ELEMENTWISE[name];
  if (operands.length !== arity) {
    throw new ArgumentRangeError('operands', `${arity} of ${name}`, operands.length);
  }
  const types = resolve(name, operands, options.dtype);
  if (comparison) {
    const known = compareSpecially(name, operands, types.compute, options);
    if (known !== undefined) return known;
  }
  return perform(name, operands, types, options);
}

/**
 * Returns for every element `x` where the condition (broadcast) is true and `y` elsewhere
 * (`numpy.where`); the dtype is that of `x` and `y` together ({@link resultType}).
 *
 * @throws as {@link elementwise}
 */
export function select(condition: StridedView<'bool'>, x: Operand, y: Operand): StridedView {
  const dtype = resultType(...[x, y].map((each) => (isView(each) ? each.dtype : each)));
  return perform('where', [condition, x, y], { compute: dtype, result: dtype }, NO_OPTIONS);
}

/** Runs the kernel `name`, the dtypes of which are settled. */
function perform(
  name: ElementwiseName | 'where',
  operands: readonly Operand[],
  { compute, result }: Resolution,
  { out, where }: ElementwiseOptions,
): StridedView {
  const shape = shapeOf(operands, out, where);
  const target = out ?? (where === undefined ? newResult : newView)(result, shape);
  if (out !== undefined) checkOut(out, result, name);
  const ndim = shape.length;
  let slot = writeShape(shape, SHAPE);
  for (let k = 0; k < operands.length; k++) {
    const operand = operands[k];
    slot = isView(operand)
      ? writeView(operand, shape, slot, 'operand')
      : writeConstant(operand, compute, ndim, slot, k, 'operand');
  }
  slot = writeView(target, shape, slot, 'out');
  if (where !== undefined) writeView(where, shape, slot, 'where');
  block[OPERATION] = numbers.get(name)!;
  block[COMPUTE] = DTYPE_NUMBERS[compute];
  block[OPERANDS] = operands.length + (where === undefined ? 1 : 2);
  block[DIMENSIONS] = ndim;
  block[MASKED] = where === undefined ? 0 : 1;
  raw.apply();
  checkKernel(name);
  return target;
}

function isView(operand: Operand): operand is StridedView {
  return typeof operand === 'object' && (operand as StridedView | null)?.data !== undefined;
}

/** The shape of the result: that of `out`, else of what the operands are together. */
function shapeOf(
  operands: readonly Operand[],
  out: StridedView | undefined,
  where: StridedView | undefined,
): readonly number[] {
  if (out !== undefined) return out.shape;
  let shape: readonly number[] | undefined = where?.shape;
  for (const operand of operands) {
    if (!isView(operand)) continue;
    if (shape === undefined) shape = operand.shape;
    else if (!sameShape(shape, operand.shape)) {
      const views = operands.filter(isView);
      return broadcastShapes(
        (where === undefined ? views : [...views, where]).map((view) => view.shape),
      );
    }
  }
  return shape ?? [];
}

function checkOut(out: StridedView, result: Dtype, name: string): void {
  if (!canCast(result, out.dtype, 'sameKind')) {
    throw new ArgumentTypeError(
      'out',
      `a dtype that ${result}, the result of ${name}, can be cast to`,
      out.dtype,
    );
  }
  const shared = out.shape.findIndex((extent, dim) => extent > 1 && out.strides[dim] === 0);
  if (shared >= 0 && !out.shape.includes(0)) {
    throw new ArgumentRangeError('out', 'a view whose elements are all apart', 'a broadcast one');
  }
}

/** What the operands' dtypes are: those of views, and the kind of the weak scalars. */
interface OperandTypes {
  readonly dtypes: readonly Dtype[];
  readonly weak: WeakKind | undefined;
}

function typesOf(operands: readonly Operand[]): OperandTypes {
  const dtypes: Dtype[] = [];
  let weak: WeakKind | undefined;
  for (const operand of operands) {
    if (isView(operand)) {
      if (!dtypes.includes(operand.dtype)) dtypes.push(operand.dtype);
    } else if (isScalar(operand)) {
      weak = strongerKind(weak, weakKindOf(operand));
    } else {
      const expected = 'a view, a number, a bigint, a boolean or { re, im }';
      throw new ArgumentTypeError('operand', expected, operand);
    }
  }
  if (dtypes.length === 0)
    throw new ArgumentTypeError('operands', 'at least one view', 'only numbers');
  return { dtypes, weak };
}

const ORDER: Readonly<Record<WeakKind, number>> = { bool: 0, int: 1, float: 2, complex: 3 };

function strongerKind(weak: WeakKind | undefined, kind: WeakKind): WeakKind {
  return weak === undefined || ORDER[kind] > ORDER[weak] ? kind : weak;
}

function resolve(
  name: ElementwiseName,
  operands: readonly Operand[],
  dtype: Dtype | undefined,
): Resolution {
  if (dtype === undefined) {
    let one: Dtype | undefined;
    let weak: WeakKind | undefined;
    let isUniform = true;
    for (let k = 0; k < operands.length; k++) {
      const operand = operands[k];
      if (isView(operand)) {
        one ??= operand.dtype;
        isUniform &&= operand.dtype === one;
      } else if (isScalar(operand)) weak = strongerKind(weak, weakKindOf(operand));
      else isUniform = false;
    }
    if (isUniform && one !== undefined) return resolveUniform(name, one, weak);
  }
  const { dtypes, weak } = typesOf(operands);
  if (dtype === undefined) return resolveElementwise(name, dtypes, weak);
  const types = resolveElementwise(name, [parseDtype(dtype)]);
  const stranger = dtypes.find((each) => !canCast(each, types.compute, 'sameKind'));
  if (stranger !== undefined) {
    throw new ArgumentTypeError('operand', `what can be cast to ${types.compute}`, stranger);
  }
  return types;
}

/**
 * Comparisons that no common dtype can make: of integers with a number beyond their range, and of signed
 * integers with uint64, which float64 would round. Undefined for all others.
 */
function compareSpecially(
  name: ElementwiseName,
  operands: readonly Operand[],
  compute: Dtype,
  options: ElementwiseOptions,
): StridedView | undefined {
  const [first, second] = operands;
  if (isView(first) && isView(second)) {
    if (compute !== 'float64' || first.dtype === second.dtype) return undefined;
    const kinds = [DTYPES[first.dtype].kind, DTYPES[second.dtype].kind];
    if (kinds.includes('int') && kinds.includes('uint')) {
      return compareWithUint64(name, [first, second], options);
    }
    return undefined;
  }
  const { kind } = DTYPES[compute];
  if (kind !== 'int' && kind !== 'uint') return undefined;
  const index = isView(first) ? 1 : 0;
  const number = operands[index];
  if (typeof number !== 'number' && typeof number !== 'bigint') return undefined;
  const side = sideOfRange(number, compute);
  if (side === 0) return undefined;
  // All integers of the dtype stand to the number as 0 stands to its side.
  const answer = holds(name, index === 1 ? 0 : side, index === 1 ? side : 0);
  const shape = shapeOf(operands, options.out, options.where);
  const target = options.out ?? newView('bool', shape);
  if (options.out !== undefined) checkOut(target, 'bool', name);
  fill(target, answer, options.where);
  return target;
}

/** Compares as unsigned numbers, then corrects where the signed one is negative. */
function compareWithUint64(
  name: ElementwiseName,
  operands: readonly [StridedView, StridedView],
  options: ElementwiseOptions,
): StridedView {
  const signed = DTYPES[operands[0].dtype].kind === 'int' ? 0 : 1;
  const unsigned = operands.map((view) =>
    view === operands[signed] ? cast(view, 'uint64') : view,
  );
  const negative = elementwise('less', [operands[signed], 0]) as StridedView<'bool'>;
  const types: Resolution = { compute: 'uint64', result: 'bool' };
  const answers = perform(name, unsigned, types, NO_OPTIONS);
  const answer = holds(name, signed === 0 ? -1 : 0, signed === 0 ? 0 : -1);
  const shape = shapeOf([answers], options.out, options.where);
  const target = options.out ?? newView('bool', shape);
  return perform(
    'where',
    [negative, answer, answers],
    { compute: 'bool', result: 'bool' },
    { ...options, out: target },
  );
}

/** Whether a comparison holds for two numbers. */
export function holds(name: ElementwiseName, a: number, b: number): boolean {
  switch (name) {
    case 'less':
      return a < b;
    case 'lessEqual':
      return a <= b;
    case 'greater':
      return a > b;
    case 'greaterEqual':
      return a >= b;
    case 'equal':
      return a === b;
    default:
      return a !== b;
  }
}
