/** What each process does for a picture. */
import type { LocalArray } from 'distarray';
import { coarsen } from 'distarray/plot';

/** The means of a matrix in height × width rectangles, in C order, on the first process; null on the others. Collective. */
export function meansOfRectangles(
  matrix: LocalArray,
  height: number,
  width: number,
): Float64Array | null {
  return (coarsen(matrix, [height, width])?.data as Float64Array | undefined) ?? null;
}
