// modes: spmd
/** Pools over communicators: any rank as the master, several at once, one inside of another. */
import { strict as assert } from 'node:assert';
import { Context } from '../../../src/entry/index.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { TaskPool } from '../../../src/entry/tasks.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const numbers = Array.from({ length: 20 }, (_, k) => k);
const square = (n: number) => n ** 2;

describe('TaskPool.over', () => {
  it('has any rank as the master, and the others as workers', async () => {
    for (let master = 0; master < size; master++) {
      const { squares, leader, workers } = await TaskPool.over(
        world,
        (pool) => ({ squares: pool.map(square, numbers), leader: rank, workers: pool.engines }),
        { master },
      );
      assert.deepEqual(squares, numbers.map(square));
      assert.equal(leader, master);
      const others = numbers.slice(0, size).filter((one) => one !== master);
      assert.deepEqual(workers, size === 1 ? [0] : others);
    }
  });

  it('runs on disjoint communicators at once', async () => {
    const half = world.split(rank % 2);
    const color = rank % 2;
    const mine = await TaskPool.over(half, (pool) => pool.map('shift', numbers), {
      functions: { shift: (n: number) => n + 100 * color },
    });
    assert.deepEqual(
      mine,
      numbers.map((n) => n + 100 * color),
    );
    half.free();
  });

  it('gives functions by name what is around them on each rank', async () => {
    const own = rank;
    const ranks = await TaskPool.over(world, (pool) => pool.map('whose', numbers), {
      functions: { whose: (_: number) => own },
    });
    assert.ok(ranks.every((one) => size === 1 || (one as number) > 0));
  });

  it('runs inside of a task, on a smaller communicator', async () => {
    // Pairs of ranks: the first of each is the master of a pool of its own, and a worker of the outer one.
    const pair = world.split(Math.floor(rank / 2));
    const isLeader = pair.rank === 0;
    const leaders = world.split(isLeader ? 0 : MPI.UNDEFINED);
    const sums = await TaskPool.over(pair, async (inner) => {
      const functions = {
        sumOfSquares: async (n: number) => {
          const squares = await inner.mapAsync(square, numbers.slice(0, n + 1));
          return squares.reduce((sum, one) => sum + one, 0);
        },
      };
      return await TaskPool.over(
        leaders,
        async (outer) => await outer.mapAsync('sumOfSquares', [1, 2, 3]),
        {
          functions,
        },
      );
    });
    assert.deepEqual(sums, [1, 5, 14]);
    if (isLeader) leaders.free();
    pair.free();
  });

  it('tells all what one has wrong', async () => {
    const body = (pool: TaskPool) => pool.size;
    await assert.rejects(TaskPool.over(world, body, { master: size }), /for options\.master/);
    await assert.rejects(TaskPool.over(world, 1 as never), /a function for body/);
    await assert.rejects(TaskPool.over(world, body, { worker: 1 } as never), /one of the options/);
    await assert.rejects(TaskPool.over(1 as never, body), /a Context or a communicator/);
    await assert.rejects(
      TaskPool.over(world, body, { functions: { a: 1 as never } }),
      /options\.functions\.a/,
    );
    if (size > 1) {
      await assert.rejects(
        TaskPool.over(world, body, { master: rank }),
        /the same value on every rank/,
      );
      const options = rank === size - 1 ? { retries: -1 } : {};
      await assert.rejects(TaskPool.over(world, body, options), /options\.retries/);
      assert.throws(() => new TaskPool(), { code: 'ERR_TASK_POOL' });
    }
    assert.equal(await TaskPool.over(world, body), Math.max(1, size - 1));
  });

  it('fails everywhere with the fields of the error', async () => {
    const body = (pool: TaskPool) => {
      const fail = () => {
        throw Object.assign(new RangeError('deep'), { code: 'ERR_DEEP' });
      };
      return pool.apply(fail);
    };
    await assert.rejects(TaskPool.over(world, body), (error: Error & Record<string, unknown>) => {
      assert.ok(error instanceof RangeError);
      assert.deepEqual([error.message, error.code, error.task], ['deep', 'ERR_DEEP', 0]);
      return true;
    });
  });

  it('says that what the body returns cannot be sent', async () => {
    const body = () => ({ result: () => 1 });
    if (size === 1) return;
    await assert.rejects(TaskPool.over(world, body), /for the value of body\.result/);
  });

  it('has the communicator of a context, and nothing of it afterwards', async () => {
    using context = new Context({ comm: world });
    for (let turn = 0; turn < 5; turn++) {
      assert.equal(await TaskPool.over(context, (pool) => pool.apply(square, [turn])), turn ** 2);
    }
    assert.equal(+context.ones([size]).sum(), size);
  });
});
