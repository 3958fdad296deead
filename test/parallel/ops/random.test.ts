import { strict as assert } from 'node:assert';
import type { Dtype } from '../../../src/dtype/dtype.ts';
import {
  BlockMap,
  CyclicMap,
  type DimensionMap,
  Distribution,
  UndistributedMap,
  UnstructuredMap,
} from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { LocalArray } from '../../../src/local/localArray.ts';
import { RandomStream } from '../../../src/ops/random/randomStream.ts';

const world = MPI.COMM_WORLD;
const { size } = world;

const fills: Record<string, [Dtype, (random: RandomStream, array: never) => unknown]> = {
  rand: ['float64', (random, array) => random.rand(array)],
  'rand of float32': ['float32', (random, array) => random.rand(array)],
  uniform: ['float64', (random, array) => random.uniform(array, -1, 3)],
  randn: ['float64', (random, array) => random.randn(array)],
  exponential: ['float32', (random, array) => random.exponential(array)],
  gamma: ['float64', (random, array) => random.gamma(array, 0.5)],
  beta: ['float64', (random, array) => random.beta(array, 2, 3)],
  poisson: ['int32', (random, array) => random.poisson(array, 20)],
  integers: ['uint64', (random, array) => random.integers(array, 2n ** 63n + 1n)],
};

/** The elements by number in C order, as far as this rank has them. */
function assertNumbered(array: LocalArray, whole: LocalArray, label: string): void {
  const expected = whole.data as Float64Array;
  const found = array.toContiguous() as Float64Array;
  const axes = array.localShape.map((_, axis) => array.globalIndices(axis));
  let k = 0;
  const walk = (axis: number, number: number): void => {
    if (axis < axes.length) {
      for (const index of axes[axis]) walk(axis + 1, number * array.globalShape[axis] + index);
    } else assert.equal(found[k++], expected[number], `${label}: element ${number}`);
  };
  if (array.rank >= 0) walk(0, 0);
  assert.equal(k, found.length);
}

function distributionsOf(n: number, m: number): [string, Distribution][] {
  const lists = Array.from({ length: size }, (_, p) =>
    [...Array(n).keys()].filter((i) => i % size === p).reverse(),
  );
  const maps: [string, readonly DimensionMap[]][] = [
    ['blocks', [BlockMap.even(n, size), new UndistributedMap(m)]],
    ['columns', [new UndistributedMap(n), BlockMap.even(m, size)]],
    ['padded blocks', [BlockMap.even(n, size, { commPadding: 1 }), new UndistributedMap(m)]],
    ['cyclic', [new UndistributedMap(n), new CyclicMap(m, size)]],
    ['block-cyclic', [new CyclicMap(n, size, { blockSize: 2 }), new UndistributedMap(m)]],
    ['block-cyclic columns', [new UndistributedMap(n), new CyclicMap(m, size, { blockSize: 3 })]],
    ['unstructured', [UnstructuredMap.fromIndices(lists), new UndistributedMap(m)]],
  ];
  return [
    ...maps.map(([label, each]) => [label, Distribution.fromMaps(each)] as [string, Distribution]),
    ['copies', Distribution.replicated([n, m], { size })],
    ['one target', Distribution.fromShape([n, m], { targets: [size - 1] })],
  ];
}

describe('a random stream over ranks', function () {
  this.timeout(30_000);

  for (const [name, [dtype, fill]] of Object.entries(fills)) {
    it(`${name} gives the same array for every distribution`, () => {
      const whole = new LocalArray(Distribution.fromShape([11, 13], { size: 1 }), {
        dtype,
        comm: MPI.COMM_SELF,
      });
      const alone = new RandomStream(MPI.COMM_SELF, { seed: 4711 });
      // A stream that is not at its beginning.
      const five = Distribution.fromShape([5], { size: 1 });
      alone.rand(new LocalArray(five, { dtype: 'float64', comm: MPI.COMM_SELF }));
      fill(alone, whole as never);
      for (const [label, distribution] of distributionsOf(11, 13)) {
        const random = new RandomStream(world, { seed: 4711 });
        random.rand(new LocalArray(Distribution.fromShape([5], { size }), { dtype: 'float64' }));
        const array = new LocalArray(distribution, { dtype });
        fill(random, array as never);
        assertNumbered(array, whole, `${name}, ${label}`);
        assert.deepEqual(random.getState(), alone.getState());
      }
    });
  }

  it('fills views as arrays of their own, and nothing beside them', () => {
    const alone = new LocalArray(Distribution.fromShape([4, 3], { size: 1 }), {
      dtype: 'float64',
      comm: MPI.COMM_SELF,
    });
    new RandomStream(MPI.COMM_SELF, { seed: 1 }).rand(alone);
    for (const map of [BlockMap.even(9, size), new CyclicMap(9, size, { blockSize: 2 })]) {
      const distribution = Distribution.fromMaps([map, new UndistributedMap(7)]);
      const array = new LocalArray(distribution, { dtype: 'float64' }).fill(-1);
      const view = array.slice('7:0:-2, 1::2');
      new RandomStream(world, { seed: 1 }).rand(view);
      assertNumbered(view, alone, `a view of ${map}`);
      const untouched = [...array.toContiguous()].filter((x) => x === -1).length;
      assert.equal(untouched, array.localSize - view.localSize);
    }
  });

  it('puts numbers in the same order for every distribution', () => {
    for (const n of [100, 5000]) {
      const alone = new LocalArray(Distribution.fromShape([n], { size: 1 }), {
        dtype: 'int64',
        comm: MPI.COMM_SELF,
      });
      new RandomStream(MPI.COMM_SELF, { seed: 3 }).permutation(alone);
      for (const dist of ['b', 'c']) {
        const array = new LocalArray(Distribution.fromShape([n], { dist, size }), {
          dtype: 'int64',
        });
        assertNumbered(new RandomStream(world, { seed: 3 }).permutation(array), alone, dist);
      }
    }
  });

  it('draws its key once for all ranks', () => {
    const { key } = new RandomStream(world).getState();
    assert.deepEqual(world.allgatherObjects(key), Array(size).fill(key));
    const again = new RandomStream(world, { seed: 1 }).seed().getState().key;
    assert.deepEqual(world.allgatherObjects(again), Array(size).fill(again));
    assert.notEqual(again, key);
  });
});
