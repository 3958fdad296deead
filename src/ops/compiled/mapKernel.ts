/** Compiled functions over distributed arrays. */
import { DTYPES, type Dtype, type TypedArray } from '../../dtype/dtype.ts';
import { canCast } from '../../dtype/promotion.ts';
import { type Scalar, scalarAs } from '../../dtype/scalar.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../../errors.ts';
import type { KernelSource } from '../../jit/kernelSource.ts';
import type { NativeFunction } from '../../jit/nativeFunction.ts';
import type { Parameter } from '../../jit/prototype.ts';
import { copyTo, fill } from '../../kernels/copy.ts';
import {
  broadcastShapes,
  contiguousStrides,
  newResult,
  type StridedView,
  sameShape,
  viewOf,
} from '../../kernels/stridedView.ts';
import { LocalArray } from '../../local/localArray.ts';
import { agree } from '../../mpi/agreement.ts';
import { alignTo } from '../align.ts';
import { commonDistribution } from '../elementwise/commonDistribution.ts';
import {
  type ArrayMeta,
  arrayOperation,
  type ValueOperation,
  valueOperation,
} from '../operation.ts';
import { type ElementwiseForm, elementwiseForm } from './elementwiseForm.ts';

/** A call of a compiled function. Its arrays are the operands that are no numbers, then `out`. */
export interface MapKernelParams {
  readonly source: KernelSource;
  /** Name of the function in the source. */
  readonly name: string;
  /** One an operand: the number, or null for the next array. */
  readonly scalars: readonly (Scalar | null)[];
  /** Whether an array is given that receives the result. */
  readonly hasOut: boolean;
}

/**
 * A compiled function of the form of {@link elementwiseForm}, called with the local parts of arrays, which are broadcast
 * together and brought to the distribution of one of them, or of `out`, as operands of elementwise functions are.
 */
export const mapKernelOperation = arrayOperation<MapKernelParams>('kernel.map', {
  infer: inferMap,
  run: (arrays, params, { comm, traffic }) => {
    const { source, hasOut } = params;
    const meta = inferMap(arrays, params);
    source.compileTogether(comm);
    const { distribution, dtype } = meta;
    const result = hasOut
      ? arrays[arrays.length - 1]
      : new LocalArray(distribution, { dtype, comm, zeroed: false });
    const inputs = hasOut ? arrays.slice(0, -1) : arrays;
    const views = inputs.map((array) => alignTo(array, distribution, { comm, traffic }));
    const shares = hasOut && inputs.some((array) => array.sharesMemoryWith(result));
    const compute = () => runLocally(result, views, params, shares);
    if (source.mayThrow) agree(comm, compute);
    else compute();
    return result;
  },
});

/** Compiles a source on all processes that hold arrays. */
export const compileKernel: ValueOperation<{ readonly source: KernelSource }, void> =
  valueOperation('kernel.compile', {
    check: () => {},
    run(_, { source }, { comm }) {
      source.compileTogether(comm);
    },
  });

function inferMap(arrays: readonly ArrayMeta[], params: MapKernelParams): ArrayMeta {
  const { scalars, hasOut } = params;
  const kernel = functionOf(params);
  const { parameters } = kernel.prototype;
  const { operands, output } = elementwiseForm(kernel.prototype);
  if (scalars.length !== operands.length) {
    const names = operands.map((k) => parameters[k].name).join(', ');
    const expected = `${operands.length} operands (${names})`;
    throw new ArgumentRangeError('operands', expected, scalars.length);
  }
  const inputs = hasOut ? arrays.slice(0, -1) : arrays;
  if (inputs.length === 0) {
    throw new ArgumentTypeError('operands', 'at least one DistArray', 'only numbers');
  }
  let next = 0;
  scalars.forEach((scalar, k) => {
    const parameter = parameters[operands[k]];
    if (scalar !== null) scalarAs(scalar, parameter.dtype, parameter.name);
    else checkArray(inputs[next++], parameter);
  });
  const shape = broadcastShapes(arrays.map(({ distribution }) => distribution.shape));
  const { dtype } = parameters[output];
  if (!hasOut) return { dtype, distribution: commonDistribution(inputs, shape) };
  const out = arrays[arrays.length - 1];
  if (!sameShape(shape, out.distribution.shape)) {
    const expected = `shape (${shape.join(', ')})`;
    throw new ArgumentRangeError('options.out', expected, [...out.distribution.shape]);
  }
  if (!canCast(dtype, out.dtype, 'sameKind')) {
    const expected = `a dtype that ${dtype}, the result of ${params.name}, can be cast to`;
    throw new ArgumentTypeError('options.out', expected, out.dtype);
  }
  return out;
}

function checkArray({ dtype }: ArrayMeta, { name, dtype: wanted, passed }: Parameter): void {
  if (passed !== 'pointer') throw new ArgumentTypeError(name, 'a number', 'a DistArray');
  if (canCast(dtype, wanted, 'sameKind')) return;
  throw new ArgumentTypeError(name, `what can be cast to ${wanted}`, dtype);
}

function functionOf({ source, name }: MapKernelParams): NativeFunction {
  return source.functions.get(name)!;
}

function runLocally(
  result: LocalArray,
  views: readonly StridedView[],
  params: MapKernelParams,
  shares: boolean,
): void {
  if (result.localSize === 0) return;
  const kernel = functionOf(params);
  const { parameters } = kernel.prototype;
  const form = elementwiseForm(kernel.prototype);
  const { localShape: shape } = result;
  const { dtype } = parameters[form.output];
  const inPlace = result.isContiguous && result.dtype === dtype && !shares;
  const out = inPlace ? result.toContiguous() : newResult(dtype, shape).data;
  const args = new Array<TypedArray | Scalar>(parameters.length);
  args[form.output] = out;
  let next = 0;
  form.operands.forEach((position, k) => {
    const { passed, dtype: wanted } = parameters[position];
    const scalar = params.scalars[k];
    if (scalar === null) args[position] = elementsOf(views[next++], wanted, shape);
    else args[position] = passed === 'pointer' ? repeated(scalar, wanted, shape) : scalar;
  });
  callInParts(kernel, form, args, result.localSize);
  if (!inPlace) result.assignView(viewOf(out, dtype, shape) as StridedView, 'sameKind');
}

/** The elements of a view, broadcast and cast, one after the other: where they lie when they lie so. */
function elementsOf(view: StridedView, dtype: Dtype, shape: readonly number[]): TypedArray {
  const strides = contiguousStrides(shape);
  const asIs =
    view.dtype === dtype &&
    sameShape(view.shape, shape) &&
    shape.every((extent, dim) => extent === 1 || view.strides[dim] === strides[dim]);
  if (asIs) return view.data.subarray(view.offset * DTYPES[dtype].lanes);
  const packed = newResult(dtype, shape);
  copyTo(packed, view);
  return packed.data;
}

function repeated(scalar: Scalar, dtype: Dtype, shape: readonly number[]): TypedArray {
  const view = newResult(dtype, shape);
  fill(view, scalarAs(scalar, dtype));
  return view.data;
}

/** Calls the function with as many elements at a time as the type of their number can tell. */
function callInParts(
  kernel: NativeFunction,
  { most, count, operands, output }: ElementwiseForm,
  args: readonly (TypedArray | Scalar)[],
  size: number,
): void {
  const { parameters } = kernel.prototype;
  for (let first = 0; first < size; first += most) {
    const part = [...args];
    part[count] = Math.min(most, size - first);
    for (const position of [...operands, output]) {
      const { passed, dtype } = parameters[position];
      if (passed !== 'pointer' || first === 0) continue;
      part[position] = (args[position] as TypedArray).subarray(first * DTYPES[dtype].lanes);
    }
    kernel.call(part);
  }
}
