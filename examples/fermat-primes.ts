/**
 * Numbers that pass Fermat's test, bᵖ⁻¹ ≡ 1 (mod p), and those of them that are no primes, over a pool:
 *
 *   distarray run -n 4 examples/fermat-primes.ts --limit 100000
 *   distarray run --client -n 4 examples/fermat-primes.ts --strategy cardDealer
 *
 * Candidates are dealt to workers in ranges; each range is one task.
 */
import { parseArgs } from 'node:util';
import { Context } from 'distarray';
import { type Strategy, TaskPool } from 'distarray/tasks';

const { values } = parseArgs({
  options: {
    limit: { type: 'string', default: '100000' },
    base: { type: 'string', default: '2' },
    /** Candidates of a task. */
    range: { type: 'string', default: '1000' },
    strategy: { type: 'string', default: 'balanced' },
    json: { type: 'boolean', default: false },
  },
});
const limit = Number(values.limit);
const base = Number(values.base);
const range = Number(values.range);
const strategy = values.strategy as Strategy;

interface Found {
  readonly passed: number;
  readonly pseudoprimes: number[];
}

/** The odd numbers from `begin` to `end` that pass, and those of them that have a divisor. */
function fermat([begin, end, b]: readonly [number, number, number]): Found {
  // Products stay exact below 2^53.
  const power = (exponent: number, modulus: number): number => {
    let [result, square] = [1, b % modulus];
    for (let e = exponent; e > 0; e = Math.floor(e / 2)) {
      if (e % 2 === 1) result = (result * square) % modulus;
      square = (square * square) % modulus;
    }
    return result;
  };
  const hasDivisor = (n: number): boolean => {
    for (let d = 3; d * d <= n; d += 2) if (n % d === 0) return true;
    return false;
  };
  const pseudoprimes: number[] = [];
  let passed = 0;
  for (let n = begin + 1 - (begin % 2); n < end; n += 2) {
    if (n < 3 || power(n - 1, n) !== 1) continue;
    passed++;
    if (hasDivisor(n)) pseudoprimes.push(n);
  }
  return { passed, pseudoprimes };
}

const ctx = new Context();
const ranges = Array.from(
  { length: Math.ceil(limit / range) },
  (_, k): [number, number, number] => [k * range, Math.min(limit, (k + 1) * range), base],
);

const { found, workers, seconds } = await TaskPool.over(ctx, async (pool) => {
  const start = performance.now();
  const result = pool.mapAsync(fermat, ranges, { strategy, progress: 'testing candidates' });
  const found = await result;
  const used = new Set(result.details.map((one) => one?.engine));
  return { found, workers: used.size, seconds: (performance.now() - start) / 1000 };
});
const passed = found.reduce((sum, one) => sum + one.passed, 0);
const pseudoprimes = found.flatMap((one) => one.pseudoprimes);
if (!values.json) {
  ctx.print(`${passed} odd numbers below ${limit} pass Fermat's test with the base ${base}`);
  ctx.print(
    `${pseudoprimes.length} of them are no primes: ${pseudoprimes.slice(0, 8).join(', ')} …`,
  );
  ctx.print(`${ranges.length} tasks on ${workers} workers took ${seconds.toFixed(3)} s`);
} else if (ctx.isRoot) {
  const { size: ranks } = ctx;
  const what = { example: 'fermat-primes', ranks, limit, base, strategy, tasks: ranges.length };
  console.log(JSON.stringify({ ...what, passed, pseudoprimes, seconds }));
}
