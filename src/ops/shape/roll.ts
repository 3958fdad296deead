/** Rolling arrays around along axes. */
import type { SliceItem } from '../../maps/sliceSpec.ts';
import type { ArrayMeta } from '../operation.ts';
import { type Assembly, assemblyOperation, type Piece, range, sliceAt } from './assembly.ts';

/** What {@link rollOperation} takes: by axis, by how much elements move to higher indices. */
export interface RollParams {
  readonly shifts: readonly number[];
}

/** Elements moved along axes; what leaves an end comes in at the other one (`numpy.roll`). */
export const rollOperation = assemblyOperation<RollParams>('roll', rolling);

/** Where a part of an axis goes. */
interface Move {
  readonly to: SliceItem;
  readonly from: SliceItem;
}

function rolling(
  [{ dtype, distribution }]: readonly ArrayMeta[],
  { shifts }: RollParams,
): Assembly {
  const { ndim, shape } = distribution;
  let pieces: Piece[] = [{ to: sliceAt(ndim, {}), from: { array: 0, slice: sliceAt(ndim, {}) } }];
  shape.forEach((extent, axis) => {
    const moves = movesOf(extent, shifts[axis]);
    if (moves === null) return;
    pieces = pieces.flatMap((piece) =>
      moves.map(({ to, from }) => ({
        to: withItem(piece.to, axis, to),
        from: { array: 0, slice: withItem(sliceOf(piece), axis, from) },
      })),
    );
  });
  return { dtype, distribution, pieces };
}

/** The two parts of an axis that change places; null where everything stays. */
function movesOf(extent: number, shift: number): readonly Move[] | null {
  const steps = extent === 0 ? 0 : ((shift % extent) + extent) % extent;
  if (steps === 0) return null;
  return [
    { to: range(steps, extent), from: range(0, extent - steps) },
    { to: range(0, steps), from: range(extent - steps, extent) },
  ];
}

function sliceOf({ from }: Piece): readonly SliceItem[] {
  return 'slice' in from ? from.slice : [];
}

function withItem(slice: readonly SliceItem[], axis: number, item: SliceItem): SliceItem[] {
  return slice.map((other, dim) => (dim === axis ? item : other));
}
