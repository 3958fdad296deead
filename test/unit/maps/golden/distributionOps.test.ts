import { isDeepStrictEqual } from 'node:util';
import { Distribution } from '../../../../src/maps/distribution.ts';
import { sanitizeIndices } from '../../../../src/maps/sanitizeIndices.ts';
import type { SliceSpec } from '../../../../src/maps/sliceSpec.ts';
import {
  type Construction,
  compared,
  construct,
  expectedOf,
  type GoldenDistribution,
  sameDistribution,
} from './distributionCases.ts';
import {
  agreesWithGolden,
  type GoldenError,
  type GoldenIndex,
  outcome,
  REFUSED,
  readGolden,
} from './golden.ts';
import { goldenOfItem, itemOf } from './goldenIndex.ts';

interface Outcome<T> {
  readonly result?: T;
  readonly error?: GoldenError;
}

interface SliceCase extends Outcome<GoldenDistribution> {
  readonly dist: string;
  readonly index: GoldenIndex;
  readonly kind?: string;
  readonly sanitized?: unknown;
  readonly owning_ranks?: Outcome<number[]>;
  readonly owning_targets?: Outcome<number[]>;
}

const golden = readGolden<{
  dists: Record<string, Construction>;
  slices: SliceCase[];
  owning: { dist: string; points: number[][]; ranks: number[][]; targets: number[][] }[];
  reduces: (Outcome<GoldenDistribution> & { dist: string; axes: number | number[] | null })[];
  compat_pool: Record<string, Construction | string>;
  compat: (Outcome<boolean> & { a: string; b: string })[];
  views: (Outcome<GoldenDistribution> & { dist: string; new_dimsize: number | null })[];
}>('distribution_ops');

const made = (name: string) => construct(golden.dists[name]);

/** Whether two outcomes of slicing are the same: the indices, the owners, the distribution. */
function sameSlice(ours: unknown, golden: unknown): boolean {
  if (ours === REFUSED || golden === REFUSED) return ours === golden;
  const { result, ...rest } = ours as { result: unknown };
  const { result: goldenResult, ...goldenRest } = golden as { result: unknown };
  return isDeepStrictEqual(rest, goldenRest) && sameDistribution(result, goldenResult);
}

describe('operations on distributions', () => {
  agreesWithGolden(
    'distribution_ops.json: slices',
    golden.slices.map(({ dist, index, kind, sanitized, ...rest }, i) => ({
      name: String(i),
      golden:
        rest.result === undefined
          ? REFUSED
          : {
              sanitized: [kind, sanitized],
              owning_ranks: rest.owning_ranks?.result,
              owning_targets: rest.owning_targets?.result,
              result: expectedOf(rest.result),
            },
      ours: () =>
        outcome(() => {
          const d = made(dist);
          const items = [itemOf(index)].flat() as SliceSpec;
          const [ourKind, entries] = sanitizeIndices(items, d.ndim, d.shape);
          return {
            sanitized: [ourKind, entries.map(goldenOfItem)],
            owning_ranks: d.owningRanks(items),
            owning_targets: d.owningTargets(items),
            result: compared(d.slice(items)),
          };
        }),
    })),
    sameSlice,
  );

  agreesWithGolden(
    'distribution_ops.json: owning',
    golden.owning.map(({ dist, points, ranks, targets }, i) => ({
      name: String(i),
      golden: { ranks, targets },
      ours: () => ({
        ranks: points.map((point) => made(dist).owningRanks(point)),
        targets: points.map((point) => made(dist).owningTargets(point)),
      }),
    })),
  );

  agreesWithGolden(
    'distribution_ops.json: reduces',
    golden.reduces.map(({ dist, axes, result }, i) => ({
      name: String(i),
      golden: result === undefined ? REFUSED : expectedOf(result),
      ours: () => outcome(() => compared(made(dist).reduce(axes))),
    })),
    sameDistribution,
  );

  agreesWithGolden(
    'distribution_ops.json: views',
    golden.views.map(({ dist, new_dimsize, result }, i) => ({
      name: String(i),
      golden: result === undefined ? REFUSED : expectedOf(result),
      ours: () => outcome(() => compared(made(dist).view(new_dimsize ?? undefined))),
    })),
    sameDistribution,
  );

  const pool = new Map(
    Object.entries(golden.compat_pool).map(([name, construction]) => [
      name,
      // The one that is no constructor: Distribution((20,), grid_shape=(4,)).slice(0:10)
      typeof construction === 'string'
        ? Distribution.fromShape([20], { size: 4 }).slice('0:10')
        : construct(construction),
    ]),
  );
  agreesWithGolden(
    'distribution_ops.json: compat',
    golden.compat.map(({ a, b, result }, i) => ({
      name: String(i),
      golden: result ?? REFUSED,
      ours: () => outcome(() => pool.get(a)?.isCompatible(pool.get(b) as Distribution)),
    })),
  );
});
