/** Plans for arrays that get another shape: elements keep their flat index in C order. */
import { contiguousStrides } from '../../kernels/stridedView.ts';
import { BlockMap } from '../../maps/blockMap.ts';
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import { Distribution } from '../../maps/distribution.ts';
import { clipRun } from '../../maps/indexRun.ts';
import {
  type CommonBlocks,
  type Overlap,
  overlapOfBlocks,
  receivingAxis,
  sendingAxis,
  stayingAxis,
} from './overlap.ts';
import {
  coordsOf,
  messagesOf,
  type Piece,
  type Plan,
  pieceOf,
  type Shared,
  stayingOn,
} from './plan.ts';

/** Returns whether every part of a distribution is one run of the flat index, in ascending order. */
export function isSlab(distribution: Distribution): boolean {
  const { maps, isReplicated } = distribution;
  const whole = (map: DimensionMap) => map.gridSize === 1 && map.dist !== 'u';
  const [first, ...rest] = maps;
  if (isReplicated || !rest.every(whole)) return false;
  return first === undefined || whole(first) || (first.dist === 'b' && ascends(first));
}

/** A view in steps keeps blocks in one piece; one in descending order turns the order of ranks. */
function ascends(map: DimensionMap): boolean {
  return map.size === 0 || map.owner(0) <= map.owner(map.size - 1);
}

/** Returns the even distribution of the flat index over the processes of `distribution`. */
export function flatBlocks(size: number, distribution: Distribution): Distribution {
  const { targets } = distribution;
  return Distribution.fromMaps([BlockMap.even(size, targets.length)], { targets });
}

/**
 * Returns what a process does so that an array gets another shape: one of both distributions has its
 * parts in single runs of the flat index ({@link isSlab}). Pure; of regular maps only.
 *
 * @param process number of the process in the communicator
 */
export function planFlat(from: Distribution, to: Distribution, process: number): Plan {
  if (isSlab(to)) return planBetween(from, to, process, 'to', { from, to });
  return planBetween(to, from, process, 'from', { from, to });
}

/** @param side the side that the slab is on */
function planBetween(
  parts: Distribution,
  slab: Distribution,
  process: number,
  side: 'from' | 'to',
  { from, to }: { readonly from: Distribution; readonly to: Distribution },
): Plan {
  const partCoords = coordsOf(parts, process);
  const slabRank = slab.rankOfTarget(process);
  const shared = (coords: readonly number[], rank: number, axisOf: typeof sendingAxis) =>
    sharedPieces(parts, coords, slab, rank, side, axisOf);
  const withSlabs = (axisOf: typeof sendingAxis): Shared[] =>
    partCoords === null
      ? []
      : meetings(slab.numProcesses, (rank) => ({
          coords: slab.coordsFromRank(rank),
          pieces: shared(partCoords, rank, axisOf),
        }));
  const withParts = (axisOf: typeof sendingAxis): Shared[] =>
    slabRank < 0
      ? []
      : meetings(parts.isReplicated ? 1 : parts.numProcesses, (rank) => {
          const coords = parts.coordsFromRank(rank);
          return { coords, pieces: shared(coords, slabRank, axisOf) };
        });
  const stays = partCoords !== null && stayingOn(from, to, process);
  const frame = {
    strides: contiguousStrides(parts.shape),
    first: slabRank < 0 ? 0 : slabRange(slab, slabRank)[0],
  };
  return {
    ...messagesOf(from, to, process, {
      outgoing: side === 'to' ? withSlabs(sendingAxis) : withParts(sendingAxis),
      incoming: side === 'to' ? withParts(receivingAxis) : withSlabs(receivingAxis),
    }),
    staying: stays ? shared(partCoords, slabRank, stayingAxis) : [],
    fromFrame: side === 'from' ? frame : null,
    toFrame: side === 'to' ? frame : null,
  };
}

function meetings(count: number, meet: (rank: number) => Shared): Shared[] {
  return Array.from({ length: count }, (_, rank) => meet(rank)).filter(
    ({ pieces }) => pieces.length > 0,
  );
}

/** The flat indices of a slab. */
function slabRange(slab: Distribution, rank: number): readonly [start: number, stop: number] {
  if (slab.ndim === 0) return [0, 1];
  const [coord] = slab.coordsFromRank(rank);
  const row = slab.shape.slice(1).reduce((product, extent) => product * extent, 1);
  const [first] = slab.maps;
  const extent = first.localSize(coord);
  if (extent === 0) return [0, 0];
  const start = first.globalFromLocal(coord, 0);
  return [start * row, (start + extent) * row];
}

/** What a part has in common with a slab: its share of each box of the slab's flat indices. */
function sharedPieces(
  parts: Distribution,
  coords: readonly number[],
  slab: Distribution,
  slabRank: number,
  side: 'from' | 'to',
  axisOf: (overlap: Overlap) => ReturnType<typeof sendingAxis>,
): Piece[] {
  const [start, stop] = slabRange(slab, slabRank);
  return boxesOf(parts.shape, start, stop).flatMap((box) => {
    const overlaps = parts.maps.map((map, axis) => {
      const [low, high] = box[axis];
      return overlapOfBlocks(clippedBlocks(map, coords[axis], low, high, side));
    });
    if (!overlaps.every((overlap) => overlap !== null)) return [];
    return [pieceOf(overlaps.map(axisOf))];
  });
}

/** The indices of a part within bounds: their places in the part, and in an array of the whole shape. */
function clippedBlocks(
  map: DimensionMap,
  coord: number,
  low: number,
  high: number,
  side: 'from' | 'to',
): CommonBlocks[] {
  return map
    .runs(coord)
    .flatMap((run) => clipRun(run, low, high))
    .map(({ start, stride, blockSize, count }) => {
      const first = map.localFromGlobal(start, coord);
      const distance = count > 1 ? map.localFromGlobal(start + stride, coord) - first : blockSize;
      const inPart = { start: first, stride: distance };
      const inSlab = { start, stride };
      return side === 'to'
        ? { blockSize, count, from: inPart, to: inSlab }
        : { blockSize, count, from: inSlab, to: inPart };
    });
}

type Box = readonly (readonly [start: number, stop: number])[];

/**
 * Returns the flat indices `start` ≤ i < `stop` of an array of this shape as boxes, in ascending
 * order: at most 2 · ndim − 1, the incomplete rows, planes … at both ends, and what is between them.
 */
export function boxesOf(shape: readonly number[], start: number, stop: number): readonly Box[] {
  if (start >= stop) return [];
  if (shape.length === 0) return [[]];
  const rest = shape.slice(1);
  const size = rest.reduce((product, extent) => product * extent, 1);
  const at = (index: number, low: number, high: number): Box[] =>
    boxesOf(rest, low, high).map((box) => [[index, index + 1], ...box]);
  const first = Math.floor(start / size);
  const last = Math.floor(stop / size);
  const [head, tail] = [start % size, stop % size];
  if (first === last) return at(first, head, tail);
  const whole: Box = [[head > 0 ? first + 1 : first, last], ...rest.map((n) => [0, n] as const)];
  return [
    ...(head > 0 ? at(first, head, size) : []),
    ...(whole[0][0] < whole[0][1] ? [whole] : []),
    ...(tail > 0 ? at(last, 0, tail) : []),
  ];
}
