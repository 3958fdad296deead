/** Local elements one by one, with their global indices. */
import type { Dtype, ScalarOf } from '../dtype/dtype.ts';
import type { LocalMemory } from './localMemory.ts';
import type { LocalPart } from './localPart.ts';

/**
 * Returns an iterator over the local elements in C order: their global index and their value (DistArray 0.5
 * `ndenumerate`). Communicates nothing.
 *
 * @remarks Values are read when they are asked for, so that writing while iterating shows.
 */
export function* ndenumerate<D extends Dtype>(
  array: LocalMemory<D>,
): Generator<[globalIndex: number[], value: ScalarOf<D>]> {
  if (array.localSize === 0) return;
  const { localShape, ndim } = array;
  const perAxis = localShape.map((_, axis) => array.globalIndices(axis));
  const local = new Array<number>(ndim).fill(0);
  for (let k = 0; k < array.localSize; k++) {
    yield [local.map((position, axis) => perAxis[axis][position]), array.get(...local)];
    advance(local, localShape);
  }
}

/** Calls `visit` with the global index of each local element, in C order, and its number. */
export function forEachIndex(
  part: LocalPart,
  visit: (globalIndex: readonly number[], k: number) => void,
): void {
  const { localShape, localSize } = part;
  if (localSize === 0) return;
  const perAxis = localShape.map((_, axis) => part.globalIndices(axis));
  const local = new Array<number>(localShape.length).fill(0);
  const index = perAxis.map((list) => list[0]);
  for (let k = 0; k < localSize; k++) {
    visit(index, k);
    const changed = advance(local, localShape);
    for (let axis = changed; axis < index.length; axis++) index[axis] = perAxis[axis][local[axis]];
  }
}

/** Goes to the next index in C order; returns the first axis along which it changed. */
function advance(index: number[], shape: readonly number[]): number {
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (++index[axis] < shape[axis]) return axis;
    index[axis] = 0;
  }
  return 0;
}
