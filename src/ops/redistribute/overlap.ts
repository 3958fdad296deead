/** What two parts have in common along one axis, as places in both of them. */
import { NUMBERS_PER_RUN, type RunAxis } from '../../kernels/copyRuns.ts';
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import { intersection, type LocalBlocks } from '../../maps/intersection.ts';

/** `count` blocks of `blockSize` consecutive places, on both sides. */
export interface CommonBlocks {
  readonly blockSize: number;
  readonly count: number;
  readonly from: LocalBlocks;
  readonly to: LocalBlocks;
}

/**
 * Places of one part and the places of another that they go to, in one order. Lists of places are
 * null on a side that is another process's business.
 */
export type Overlap =
  | { readonly kind: 'blocks'; readonly extent: number; readonly blocks: readonly CommonBlocks[] }
  | {
      readonly kind: 'places';
      readonly extent: number;
      readonly from: Int32Array | null;
      readonly to: Int32Array | null;
    };

/** Returns the overlap in these blocks; null when there are none. */
export function overlapOfBlocks(blocks: readonly CommonBlocks[]): Overlap | null {
  if (blocks.length === 0) return null;
  const extent = blocks.reduce((sum, { blockSize, count }) => sum + blockSize * count, 0);
  return { kind: 'blocks', extent, blocks };
}

/** Returns the overlap of two parts of regular maps; null when they have nothing in common. */
export function regularOverlap(
  from: DimensionMap,
  fromRank: number,
  to: DimensionMap,
  toRank: number,
): Overlap | null {
  const runs = intersection(from, fromRank, to, toRank);
  return overlapOfBlocks(
    runs.map(({ blockSize, count, inA, inB }) => ({ blockSize, count, from: inA, to: inB })),
  );
}

/** Returns how a message is packed: from the places of the part to 0, 1, 2, … */
export function sendingAxis(overlap: Overlap): RunAxis {
  if (overlap.kind === 'places') return listedAxis(overlap.extent, overlap.from, null);
  return blocksAxis(overlap.extent, packed(overlap.blocks, 'to'));
}

/** Returns how a message is unpacked: from 0, 1, 2, … to the places of the part. */
export function receivingAxis(overlap: Overlap): RunAxis {
  if (overlap.kind === 'places') return listedAxis(overlap.extent, null, overlap.to);
  return blocksAxis(overlap.extent, packed(overlap.blocks, 'from'));
}

/** Returns how the elements are copied that stay on their process. */
export function stayingAxis(overlap: Overlap): RunAxis {
  if (overlap.kind === 'places') return listedAxis(overlap.extent, overlap.from, overlap.to);
  return blocksAxis(overlap.extent, overlap.blocks);
}

/** The blocks with one side replaced by the order in which they are packed. */
function packed(blocks: readonly CommonBlocks[], side: 'from' | 'to'): CommonBlocks[] {
  let start = 0;
  return blocks.map((each) => {
    const { blockSize, count } = each;
    const places = { start, stride: blockSize };
    start += blockSize * count;
    return { ...each, [side]: places };
  });
}

function blocksAxis(extent: number, blocks: readonly CommonBlocks[]): RunAxis {
  const runs = new Float64Array(blocks.length * NUMBERS_PER_RUN);
  blocks.forEach(({ from, to, blockSize, count }, k) => {
    runs.set([from.start, from.stride, to.start, to.stride, blockSize, count], k * NUMBERS_PER_RUN);
  });
  return { extent, runs, placesFrom: null, placesTo: null };
}

/** Lists take 4 bytes a place, runs 48 bytes: lists become runs where that is less. */
const PLACES_PER_RUN = 12;

function listedAxis(extent: number, from: Int32Array | null, to: Int32Array | null): RunAxis {
  const most = extent / PLACES_PER_RUN;
  const blocks: CommonBlocks[] = [];
  const at = (places: Int32Array | null, k: number) => (places === null ? k : places[k]);
  for (let k = 0; k < extent; ) {
    if (blocks.length >= Math.max(1, most)) {
      return { extent, runs: null, placesFrom: from, placesTo: to };
    }
    const fromStep = k + 1 < extent ? at(from, k + 1) - at(from, k) : 1;
    const toStep = k + 1 < extent ? at(to, k + 1) - at(to, k) : 1;
    let end = k + 1;
    while (
      end < extent &&
      at(from, end) - at(from, end - 1) === fromStep &&
      at(to, end) - at(to, end - 1) === toStep
    ) {
      end++;
    }
    const isBlock = fromStep === 1 && toStep === 1;
    blocks.push({
      blockSize: isBlock ? end - k : 1,
      count: isBlock ? 1 : end - k,
      from: { start: at(from, k), stride: fromStep },
      to: { start: at(to, k), stride: toStep },
    });
    k = end;
  }
  return blocksAxis(extent, blocks);
}
