/**
 * Our side of the benchmark of expressions over whole arrays; output as of fused.c.
 *
 *   fused.ts dist|src KIND SIZE WARMUP ITERATIONS BATCHES
 *
 * KIND is `square`, `waves` (both into an array that is there), `squareNew`, `wavesNew` (into a new one), or `tiny`:
 * `square` of few elements.
 */
import { measure } from './measure.ts';
import { loadArrays, type Source } from './ours.ts';

const [source, kind, ...numbers] = process.argv.slice(2);
const { Context, expr } = await loadArrays(source as Source);
const [size, warmup, iterations, batches] = numbers.map(Number);

const ctx = new Context();
const places = ctx.arange(size);
const a = places.mod(1009).div(100);
const b = places.mod(997).div(100).sub(5);
let out = ctx.zeros([size]);

const kinds: Record<string, () => unknown> = {
  square: () => expr.into(out)`${a}**2 + ${b}**2 + 2*${a}*${b}`,
  waves: () => expr.into(out)`sin(${a})**2 + exp(-${b})*sqrt(${a})`,
  tiny: () => expr.into(out)`${a}**2 + ${b}**2 + 2*${a}*${b}`,
  squareNew() {
    out = expr`${a}**2 + ${b}**2 + 2*${a}*${b}` as typeof out;
  },
  wavesNew() {
    out = expr`sin(${a})**2 + exp(-${b})*sqrt(${a})` as typeof out;
  },
};

measure(ctx.comm, kinds[kind], { warmup, iterations, batches }, () => +out.sum());
ctx.close();
