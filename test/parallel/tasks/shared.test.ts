// modes: spmd
/** Values and arrays that processes share: no increment is lost. */
import { strict as assert } from 'node:assert';
import { MPI } from '../../../src/entry/mpi.ts';
import { SharedArray, SharedValue } from '../../../src/entry/tasks.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;

describe('shared values', () => {
  it('are incremented by all with the lock, and no increment is lost', () => {
    using counter = new SharedValue(world, 5, { dtype: 'int32' });
    assert.equal(counter.value, 5);
    // Nobody increments before all have looked.
    world.barrier();
    for (let k = 0; k < 5000; k++) {
      counter.withLock(() => {
        counter.value += 1;
      });
    }
    world.barrier();
    assert.equal(counter.value, 5 + 5000 * size);
  });

  it('keep steps of several accesses together', () => {
    using total = new SharedValue(world, 0n, { dtype: 'int64' });
    using largest = new SharedValue(world, 0n, { dtype: 'int64' });
    for (let k = 0; k < 500; k++) {
      // The lock of one guards both.
      total.withLock(() => {
        const sum = total.value + 1n;
        if (largest.value < sum) largest.value = sum;
        total.value = sum;
      });
    }
    world.barrier();
    assert.deepEqual([total.value, largest.value], [500n * BigInt(size), 500n * BigInt(size)]);
  });

  it('return what the step returns, throw what it throws, and let the lock go', () => {
    using value = new SharedValue(world, 1.5);
    assert.equal(
      value.withLock(() => value.withLock(() => value.value * 2)),
      3,
    );
    assert.throws(
      () =>
        value.withLock(() => {
          throw new RangeError('inside');
        }),
      /inside/,
    );
    assert.equal(
      value.withLock(() => 1),
      1,
    );
    world.barrier();
    assert.throws(() => value.withLock(async () => 1), /not async/);
    assert.equal(
      value.withLock(() => 2),
      2,
    );
    world.barrier();
  });

  it('refuse what they cannot hold', () => {
    using value = new SharedValue(world, 1);
    assert.throws(() => {
      value.value = 'a' as never;
    }, /a number for value/);
    assert.throws(
      () => new SharedValue(world, 1 as never, { dtype: 'complex64' as never }),
      /options\.dtype/,
    );
    assert.throws(() => new SharedValue(world, 1, { type: 'int8' } as never), /one of the options/);
    assert.throws(() => new SharedValue(MPI.COMM_NULL), /a Context or a communicator/);
    value.free();
    assert.throws(() => value.value, { code: 'ERR_SHARED_FREED' });
    assert.throws(() => value.withLock(() => 1), { code: 'ERR_SHARED_FREED' });
  });
});

describe('shared arrays', () => {
  it('have the elements of rank 0 at first, and what others write', () => {
    using array = new SharedArray(
      world,
      Array.from({ length: size + 1 }, (_, k) => k * (rank === 0 ? 1 : 0)),
    );
    assert.deepEqual(
      [...array.data],
      Array.from({ length: size + 1 }, (_, k) => k),
    );
    assert.equal(array.dtype, 'float64');
    world.barrier();
    array.data[rank] = rank ** 2;
    world.barrier();
    assert.deepEqual(
      [...array.data.slice(0, size)],
      Array.from({ length: size }, (_, k) => k ** 2),
    );
    assert.equal(array.data[size], size);
    world.barrier();
  });

  it('count what all count with the lock', () => {
    using counts = new SharedArray(world, 7, { dtype: 'uint16' });
    for (let k = 0; k < 700; k++) {
      counts.withLock(() => {
        counts.data[(k + rank) % 7]++;
      });
    }
    world.barrier();
    assert.deepEqual([...counts.data], Array(7).fill(100 * size));
    world.barrier();
  });

  it('are shared by the processes of a smaller communicator', () => {
    const half = world.split(rank % 2);
    {
      using own = new SharedArray(half, 1, { dtype: 'int32' });
      for (let k = 0; k < 100; k++) {
        own.withLock(() => {
          own.data[0]++;
        });
      }
      half.barrier();
      assert.equal(own.data[0], 100 * half.size);
      half.barrier();
    }
    half.free();
  });

  it('refuse lengths that are none, on every process alike', () => {
    assert.throws(() => new SharedArray(world, -1), /for length/);
    assert.throws(() => new SharedArray(world, null as never), /a length or an array/);
    if (size > 1)
      assert.throws(() => new SharedArray(world, rank + 1), /the same value on every rank/);
    using empty = new SharedArray(world, 0);
    assert.equal(empty.length, 0);
  });
});
