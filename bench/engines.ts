/**
 * `npm run bench:engines`: a program whose arrays are on engines. Latencies with one engine, so that client and engine
 * have a core each; Julia's set with two, against the same program in SPMD, the two taking turns. See docs/performance.md.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../src/native.ts';
import { describeMachine, warnings } from './machine.ts';
import { median, pairwise, quantile, quartiles } from './statistics.ts';
import { formatMarkdown, formatTable } from './table.ts';

const usage = `Usage: npm run bench:engines -- [options]

Measures operations of a client with one engine, and Julia's set on two engines against two processes in SPMD.

  --rounds N     how often each program is started (default 7)
  --mpi FLAVOUR  openmpi or mpich
  --markdown     prints the tables as docs/performance.md has them
  --help         this text
`;

/** Most microseconds of an operation, and what DistArray 0.5 took for it on one engine of this kind of machine. */
interface Goal {
  readonly micros: number;
  readonly distArray?: number;
}

const goals: Readonly<Record<string, Goal>> = {
  'tiny add, waited for': { micros: 40, distArray: 120 },
  'tiny add, one after the other': { micros: 20 },
  'tiny sum with its value': { micros: 60, distArray: 270 },
  apply: { micros: 15, distArray: 9 },
  'fromArray, 2000²': { micros: 20_000, distArray: 136_000 },
  'toArray, 2000²': { micros: 20_000, distArray: 132_000 },
};

/** Most that Julia's set may take on engines, of what it takes in SPMD. */
const juliaGoal = 1.05;

/** What `bench/engines/julia.ts` prints. */
interface Julia {
  readonly first: number;
  readonly seconds: readonly number[];
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    mpi: { type: 'string' },
    markdown: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
if (values.help || !Number.isInteger(rounds) || rounds < 1) {
  process.stdout.write(usage);
  process.exitCode = values.help ? 0 : 2;
} else {
  measure();
}

function measure(): void {
  const machine = describeMachine();
  console.log(`${machine.cores} cores, ${machine.cpu}, Node ${machine.node}; ${rounds} rounds`);
  for (const text of warnings(machine)) console.log(`WARNING: ${text}`);
  const seconds: Record<string, number[]> = {};
  const julia = { client: [] as Julia[], spmd: [] as Julia[] };
  for (let round = 0; round < rounds; round++) {
    const report = start<{ seconds: Record<string, number[]> }>(
      ['--client', '-n', '1'],
      ['bench/engines/latencies.ts'],
    );
    for (const [name, all] of Object.entries(report.seconds)) {
      seconds[name] = [...(seconds[name] ?? []), quantile(all, 0.25)];
    }
    julia.client.push(start<Julia>(['--client', '-n', '2'], ['bench/engines/julia.ts']));
    julia.spmd.push(start<Julia>(['-n', '2'], ['bench/engines/julia.ts']));
  }
  const format = values.markdown ? formatMarkdown : formatTable;
  const header = ['operation', 'µs', 'goal', '', 'DistArray 0.5, µs'];
  const rows = Object.entries(goals).map(([name, { micros, distArray }]) => {
    const took = median(seconds[name]) * 1e6;
    const isMet = took <= micros ? 'met' : 'missed';
    return [
      name,
      took.toFixed(1),
      `≤ ${micros}`,
      isMet,
      distArray === undefined ? '' : String(distArray),
    ];
  });
  console.log(format(header, rows));
  // As of the other suites: a run's figure is the lower quartile after a warm-up.
  const warm = ({ seconds }: Julia) => quantile(seconds, 0.25);
  console.log(
    `Julia 1024², engines / SPMD: ${ratiosOf(julia, warm)} (goal ≤ ${juliaGoal}); ` +
      `the first one, which V8 has not compiled yet: ${ratiosOf(julia, ({ first }) => first)}`,
  );
}

/** Quartiles of ratios, as text. */
function ratiosOf(
  { client, spmd }: Readonly<Record<'client' | 'spmd', readonly Julia[]>>,
  figure: (report: Julia) => number,
): string {
  const ratios = quartiles(pairwise(client.map(figure), spmd.map(figure)));
  return [ratios.lower, ratios.median, ratios.upper].map((ratio) => ratio.toFixed(3)).join(' … ');
}

/** Runs a program and returns the JSON in the last line of its output. */
function start<Report>(options: readonly string[], program: readonly string[]): Report {
  const flavour = values.mpi === undefined ? [] : ['--mpi', values.mpi];
  const args = [join(packageRoot, 'dist/cli/main.js'), 'run', ...options, ...flavour, ...program];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    cwd: packageRoot,
  });
  const lastLine = stdout.trim().split('\n').at(-1) ?? '';
  if (status === 0 && lastLine.startsWith('{')) return JSON.parse(lastLine) as Report;
  throw new Error(`${args.join(' ')}: exit code ${status}\n${stderr}${stdout}`);
}
