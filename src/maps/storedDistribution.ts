/**
 * Distributions as plain values that JSON keeps, for files. The indices of unstructured dimensions are not part of
 * them: these may be many, and are stored beside.
 */
import { DistArrayError } from '../errors.ts';
import type { BlockPaddingOptions } from './blockPadding.ts';
import type { DimensionMap } from './dimensionMap.ts';
import { Distribution } from './distribution.ts';
import { restoreMap, type StoredRegularMap, storeMap } from './storedMap.ts';
import type { UnstructuredMap } from './unstructuredMap.ts';

/** An unstructured map, or a view of one, without its indices. */
export interface StoredUnstructured {
  readonly dist_type: 'u';
  readonly size: number;
  readonly proc_grid_size: number;
  readonly one_to_one: boolean;
  /** Whether every process knew the indices of all. */
  readonly isComplete: boolean;
}

/** One dimension. */
export type StoredMap = StoredUnstructured | StoredRegularMap;

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
    maps: maps.map(storeAny),
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
      map.dist_type === 'u' ? unstructured(map, axis) : restoreMap(map, `maps[${axis}]`),
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
    dist: maps.map(({ dist_type: kind }) => (kind === 'u' ? 'b' : kind)).join(''),
    blockSize: maps.map((map) => (map.dist_type === 'c' && !map.slice ? (map.block_size ?? 1) : 1)),
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
  return map.dist_type !== 'u' && map.slice !== undefined ? map.slice[2] : map.size;
}

function storeAny(map: DimensionMap): StoredMap {
  const regular = storeMap(map);
  if (regular !== null) return regular;
  const { size, gridSize } = map;
  const { oneToOne, isComplete } = map.base as UnstructuredMap;
  return { dist_type: 'u', size, proc_grid_size: gridSize, one_to_one: oneToOne, isComplete };
}

function uniformPadding(map: StoredMap): BlockPaddingOptions {
  if (map.dist_type !== 'b' || map.slice || typeof map.comm_padding !== 'number') return {};
  const { comm_padding: commPadding, boundary_padding: boundaryPadding, periodic } = map;
  return { commPadding, boundaryPadding, periodic };
}

function noDistribution(cause: unknown): DistArrayError {
  const message = 'What is stored describes no distribution that this version knows';
  return new DistArrayError('ERR_STORED_DISTRIBUTION', message, { cause });
}
