/**
 * `npm run bench:tasks`: what a task of a pool on two engines costs beside its work, and what one of ipyparallel's load-balanced
 * view costs (Debian's python3-ipyparallel), the two taking turns. See docs/performance.md.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../src/native.ts';
import { describeMachine, warnings } from './machine.ts';
import { median, pairwise, quantile } from './statistics.ts';
import { formatMarkdown, formatTable } from './table.ts';

const usage = `Usage: npm run bench:tasks -- [options]

Measures maps over tiny tasks on two engines, beside ipyparallel where it is installed.

  --rounds N     how often each program is started (default 5)
  --tasks N      tasks of a map (default 2000)
  --mpi FLAVOUR  openmpi or mpich
  --markdown     prints the table as docs/performance.md has it
  --help         this text
`;

/** Most microseconds that a task may cost, and how often ipyparallel shall need as long at least. */
const GOAL = { micros: 50, times: 5 };
const SINGLE = 'map, one task a message';
/** Maps of each start. */
const REPETITIONS = 10;
const PYTHON = '/usr/bin/python3';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    tasks: { type: 'string', default: '2000' },
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

interface Report {
  readonly seconds: Readonly<Record<string, readonly number[]>>;
}

function measure(): void {
  const machine = describeMachine();
  console.log(`${machine.cores} cores, ${machine.cpu}, Node ${machine.node}; ${rounds} rounds`);
  for (const text of warnings(machine)) console.log(`WARNING: ${text}`);
  const hasPeer = spawnSync(PYTHON, ['-c', 'import ipyparallel']).status === 0;
  if (!hasPeer)
    console.log(`ipyparallel is left out: ${PYTHON} has none (apt install python3-ipyparallel)`);
  const ours: Record<string, number[]> = {};
  const theirs: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round++) {
    const turns = [() => note(ours, pool()), () => hasPeer && note(theirs, ipyparallel())];
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) turn();
  }
  const format = values.markdown ? formatMarkdown : formatTable;
  const rowsOf = (who: string, all: Record<string, number[]>) =>
    Object.entries(all).map(([name, seconds]) => [who, name, (median(seconds) * 1e6).toFixed(1)]);
  const rows = [...rowsOf('distarray', ours), ...rowsOf('ipyparallel', theirs)];
  console.log(format(['', 'tiny tasks on 2 engines', 'µs a task'], rows));
  const micros = median(ours[SINGLE]) * 1e6;
  const verdict = (isMet: boolean) => (isMet ? 'met' : 'missed');
  console.log(`one task a message: goal ≤ ${GOAL.micros} µs ${verdict(micros <= GOAL.micros)}`);
  if (!hasPeer) return;
  const times = median(pairwise(theirs[SINGLE], ours[SINGLE]));
  const isMet = verdict(times >= GOAL.times);
  console.log(`ipyparallel / distarray: ${times.toFixed(1)} (goal ≥ ${GOAL.times} ${isMet})`);
}

/** Notes what a start has measured: the lower quartile of its maps. */
function note(all: Record<string, number[]>, { seconds }: Report): void {
  for (const [name, measured] of Object.entries(seconds)) {
    all[name] = [...(all[name] ?? []), quantile([...measured], 0.25)];
  }
}

function pool(): Report {
  const flavour = values.mpi === undefined ? [] : ['--mpi', values.mpi];
  const command = ['run', '--client', '-n', '2', ...flavour, 'bench/tasks/pool.ts'];
  return reportOf(process.execPath, [join(packageRoot, 'dist/cli/main.js'), ...command]);
}

function ipyparallel(): Report {
  return reportOf(PYTHON, ['bench/peers/tasks.py']);
}

/** Runs a program and returns the JSON in the last line of its output. */
function reportOf(program: string, args: readonly string[]): Report {
  const all = [...args, values.tasks, String(REPETITIONS)];
  const { status, stdout, stderr } = spawnSync(program, all, {
    encoding: 'utf8',
    cwd: packageRoot,
  });
  const lastLine = stdout.trim().split('\n').at(-1) ?? '';
  if (status === 0 && lastLine.startsWith('{')) return JSON.parse(lastLine) as Report;
  throw new Error(`${program} ${all.join(' ')}: exit code ${status}\n${stderr}${stdout}`);
}
