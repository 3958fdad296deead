/** Cutting boxes into smaller ones in C order. Pure. */
import type { Box } from './slab.ts';

/**
 * The boxes, in C order, that make an array of a shape, of at most so many elements each: all indices of the last axes,
 * several of one, and one of those before it.
 */
export function* boxesOf(shape: readonly number[], mostElements: number): Generator<Box> {
  if (shape.includes(0)) return;
  let axis = shape.length;
  let inner = 1;
  while (axis > 0 && inner * shape[axis - 1] <= mostElements) inner *= shape[--axis];
  if (axis === 0) {
    yield shape.map((count) => ({ start: 0, count }));
    return;
  }
  const cut = axis - 1;
  const length = Math.max(1, Math.floor(mostElements / inner));
  const index = new Array<number>(cut).fill(0);
  for (;;) {
    for (let start = 0; start < shape[cut]; start += length) {
      yield shape.map((extent, each) => {
        if (each < cut) return { start: index[each], count: 1 };
        if (each > cut) return { start: 0, count: extent };
        return { start, count: Math.min(length, extent - start) };
      });
    }
    let outer = cut - 1;
    while (outer >= 0 && ++index[outer] === shape[outer]) index[outer--] = 0;
    if (outer < 0) return;
  }
}
