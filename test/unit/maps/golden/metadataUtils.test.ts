import { BlockMap } from '../../../../src/maps/blockMap.ts';
import type { RankDimData } from '../../../../src/maps/dimDataPerRank.ts';
import { mirrorSort, normalizeGridShape } from '../../../../src/maps/gridShape.ts';
import {
  divisors,
  multiplicativePartitions,
} from '../../../../src/maps/multiplicativePartitions.ts';
import {
  type DistLetter,
  type DistSpec,
  normalizeDist,
} from '../../../../src/maps/normalizeDist.ts';
import {
  type RangeTuple,
  sliceIntersection,
  tupleIntersection,
} from '../../../../src/maps/rangeIntersection.ts';
import { normalizeReductionAxes, type ReductionAxes } from '../../../../src/maps/reductionAxes.ts';
import { sanitizeIndices } from '../../../../src/maps/sanitizeIndices.ts';
import { distributeIndices, sizeFromDimData } from '../../../../src/maps/sizeFromDimData.ts';
import { positivify, type SliceRange } from '../../../../src/maps/sliceRange.ts';
import type { SliceSpec } from '../../../../src/maps/sliceSpec.ts';
import { agreesWithGolden, type GoldenIndex, outcome, REFUSED, readGolden } from './golden.ts';
import { goldenOfItem, itemOf } from './goldenIndex.ts';

interface UtilityCase {
  readonly args: readonly unknown[];
  readonly result?: unknown;
}

const golden = readGolden<Record<string, UtilityCase[]>>('metadata_utils');

/** Compares a function of ours with one of DistArray's on the golden arguments. */
function agrees(name: string, ours: (args: readonly never[]) => unknown): void {
  agreesWithGolden(
    `metadata_utils.json: ${name}`,
    golden[name].map(({ args, result }, i) => ({
      name: String(i),
      golden: result === undefined ? REFUSED : result,
      ours: () => outcome(() => ours(args as never[])),
    })),
  );
}

/** An argument that may be a slice or anything else. */
const argument = (value: GoldenIndex) => (value === null ? null : itemOf(value));

describe('metadata utilities', () => {
  agrees('normalize_dist', ([dist, ndim]) => normalizeDist(dist as DistSpec, ndim));
  agrees('normalize_grid_shape', ([gridShape, , dist, size]) =>
    normalizeGridShape(gridShape, dist as readonly DistLetter[], size),
  );
  agrees('normalize_reduction_axes', ([axes, ndim]) =>
    normalizeReductionAxes(argument(axes) as ReductionAxes, ndim),
  );
  agrees('tuple_intersection', ([a, b]) => tupleIntersection(a as RangeTuple, b as RangeTuple));
  agrees('positivify', ([index, size]) => {
    const positive: unknown = positivify(argument(index) as number, size);
    return goldenOfItem(positive as number | SliceRange);
  });
  agrees('sanitize_indices', ([indices, ndim, shape]) => {
    const [kind, items] = sanitizeIndices(itemOf(indices) as SliceSpec, ndim, shape);
    return [kind, items.map(goldenOfItem)];
  });
  agrees('start_stop_block', ([size, gridSize, gridRank]) => {
    const map = BlockMap.even(size, gridSize);
    return [map.start(gridRank), map.stop(gridRank)];
  });
  agrees('distribute_indices', ([dimData]) => distributeIndices(dimData as RankDimData));
  agrees('size_from_dim_data', ([dimData]) => sizeFromDimData(dimData as RankDimData));
  agrees('mult_partitions', ([n, count]) => multiplicativePartitions(n, count));
  agrees('divisors_minmax', ([n, above, most]) => divisors(n, above, most));
  agrees('mirror_sort', ([values, like]) => mirrorSort(values, like));
  agrees('slice_intersection', ([a, b]) =>
    goldenOfItem(sliceIntersection(itemOf(a) as SliceRange, itemOf(b) as SliceRange)),
  );
});
