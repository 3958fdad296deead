/** Repeating whole arrays. */
import { checkShape } from '../../maps/shape.ts';
import { newaxis, type SliceItem } from '../../maps/sliceSpec.ts';
import type { ArrayMeta } from '../operation.ts';
import { type Assembly, assemblyOperation, type Piece, range } from './assembly.ts';
import { likeDistribution } from './likeDistribution.ts';

/** What {@link tileOperation} takes: how often the array is there along each axis; the last is the last axis. */
export interface TileParams {
  readonly reps: readonly number[];
}

/**
 * An array of copies of an array (`numpy.tile`). What the result has is doubled until it is full: as many
 * steps as the binary logarithms of the numbers of copies.
 */
export const tileOperation = assemblyOperation<TileParams>('tile', tiling);

function tiling([{ dtype, distribution }]: readonly ArrayMeta[], { reps }: TileParams): Assembly {
  const ndim = Math.max(reps.length, distribution.ndim);
  const expand: SliceItem[] = [...new Array(ndim - distribution.ndim).fill(newaxis), '...'];
  const expanded = distribution.slice(expand);
  const copies = [...new Array<number>(ndim - reps.length).fill(1), ...reps];
  const shape = checkShape(
    expanded.shape.map((extent, axis) => extent * copies[axis]),
    'reps',
  );
  const result = { dtype, distribution: likeDistribution(expanded, shape) };
  if (shape.includes(0)) return { ...result, pieces: [] };
  const filled = [...expanded.shape];
  const pieces: Piece[] = [{ to: upTo(filled), from: { array: 0, slice: expand } }];
  shape.forEach((extent, axis) => {
    while (filled[axis] < extent) {
      const have = filled[axis];
      const more = Math.min(have, extent - have);
      const others = upTo(filled);
      pieces.push({
        to: others.with(axis, range(have, have + more)),
        from: { array: 'result', slice: others.with(axis, range(0, more)) },
      });
      filled[axis] += more;
    }
  });
  return { ...result, pieces };
}

function upTo(extents: readonly number[]): SliceItem[] {
  return extents.map((extent) => range(0, extent));
}
