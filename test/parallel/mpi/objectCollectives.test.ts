import { strict as assert } from 'node:assert';
import { MPI } from '../../../src/entry/mpi.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const ranks = Array.from({ length: size }, (_, i) => i);
const last = size - 1;

const item = (k: number) => ({ k, name: `item ${k}`, data: new Float64Array(1000 * k).fill(k) });
const join = (left: string, right: string) => left + right;
const letter = String.fromCharCode(97 + rank);
const alphabet = 'abcde'.slice(0, size);

describe('collectives of values', () => {
  for (const k of [0, 1, 100]) {
    it(`bcastObject brings the root's value to all (${k})`, () => {
      const value = rank === last ? item(k) : (undefined as unknown as ReturnType<typeof item>);
      assert.deepEqual(world.bcastObject(value, { root: last }), item(k));
    });
  }

  it('bcastObject brings a long head', () => {
    const list = Array.from({ length: 3000 }, (_, i) => ({ i }));
    assert.deepEqual(world.bcastObject(rank === 0 ? list : []), list);
  });

  it('gatherObjects collects on the root', () => {
    const got = world.gatherObjects(item(rank), { root: last });
    assert.deepEqual(got, rank === last ? ranks.map(item) : undefined);
  });

  it('scatterObjects hands out', () => {
    const values = rank === last ? ranks.map((k) => item(k + 1)) : null;
    assert.deepEqual(world.scatterObjects(values, { root: last }), item(rank + 1));
  });

  it('allgatherObjects collects everywhere, a copy of the own value too', () => {
    const own = item(rank);
    const got = world.allgatherObjects(own);
    assert.deepEqual(got, ranks.map(item));
    assert.notEqual(got[rank], own);
  });

  it('alltoallObjects exchanges', () => {
    const got = world.alltoallObjects(ranks.map((to) => ({ from: rank, ...item(to + rank) })));
    assert.deepEqual(
      got,
      ranks.map((from) => ({ from, ...item(from + rank) })),
    );
  });

  it('reduceObjects combines in rank order on the root', () => {
    const got = world.reduceObjects(letter, join, { root: last });
    assert.equal(got, rank === last ? alphabet : undefined);
  });

  it('allreduceObjects combines in rank order everywhere', () => {
    assert.equal(world.allreduceObjects(letter, join), alphabet);
    const union = world.allreduceObjects(new Set([rank]), (a, b) => new Set([...a, ...b]));
    assert.deepEqual(union, new Set(ranks));
  });

  it('scanObjects and exscanObjects combine what comes before', () => {
    assert.equal(world.scanObjects(letter, join), alphabet.slice(0, rank + 1));
    assert.equal(
      world.exscanObjects(letter, join),
      rank === 0 ? undefined : alphabet.slice(0, rank),
    );
  });

  it('scanObjects takes a function that changes its arguments', () => {
    const add = (sum: Float64Array, value: Float64Array) => {
      for (let i = 0; i < sum.length; i++) sum[i] += value[i];
      return sum;
    };
    const got = world.scanObjects(new Float64Array(1000).fill(1), add);
    assert.equal(got[999], rank + 1);
  });

  it('do not meet messages', () => {
    const request = world.irecvObject<string>();
    assert.equal(world.allgatherObjects(rank).length, size);
    const going = world.isendObject(`from ${rank}`, (rank + 1) % size);
    assert.equal(request.wait(), `from ${(rank + last) % size}`);
    going.wait();
    world.barrier();
  });

  it('work on other communicators, which can be freed afterwards', () => {
    const half = world.split(rank % 2);
    assert.deepEqual(
      half.allgatherObjects({ rank }),
      ranks.filter((r) => r % 2 === rank % 2).map((r) => ({ rank: r })),
    );
    half.free();
    assert.throws(() => half.allgatherObjects(1), { class: 'MPI_ERR_COMM' });
    assert.deepEqual(MPI.COMM_SELF.alltoallObjects(['x']), ['x']);
  });
});

describe('collectives of values that cannot be sent', () => {
  const callback = () => 1;
  const bad = { options: { callback } };

  /** All ranks throw one error; nobody is guilty of one that a function of all ranks throws. */
  function fails(call: () => unknown, guilty: number, code: string, message: RegExp): void {
    assert.throws(call, (error) => {
      assert.match((error as Error).message, message);
      assert.equal((error as { code?: string }).code, code);
      assert.equal(error instanceof MPI.ArgumentTypeError, guilty >= 0);
      return true;
    });
    // Nothing is left behind.
    assert.deepEqual(world.allgatherObjects(rank), ranks);
  }

  it('fail on every rank', () => {
    const mine = rank === last ? bad : {};
    const root = { root: last };
    const type = 'ERR_ARGUMENT_TYPE';
    const path = /for value\.options\.callback/;
    fails(() => world.bcastObject<object>(mine, root), last, type, path);
    fails(() => world.gatherObjects<object>(mine), last, type, path);
    fails(() => world.allgatherObjects<object>(mine), last, type, path);
    fails(() => world.reduceObjects<object>(mine, (a) => a), last, type, path);
    fails(
      () => world.alltoallObjects<object>(ranks.map(() => mine)),
      last,
      type,
      /values\[0\]\.options\.callback/,
    );
    fails(
      () => world.scatterObjects<object>([...ranks.slice(1).map(() => ({})), bad], root),
      last,
      type,
      new RegExp(`values\\[${last}\\]\\.options\\.callback`),
    );
    fails(() => world.scatterObjects([1, 2, 3, 4, 5, 6], root), last, type, /an array of/);
  });

  it('fail on every rank when the function throws', () => {
    const broken = (): number => {
      throw new MPI.DistArrayError('ERR_MINE', 'no sum');
    };
    if (size === 1) return;
    fails(() => world.allreduceObjects(1, broken), -1, 'ERR_MINE', /no sum/);
    fails(() => world.scanObjects(1, broken), -1, 'ERR_MINE', /no sum/);
    fails(() => world.exscanObjects(1, broken), -1, 'ERR_MINE', /no sum/);
  });
});
