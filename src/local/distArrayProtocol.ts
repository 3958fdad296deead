/** Local arrays as structures of the Distributed Array Protocol, and the reverse. */
import type { Dtype, TypedArrayOf } from '../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError, DistArrayError } from '../errors.ts';
import { BlockMap } from '../maps/blockMap.ts';
import type { RankDimData } from '../maps/dimDataPerRank.ts';
import { Distribution } from '../maps/distribution.ts';
import { UnstructuredMap } from '../maps/unstructuredMap.ts';
import { agree } from '../mpi/agreement.ts';
import { Comm } from '../mpi/communicator.ts';
import {
  type ExportableDimDict,
  exportDistArray,
  importDistArray,
  structureOf,
} from '../protocol/exchange.ts';
import type { DimSummary } from '../protocol/pieceSummary.ts';
import type {
  DistArrayExporter,
  DistributedArrayStructure,
  PlainDimDict,
} from '../protocol/structure.ts';
import { checkPiecesTogether } from './checkPiecesTogether.ts';
import type { LocalMemory } from './localMemory.ts';
import type { PartMemory } from './placement.ts';

/** Returns the structure of a local array's part. */
export function exportPart(array: LocalMemory<Dtype>): DistributedArrayStructure {
  if (array.rank < 0) {
    throw new DistArrayError(
      'ERR_NO_PART',
      `This process has no part of the array to export: it is no target of ${array.distribution}`,
    );
  }
  const dimData = array.dimData as readonly ExportableDimDict[];
  const padded = array.readPadded();
  const { data, dtype, strides } = padded;
  const shape = [...padded.shape];
  let begin = padded.offset;
  array.distribution.maps.forEach((map, axis) => {
    // What a periodic dimension keeps beyond its ends has no index in the protocol.
    const dict = dimData[axis];
    if (!(map instanceof BlockMap) || dict.dist_type !== 'b') return;
    const [lower, upper] = array.halo[axis];
    const coord = array.cartCoords[axis];
    const before = map.start(coord) - Number(dict.start);
    const after = Number(dict.stop) - map.stop(coord);
    if (lower + upper === 0) return;
    begin += (lower - before) * strides[axis];
    shape[axis] -= lower - before + (upper - after);
  });
  return exportDistArray({ dimData, data, dtype, shape, strides, offset: begin });
}

/** What the parts that all processes export make together, and the memory of this one's. */
export interface ImportedArray extends PartMemory<Dtype> {
  readonly distribution: Distribution;
}

/** Returns the array that the processes export. @remarks Collective over `comm`. */
export function importParts(
  comm: Comm,
  object: DistArrayExporter | DistributedArrayStructure,
): ImportedArray {
  if (!(comm instanceof Comm)) throw new ArgumentTypeError('comm', 'a communicator', comm);
  const part = agree(comm, () => importDistArray(structureOf(object)));
  const perRank = checkPiecesTogether(comm, part.dimData);
  checkOrder(perRank);
  const { data, dtype, strides, offset } = part;
  const distribution = distributionOfParts(perRank, part.dimData);
  return { distribution, data: data as TypedArrayOf<Dtype>, dtype, strides, offset };
}

/**
 * Returns the distribution of parts; of unstructured dimensions this process knows its own indices.
 *
 * @param perRank - what `checkPiecesTogether` has returned
 * @param own - dictionaries of this process; where it has no part, of any that has
 * @param targets - the processes that have the parts, ascending; default 0, 1, 2, …
 */
export function distributionOfParts(
  perRank: readonly DimSummary[][],
  own: readonly PlainDimDict[],
  targets?: readonly number[],
): Distribution {
  const options = targets === undefined ? {} : { targets };
  const known = Distribution.fromDimDataPerRank(
    perRank.map((dicts) => dicts.map(withoutIndices)),
    options,
  );
  if (!perRank[0].some(({ dist_type }) => dist_type === 'u')) return known;
  const maps = known.maps.map((map, axis) => {
    const dict = own[axis];
    return dict.dist_type === 'u' ? unstructuredMap(dict, axis, perRank) : map;
  });
  return Distribution.fromMaps(maps, options);
}

/** A block of one index stands for the unstructured part, the map of which is made apart. */
function withoutIndices(summary: DimSummary): RankDimData {
  if (summary.dist_type !== 'u') return summary;
  const { proc_grid_size, proc_grid_rank } = summary;
  const [start, stop] = [proc_grid_rank, proc_grid_rank + 1];
  return { dist_type: 'b', size: proc_grid_size, proc_grid_size, proc_grid_rank, start, stop };
}

function unstructuredMap(
  own: Extract<PlainDimDict, { dist_type: 'u' }>,
  axis: number,
  perRank: readonly DimSummary[][],
): UnstructuredMap {
  const { size, proc_grid_size: gridSize, proc_grid_rank: gridRank, one_to_one: oneToOne } = own;
  const localSizes = new Array<number>(gridSize).fill(0);
  for (const dicts of perRank) {
    const summary = dicts[axis];
    if (summary.dist_type === 'u') localSizes[summary.proc_grid_rank] = summary.count;
  }
  const wide = own.indices instanceof BigInt64Array || own.indices instanceof BigUint64Array;
  const indices = wide
    ? Float64Array.from(own.indices as BigInt64Array, Number)
    : (own.indices as Int32Array);
  return UnstructuredMap.ofRank({ size, gridSize, gridRank, indices, localSizes, oneToOne });
}

/**
 * Checks that rank r is process r of the grid.
 * @throws {@link ArgumentRangeError}
 */
export function checkOrder(perRank: readonly DimSummary[][]): void {
  perRank.forEach((dicts, rank) => {
    const place = dicts.reduce((sum, dict) => sum * dict.proc_grid_size + dict.proc_grid_rank, 0);
    if (dicts.length === 0 || place === rank) return;
    const expected =
      'ranks in the C order of the process grid (split the communicator by such keys)';
    throw new ArgumentRangeError('comm', expected, `rank ${rank} at place ${place} of the grid`);
  });
}
