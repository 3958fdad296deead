/**
 * What Python's multiprocessing shows: a pool that maps, workers that take what comes next, a Value and an Array with a lock:
 *
 *   distarray run -n 4 examples/multiprocessing.ts
 *   distarray run --client -n 4 examples/multiprocessing.ts
 */
import { parseArgs } from 'node:util';
import { Context, type LocalArray } from 'distarray';
import { SharedArray, SharedValue, TaskPool } from 'distarray/tasks';

const { values } = parseArgs({
  options: {
    increments: { type: 'string', default: '1000' },
    json: { type: 'boolean', default: false },
  },
});
const increments = Number(values.increments);

const ctx = new Context();

// Pool.map, Pool.starmap, and workers that take the next job of a queue as soon as they are free.
const pooled = await TaskPool.over(ctx, async (pool) => {
  const squares = pool.map((x: number) => x * x, [1, 2, 3, 4, 5]);
  const sums = pool.starmap(
    (a: number, b: number) => a + b,
    [
      [1, 2],
      [3, 4],
    ],
  );
  const job = async (milliseconds: number) => {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return milliseconds;
  };
  const done: number[] = [];
  for await (const one of pool.imapUnordered(job, [30, 1, 1, 1], { chunkSize: 1 })) done.push(one);
  return { squares, sums, done: done.sort((a, b) => a - b), workers: pool.size };
});

// Processes that increment a number and the elements of an array that they share. The array whose parts they get
// tells them their communicator.
const counted = ctx.apply(
  (part: LocalArray, n: number) => {
    const counter = new SharedValue(part.comm, 0, { dtype: 'int32' });
    const slots = new SharedArray(part.comm, [10, 20, 30], { dtype: 'int32' });
    for (let k = 0; k < n; k++) {
      counter.withLock(() => {
        counter.value += 1;
      });
      slots.withLock(() => {
        slots.data[k % 3] += 1;
      });
    }
    part.comm.barrier();
    const seen = { counter: counter.value, slots: Array.from(slots.data) };
    slots.free();
    counter.free();
    return seen;
  },
  [ctx.zeros([ctx.size]), increments],
  { capture: { SharedValue, SharedArray } },
);

if (values.json) {
  const what = { example: 'multiprocessing', ranks: ctx.size, increments, pooled };
  if (ctx.isRoot) console.log(JSON.stringify({ ...what, counted }));
} else {
  ctx.print(`${pooled.workers} workers:`, pooled.squares, pooled.sums, pooled.done);
  ctx.print(`${ctx.size} processes, ${increments} increments each: ${counted[0].counter}`);
  ctx.print('slots:', counted[0].slots);
}
