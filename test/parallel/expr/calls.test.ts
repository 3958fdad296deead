// ranks: 1-4
/** Calls of expressions: errors on all processes alike, reductions, and what loops leave behind. */
import { strict as assert } from 'node:assert';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  Context,
  ContextError,
  type DistArray,
  ExpressionError,
  type ExpressionOperand,
  expr,
  MPI,
} from '../../../src/entry/index.ts';

const { COMM_WORLD: comm } = MPI;
const { size, rank } = comm;
const ctx = new Context();

const call = (strings: string[], ...values: unknown[]) =>
  (expr as (strings: TemplateStringsArray, ...values: ExpressionOperand[]) => DistArray)(
    strings as unknown as TemplateStringsArray,
    ...(values as ExpressionOperand[]),
  );

/** What a call throws, the same on all processes. */
function failure(run: () => unknown): Error & { readonly code?: string } {
  let error: unknown = null;
  try {
    run();
  } catch (thrown) {
    error = thrown;
  }
  assert.ok(error instanceof Error, 'nothing was thrown');
  const { name, message } = error;
  const all = comm.allgatherObjects([name, message]) as [string, string][];
  for (const other of all) assert.deepEqual(other, all[0]);
  return error;
}

describe('calls of expressions', function () {
  this.timeout(60_000);

  it('fail on all processes alike, also on those without elements', () => {
    // One element: all processes but one have none.
    const bytes = ctx.ones([1], { dtype: 'int8' });
    const floats = ctx.ones([1]);
    assert.ok(failure(() => expr`${bytes} + ${300}`) instanceof RangeError);
    assert.ok(failure(() => expr`${bytes} * 300`) instanceof RangeError);
    assert.ok(
      failure(() => expr`${ctx.ones([1], { dtype: 'uint8' })} - ${-1}`) instanceof RangeError,
    );
    assert.ok(failure(() => expr`sum(${bytes} + ${300})`) instanceof RangeError);
    assert.ok(failure(() => expr.into(floats)`${bytes} + ${300}`) instanceof RangeError);
    assert.equal(expr`${bytes} < ${300}`.get(0), true);
    assert.equal(expr`${floats} * 300`.get(0), 300);
  });

  it('name what is wrong', () => {
    const [a, b] = [ctx.ones([4, 3]), ctx.ones([5])];
    const other = new Context();
    assert.match(failure(() => expr`${a} + ${b}`).message, /\(4, 3\) \(5\)/);
    assert.ok(failure(() => expr`${a} + ${other.ones([4, 3])}`) instanceof ContextError);
    assert.ok(failure(() => expr.into(other.ones([4, 3]))`${a} + 1`) instanceof ContextError);
    const syntax = failure(() => expr`${a} +`);
    assert.ok(
      syntax instanceof ExpressionError && syntax.column === 6 && syntax.code === 'ERR_EXPRESSION',
    );
    assert.equal((failure(() => expr`${a} & 1`) as ExpressionError).column, 5);
    assert.equal((failure(() => expr`${a} * (~0.5)`) as ExpressionError).column, 8);
    assert.equal((failure(() => call(['1 + ', '[1:]'], 2)) as ExpressionError).column, 5);
    assert.match(failure(() => expr`${a}[1, 2, 3]`).message, /slice|index|dimension/i);
    assert.match(failure(() => call(['', ' + ', ''], a, undefined)).message, /operand 2/);
    assert.match(failure(() => call(['', ' + ', ''], a, 'x')).message, /operand 2/);
    assert.match(failure(() => call(['1 + ', ''], 2)).message, /only numbers/);
    assert.match(
      failure(() => (expr as unknown as (text: string) => void)('a + b')).message,
      /strings/,
    );
    assert.match(failure(() => expr.into(2 as never)).message, /out/);
    assert.match(failure(() => expr.assign(null as never, ':')).message, /target/);
    assert.match(failure(() => expr.assign(a, '1:2:3:4')`${a}`).message, /colons/);
    assert.match(failure(() => expr.into(b)`${a} + 1`).message, /out/);
    assert.match(
      failure(() => expr.into(ctx.ones([4, 3], { dtype: 'int32' }))`${a} + 1`).message,
      /float64/,
    );
    assert.match(failure(() => expr.into(a)`sum(${a})`).message, /reduction/i);
    assert.match(failure(() => expr`sum(${a}, axis=2)`).message, /axis/);
    assert.match(failure(() => expr`max(${ctx.ones([0])})`).message, /element|empty|least/i);
    // Nothing was written.
    assert.equal(a.sum().item(), 12);
  });

  it('go on after an error, as if nothing had been', () => {
    const u = ctx.ones([4 * size + 2], { dtype: 'int8' });
    for (let k = 0; k < 3; k++) {
      failure(() => expr`${u}[1:] + ${u}[:-1] * ${300}`);
      assert.equal(+expr`sum(${u}[1:] + ${u}[:-1])`, 2 * (4 * size + 1));
    }
  });

  it('tell arguments that differ between processes', () => {
    if (process.env.DISTARRAY_CHECK !== '1' || size === 1) return;
    const a = ctx.ones([8]);
    assert.match(
      failureWithout(() => expr`${a} + ${rank}`),
      /arguments of evaluate/,
    );
    assert.match(
      failureWithout(() => call(['', rank === 0 ? ' + 1' : ' + 2'], a)),
      /arguments of evaluate/,
    );
    assert.match(
      failureWithout(() => call(['', rank === 0 ? ' + 1n' : ' + 9007199254740993'], a)),
      /arguments/,
    );
    assert.match(
      failureWithout(() => expr`sum(${a} * ${rank === 0 ? NaN : Infinity})`),
      /arguments/,
    );
    assert.equal(+expr`sum(${a} + ${1})`, 16);
  });

  it('know the same slices on all processes, whatever each slices by itself', () => {
    const u = ctx.ones([4 * size], { dist: 'b' });
    for (let step = 0; step < 3; step++) {
      // More texts than are remembered.
      for (let k = 0; k < 300 * rank; k++) u.local.slice(`${k % 4}:${k}`);
      expr.assign(u, '1:')`${u}[:-1] + 0`;
    }
    assert.equal(u.sum().item(), 4 * size);
  });

  it('reduce what is never in memory as a whole', () => {
    for (const dist of ['bn', 'nb', 'cn', 'bb', 'nn', 'cc']) {
      const a = ctx.fromFunction((i, j) => i * 10 + j, [7, 300], { dist });
      const sum = expr`sum(${a} * 2, axis=0)`;
      assert.deepEqual(
        sum.toNested(),
        Array.from({ length: 300 }, (_, j) => 420 + 14 * j),
      );
      const rows = expr`max(${a}[1:] - ${a}[:-1], axis=(1,), keepdims=True)`;
      assert.deepEqual(rows.toNested(), Array(6).fill([10]));
      assert.equal(+expr`count_nonzero(${a}[:, 1:] > ${a}[:, :-1])`, 7 * 299);
      assert.equal(+expr`std(${a}[:, :1] * 1, ddof=1)`, +a.slice(':, :1').std({ ddof: 1 }));
      assert.ok(expr`all(isfinite(${a}))`.item());
    }
    const large = ctx.ones([size * 100_003]);
    const total = expr`sum(${large} * ${large} + ${large}, axis=None)`;
    assert.equal(+total, 2 * size * 100_003);
    const [first] = comm.allgatherObjects(+expr`sum(sqrt(${large} / 3))`) as number[];
    assert.equal(+expr`sum(sqrt(${large} / 3))`, first);
    assert.equal(+expr`sum(${ctx.ones([0])} + 1)`, 0);
    assert.equal(+expr`prod(${ctx.ones([3, 0])} + 1)`, 1);
  });

  it('of loops leave nothing behind', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const n = 64;
    let [u, next] = [ctx.ones([n, n], { dist: 'bn' }), ctx.ones([n, n], { dist: 'bn' })];
    const loop = (steps: number) => {
      for (let step = 0; step < steps; step++) {
        expr.assign(next, '1:-1, 1:-1')`${u}[1:-1, 1:-1] + ${0.1 + step / 1e6} * (${u}[2:, 1:-1]
          + ${u}[:-2, 1:-1] + ${u}[1:-1, 2:] + ${u}[1:-1, :-2] - 4 * ${u}[1:-1, 1:-1])`;
        [u, next] = [next, u];
      }
    };
    loop(500);
    const rss = process.memoryUsage.rss();
    const kept = leastKept(collect, () => loop(700));
    // An object that each step kept would be more.
    assert.ok(kept < 70_000, `${kept} bytes of the heap`);
    assert.ok(process.memoryUsage.rss() - rss < 50e6);
  });

  it('of slices that change do not keep them all', () => {
    const collect = runInNewContext('gc') as () => void;
    const u = ctx.zeros([50, 50], { dist: 'bn' });
    const loop = (from: number, to: number) => {
      for (let k = from; k < to; k++) {
        expr.assign(
          u,
          `${k % 50}:${(k % 50) + 1}, ${Math.floor(k / 50) % 50}:`,
        )`${u}[:1, :1] + ${k}`;
      }
    };
    loop(0, 300);
    let from = 300;
    const kept = leastKept(collect, () => {
      loop(from, from + 300);
      from += 300;
    });
    assert.ok(kept < 200_000, `${kept} bytes of the heap`);
  });
});

/**
 * The least number of bytes of the heap that one of four runs leaves behind: what each run keeps,
 * without the code that V8 compiles at a time of its own.
 */
function leastKept(collect: () => void, run: () => void): number {
  const kept = [1, 2, 3, 4].map(() => {
    collect();
    const before = process.memoryUsage().heapUsed;
    run();
    collect();
    return process.memoryUsage().heapUsed - before;
  });
  return Math.min(...kept);
}

/** What every process throws, whose messages name what each has given. */
function failureWithout(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was thrown';
}
