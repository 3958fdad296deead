/** Local elements in the order in which they lie in a file: that of their global indices. */
import type { TypedArray } from '../../dtype/dtype.ts';
import { allocateForResult } from '../../kernels/allocation.ts';
import { type AxisPositions, gather, scatter } from '../../kernels/copy.ts';
import { newResult, viewOf } from '../../kernels/stridedView.ts';
import type { LocalArray } from '../../local/localArray.ts';
import { writesNothing } from '../slabs.ts';

/** Returns what this process writes, in the order of the file; over the array's memory where it lies there so. */
export function elementsInFileOrder(array: LocalArray): TypedArray {
  if (writesNothing(array)) return array.data.subarray(0, 0) as TypedArray;
  const positions = fileOrder(array);
  if (positions === null) return array.toContiguous();
  const ordered = newResult(array.dtype, array.localShape);
  gather(ordered, array.readView(), positions);
  return ordered.data;
}

/** Memory for this process's elements in the order of the file, and what puts them where they belong. */
export interface FileOrderMemory {
  readonly elements: TypedArray;
  place(): void;
}

/** Returns memory to read this process's elements to; over the array's where they lie there so. */
export function memoryInFileOrder(array: LocalArray): FileOrderMemory {
  const { dtype, localShape, isContiguous, localSize } = array;
  const positions = fileOrder(array);
  const direct = positions === null && isContiguous;
  const elements = direct ? array.toContiguous() : allocateForResult(dtype, localSize);
  const place = () => {
    if (direct || localSize === 0) return;
    const ordered = viewOf(elements, dtype, localShape);
    if (positions === null) array.assignView(ordered);
    else scatter(array.strided, ordered, positions);
  };
  return { elements, place };
}

/**
 * For each axis the local positions in the order of the global indices; null where the local elements are in that
 * order.
 */
function fileOrder(array: LocalArray): AxisPositions[] | null {
  const positions = array.distribution.maps.map((map, axis): AxisPositions => {
    if (map.dist !== 'u') return null;
    const indices = array.globalIndices(axis);
    if (indices.every((index, i) => i === 0 || indices[i - 1] < index)) return null;
    return Int32Array.from(indices.keys()).sort((a, b) => indices[a] - indices[b]);
  });
  return positions.every((list) => list === null) ? null : positions;
}
