import { strict as assert } from 'node:assert';
import { BlockMap } from '../../../src/maps/blockMap.ts';
import { CyclicMap } from '../../../src/maps/cyclicMap.ts';
import type { DimensionMap } from '../../../src/maps/dimensionMap.ts';
import { Distribution } from '../../../src/maps/distribution.ts';
import { sizeOfRuns } from '../../../src/maps/indexRun.ts';
import { intersection } from '../../../src/maps/intersection.ts';
import { positionAt } from '../../../src/maps/localSelection.ts';
import { sliceMap } from '../../../src/maps/sliceMap.ts';
import { patience } from '../../launcher/patience.ts';

const PROCESSES = 2 ** 20;
const EXTENT = 1_000_000;
const LETTERS = ['bb', 'cc', 'bn', 'nc', 'bc'];

/** Numbers that an object holds, in lists of any depth, itself and what it refers to. */
function numbersHeld(value: unknown, seen = new Set<unknown>()): number {
  if (typeof value === 'number') return 1;
  if (typeof value !== 'object' || value === null || seen.has(value)) return 0;
  seen.add(value);
  if (ArrayBuffer.isView(value)) return (value as Float64Array).length;
  return Object.values(value).reduce<number>((sum, part) => sum + numbersHeld(part, seen), 0);
}

/** Runs `work` while every array that is made or filled is counted; returns the longest. */
function longestArrayMade(work: () => void): number {
  let longest = 0;
  const original = Array.from;
  const counted = (...args: Parameters<typeof Array.from>) => {
    const made = original(...args);
    longest = Math.max(longest, made.length);
    return made;
  };
  const typed = [Float64Array, Int32Array] as const;
  const globals = globalThis as unknown as Record<string, unknown>;
  try {
    Array.from = counted as typeof Array.from;
    for (const type of typed) {
      globals[type.name] = new Proxy(type, {
        construct(target, args: unknown[]) {
          const made = Reflect.construct(target, args) as Float64Array;
          longest = Math.max(longest, made.length);
          return made;
        },
      });
    }
    work();
  } finally {
    Array.from = original;
    for (const type of typed) globals[type.name] = type;
  }
  return longest;
}

describe('a million processes', () => {
  const make = (dist: string) =>
    Distribution.fromShape([EXTENT, EXTENT], { dist, size: PROCESSES });

  it('cost no more than a few: built and asked 100,000 times in little time', () => {
    const before = process.cpuUsage();
    for (const dist of LETTERS) {
      let owned = 0;
      for (let query = 0; query < 20_000; query++) {
        const d = make(dist);
        const index = [(query * 7919) % EXTENT, (query * 104_729) % EXTENT];
        const [rank] = d.owningRanks(index);
        const back = d.globalFromLocal(rank, d.localFromGlobal(index));
        if (back[0] === index[0] && back[1] === index[1]) owned++;
      }
      assert.equal(owned, 20_000);
    }
    // Takes about a second; the bound leaves room for slow machines.
    assert.ok(process.cpuUsage(before).user < 6_000_000 * patience());
  });

  it('are built, sliced, reduced and compared without a list over them', () => {
    for (const dist of LETTERS) {
      const longest = longestArrayMade(() => {
        const d = make(dist);
        const view = d.slice('1:-1, ::-3').slice('5:, 7');
        d.reduce(0);
        assert.ok(d.isCompatible(make(dist)));
        assert.ok(view.equals(d.slice('1:-1, ::-3').slice('5:, 7')));
        for (const rank of [0, view.numProcesses >> 1, view.numProcesses - 1]) {
          d.dimData(rank);
          view.localShape(rank);
          view.rankOfTarget(view.targetOf(rank));
          for (const map of view.maps) map.localSelection(rank % map.gridSize);
        }
        d.owningRanks([3, 4]);
        assert.ok(`${view.key}${d.key}${view}`.length < 500);
      });
      assert.ok(longest <= 16, `${dist}: an array of ${longest}`);
    }
  });

  describe('in one dimension', () => {
    const line = (dist: string, size = 1e9) =>
      Distribution.fromShape([size], { dist, size: PROCESSES });
    const seconds = (work: () => void) => {
      const before = process.cpuUsage();
      work();
      return process.cpuUsage(before).user / 1e6;
    };

    it('are asked for the owners of a few indices without a look at the others', () => {
      const block = Math.ceil(1e9 / PROCESSES);
      const taken = seconds(() => {
        for (let query = 0; query < 20; query++) {
          assert.deepEqual(line('b').owningRanks('0:10'), [0]);
          assert.deepEqual(line('b').owningRanks(`${block + 5}:${block - 5}:-1`), [0, 1]);
          assert.deepEqual(line('c').owningRanks('3:6'), [3, 4, 5]);
          assert.deepEqual(line('c').owningRanks(`5::${PROCESSES >> 1}`), [
            5,
            (PROCESSES >> 1) + 5,
          ]);
          const blocks = new CyclicMap(1e12, PROCESSES, { blockSize: 1e5 });
          assert.deepEqual(
            Distribution.fromMaps([blocks]).owningRanks('250000:550000'),
            [2, 3, 4, 5],
          );
        }
      });
      // A look at all processes takes a quarter of a second a query.
      assert.ok(taken < 3, `${taken} s`);
    });

    it('are scaled and compared with views by rule', () => {
      const [once, twice] = [line('b'), line('b', 2e9)];
      const taken = seconds(() => {
        for (let query = 0; query < 20; query++) {
          assert.ok(once.view(2e9).equals(twice));
          assert.ok(twice.slice('::2').isCompatible(once));
          assert.ok(once.isCompatible(twice.slice('::2')));
          assert.ok(!once.isCompatible(twice.slice('1:1000000001')));
        }
      });
      assert.ok(taken < 3, `${taken} s`);
    });
  });

  it('are held in a few numbers', () => {
    for (const dist of LETTERS) {
      const d = make(dist);
      assert.ok(numbersHeld(d) < 40, `${dist}: ${numbersHeld(d)} numbers`);
      assert.ok(numbersHeld(d.slice('::2, 5:')) < 60);
      assert.ok(numbersHeld(d.slice('7')) < 40);
    }
  });

  it('in a grid of which a slice leaves a column have strided targets', () => {
    const d = Distribution.fromShape([EXTENT, EXTENT], {
      dist: 'bc',
      gridShape: [1024, 1024],
      size: PROCESSES,
    });
    const column = d.slice(':, 5');
    assert.equal(column.numProcesses, 1024);
    assert.equal(column.targetOf(1023), 1023 * 1024 + 5);
    assert.equal(column.rankOfTarget(7 * 1024 + 5), 7);
    assert.equal(column.rankOfTarget(7 * 1024 + 6), -1);
    assert.match(column.toString(), /targets 5, 1029, 2053, .*…, 1047557/);
    assert.ok(column.key.length < 60);
  });
});

describe('maps of 2^50 indices', () => {
  const size = 2 ** 50;
  const views = (): DimensionMap[] => {
    const bases = [
      BlockMap.even(size, PROCESSES),
      new CyclicMap(size, PROCESSES),
      new CyclicMap(size, PROCESSES, { blockSize: 7 }),
      new CyclicMap(size, 1000, { blockSize: 2 ** 30 }),
    ];
    return bases.flatMap((base) => [
      base,
      sliceMap(base, { start: 12_345, step: 1, count: size - 20_000 }),
      sliceMap(base, { start: 3, step: 1_000_003, count: Math.floor((size - 3) / 1_000_003) }),
      sliceMap(base, { start: size - 1, step: -6, count: Math.floor(size / 6) }),
    ]);
  };

  it('are asked without a look at the indices', () => {
    const began = performance.now();
    for (const map of views()) {
      for (const index of [0, 1, 99_999, Math.floor(map.size / 2), map.size - 1]) {
        const gridRank = map.owner(index);
        const local = map.localFromGlobal(index);
        assert.ok(local < map.localSize(gridRank));
        assert.equal(map.globalFromLocal(gridRank, local), index, `${map}`);
        // The base's local part has its element where the view's says.
        const { start, step } = map.base === map ? { start: 0, step: 1 } : (map as never);
        const position = positionAt(map.localSelection(gridRank), local);
        assert.equal(map.base.localFromGlobal(start + index * step), position);
        assert.ok(map.runs(gridRank).length < 2000);
        assert.equal(sizeOfRuns(map.runs(gridRank)), map.localSize(gridRank));
      }
    }
    assert.ok(performance.now() - began < 5000 * patience());
  });

  it('intersect without a look at the indices', () => {
    const began = performance.now();
    const [block, , , , cyclic, , , , blockCyclic] = views();
    for (const [a, b] of [
      [block, cyclic],
      [block, blockCyclic],
      [cyclic, blockCyclic],
    ]) {
      const rankA = a.owner(size / 2);
      const rankB = b.owner(size / 2);
      const shared = intersection(a, rankA, b, rankB);
      assert.ok(shared.length < 100_000);
      assert.ok(sizeOfRuns(shared) <= Math.min(a.localSize(rankA), b.localSize(rankB)));
      for (const { start } of shared.slice(0, 5)) {
        assert.ok(a.owns(rankA, start) && b.owns(rankB, start));
      }
    }
    assert.ok(performance.now() - began < 5000 * patience());
  });
});
