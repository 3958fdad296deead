/**
 * Distributions from what every process says about itself: one list of protocol dictionaries a
 * process (DistArray 0.5 `from_dim_data_per_rank`).
 */

import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import { BlockMap } from './blockMap.ts';
import { CyclicMap } from './cyclicMap.ts';
import type { DimensionMap } from './dimensionMap.ts';
import { IndexList, type IndexSequence } from './indexList.ts';
import { rankFromCoords } from './processGrid.ts';
import { distributeIndices } from './sizeFromDimData.ts';
import { UndistributedMap } from './undistributedMap.ts';
import { UnstructuredMap } from './unstructuredMap.ts';

/**
 * One process's dictionary of one dimension, as the protocol has it: keys that it calls optional
 * may be missing, and those of the grid for a dimension that is not distributed.
 */
export interface RankDimData {
  readonly dist_type: 'b' | 'c' | 'u' | 'n';
  readonly size: number;
  readonly proc_grid_size?: number;
  readonly proc_grid_rank?: number;
  readonly start?: number;
  readonly stop?: number;
  readonly padding?: readonly [lower: number, upper: number];
  readonly periodic?: boolean;
  readonly block_size?: number;
  readonly indices?: IndexSequence;
  readonly one_to_one?: boolean;
}

/** A dictionary with the name that errors call it by. */
interface Named {
  readonly dimData: RankDimData;
  readonly name: string;
}

/**
 * Returns the maps that the dictionaries of all processes describe, which may come in any order.
 *
 * @remarks Boundary padding is the one thing that processes with the same grid coordinate may
 * disagree on (the protocol's exception); a map has that of the process with the lowest rank.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for wrong entries, processes
 * that are missing or there twice, and dictionaries that contradict each other
 */
export function mapsFromDimDataPerRank(
  dimDataPerRank: readonly (readonly RankDimData[])[],
  argument = 'dimDataPerRank',
): DimensionMap[] {
  const ranks = checkRanks(dimDataPerRank, argument);
  const ndim = ranks[0].length;
  const gridShape = Array.from({ length: ndim }, (_, axis) => gridSizeOf(ranks[0][axis]));
  checkGrid(ranks, gridShape, argument);
  const placeOf = (dicts: readonly Named[]) => rankFromCoords(gridShape, dicts.map(gridRankOf));
  const inOrder = ranks.toSorted((a, b) => placeOf(a) - placeOf(b));
  return gridShape.map((gridSize, axis) =>
    mapOf(partsOf(inOrder, axis, gridSize, argument), gridSize),
  );
}

/**
 * Returns the processes that have these dictionaries in the order of their places in the grid.
 *
 * @param processes - one for each list of dictionaries
 */
export function inGridOrder(
  dimDataPerRank: readonly (readonly RankDimData[])[],
  processes: readonly number[],
): number[] {
  const placeOf = (dicts: readonly RankDimData[], process: number) =>
    dicts.length === 0
      ? process
      : dicts.reduce(
          (place, dict) => place * (dict.proc_grid_size ?? 1) + (dict.proc_grid_rank ?? 0),
          0,
        );
  const placed = dimDataPerRank.map((dicts, k) => ({
    process: processes[k],
    place: placeOf(dicts, processes[k]),
  }));
  return placed.sort((a, b) => a.place - b.place).map(({ process }) => process);
}

function checkRanks(dimDataPerRank: unknown, argument: string): readonly (readonly Named[])[] {
  if (!Array.isArray(dimDataPerRank)) {
    throw new ArgumentTypeError(argument, 'an array of lists of dictionaries', dimDataPerRank);
  }
  if (dimDataPerRank.length === 0) {
    throw new ArgumentRangeError(argument, 'the dictionaries of at least one process', []);
  }
  return dimDataPerRank.map((list: unknown, rank) => {
    const name = `${argument}[${rank}]`;
    if (!Array.isArray(list)) {
      throw new ArgumentTypeError(name, 'an array of dimension dictionaries', list);
    }
    const ndim = dimDataPerRank[0].length;
    if (list.length !== ndim) {
      throw new ArgumentRangeError(name, `${ndim} dictionaries, as many as the first`, list);
    }
    return list.map((dimData, axis) => checked(dimData, `${name}[${axis}]`));
  });
}

function checked(dimData: RankDimData, name: string): Named {
  if (typeof dimData !== 'object' || dimData === null) {
    throw new ArgumentTypeError(name, 'a dimension dictionary', dimData);
  }
  const kind: unknown = dimData.dist_type;
  const expected = "'b', 'c', 'u' or 'n'";
  if (typeof kind !== 'string') throw new ArgumentTypeError(`${name}.dist_type`, expected, kind);
  if (!['b', 'c', 'u', 'n'].includes(kind)) {
    throw new ArgumentRangeError(`${name}.dist_type`, expected, kind);
  }
  checkInteger(`${name}.size`, dimData.size, 0);
  if (kind !== 'n' || dimData.proc_grid_size !== undefined) {
    checkInteger(`${name}.proc_grid_size`, dimData.proc_grid_size, 1, kind === 'n' ? 1 : undefined);
  }
  if (kind !== 'n' || dimData.proc_grid_rank !== undefined) {
    const last = gridSizeOf({ dimData, name }) - 1;
    checkInteger(`${name}.proc_grid_rank`, dimData.proc_grid_rank, 0, last);
  }
  return { dimData: distributeIndices(dimData), name };
}

function gridSizeOf({ dimData }: Named): number {
  return dimData.proc_grid_size ?? 1;
}

function gridRankOf({ dimData }: Named): number {
  return dimData.proc_grid_rank ?? 0;
}

/** Checks that the processes fill the grid, each place once. */
function checkGrid(
  ranks: readonly (readonly Named[])[],
  gridShape: readonly number[],
  argument: string,
): void {
  const processes = gridShape.reduce((product, extent) => product * extent, 1);
  if (ranks.length !== processes && gridShape.length > 0) {
    const expected = `the dictionaries of ${processes} processes, as the grid has`;
    throw new ArgumentRangeError(argument, expected, ranks.length);
  }
  const seen = new Set<number>();
  for (const [i, dicts] of ranks.entries()) {
    dicts.forEach((entry, axis) => {
      if (gridSizeOf(entry) === gridShape[axis]) return;
      const expected = `${gridShape[axis]}, as the first process says`;
      throw new ArgumentRangeError(`${entry.name}.proc_grid_size`, expected, gridSizeOf(entry));
    });
    const coords = dicts.map(gridRankOf);
    const rank = rankFromCoords(gridShape, coords);
    if (seen.has(rank) && gridShape.length > 0) {
      const expected = 'a place in the grid that no other process has';
      throw new ArgumentRangeError(`${argument}[${i}]`, expected, coords);
    }
    seen.add(rank);
  }
}

/**
 * Returns an axis's dictionaries by grid rank. All processes at one must say the same, but for
 * boundary padding: of that, what the process says that comes first in C order counts.
 */
function partsOf(
  ranks: readonly (readonly Named[])[],
  axis: number,
  gridSize: number,
  argument: string,
): readonly Named[] {
  const parts = new Array<Named | undefined>(gridSize).fill(undefined);
  for (const dicts of ranks) {
    const entry = dicts[axis];
    const known = parts[gridRankOf(entry)];
    if (known === undefined) parts[gridRankOf(entry)] = entry;
    else checkSame(known, entry);
  }
  const [first] = ranks[0].slice(axis);
  for (const part of parts) {
    if (part === undefined) {
      throw new ArgumentRangeError(argument, 'every place of the process grid', 'a gap');
    }
    for (const key of ['dist_type', 'size', 'periodic', 'block_size', 'one_to_one'] as const) {
      const [ours, theirs] = [withDefault(part, key), withDefault(first, key)];
      if (ours === theirs) continue;
      const expected = `${JSON.stringify(theirs)}, as the first process says`;
      throw new ArgumentRangeError(`${part.name}.${key}`, expected, ours);
    }
  }
  return parts as readonly Named[];
}

function withDefault({ dimData }: Named, key: keyof RankDimData): unknown {
  if (key === 'periodic' || key === 'one_to_one') return dimData[key] ?? false;
  if (key === 'block_size') return dimData.block_size ?? 1;
  return dimData[key];
}

function checkSame(known: Named, entry: Named): void {
  const differ = (key: keyof RankDimData): never => {
    const expected = `what ${known.name} says, which has the same place along this dimension`;
    throw new ArgumentRangeError(`${entry.name}.${key}`, expected, entry.dimData[key]);
  };
  for (const key of ['dist_type', 'size', 'start', 'stop'] as const) {
    if (entry.dimData[key] !== known.dimData[key]) differ(key);
  }
  const { dist_type: kind } = known.dimData;
  if (kind === 'b' && commPaddingOf(entry).some((w, side) => w !== commPaddingOf(known)[side])) {
    differ('padding');
  }
  if (kind === 'u' && !sameIndices(entry.dimData.indices, known.dimData.indices)) differ('indices');
}

/** Padding of a part at the sides where it has a neighbour in the grid; 0 at the others. */
function commPaddingOf(part: Named): readonly [lower: number, upper: number] {
  const { lower, upper } = rangeOf(part, part.dimData.size);
  const gridRank = gridRankOf(part);
  return [gridRank > 0 ? lower : 0, gridRank < gridSizeOf(part) - 1 ? upper : 0];
}

function sameIndices(a: IndexSequence | undefined, b: IndexSequence | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a?.length !== b?.length) return false;
  return Array.from(a as ArrayLike<number>).every((index, i) => Number(index) === Number(b?.[i]));
}

function mapOf(parts: readonly Named[], gridSize: number): DimensionMap {
  const { dist_type: kind, size, block_size: blockSize = 1 } = parts[0].dimData;
  switch (kind) {
    case 'n':
      return new UndistributedMap(size);
    case 'c':
      checkInteger(`${parts[0].name}.block_size`, blockSize, 1);
      parts.forEach(({ dimData, name }, gridRank) => {
        const start = gridRank * blockSize;
        if (dimData.start === undefined || dimData.start === start || start >= size) return;
        throw new ArgumentRangeError(
          `${name}.start`,
          `${start}, where its first block begins`,
          dimData.start,
        );
      });
      return new CyclicMap(size, gridSize, { blockSize });
    case 'u': {
      const indices = parts.map(({ dimData, name }) => {
        if (dimData.indices !== undefined)
          return IndexList.from(dimData.indices, `${name}.indices`);
        throw new ArgumentTypeError(`${name}.indices`, 'an array of indices', undefined);
      });
      const oneToOne = parts[0].dimData.one_to_one ?? false;
      return UnstructuredMap.fromIndices(indices, { size, oneToOne }, 'indices', parts[0].name);
    }
    case 'b':
      return blockMapOf(parts, size);
  }
}

/** The block map of ranges that include communication padding. */
function blockMapOf(parts: readonly Named[], size: number): BlockMap {
  const last = parts.length - 1;
  const bounds = [0];
  const edges: number[] = [];
  const boundary: [number, number] = [0, 0];
  let before: { readonly name: string; readonly upper: number } | undefined;
  parts.forEach((part, gridRank) => {
    const { start, stop, lower, upper } = rangeOf(part, size);
    const reached = bounds[gridRank];
    const empty = start === stop;
    const lowerHalo = gridRank > 0 && !empty ? lower : 0;
    const upperHalo = gridRank < last && !empty ? upper : 0;
    if (!empty && start + lowerHalo !== reached) {
      const expected = `${reached - lowerHalo}, where the part before ends, less the padding`;
      throw new ArgumentRangeError(`${part.name}.start`, expected, start);
    }
    if (before !== undefined && !empty && lowerHalo !== before.upper) {
      const expected = `${before.upper} below, the padding above of ${before.name}`;
      throw new ArgumentRangeError(`${part.name}.padding`, expected, [lower, upper]);
    }
    bounds.push(empty ? reached : stop - upperHalo);
    if (gridRank < last) edges.push(upperHalo);
    if (gridRank === 0) boundary[0] = empty ? 0 : lower;
    if (gridRank === last) boundary[1] = empty ? 0 : upper;
    if (!empty) before = { name: part.name, upper: upperHalo };
  });
  if (bounds[parts.length] !== size) {
    const expected = `${size}, the size, for the last part that holds something`;
    throw new ArgumentRangeError(`${parts[last].name}.stop`, expected, bounds[parts.length]);
  }
  const { periodic = false } = parts[0].dimData;
  const options = { commPadding: edges, boundaryPadding: boundary, periodic };
  return BlockMap.fromBounds(bounds, options, parts[0].name, `${parts[0].name}.bounds`);
}

function rangeOf(
  { dimData, name }: Named,
  size: number,
): { start: number; stop: number; lower: number; upper: number } {
  const { start, stop, padding = [0, 0] } = dimData;
  checkInteger(`${name}.start`, start, 0, size);
  checkInteger(`${name}.stop`, stop, start, size);
  if (!Array.isArray(padding))
    throw new ArgumentTypeError(`${name}.padding`, '[lower, upper]', padding);
  if (padding.length !== 2) {
    throw new ArgumentRangeError(`${name}.padding`, '[lower, upper]', padding);
  }
  const [lower, upper]: readonly unknown[] = padding;
  checkInteger(`${name}.padding[0]`, lower, 0, stop - start);
  checkInteger(`${name}.padding[1]`, upper, 0, stop - start - lower);
  return { start, stop, lower, upper };
}
