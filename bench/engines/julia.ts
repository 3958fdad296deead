/**
 * Run as the client of engines or by all processes: seconds of Julia's set, 1024², as JSON in the last line. `first` is
 * the first one, for which V8 has compiled nothing yet, `seconds` are those that follow.
 */
import { Context, registerModule } from '../../dist/entry/index.js';
import { expectedSum } from '../../examples/julia/expected.ts';
import type { JuliaKernel } from '../../examples/julia/kernel.ts';
import * as parts from '../../examples/julia/part.ts';

const SIZE = 1024;
const KERNEL: JuliaKernel = 'cython';
const REPETITIONS = 8;
/** Those that are not counted. */
const WARM_UP = 2;

const ctx = new Context();
registerModule(new URL('../../examples/julia/part.ts', import.meta.url), parts);
const counts = ctx.zeros([SIZE, SIZE], { dtype: 'int32', dist: 'cc' });

/** Seconds of the slowest process. */
function compute(): number {
  const reports = ctx.apply(parts.countPart, [counts, SIZE, KERNEL]);
  const sum = reports.reduce((total, { iterations }) => total + iterations, 0);
  if (sum !== expectedSum(SIZE, KERNEL)) throw new Error(`The counts sum to ${sum}`);
  return Math.max(...reports.map(({ seconds }) => seconds));
}

const [first, ...all] = Array.from({ length: WARM_UP + REPETITIONS }, compute);
if (ctx.isRoot) console.log(JSON.stringify({ first, seconds: all.slice(WARM_UP - 1) }));
