/**
 * `npm run bench:arrays`: operations on arrays of one process against NumPy, one thread each, the two taking
 * turns. See docs/performance.md.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadNative } from '../src/native.ts';
import { describeMachine, warnings } from './machine.ts';
import { chooseSource, peerScript, resultsDirectory } from './peers.ts';
import { median, pairwise, quantile, quartiles } from './statistics.ts';
import { formatMarkdown, formatNumber, formatTable } from './table.ts';

const usage = `Usage: npm run bench:arrays -- [options]

Measures operations on arrays of 2000 x 2000 float64 against NumPy (/usr/bin/python3, or $PYTHON).

  --rounds N     how often each program is started (default 10)
  --markdown     prints the table as docs/performance.md has it
  --help         this text
`;

/** What a program tells. */
interface Report {
  /** Of every repetition, by case. */
  readonly seconds: Readonly<Record<string, readonly number[]>>;
  readonly extraBytes?: number;
  /** Of JavaScript's heap, for a sum of 10 elements. */
  readonly tinyBytes?: number;
}

/** What a case shall reach: a ratio to NumPy, or seconds. */
type Goal = { readonly ratio: number } | { readonly seconds: number };

const asFast: Goal = { ratio: 1 };
const goals: Readonly<Record<string, Goal>> = {
  'x + y': asFast,
  'x + 1': asFast,
  'sin(x)': asFast,
  'sin(w), |w| ≤ 500': asFast,
  sum: asFast,
  'sum, axis 0': asFast,
  'sum, axis 1': asFast,
  var: asFast,
  fromArray: { seconds: 10e-3 },
  toArray: { seconds: 10e-3 },
  '10⁷ uniforms': { ratio: 1 / 3 },
  '10 elements: x + y': { seconds: 5e-6 },
};

/** Bytes that x + y may take beyond its result. */
const EXTRA_GOAL = 16 * 2 ** 20;
const RESULT_BYTES = 2000 * 2000 * 8;
const REPETITIONS = 15;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    markdown: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
if (values.help || !Number.isInteger(rounds) || rounds < 1) {
  process.stdout.write(usage);
  process.exitCode = values.help ? 0 : 2;
} else {
  run();
}

function run(): void {
  const machine = describeMachine();
  const { instructionSet } = loadNative().kernels;
  console.log(
    `${machine.cores} cores, ${machine.cpu}, Node ${machine.node}, load ${machine.load.toFixed(2)}, ` +
      `kernels: ${instructionSet}; ${rounds} rounds`,
  );
  for (const text of warnings(machine)) console.log(`WARNING: ${text}`);
  const python = process.env.PYTHON || '/usr/bin/python3';
  const source = chooseSource();
  const ourCommand = ['--import', 'tsx', peerScript('arrays.ts'), source, `${REPETITIONS}`];
  const ours: Report[] = [];
  const numpy: Report[] = [];
  for (let round = 0; round < rounds; round++) {
    const turns = [
      () => ours.push(report(process.execPath, ourCommand)),
      () => numpy.push(report(python, [peerScript('arrays.py'), `${REPETITIONS}`])),
    ];
    // Each round begins with the other one.
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) turn();
  }
  const header = ['', 'ours', 'NumPy', 'ours/NumPy', 'quartiles', 'target', 'met'];
  console.log((values.markdown ? formatMarkdown : formatTable)(header, rows(ours, numpy)));
  const extra = median(ours.map(({ extraBytes = 0 }) => extraBytes - RESULT_BYTES));
  const met = extra <= EXTRA_GOAL ? 'yes' : 'NO';
  console.log(
    `x + y takes ${(Math.max(0, extra) / 2 ** 20).toFixed(1)} MiB beside its result (target: ≤ 16 MiB): ${met}`,
  );
  const tinyBytes = median(ours.map((each) => each.tinyBytes ?? 0));
  console.log(`x + y of 10 elements takes ${tinyBytes.toFixed(0)} bytes of JavaScript's heap`);
  mkdirSync(resultsDirectory, { recursive: true });
  const path = join(resultsDirectory, 'arrays.json');
  writeFileSync(path, JSON.stringify({ machine, instructionSet, ours, numpy }));
  console.log(`samples: ${path}`);
}

/** Lower quartiles of each round's repetitions; ratios between runs of one round. */
function rows(ours: readonly Report[], numpy: readonly Report[]): string[][] {
  return Object.keys(ours[0].seconds).map((name) => {
    const [own, theirs] = [ours, numpy].map((all) =>
      all.map(({ seconds }) => quantile(seconds[name], 0.25)),
    );
    const ratios = pairwise(own, theirs);
    const { lower, upper } = quartiles(ratios);
    return [
      name,
      formatSeconds(median(own)),
      formatSeconds(median(theirs)),
      formatNumber(median(ratios)),
      `${formatNumber(lower)}–${formatNumber(upper)}`,
      ...judged(goals[name], median(own), median(ratios)),
    ];
  });
}

function judged(goal: Goal | undefined, seconds: number, ratio: number): [string, string] {
  if (goal === undefined) return ['', ''];
  if ('seconds' in goal) {
    return [`≤ ${formatSeconds(goal.seconds)}`, seconds <= goal.seconds ? 'yes' : 'NO'];
  }
  const text = goal.ratio === 1 ? '≤ NumPy' : `≤ ${formatNumber(goal.ratio)} × NumPy`;
  return [text, ratio <= goal.ratio ? 'yes' : 'NO'];
}

function formatSeconds(seconds: number): string {
  return seconds < 1e-4 ? `${formatNumber(seconds * 1e6)} µs` : `${formatNumber(seconds * 1e3)} ms`;
}

function report(program: string, args: readonly string[]): Report {
  const env: NodeJS.ProcessEnv = { ...process.env, OMP_NUM_THREADS: '1' };
  if (process.getuid?.() === 0) {
    env.OMPI_ALLOW_RUN_AS_ROOT = '1';
    env.OMPI_ALLOW_RUN_AS_ROOT_CONFIRM = '1';
  }
  return JSON.parse(execFileSync(program, args, { encoding: 'utf8', env }));
}
