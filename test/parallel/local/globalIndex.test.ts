/** Local and global indices of local arrays, and elements by them. */
import { strict as assert } from 'node:assert';
import {
  areCompatible,
  IncompatibleArrayError,
  InvalidDimensionError,
  ndenumerate,
  zeros,
} from '../../../src/entry/local.ts';
import { BlockMap, Distribution } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const extent = 3 * size;
const cyclic = () => zeros(Distribution.fromShape([extent, 4], { dist: 'cn', size }));

describe('indices of a LocalArray', () => {
  it('are owned by one process each, negative ones too', () => {
    const array = cyclic();
    for (let i = -extent; i < extent; i++) {
      const local = array.ownedIndex([i, -1]);
      const owners = world.allreduce(local === null ? 0 : 1);
      assert.equal(owners, 1);
      if (local === null) {
        assert.throws(() => array.localFromGlobal([i, -1]), { argument: 'globalIndex' });
      } else {
        assert.deepEqual(array.localFromGlobal([i, -1]), local);
        assert.deepEqual(array.globalFromLocal(local), [(i + extent) % extent, 3]);
      }
    }
    assert.throws(() => array.ownedIndex([extent, 0]), { argument: 'globalIndex[0]' });
    assert.throws(() => array.ownedIndex([0]), { argument: 'globalIndex' });
  });

  it('have limits along each dimension', () => {
    const array = cyclic();
    assert.deepEqual(array.globalLimits(0), [rank, rank + 2 * size]);
    assert.deepEqual(array.slice('::-1').globalLimits(1), [0, 3]);
    assert.throws(() => array.globalLimits(2), InvalidDimensionError);
    assert.throws(() => array.globalLimits(-1), { argument: 'axis', code: 'ERR_ARGUMENT_RANGE' });
    const empty = zeros(Distribution.fromMaps([BlockMap.fromBounds([0, ...Array(size).fill(4)])]));
    if (rank === 0) assert.deepEqual(empty.globalLimits(0), [0, 3]);
    else assert.throws(() => empty.globalLimits(0), { argument: 'axis' });
  });

  it('are packed and unpacked in C order', () => {
    const array = cyclic();
    for (let k = 0; k < array.globalSize; k++) {
      assert.equal(array.packIndex(array.unpackIndex(k)), k);
    }
    assert.equal(array.packIndex([-1, -1]), array.globalSize - 1);
    assert.throws(() => array.unpackIndex(array.globalSize), { argument: 'packedIndex' });
    assert.throws(() => array.unpackIndex(-1), { argument: 'packedIndex' });
    assert.throws(() => array.packIndex([0, 4]), { argument: 'globalIndex[1]' });
  });

  it('name processes of the grid as MPI does', () => {
    const grid = zeros(
      Distribution.fromShape([extent, extent], { gridShape: [1, size], dist: 'bb', size }),
    );
    using cart = world.createCart([1, size]);
    for (let r = 0; r < size; r++) {
      assert.deepEqual(grid.coordsFromRank(r), cart.coords(r));
      assert.equal(grid.rankFromCoords(cart.coords(r)), r);
    }
    assert.deepEqual(grid.cartCoords, [0, rank]);
    assert.throws(() => grid.coordsFromRank(size), { argument: 'rank' });
  });
});

describe('elements of a LocalArray', () => {
  it('are got and set by local indices', () => {
    const array = cyclic();
    array.set(5, -1, 0);
    assert.deepEqual([array.get(2, 0), array.get(-1, -4), array.toContiguous()[8]], [5, 5, 5]);
    assert.throws(() => array.get(3, 0), { argument: 'localIndex[0]' });
    assert.throws(() => array.get(0), { argument: 'localIndex' });
    assert.throws(() => array.get(0, 0.5), RangeError);
    assert.throws(() => array.set('5' as never, 0, 0), { argument: 'value' });
    const bytes = zeros(array.distribution, { dtype: 'int8' });
    assert.throws(() => bytes.set(128, 0, 0), { argument: 'value', code: 'ERR_ARGUMENT_RANGE' });
    assert.throws(() => bytes.fill(Number.NaN), { argument: 'value' });
    bytes.fill(-2.7).set(1.5, 0, 0);
    assert.deepEqual([bytes.get(0, 0), bytes.get(0, 1)], [1, -2]);
  });

  it('are got and set by global indices where they are owned', () => {
    const { globalIndex } = cyclic();
    for (let i = 0; i < extent; i++) {
      const mine = i % size === rank;
      assert.equal(globalIndex.checkedSetitem([i, 1], 10 * i), mine ? true : null);
      assert.equal(globalIndex.checkedGetitem([i - extent, -3]), mine ? 10 * i : null);
      if (mine) {
        globalIndex.set(1, i, 0);
        assert.equal(globalIndex.get(i, 1), 10 * i);
      } else {
        assert.throws(() => globalIndex.get(i, 1), { argument: 'globalIndex' });
        assert.throws(() => globalIndex.set(1, i, 1), { argument: 'globalIndex' });
      }
    }
    assert.throws(() => globalIndex.checkedGetitem([extent, 0]), RangeError);
    assert.throws(() => globalIndex.checkedGetitem('0' as never), TypeError);
    const part = globalIndex.getSlice(':, 1');
    assert.deepEqual(
      [...part.toContiguous()],
      part.globalIndices(0).map((i) => 10 * i),
    );
  });

  it('come one after the other with their global indices', () => {
    const array = cyclic();
    for (const [[i, j]] of ndenumerate(array)) array.globalIndex.set(10 * i + j, i, j);
    const seen = [...ndenumerate(array.slice('::-1, 1'))];
    assert.equal(seen.length, 3);
    for (const [[i], value] of seen) assert.equal(value, 10 * (extent - 1 - i) + 1);
    assert.deepEqual([...ndenumerate(zeros(Distribution.replicated([], { size })))], [[[], 0]]);
  });
});

describe('distributed alike', () => {
  it('are arrays whose processes have the same indices', () => {
    const array = cyclic();
    assert.ok(areCompatible(array, cyclic()));
    assert.ok(areCompatible(array.slice('1:'), cyclic().slice('1:')));
    assert.equal(array.asDistLike(cyclic()), array);
    const blocks = zeros(Distribution.fromShape([extent, 4], { size }));
    assert.equal(areCompatible(array, blocks), size === 1);
    const uneven = zeros(
      Distribution.fromMaps([
        BlockMap.fromBounds([
          0,
          ...Array.from({ length: size }, (_, r) => (r === size - 1 ? extent : r + 1)),
        ]),
      ]),
    );
    const even = zeros(Distribution.fromShape([extent], { size }));
    assert.equal(areCompatible(uneven, even), size === 1);
    if (size > 1) {
      assert.throws(() => even.asDistLike(uneven), IncompatibleArrayError);
      using self = world.split(rank);
      const alone = zeros(Distribution.fromShape([extent]), { comm: self });
      assert.equal(areCompatible(alone, zeros(Distribution.fromShape([extent]))), false);
    }
    using twin = world.dup();
    assert.ok(areCompatible(even, zeros(even.distribution, { comm: twin })));
    assert.throws(() => areCompatible(even, 3 as never), { argument: 'second' });
  });
});
