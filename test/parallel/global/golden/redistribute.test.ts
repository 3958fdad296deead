// ranks: 4
/** `distribute_as` of DistArray 0.6 on 4 processes; differences are in docs/differences.md. */
import { strict as assert } from 'node:assert';
import {
  BlockMap,
  Context,
  type DistArray,
  Distribution,
  UndistributedMap,
} from '../../../../src/entry/index.ts';
import {
  type Described,
  described,
  describedGolden,
  type GoldenArray,
  readExactly,
  sameOutcome,
} from '../../../support/goldenArrays.ts';
import { agreesWithGolden, outcome } from '../../../unit/maps/golden/golden.ts';

interface Side {
  readonly shape: number[];
  readonly dist: ('b' | 'c' | 'n')[];
  readonly grid_shape: number[];
  readonly targets: number[];
  readonly localshapes: number[][];
}

interface Case {
  readonly case: string;
  readonly source: Side;
  readonly dest: Side;
  readonly result?: GoldenArray;
  readonly locals?: readonly GoldenArray[];
  readonly correct?: boolean;
}

const { cases } = readExactly<{ readonly cases: readonly Case[] }>('redistribute_0.6');
const ctx = new Context();

/** The distribution of a side: its blocks have the local shapes that DistArray reports. */
function distributionOf({ shape, dist, grid_shape, targets, localshapes }: Side): Distribution {
  if (!dist.every((letter) => letter === 'b' || letter === 'n')) {
    return ctx.distribution(shape, { dist, gridShape: grid_shape, targets });
  }
  const maps = shape.map((size, axis) => {
    if (dist[axis] === 'n') return new UndistributedMap(size);
    const step = grid_shape.slice(axis + 1).reduce((product, extent) => product * extent, 1);
    const bounds = [0];
    for (let coord = 0; coord < grid_shape[axis]; coord++) {
      bounds.push(bounds[coord] + localshapes[coord * step][axis]);
    }
    return BlockMap.fromBounds(bounds);
  });
  return Distribution.fromMaps(maps, { targets });
}

interface Moved {
  readonly whole: Described;
  readonly locals: readonly Described[];
}

function moved({ source, dest }: Case): Moved {
  const size = source.shape.reduce((product, extent) => product * extent, 1);
  const array = ctx.arange(size).distributeAs(distributionOf(source));
  const to = distributionOf(dest);
  const result = array.distributeAs(to);
  assert.ok(result.distribution.isCompatible(to), `${result.distribution}`);
  assert.deepEqual(result.localShapes(), to.localShapes());
  return { whole: described(result), locals: localsOf(result) };
}

function localsOf(array: DistArray): Described[] {
  return array.getLocalArrays().map(({ localShape, ndarray }) => {
    const data: number[] = [];
    const visit = (index: readonly number[]): void => {
      if (index.length === localShape.length) data.push(ndarray.get(...index) as number);
      else for (let i = 0; i < localShape[index.length]; i++) visit([...index, i]);
    };
    visit([]);
    return { dtype: '<f8', shape: [...localShape], data };
  });
}

/** 0.6 refuses what it cannot; what all of them should give is known. */
function wantedOf({ dest, result, locals, correct }: Case): Moved | string {
  if (result === undefined || locals === undefined || correct !== true) return 'refused';
  const layout = { dist: dest.dist, gridShape: dest.grid_shape, targets: dest.targets };
  return { whole: { ...describedGolden(result), layout }, locals: locals.map(describedGolden) };
}

describe('redistribution and golden cases', () => {
  agreesWithGolden(
    'redistribute_0.6.json',
    cases.map((one, i) => ({
      name: String(i),
      golden: wantedOf(one),
      ours: () => outcome(() => moved(one)),
    })),
    (ours, golden) => {
      if (typeof ours === 'string' || typeof golden === 'string') return ours === golden;
      const [a, b] = [ours, golden] as Moved[];
      return (
        sameOutcome(a.whole, b.whole) &&
        a.locals.length === b.locals.length &&
        a.locals.every((local, rank) => sameOutcome(local, b.locals[rank]))
      );
    },
  );

  it('has the same elements where 0.6 refuses', () => {
    for (const one of cases.filter(({ result }) => result === undefined)) {
      const { whole } = moved(one);
      assert.deepEqual(whole.shape, one.dest.shape);
      assert.deepEqual(
        whole.data,
        Array.from(whole.data, (_, k) => k),
      );
    }
  });
});
