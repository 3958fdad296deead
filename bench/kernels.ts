/**
 * `npm run bench:kernels`: elementwise kernels against NumPy, one thread each, the two taking turns. See
 * docs/performance.md.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadNative, packageRoot } from '../src/native.ts';
import { describeMachine, warnings } from './machine.ts';
import { resultsDirectory } from './peers.ts';
import { median, pairwise, quantile, quartiles } from './statistics.ts';
import { formatNumber, formatTable } from './table.ts';

const usage = `Usage: npm run bench:kernels -- [--rounds N]

Measures elementwise kernels on 2000 x 2000 float64 against NumPy (/usr/bin/python3, or $PYTHON).

  --rounds N   how often each program is started (default 10)
`;

/** Seconds of every repetition, by case. */
type Timings = Readonly<Record<string, readonly number[]>>;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
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
  const ours: Timings[] = [];
  const numpy: Timings[] = [];
  for (let round = 0; round < rounds; round++) {
    const turns = [
      () => ours.push(time(process.execPath, ['--import', 'tsx', peer('kernels.ts')])),
      () => numpy.push(time(python, [peer('kernels.py')])),
    ];
    // Each round begins with the other one.
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) turn();
  }
  console.log(formatTable(['', 'ours', 'NumPy', 'ours/NumPy', 'quartiles'], rows(ours, numpy)));
  mkdirSync(resultsDirectory, { recursive: true });
  const path = join(resultsDirectory, 'kernels.json');
  writeFileSync(path, JSON.stringify({ machine, instructionSet, ours, numpy }));
  console.log(`samples: ${path}`);
}

/** Lower quartiles of each round's repetitions; ratios between runs of one round. */
function rows(ours: readonly Timings[], numpy: readonly Timings[]): string[][] {
  return Object.keys(ours[0]).map((name) => {
    const [own, theirs] = [ours, numpy].map((all) => all.map((each) => quantile(each[name], 0.25)));
    const ratios = pairwise(own, theirs);
    const { lower, upper } = quartiles(ratios);
    return [
      name,
      formatSeconds(median(own)),
      formatSeconds(median(theirs)),
      formatNumber(median(ratios)),
      `${formatNumber(lower)}–${formatNumber(upper)}`,
    ];
  });
}

function formatSeconds(seconds: number): string {
  return seconds < 1e-4 ? `${formatNumber(seconds * 1e6)} µs` : `${formatNumber(seconds * 1e3)} ms`;
}

function peer(name: string): string {
  return join(packageRoot, 'bench', 'peers', name);
}

function time(program: string, args: readonly string[]): Timings {
  const env = { ...process.env, OMP_NUM_THREADS: '1' };
  return JSON.parse(execFileSync(program, args, { encoding: 'utf8', env }));
}
