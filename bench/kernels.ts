/**
 * `npm run bench:kernels`: loops in JavaScript, and in C as kernels that are compiled at run time, against the same loops in
 * a program in C. One process each, taking turns. See docs/performance.md.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine, warnings } from './machine.ts';
import { compilePlainPeer, peerScript, resultsDirectory } from './peers.ts';
import { median, pairwise, quartiles } from './statistics.ts';
import { formatMarkdown, formatNumber, formatTable } from './table.ts';

const usage = `Usage: npm run bench:kernels -- [options]

Measures the Mandelbrot set (500², 100 iterations) and the area under a curve (3·10⁸ points) against C.

  --rounds N     how often each program is started (default 10)
  --quick        3 rounds with fewer points: to see that it runs, not for figures
  --markdown     prints the table as docs/performance.md has it
  --help         this text
`;

type Case = 'mandelbrot' | 'auc';

interface Report {
  /** Of every repetition, by case. */
  readonly seconds: Readonly<Record<Case, readonly number[]>>;
  readonly results: Readonly<Record<Case, number>>;
}

/** What our programs shall reach, as ratios to C. */
const goals = { js: 1.5, c: 1.1 } as const;
const titles = { js: 'function of JavaScript', c: 'kernel in C' } as const;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds ?? (values.quick ? 3 : 10));
if (values.help || !Number.isInteger(rounds) || rounds < 1) {
  process.stdout.write(usage);
  process.exitCode = values.help ? 0 : 2;
} else {
  run();
}

function run(): void {
  const machine = describeMachine();
  console.log(
    `${machine.cores} cores, ${machine.cpu}, Node ${machine.node}, load ${machine.load.toFixed(2)}; ${rounds} rounds`,
  );
  for (const text of warnings(machine)) console.log(`WARNING: ${text}`);
  const points = values.quick ? 1e7 : 3e8;
  const args = [500, 100, points, 3].map(String);
  const program = compilePlainPeer('kernels');
  const ours = ['--import', 'tsx', peerScript('kernels.ts')];
  const reports = { peer: [] as Report[], js: [] as Report[], c: [] as Report[] };
  for (let round = 0; round < rounds; round++) {
    reports.peer.push(report(program, args));
    reports.js.push(report(process.execPath, [...ours, 'js', ...args]));
    reports.c.push(report(process.execPath, [...ours, 'c', ...args]));
  }
  checkResults(reports);
  const cases: [Case, string][] = [
    ['mandelbrot', 'Mandelbrot 500², n = 100'],
    ['auc', `area, ${points} points`],
  ];
  const rows = cases.flatMap(([name, title]) => {
    const best = (all: readonly Report[]) => all.map(({ seconds }) => Math.min(...seconds[name]));
    const theirs = best(reports.peer);
    return (['js', 'c'] as const).map((language) => {
      const own = best(reports[language]);
      const ratios = pairwise(own, theirs);
      const { lower, upper } = quartiles(ratios);
      const goal = goals[language];
      return [
        `${title}: ${titles[language]}`,
        `${formatNumber(median(own) * 1e3)} ms`,
        `${formatNumber(median(theirs) * 1e3)} ms`,
        formatNumber(median(ratios)),
        `${formatNumber(lower)}–${formatNumber(upper)}`,
        `≤ ${goal} × C`,
        median(ratios) <= goal ? 'yes' : 'NO',
      ];
    });
  });
  const header = ['', 'ours', 'C', 'ours/C', 'quartiles', 'target', 'met'];
  console.log((values.markdown ? formatMarkdown : formatTable)(header, rows));
  mkdirSync(resultsDirectory, { recursive: true });
  const path = join(resultsDirectory, 'kernels.json');
  writeFileSync(path, JSON.stringify({ machine, ...reports }));
  console.log(`samples: ${path}`);
}

/** All count the same, bit by bit. */
function checkResults({ peer, ...ours }: Readonly<Record<string, readonly Report[]>>): void {
  const expected = JSON.stringify(peer[0].results);
  for (const [name, all] of Object.entries(ours)) {
    const other = all.find(({ results }) => JSON.stringify(results) !== expected);
    if (other !== undefined) {
      throw new Error(`${name} has ${JSON.stringify(other.results)}, C has ${expected}`);
    }
  }
}

function report(program: string, args: readonly string[]): Report {
  const env: NodeJS.ProcessEnv = { ...process.env };
  if (process.getuid?.() === 0) {
    env.OMPI_ALLOW_RUN_AS_ROOT = '1';
    env.OMPI_ALLOW_RUN_AS_ROOT_CONFIRM = '1';
  }
  return JSON.parse(execFileSync(program, args, { encoding: 'utf8', env }));
}
