/**
 * What ipyparallel shows first: a direct view of all engines, scatter and gather, a load-balanced map:
 *
 *   distarray run --client -n 4 examples/ipyparallel.ts
 *   distarray run -n 4 examples/ipyparallel.ts
 */
import { parseArgs } from 'node:util';
import { Context } from 'distarray';
import { DirectView, LoadBalancedView, TaskPool } from 'distarray/tasks';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

const ctx = new Context();

// All engines do what the direct view is told.
const view = new DirectView(ctx);
const powers = view.apply((base: number, exponent: number) => base ** exponent, [2, 10]);
view.push({ a: 7 });
view.set('b', 3);
view.execute('c = a * b');
const products = view.get('c');
const first = view.targets([0]).apply(() => 'only the first');

// Each engine sums its piece of a list.
const numbers = Float64Array.from({ length: 1000 }, (_, k) => k + 1);
view.scatter('piece', numbers);
view.execute('squares = piece.map((x) => x * x)');
const sums = view.apply(
  (name: string) => {
    const found = (globalThis as unknown as Record<string, Float64Array>)[name];
    return found.reduce((sum, x) => sum + x, 0);
  },
  ['squares'],
);
const gathered = view.gather('squares');
const sumOfSquares = sums.reduce((sum, one) => sum + one, 0);

// Whoever is free does the next.
const balanced = await TaskPool.over(ctx, async (pool) => {
  const loadBalanced = new LoadBalancedView(pool);
  const collatz = (start: number) => {
    let steps = 0;
    for (let n = start; n !== 1; steps++) n = n % 2 === 0 ? n / 2 : 3 * n + 1;
    return steps;
  };
  const result = loadBalanced.mapAsync(
    collatz,
    Array.from({ length: 200 }, (_, k) => k + 1),
  );
  const steps = await result;
  const longest = steps.indexOf(Math.max(...steps));
  return { start: longest + 1, steps: steps[longest] };
});

if (values.json) {
  const { size: ranks } = ctx;
  const what = { example: 'ipyparallel', ranks, powers, products, first, balanced };
  const sizes = { sumOfSquares, gathered: gathered.length, last: gathered[gathered.length - 1] };
  if (ctx.isRoot) console.log(JSON.stringify({ ...what, ...sizes }));
} else {
  ctx.print(`2 ** 10 on ${view.size} engines:`, powers);
  ctx.print('a * b:', products);
  ctx.print('sum of squares:', sumOfSquares);
  ctx.print(`longest of 200 Collatz sequences: from ${balanced.start}, ${balanced.steps} steps`);
}
