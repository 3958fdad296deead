/** Checked by the TypeScript compiler only: what must and what must not compile. */
import type { Context } from '../../src/entry/index.ts';
import type { Comm } from '../../src/entry/mpi.ts';
import {
  type AsyncResult,
  DirectView,
  SharedArray,
  SharedValue,
  TaskPool,
  type TaskResults,
} from '../../src/entry/tasks.ts';

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function check<Holds extends true>(): Holds;
declare const pool: TaskPool;
declare const ctx: Context;
declare const comm: Comm;

const lengths = pool.map((text: string) => text.length, ['a']);
check<Equal<typeof lengths, number[]>>();
const settled = pool.map(async (n: number) => String(n), Float64Array.of(1));
check<Equal<typeof settled, string[]>>();
const later = pool.mapAsync((n: number) => [n], new Set([1]));
check<Equal<typeof later, AsyncResult<number[][], number[]>>>();
const powers = pool.starmap((a: number, b: bigint) => [a, b] as const, [[1, 2n]]);
check<Equal<typeof powers, (readonly [number, bigint])[]>>();
const one = pool.submit((a: number, b: string) => a + b, [1, 'b']);
check<Equal<typeof one, AsyncResult<string, string>>>();
const results = pool.imap((n: number) => n > 1, [1]);
check<Equal<typeof results, TaskResults<boolean>>>();
const body = TaskPool.over(comm, async (inner) => inner.size);
check<Equal<typeof body, Promise<number>>>();

const counter = new SharedValue(comm, 0n, { dtype: 'int64' });
check<Equal<typeof counter.value, bigint>>();
const array = new SharedArray(ctx, 3);
check<Equal<typeof array.data, Float64Array>>();
const view = new DirectView(ctx).targets([0]);
check<Equal<typeof view, DirectView>>();

// @ts-expect-error: the function takes texts
pool.map((text: string) => text.length, [1]);
// @ts-expect-error: one argument is missing
pool.submit((a: number, b: number) => a + b, [1]);
// @ts-expect-error: there is no such strategy
pool.map((n: number) => n, [1], { strategy: 'fair' });
// @ts-expect-error: complex numbers are two
new SharedValue(comm, 0, { dtype: 'complex64' });
