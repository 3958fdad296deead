import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  BlockMap,
  type DistLetter,
  Distribution,
  UnstructuredMap,
} from '../../../src/entry/maps.ts';
import type { RunAxis } from '../../../src/kernels/copyRuns.ts';
import { boxesOf, isSlab } from '../../../src/ops/redistribute/flatPlan.ts';
import {
  type FlatFrame,
  type Piece,
  type Plan,
  planRedistribution,
} from '../../../src/ops/redistribute/plan.ts';
import { PlanCache } from '../../../src/ops/redistribute/planCache.ts';
import { planOfStep, predictTraffic, routeOf } from '../../../src/ops/redistribute/route.ts';
import { anyDistribution, flatIndices } from '../../support/maps.ts';

const SEED = 20140313;

/** The pairs of places that an axis of a piece stands for, read off its tables. */
function placesOf({ extent, runs, placesFrom, placesTo }: RunAxis): [from: number, to: number][] {
  if (runs === null) {
    return Array.from({ length: extent }, (_, k) => [placesFrom?.[k] ?? k, placesTo?.[k] ?? k]);
  }
  const pairs: [number, number][] = [];
  for (let k = 0; k < runs.length; k += 6) {
    const [startFrom, strideFrom, startTo, strideTo, blockSize, count] = runs.subarray(k, k + 6);
    for (let block = 0; block < count; block++) {
      for (let i = 0; i < blockSize; i++) {
        pairs.push([startFrom + block * strideFrom + i, startTo + block * strideTo + i]);
      }
    }
  }
  assert.equal(pairs.length, extent);
  return pairs;
}

/** Offsets in both memories of a piece's elements, in order. */
function offsetsOf(
  piece: Piece,
  fromStrides: readonly number[],
  toStrides: readonly number[],
): [from: number, to: number][] {
  return piece.axes.reduce<[number, number][]>(
    (all, axis, k) =>
      all.flatMap(([from, to]) =>
        placesOf(axis).map(([placeFrom, placeTo]): [number, number] => [
          from + placeFrom * fromStrides[k],
          to + placeTo * toStrides[k],
        ]),
      ),
    [[0, 0]],
  );
}

function cStrides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, n) => product * n, 1));
}

function frameOf(frame: FlatFrame | null, distribution: Distribution, process: number): FlatFrame {
  const rank = distribution.rankOfTarget(process);
  if (frame !== null) return frame;
  const shape = rank < 0 ? distribution.shape.map(() => 0) : distribution.localShape(rank);
  return { first: 0, strides: cStrides(shape) };
}

/** Carries out the plans of all processes and checks that every element comes to its place, once. */
function assertMoves(from: Distribution, to: Distribution, processes: number): number {
  const all = [...Array(processes).keys()];
  const plans = all.map((process) => planOfStep(from, to, process));
  const old = all.map((process) => flatIndices(from, from.rankOfTarget(process)));
  const parts = all.map((process): number[] =>
    flatIndices(to, to.rankOfTarget(process)).map(() => -1),
  );
  const write = (process: number, at: number, value: number) => {
    assert.equal(parts[process][at], -1, 'an element was written twice, or beyond the part');
    parts[process][at] = value;
  };
  const packedStrides = ({ axes }: Piece) => cStrides(axes.map(({ extent }) => extent));
  let moved = 0;
  all.forEach((process) => {
    const plan = plans[process];
    const target = frameOf(plan.toFrame, to, process);
    const source = frameOf(plan.fromFrame, from, process);
    for (const piece of plan.staying) {
      for (const [i, j] of offsetsOf(piece, source.strides, target.strides)) {
        write(process, j - target.first, old[process][i - source.first]);
      }
    }
    assert.equal(new Set(plan.receives.map(({ peer }) => peer)).size, plan.receives.length);
    for (const { peer, pieces, size } of plan.receives) {
      const sent = plans[peer].sends.filter((message) => message.peer === process);
      assert.equal(sent.length, 1, `${peer} sends ${sent.length} messages to ${process}`);
      assert.equal(sent[0].size, size);
      moved += size;
      const sender = frameOf(plans[peer].fromFrame, from, peer);
      const packed = sent[0].pieces.flatMap((piece) => {
        const values: number[] = [];
        for (const [i, k] of offsetsOf(piece, sender.strides, packedStrides(piece))) {
          values[k] = old[peer][i - sender.first];
        }
        return values;
      });
      let begin = 0;
      for (const piece of pieces) {
        for (const [k, j] of offsetsOf(piece, packedStrides(piece), target.strides)) {
          write(process, j - target.first, packed[begin + k]);
        }
        begin += piece.size;
      }
    }
  });
  const sends = plans.reduce((sum, plan) => sum + plan.sends.length, 0);
  assert.equal(
    sends,
    plans.reduce((sum, plan) => sum + plan.receives.length, 0),
  );
  all.forEach((process) => {
    assert.deepEqual(parts[process], flatIndices(to, to.rankOfTarget(process)));
  });
  return moved;
}

const shapes = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 0, maxLength: 3 });

describe('planRedistribution', () => {
  it('brings every element of every map kind to its place, once, for 1–16 processes', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 16 })
          .chain((processes) =>
            shapes.chain((shape) =>
              fc.tuple(
                anyDistribution(shape, processes),
                anyDistribution(shape, processes),
                fc.constant(processes),
              ),
            ),
          ),
        ([from, to, processes]) => {
          assertMoves(from, to, processes);
        },
      ),
      { numRuns: 250, seed: SEED },
    );
  });

  it('sends nothing where nothing has to move', () => {
    const from = Distribution.fromShape([12, 5], { dist: 'bn', size: 4 });
    const to = Distribution.fromMaps(from.maps);
    assert.equal(assertMoves(from, to, 4), 0);
    const { messages, bytes } = predictTraffic(from, to, 1, { itemsize: 8 });
    assert.deepEqual([messages, bytes], [0, 0]);
  });

  it('describes block-cyclic messages by runs, however many indices there are', () => {
    const from = Distribution.fromShape([10 ** 9], { size: 8 });
    const to = Distribution.fromShape([10 ** 9], { dist: 'c', size: 8 });
    const plan = planRedistribution(from, to, 3);
    assert.equal(plan.sends.length, 7);
    const numbers = plan.sends.flatMap(({ pieces }) => pieces.flatMap(({ axes }) => axes));
    assert.ok(numbers.every(({ runs }) => runs !== null && runs.length === 6));
  });

  it('asks only processes that can have something, of a million', () => {
    const size = 2 ** 20;
    const from = Distribution.fromShape([10 ** 9], { size });
    const bounds = Array.from({ length: 1001 }, (_, k) => k * 10 ** 6);
    const to = Distribution.fromMaps([BlockMap.fromBounds(bounds)]);
    assert.ok(planRedistribution(from, to, 77).sends.length <= 2);
    assert.equal(planRedistribution(from, to, 5).receives.length > 1000, true);
  });

  it('starts with the next process, and receives from the one before', () => {
    const from = Distribution.fromShape([16], { size: 4 });
    const to = Distribution.fromShape([16], { dist: 'c', size: 4 });
    const { sends, receives } = planRedistribution(from, to, 2);
    assert.deepEqual(
      [sends, receives].map((messages) => messages.map(({ peer }) => peer)),
      [
        [3, 0, 1],
        [1, 0, 3],
      ],
    );
  });

  it('refuses an unstructured map that lists not all indices, on all processes alike', () => {
    const from = Distribution.fromMaps([UnstructuredMap.fromIndices([[0, 3], [1]], { size: 5 })]);
    const to = Distribution.fromShape([5], { size: 2 });
    for (const process of [0, 1, 2]) {
      assert.throws(() => planRedistribution(from, to, process), {
        argument: 'array',
        received: '"none at index 2"',
      });
    }
  });
});

describe('plans of another shape', () => {
  const sameSize = fc.constantFrom<readonly (readonly number[])[]>(
    [[24], [4, 6], [6, 4], [2, 3, 4], [1, 24], [24, 1], [3, 8], [2, 2, 6]],
    [[0, 3], [0], [5, 0, 2]],
    [[], [1], [1, 1], [1, 1, 1]],
    [[35], [5, 7], [7, 5], [1, 35]],
  );

  it('keep the flat index of every element, between all regular maps and through blocks of it', () => {
    fc.assert(
      fc.property(
        fc
          .tuple(fc.integer({ min: 1, max: 12 }), sameSize)
          .chain(([processes, group]) =>
            fc
              .tuple(fc.constantFrom(...group), fc.constantFrom(...group))
              .chain(([a, b]) =>
                fc.tuple(
                  anyDistribution(a, processes),
                  anyDistribution(b, processes),
                  fc.constant(processes),
                ),
              ),
          ),
        ([from, to, processes]) => {
          let at = from;
          for (const next of routeOf(from, to)) {
            assertMoves(at, next, processes);
            at = next;
          }
          assert.equal(at, to);
        },
      ),
      { numRuns: 200, seed: SEED },
    );
  });

  it('take one step where one side is in single runs of the flat index', () => {
    const rows = Distribution.fromShape([6, 4], { dist: 'bn', size: 3 });
    const grid = Distribution.fromShape([4, 6], { dist: 'bb', gridShape: [2, 2], size: 4 });
    assert.equal(isSlab(rows) && !isSlab(grid), true);
    assert.equal(routeOf(rows, grid).length, 1);
    assert.equal(routeOf(grid, rows).length, 1);
    assert.equal(routeOf(Distribution.fromShape([6, 4], { dist: 'bb', size: 4 }), grid).length, 2);
  });

  it('cut flat ranges into boxes', () => {
    assert.deepEqual(boxesOf([3, 4], 2, 11), [
      [
        [0, 1],
        [2, 4],
      ],
      [
        [1, 2],
        [0, 4],
      ],
      [
        [2, 3],
        [0, 3],
      ],
    ]);
    assert.deepEqual(boxesOf([3, 4], 5, 7), [
      [
        [1, 2],
        [1, 3],
      ],
    ]);
    assert.deepEqual(boxesOf([3, 4], 0, 12), [
      [
        [0, 3],
        [0, 4],
      ],
    ]);
    assert.deepEqual(boxesOf([], 0, 1), [[]]);
    assert.deepEqual(boxesOf([2, 0], 0, 0), []);
  });

  it('refuse another number of elements', () => {
    const from = Distribution.fromShape([6, 4], { size: 2 });
    assert.throws(() => routeOf(from, Distribution.fromShape([5, 5], { size: 2 })), {
      argument: 'distribution',
      expected: 'shape [6, 4], or another one of 24 elements',
    });
  });
});

describe('DistArray 0.6 distribute_as', () => {
  interface Side {
    readonly shape: number[];
    readonly grid_shape: number[];
    readonly dist: DistLetter[];
    readonly targets: number[];
    readonly localshapes: number[][];
  }
  interface Case {
    readonly case: string;
    readonly source: Side;
    readonly dest: Side;
    readonly plan?: { source_rank: number; dest_rank: number; indices: number[][] }[];
  }
  const url = new URL('../../data/golden/redistribute_0.6.json', import.meta.url);
  const { cases } = JSON.parse(readFileSync(url, 'utf8')) as { cases: Case[] };

  /** The distribution of a side: its blocks have the local shapes that DistArray reports. */
  function distributionOf({ shape, grid_shape, dist, targets, localshapes }: Side): Distribution {
    if (!dist.every((letter) => letter === 'b' || letter === 'n')) {
      return Distribution.fromShape(shape, { dist, gridShape: grid_shape, targets });
    }
    const strides = cStrides(grid_shape);
    const maps = shape.map((_, axis) => {
      const bounds = [0];
      for (let coord = 0; coord < grid_shape[axis]; coord++) {
        bounds.push(bounds[coord] + localshapes[coord * strides[axis]][axis]);
      }
      return BlockMap.fromBounds(bounds);
    });
    return Distribution.fromMaps(maps, { targets });
  }

  for (const { case: name, source, dest, plan } of cases) {
    it(`${name}: elements move between the same processes${plan ? '' : ' (refused by 0.6)'}`, () => {
      const [from, to] = [distributionOf(source), distributionOf(dest)];
      const processes = 1 + Math.max(...from.targets, ...to.targets);
      const route = routeOf(from, to);
      let at = from;
      for (const next of route) {
        assertMoves(at, next, processes);
        at = next;
      }
      // Where blocks of several dimensions get another shape, 0.6 lists every common flat interval;
      // ours go through blocks of the flat index.
      if (plan === undefined || route.length > 1) return;
      const isReshape = source.shape.length !== dest.shape.length;
      const expected = new Map<string, number>();
      for (const { source_rank, dest_rank, indices } of plan) {
        const sizes = indices.map(([start, stop]) => stop - start);
        const size = isReshape
          ? sizes.reduce((sum, n) => sum + n, 0)
          : sizes.reduce((product, n) => product * n, 1);
        if (size > 0) expected.set(`${source_rank}>${dest_rank}`, size);
      }
      assert.deepEqual(
        new Map([...pairsOf(from, to, processes)].sort()),
        new Map([...expected].sort()),
      );
    });
  }

  function pairsOf(from: Distribution, to: Distribution, processes: number): Map<string, number> {
    const pairs = new Map<string, number>();
    for (let process = 0; process < processes; process++) {
      const plan = planOfStep(from, to, process);
      for (const { peer, size } of plan.sends) pairs.set(`${process}>${peer}`, size);
      const stays = plan.staying.reduce((sum, { size }) => sum + size, 0);
      if (stays > 0) pairs.set(`${process}>${process}`, stays);
    }
    return pairs;
  }
});

describe('PlanCache', () => {
  const empty: Plan = { sends: [], receives: [], staying: [], fromFrame: null, toFrame: null };

  it('keeps the plans that were used last', () => {
    const cache = new PlanCache();
    for (let k = 0; k < 64; k++) cache.set(`${k}`, empty);
    cache.get('0');
    cache.set('64', empty);
    assert.equal(cache.size, 64);
    assert.equal(cache.get('1'), undefined);
    assert.equal(cache.get('0'), empty);
  });

  it('keeps no more than 16 MiB of tables', () => {
    const cache = new PlanCache();
    const axis = { extent: 1, runs: new Float64Array(2 ** 19), placesFrom: null, placesTo: null };
    for (let k = 0; k < 9; k++) {
      cache.set(`${k}`, { ...empty, staying: [{ axes: [{ ...axis }], size: 1 }] });
    }
    assert.ok(cache.bytes <= 16 * 2 ** 20);
    assert.ok(cache.size >= 3 && cache.get('8') !== undefined);
  });
});
