/** Products of every element with every one (`numpy.outer`). */
import { promoteTypes } from '../../dtype/promotion.ts';
import type { LocalArray } from '../../local/localArray.ts';
import { BlockMap } from '../../maps/blockMap.ts';
import { Distribution } from '../../maps/distribution.ts';
import { newaxis, type SliceItem } from '../../maps/sliceSpec.ts';
import { UndistributedMap } from '../../maps/undistributedMap.ts';
import { alignTo } from '../align.ts';
import { elementwise } from '../elementwise/elementwise.ts';
import { newArray } from '../newArray.ts';
import { type ArrayMeta, arrayOperation, type OperationEnvironment } from '../operation.ts';
import { redistribute } from '../redistribute/redistribute.ts';

/** `numpy.outer`: the products of all elements of `a`, in C order, with all of `b`. */
export const outerOperation = arrayOperation<null>('outer', {
  infer: ([a, b]) => inferOuter(flatMeta(a), flatMeta(b)),
  run: ([a, b], _, environment) =>
    multiplyOuter(flattened(a, environment), flattened(b, environment), environment),
});

/**
 * Dtype and distribution of the products of every element with every one; its axes are those of `a`, then those of `b`.
 * It is spread as the one that is on more processes, `a` when both are on as many. Pure.
 */
export function inferOuter(a: ArrayMeta, b: ArrayMeta): ArrayMeta {
  const dtype = promoteTypes(a.dtype, b.dtype);
  const [first, second] = [a.distribution, b.distribution];
  if (first.isReplicated && second.isReplicated) {
    const { targets } = first;
    const shape = [...first.shape, ...second.shape];
    return { dtype, distribution: Distribution.replicated(shape, { targets }) };
  }
  const leads =
    first.isReplicated === second.isReplicated
      ? first.numProcesses >= second.numProcesses
      : second.isReplicated;
  const whole = ({ shape }: Distribution) => shape.map((extent) => new UndistributedMap(extent));
  const maps = leads ? [...first.maps, ...whole(second)] : [...whole(first), ...second.maps];
  return { dtype, distribution: (leads ? first : second).withMaps(maps) };
}

/**
 * Returns the products of every element with every one.
 * @remarks Collective: what is on fewer processes goes to all that need it, which is all of it.
 */
export function multiplyOuter(
  a: LocalArray,
  b: LocalArray,
  environment: OperationEnvironment,
): LocalArray {
  const { dtype, distribution } = inferOuter(a, b);
  const result = newArray(distribution, { dtype, comm: environment.comm, zeroed: false });
  const axes: SliceItem[] = ['...', ...new Array<SliceItem>(b.ndim).fill(newaxis)];
  const left = alignTo(a.slice(axes), distribution, environment);
  const right = alignTo(b, distribution, environment);
  if (result.localSize > 0) elementwise('multiply', [left, right], { out: result.strided });
  return result;
}

/** Metadata of an array as a vector. Pure. */
export function flatMeta({ dtype, distribution }: ArrayMeta): ArrayMeta {
  return { dtype, distribution: flatDistribution(distribution) };
}

/** Returns an array as a vector, in C order. @remarks Collective unless it is one. */
export function flattened(array: LocalArray, { traffic }: OperationEnvironment): LocalArray {
  if (array.ndim === 1) return array;
  return redistribute(array, flatDistribution(array.distribution), { traffic });
}

/** Blocks of the flat index, on the same processes. */
function flatDistribution(distribution: Distribution): Distribution {
  if (distribution.ndim === 1) return distribution;
  const { size, targets, numProcesses, isReplicated } = distribution;
  if (isReplicated) return Distribution.replicated([size], { targets });
  const map = numProcesses === 1 ? new UndistributedMap(size) : BlockMap.even(size, numProcesses);
  return Distribution.fromMaps([map], { targets });
}
