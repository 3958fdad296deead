/**
 * Distributions as plain values that JSON keeps, for files. The indices of unstructured dimensions are not part of
 * them: these may be many, and are stored beside.
 */
import { DistArrayError } from '../errors.ts';
import { BlockMap } from './blockMap.ts';
import type { BlockPaddingOptions } from './blockPadding.ts';
import { CyclicMap } from './cyclicMap.ts';
import type { DimensionMap } from './dimensionMap.ts';
import { Distribution } from './distribution.ts';
import type { AffineSlice } from './slicedMap.ts';
import { affineOf, sliceMap } from './sliceMap.ts';
import { UndistributedMap } from './undistributedMap.ts';
import { UnstructuredMap } from './unstructuredMap.ts';

/** A block map; `bounds` where they are not even. */
interface StoredBlock extends BlockPaddingOptions {
  readonly kind: 'b';
  readonly size: number;
  readonly gridSize: number;
  readonly bounds?: readonly number[];
}

/** A cyclic or block-cyclic map. */
interface StoredCyclic {
  readonly kind: 'c';
  readonly size: number;
  readonly gridSize: number;
  readonly blockSize: number;
}

/** A dimension on one process. */
interface StoredUndistributed {
  readonly kind: 'n';
  readonly size: number;
}

/** An unstructured map, or a view of one, without its indices. */
export interface StoredUnstructured {
  readonly kind: 'u';
  readonly size: number;
  readonly gridSize: number;
  readonly oneToOne: boolean;
  /** Whether every process knew the indices of all. */
  readonly isComplete: boolean;
}

type StoredBase = StoredBlock | StoredCyclic | StoredUndistributed;

/** One dimension; `view` tells which indices of the map it shows, where it is a view. */
export type StoredMap = StoredUnstructured | (StoredBase & { readonly view?: AffineSlice });

/** A distribution, JSON-safe. */
export interface StoredDistribution {
  readonly maps: readonly StoredMap[];
  /** Whether every process has all elements. */
  readonly replicated: boolean;
  /** How many processes there are: 0, 1, 2, … by their ranks, or those listed. */
  readonly targets: number | readonly number[];
}

/** Returns what can be stored of a distribution. */
export function storeDistribution(distribution: Distribution): StoredDistribution {
  const { maps, isReplicated, targets, numProcesses } = distribution;
  const inOrder = targets.every((target, rank) => target === rank);
  return {
    maps: maps.map(storeMap),
    replicated: isReplicated,
    targets: inOrder ? numProcesses : targets,
  };
}

/**
 * Returns the distribution that was stored.
 *
 * @param unstructured - makes the map of an unstructured dimension
 * @throws {@link DistArrayError} `ERR_STORED_DISTRIBUTION` for what {@link storeDistribution} has not made
 */
export function restoreDistribution(
  stored: StoredDistribution,
  unstructured: (map: StoredUnstructured, axis: number) => DimensionMap,
): Distribution {
  try {
    const { maps, replicated, targets } = stored;
    const list = typeof targets === 'number' ? [...Array(targets).keys()] : targets;
    if (replicated) return Distribution.replicated(maps.map(extentOf), { targets: list });
    const restored = maps.map((map, axis) =>
      map.kind === 'u' ? unstructured(map, axis) : restoreMap(map),
    );
    return Distribution.fromMaps(restored, { targets: list }).onTargets(list);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== undefined && !code.startsWith('ERR_ARGUMENT')) throw error;
    throw noDistribution(error);
  }
}

/**
 * Returns a distribution of the same kind over other processes: blocks, cyclic dimensions with their block sizes,
 * padding where it has one width; unstructured dimensions become blocks, views what they are views of.
 *
 * @throws {@link ArgumentRangeError} when parts become too small for the padding
 */
export function adaptDistribution(
  { maps, replicated }: StoredDistribution,
  targets: readonly number[],
): Distribution {
  const shape = maps.map(extentOf);
  if (replicated) return Distribution.replicated(shape, { targets });
  const padding = maps.map(uniformPadding);
  return Distribution.fromShape(shape, {
    targets,
    dist: maps.map(({ kind }) => (kind === 'u' ? 'b' : kind)).join(''),
    blockSize: maps.map((map) => (map.kind === 'c' && !map.view ? map.blockSize : 1)),
    commPadding: padding.map(({ commPadding = 0 }) => commPadding),
    boundaryPadding: padding.map(({ boundaryPadding = 0 }) => boundaryPadding),
    periodic: padding.map(({ periodic = false }) => periodic),
  } as Parameters<typeof Distribution.fromShape>[1]);
}

/** Returns the extents of the array. */
export function storedShape({ maps }: StoredDistribution): number[] {
  return maps.map(extentOf);
}

function extentOf(map: StoredMap): number {
  return map.kind !== 'u' && map.view ? map.view.count : map.size;
}

function storeMap(map: DimensionMap): StoredMap {
  const { base, size, gridSize } = map;
  if (base instanceof UnstructuredMap) {
    const { oneToOne, isComplete } = base;
    return { kind: 'u', size, gridSize, oneToOne, isComplete };
  }
  const stored = storeBase(base);
  return base === map ? stored : { ...stored, view: affineOf(map) };
}

function storeBase(map: DimensionMap): StoredBase {
  const { size, gridSize } = map;
  if (map instanceof BlockMap) {
    const bounds = map.isEven ? {} : { bounds: map.bounds };
    return { kind: 'b', size, gridSize, ...bounds, ...(map.isPadded ? paddingOf(map) : {}) };
  }
  if (map instanceof CyclicMap) return { kind: 'c', size, gridSize, blockSize: map.blockSize };
  if (map instanceof UndistributedMap) return { kind: 'n', size };
  throw noDistribution(map);
}

function paddingOf(map: BlockMap): BlockPaddingOptions {
  const { gridSize, periodic } = map;
  const last = gridSize - 1;
  const boundaryPadding = [map.boundary(0)[0], map.boundary(last)[1]] as const;
  const upper = Array.from({ length: gridSize }, (_, gridRank) => map.halo(gridRank)[1]);
  const edges = periodic ? upper : upper.slice(0, last);
  const isOneWidth = edges.length > 0 && edges.every((width) => width === edges[0]);
  const commPadding = isOneWidth ? edges[0] : (map.uniformPadding ?? edges);
  return { commPadding, boundaryPadding, periodic };
}

function uniformPadding(map: StoredMap): BlockPaddingOptions {
  if (map.kind !== 'b' || map.view || typeof map.commPadding !== 'number') return {};
  return map;
}

function restoreMap(map: StoredBase & { readonly view?: AffineSlice }): DimensionMap {
  const base = restoreBase(map);
  return map.view === undefined ? base : sliceMap(base, map.view);
}

function restoreBase(map: StoredBase): DimensionMap {
  const { kind, size } = map;
  switch (kind) {
    case 'b': {
      const { bounds, gridSize, commPadding, boundaryPadding, periodic } = map;
      const padding = { commPadding, boundaryPadding, periodic } as BlockPaddingOptions;
      return bounds === undefined
        ? BlockMap.even(size, gridSize, padding)
        : BlockMap.fromBounds(bounds, padding);
    }
    case 'c':
      return new CyclicMap(size, map.gridSize, { blockSize: map.blockSize });
    case 'n':
      return new UndistributedMap(size);
    default:
      throw noDistribution(map);
  }
}

function noDistribution(cause: unknown): DistArrayError {
  const message = 'What is stored describes no distribution that this version knows';
  return new DistArrayError('ERR_STORED_DISTRIBUTION', message, { cause });
}
