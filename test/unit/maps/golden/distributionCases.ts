/** Golden distributions: how they are made, and what is compared of them. */

import { isDeepStrictEqual } from 'node:util';
import type { RankDimData } from '../../../../src/maps/dimDataPerRank.ts';
import { Distribution } from '../../../../src/maps/distribution.ts';
import type { FromShapeOptions } from '../../../../src/maps/distributionOptions.ts';
import type { GlobalDimData } from '../../../../src/maps/globalDimData.ts';

/** A constructor of DistArray's with its arguments. */
export interface Construction {
  readonly constructor: 'shape' | 'global_dim_data' | 'dim_data_per_rank';
  readonly nengines: number;
  readonly context_targets?: number[];
  readonly args: {
    readonly shape?: number[];
    readonly dist?: FromShapeOptions['dist'];
    readonly grid_shape?: number[];
    readonly targets?: number[];
    readonly global_dim_data?: GlobalDimData[];
    readonly dim_data_per_rank?: RankDimData[][];
  };
}

/** What golden files say of a distribution. */
export interface GoldenDistribution {
  readonly shape: number[];
  readonly ndim: number;
  readonly dist: string[];
  readonly grid_shape: number[];
  readonly targets: number[];
  readonly has_precise_index: boolean;
  readonly rank_from_coords: unknown;
  readonly dim_data_per_rank: unknown[][];
  readonly localshapes: number[][];
  readonly indices_per_rank: number[][][];
  readonly indices_per_rank_by_protocol?: number[][][];
  readonly distarray_indices_wrong?: boolean;
}

/** Returns the distribution that a golden constructor makes. */
export function construct({ nengines, context_targets, args }: Construction): Distribution {
  const all = context_targets ?? Array.from({ length: nengines }, (_, target) => target);
  const targets = args.targets === undefined || args.targets.length === 0 ? all : args.targets;
  if (args.global_dim_data !== undefined) {
    return Distribution.fromGlobalDimData(args.global_dim_data, { targets });
  }
  if (args.dim_data_per_rank !== undefined) {
    return Distribution.fromDimDataPerRank(args.dim_data_per_rank, { targets });
  }
  const { shape = [], dist, grid_shape: gridShape } = args;
  return Distribution.fromShape(shape, { dist, gridShape, targets });
}

/** Returns what golden files say, of one of our distributions, in comparable form. */
export function compared(d: Distribution): GoldenDistribution {
  const ranks = d.localShapes().map((_, rank) => rank);
  return comparable({
    shape: [...d.shape],
    ndim: d.ndim,
    dist: [...d.dist],
    grid_shape: [...d.gridShape],
    targets: [...d.targets],
    has_precise_index: d.hasPreciseIndex,
    rank_from_coords: nestedRanks(d),
    dim_data_per_rank: d.dimDataPerRank().map((dims) => dims.map(plainDimData)),
    localshapes: d.localShapes(),
    indices_per_rank: ranks.map((rank) => {
      const coords = d.coordsFromRank(rank);
      return d.maps.map((map, axis) => [...map.globalIndices(coords[axis])]);
    }),
  });
}

/**
 * Returns a golden distribution in comparable form, with DistArray's two known errors put right:
 * its wrong owners of trailing blocks, and targets beyond the grid, which are the context's.
 */
export function expectedOf(golden: GoldenDistribution): GoldenDistribution {
  const { indices_per_rank_by_protocol, distarray_indices_wrong, ...result } = golden;
  const indices = indices_per_rank_by_protocol ?? result.indices_per_rank;
  const processes = result.grid_shape.reduce((product, extent) => product * extent, 1);
  return comparable({
    ...result,
    targets: result.targets.slice(0, processes),
    indices_per_rank: indices,
    localshapes: distarray_indices_wrong
      ? indices.map((dims) => dims.map((list) => list.length))
      : result.localshapes,
  });
}

/**
 * Returns whether two outcomes show the same distribution. DistArray removes processes whose
 * part is empty, here they stay: where there are some, the others are compared, by target and
 * global indices.
 */
export function sameDistribution(ours: unknown, golden: unknown): boolean {
  if (isDeepStrictEqual(ours, golden)) return true;
  if (!isDescribed(ours) || !isDescribed(golden)) return false;
  return isDeepStrictEqual(withoutEmptyParts(ours), withoutEmptyParts(golden)) && hasEmpty(ours);
}

function isDescribed(outcome: unknown): outcome is GoldenDistribution {
  return Array.isArray((outcome as Partial<GoldenDistribution> | undefined)?.indices_per_rank);
}

function hasEmpty(d: GoldenDistribution): boolean {
  return d.indices_per_rank.some((lists) => lists.some((list) => list.length === 0));
}

function withoutEmptyParts(d: GoldenDistribution): Record<string, unknown> {
  const { shape, dist, has_precise_index, targets, indices_per_rank: indices } = d;
  const full = [...indices.keys()].filter((rank) => indices[rank].every((list) => list.length > 0));
  return {
    shape,
    dist,
    has_precise_index,
    targets: full.map((rank) => targets[rank]),
    indices: full.map((rank) => indices[rank]),
  };
}

/** DistArray lists nothing for the one process of a 0-d array; here it has one empty shape. */
function comparable(d: GoldenDistribution): GoldenDistribution {
  if (d.ndim !== 0) return d;
  return { ...d, dim_data_per_rank: [[]], localshapes: [[]], indices_per_rank: [[]] };
}

/** A dictionary with lists in place of typed arrays, as JSON has them. */
function plainDimData(dimData: object): Record<string, unknown> {
  const entries = Object.entries(dimData).map(([key, value]: [string, unknown]) => [
    key,
    ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value,
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/** The ranks as nested arrays by coordinates, as DistArray's `rank_from_coords` holds them. */
function nestedRanks(d: Distribution, coords: number[] = []): unknown {
  if (coords.length === d.ndim) return d.rankFromCoords(coords);
  return Array.from({ length: d.gridShape[coords.length] }, (_, i) =>
    nestedRanks(d, [...coords, i]),
  );
}
