/**
 * `npm run bench:expr`: fused expressions and stencils against C, C++, Fortran, NumPy, numexpr and mpi4py, all of them
 * taking turns. See docs/performance.md.
 */
import { loadNative, readManifest } from '../src/native.ts';
import { casesOf, type Run, triad } from './expressions/cases.ts';
import { type Options, parseOptions, usage } from './expressions/options.ts';
import {
  describePeers,
  findPeers,
  type Peers,
  type Report,
  runPeer,
} from './expressions/programs.ts';
import { formatMemory, formatRows, formatScaling, saveResults } from './expressions/report.ts';
import { linesOf, nameOf, type Reports, rowOf, secondsOf } from './expressions/results.ts';
import type { Mpi } from './launch.ts';
import { describeMachine, warnings } from './machine.ts';
import { chooseSource } from './peers.ts';
import { formatMarkdown, formatTable } from './table.ts';

const options = parseOptions(process.argv.slice(2));
if (options === 'help') {
  process.stdout.write(usage);
} else if ('error' in options) {
  process.stderr.write(`${options.error}\n\n${usage}`);
  process.exitCode = 2;
} else {
  try {
    run(options);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

function run(options: Options): void {
  const { rounds, size, markdown } = options;
  const date = new Date().toISOString();
  const machine = describeMachine();
  const mpi = mpiOf(options);
  const source = chooseSource();
  const peers = findPeers(mpi, source);
  const { instructionSet } = loadNative().kernels;
  const versions = describePeers(peers, mpi);
  const missing = Object.entries(peers).flatMap(([name, peer]) =>
    'missing' in peer ? [`left out: ${name} (${peer.missing})`] : [],
  );
  const notes = warnings(machine).map((each) => `WARNING: ${each}`);
  say(
    `${machine.cores} cores, ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.kernel}, ` +
      `Node ${machine.node}, load ${machine.load.toFixed(2)}`,
    `${mpi.version}; kernels: ${instructionSet}; ours from ${source}/; ${rounds} rounds, size ${size}`,
    ...versions,
    ...missing,
    ...notes,
  );

  const { cases, scalings } = casesOf(options);
  const ranksOfTriads = new Set(cases.flatMap(({ bytes, ours }) => (bytes ? [ours.ranks] : [])));
  const triads = [...ranksOfTriads].map((ranks) => triad(ranks, size === 'small'));
  const runs = [
    ...triads,
    ...cases.flatMap(({ ours, peers }) => [ours, ...peers]),
    ...scalings.flatMap(({ programs }) => programs.flatMap(({ runs }) => runs)),
  ];
  const reports = runInTurns(peers, mpi, runs, rounds);

  const bandwidths = new Map(
    triads.flatMap((run): [number, number[]][] => {
      const rates = secondsOf(reports, run)?.map((seconds) => run.bytes / seconds);
      return rates === undefined ? [] : [[run.ranks, rates]];
    }),
  );
  const rows = cases.map((each) => rowOf(reports, each, bandwidths));
  const lines = scalings.map((each) => ({ what: each.what, lines: linesOf(reports, each) }));

  const format = markdown ? formatMarkdown : formatTable;
  say('', `medians of ${rounds} rounds and of their ratios`, formatRows(rows, format));
  const memory = formatMemory(rows, format);
  if (memory) say('', memory);
  for (const { what, lines: own } of lines)
    if (own.length > 0) say('', formatScaling(what, own, format));
  const setting = { date, machine, mpi, instructionSet, source, options, versions, missing, notes };
  const paths = saveResults(
    {
      ...setting,
      rows,
      scalings: lines,
      triad: Object.fromEntries(bandwidths),
      raw: Object.fromEntries(reports),
    },
    rows,
    lines,
  );
  say('', ...notes, `results: ${paths.join('\n         ')}`);
}

function mpiOf({ flavour }: Options): Mpi {
  const variant = readManifest().variants[flavour];
  if (!variant) throw new Error(`the addon is not built for ${flavour}`);
  return { flavour, ...variant };
}

/** Runs each program once a round; each round begins with another one. Programs that are missing are left out. */
function runInTurns(peers: Peers, mpi: Mpi, runs: readonly Run[], rounds: number): Reports {
  const reports = new Map<string, Report[]>();
  const programs = new Map<string, Run>();
  for (const each of runs) {
    if (typeof peers[each.peer] === 'function') programs.set(nameOf(each), each);
  }
  const turns = [...programs];
  for (const [name] of turns) reports.set(name, []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < turns.length; turn++) {
      const [name, { peer, ranks, work }] = turns[(turn + round) % turns.length];
      showProgress(`round ${round + 1} of ${rounds}: ${name}`);
      reports.get(name)!.push(runPeer(peers, peer, mpi, ranks, work));
    }
  }
  showProgress('');
  return reports;
}

function say(...lines: string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** One line that is written over and over, on a terminal only. */
function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
