import { strict as assert } from 'node:assert';
import type { DimData } from '../../../src/maps/dimData.ts';
import { Distribution } from '../../../src/maps/distribution.ts';
import type { FromShapeOptions } from '../../../src/maps/distributionOptions.ts';
import type { GlobalDimData } from '../../../src/maps/globalDimData.ts';
import { type GoldenError, readGolden } from './golden.ts';

interface Construction {
  readonly constructor: 'shape' | 'global_dim_data' | 'dim_data_per_rank' | 'slice';
  readonly nengines: number;
  readonly context_targets?: number[];
  readonly args: {
    readonly shape?: number[];
    readonly dist?: FromShapeOptions['dist'];
    readonly grid_shape?: number[];
    readonly targets?: number[];
    readonly global_dim_data?: GlobalDimData[];
  };
}

interface DistributionCase extends Construction {
  readonly id: number;
  readonly error?: GoldenError;
  readonly result: {
    readonly shape: number[];
    readonly ndim: number;
    readonly dist: string[];
    readonly grid_shape: number[];
    readonly targets: number[];
    readonly rank_from_coords: unknown;
    readonly dim_data_per_rank: DimData[][];
    readonly localshapes: number[][];
    readonly indices_per_rank: number[][][];
    readonly indices_per_rank_by_protocol?: number[][][];
    readonly distarray_indices_wrong?: boolean;
  };
}

/** The distribution that the arguments of DistArray's constructor describe. */
function construct({ nengines, context_targets, args }: Construction): Distribution {
  const all = context_targets ?? Array.from({ length: nengines }, (_, target) => target);
  const targets = args.targets === undefined || args.targets.length === 0 ? all : args.targets;
  if (args.global_dim_data !== undefined) {
    return Distribution.fromGlobalDimData(args.global_dim_data, { targets });
  }
  const { shape = [], dist, grid_shape: gridShape } = args;
  return Distribution.fromShape(shape, { dist, gridShape, targets });
}

/** Left to a later part: they need unstructured maps, padding or a constructor of its own. */
function isLaterPart({ constructor: kind, args }: Construction): boolean {
  if (kind === 'dim_data_per_rank' || kind === 'slice') return true;
  return (args.global_dim_data ?? []).some(
    (dimData) =>
      (dimData.dist_type as string) === 'u' ||
      'comm_padding' in dimData ||
      'boundary_padding' in dimData,
  );
}

/** The golden results with a process whose part is empty removed; those processes stay here. */
const EMPTY_PARTS_KEPT: Record<number, number[]> = {
  4: [4], // (5) over 4: DistArray 3 parts
  8: [4], // (9) over 4: DistArray 3 parts
  58: [1, 4], // (7, 9) 'nb' over 4: DistArray 3 parts
  64: [1, 6], // (7, 9) 'nb' over 6: DistArray 5 parts
  60: [6, 1], // (10, 20) over 6: DistArray 5 parts
  70: [4, 1], // (5, 2) 'bb' on [4, 1]: DistArray 3 parts
};

/** What DistArray refuses and what is a distribution here, with its local shapes. */
const ACCEPTED_HERE: Record<number, number[][]> = {
  30: [[0]], // an array without elements
  74: [[3, 3]], // all 'n' with two targets: the first one holds it
  88: Array.from({ length: 4 }, () => [1, 1]), // (2, 2) over 12: the grid shrinks to [2, 2]
  // (0, 10) 'nb' over 4: an array without elements
  92: [
    [0, 3],
    [0, 3],
    [0, 3],
    [0, 1],
  ],
  // (1, 3, 8) 'ccn' over 4: the grid shrinks to [1, 3, 1]
  198: [
    [1, 1, 8],
    [1, 1, 8],
    [1, 1, 8],
  ],
};

/** What DistArray takes and what is an error here: bounds that descend. */
const REFUSED_HERE = [116];

/** A 0-d array is one part of shape [] here; DistArray gives empty lists for it. */
const ZERO_DIMENSIONAL = [34];

const { cases } = readGolden<{ cases: DistributionCase[] }>('distributions');

describe('golden distributions', () => {
  const inScope = cases.filter((golden) => !isLaterPart(golden));

  it('are within this part but for unstructured maps, padding and fromDimDataPerRank', () => {
    const ids = inScope.map(({ id }) => id);
    const listed = [
      ...Object.keys(EMPTY_PARTS_KEPT).map(Number),
      ...Object.keys(ACCEPTED_HERE).map(Number),
      ...REFUSED_HERE,
      ...ZERO_DIMENSIONAL,
    ];
    assert.ok(listed.every((id) => ids.includes(id)));
    assert.equal(cases.length, 105);
    assert.equal(inScope.length, 92);
  });

  for (const golden of inScope) {
    const { id, args, error, result } = golden;
    const title = `${id}: ${JSON.stringify(args)} over ${golden.nengines}`;
    if (id in ACCEPTED_HERE) {
      it(`${title} is accepted here`, () => {
        assert.ok(error !== undefined);
        assert.deepEqual(construct(golden).localShapes(), ACCEPTED_HERE[id]);
      });
    } else if (error !== undefined || REFUSED_HERE.includes(id)) {
      it(`${title} is refused`, () => {
        assert.throws(() => construct(golden), { code: /^ERR_ARGUMENT_(TYPE|RANGE)$/ });
      });
    } else {
      it(title, () => {
        compare(construct(golden), result, id);
      });
    }
  }
});

function compare(d: Distribution, result: DistributionCase['result'], id: number): void {
  assert.deepEqual(d.shape, result.shape);
  assert.equal(d.ndim, result.ndim);
  assert.deepEqual(d.dist, result.dist);
  if (ZERO_DIMENSIONAL.includes(id)) {
    assert.deepEqual(d.gridShape, []);
    assert.deepEqual(d.localShapes(), [[]]);
    assert.deepEqual(d.dimDataPerRank(), [[]]);
    return;
  }
  const ranks = d.localShapes().map((_, rank) => rank);
  const kept = EMPTY_PARTS_KEPT[id];
  if (kept !== undefined) {
    assert.deepEqual(d.gridShape, kept);
    const full = ranks.filter((rank) => !d.localShape(rank).includes(0));
    assert.ok(full.length < ranks.length);
    assert.deepEqual(
      full.map((rank) => d.localShape(rank)),
      result.localshapes,
    );
    assert.deepEqual(
      full.map((rank) => d.targets[rank]),
      result.targets,
    );
    assert.deepEqual(indicesPerRank(d, full), result.indices_per_rank);
    return;
  }
  assert.deepEqual(d.gridShape, result.grid_shape);
  // fromGlobalDimData: DistArray keeps targets that the grid does not use.
  assert.deepEqual(d.targets, result.targets.slice(0, d.numProcesses));
  assert.deepEqual(nestedRanks(d), result.rank_from_coords);
  assert.deepEqual(d.dimDataPerRank(), result.dim_data_per_rank);
  assert.deepEqual(
    indicesPerRank(d, ranks),
    result.indices_per_rank_by_protocol ?? result.indices_per_rank,
  );
  if (!result.distarray_indices_wrong) assert.deepEqual(d.localShapes(), result.localshapes);
}

/** For each rank, the global indices of each dimension. */
function indicesPerRank(d: Distribution, ranks: readonly number[]): number[][][] {
  return ranks.map((rank) => {
    const coords = d.coordsFromRank(rank);
    return d.maps.map((map, axis) => [...map.globalIndices(coords[axis])]);
  });
}

/** The ranks as nested arrays by coordinates, as DistArray's `rank_from_coords` holds them. */
function nestedRanks(d: Distribution, coords: number[] = []): unknown {
  if (coords.length === d.ndim) return d.rankFromCoords(coords);
  return Array.from({ length: d.gridShape[coords.length] }, (_, i) =>
    nestedRanks(d, [...coords, i]),
  );
}

describe('golden owners and compatibility', () => {
  const operations = readGolden<{
    dists: Record<string, Construction>;
    owning: { dist: string; points: number[][]; ranks: number[][]; targets: number[][] }[];
    compat_pool: Record<string, Construction>;
    compat: { a: string; b: string; result?: boolean }[];
  }>('distribution_ops');

  for (const { dist, points, ranks, targets } of operations.owning) {
    const construction = operations.dists[dist];
    if (isLaterPart(construction)) continue;
    it(`the owners in ${dist}`, () => {
      const d = construct(construction);
      assert.deepEqual(
        points.map((point) => d.owningRanks(point)),
        ranks,
      );
      assert.deepEqual(
        points.map((point) => d.owningTargets(point)),
        targets,
      );
    });
  }

  it('the compatible pairs', () => {
    const pool = new Map(
      Object.entries(operations.compat_pool)
        .filter(([, construction]) => construction.args !== undefined && !isLaterPart(construction))
        .map(([name, construction]) => [name, construct(construction)]),
    );
    let compared = 0;
    for (const { a, b, result } of operations.compat) {
      const left = pool.get(a);
      const right = pool.get(b);
      if (left === undefined || right === undefined) continue;
      compared++;
      assert.equal(left.isCompatible(right), result, `${a} and ${b}`);
    }
    assert.ok(compared > 50, `${compared} pairs`);
  });
});
