/** The table on the terminal and the file of results. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { slowerThanMpi4py } from './goals.ts';
import { resultsDirectory } from './peers.ts';
import { median, pairwise, quartiles } from './statistics.ts';
import type { Row } from './suite.ts';
import { formatNumber } from './table.ts';

const header = ['', 'ours', 'C', 'ours/C (quartiles)', 'mpi4py', 'ours/mpi4py', 'target', 'met'];

type Format = (header: readonly string[], rows: readonly (readonly string[])[]) => string;

/**
 * The rows of one MPI as a table: medians over the rounds, ratios of runs in the same round. Columns
 * that no row fills are left out.
 */
export function formatRows(rows: readonly Row[], format: Format): string {
  const cells = rows.map(formatRow);
  const used = header.map((_, column) => column === 0 || cells.some((row) => row[column] !== ''));
  const shown = (row: readonly string[]): string[] => row.filter((_, column) => used[column]);
  return format(shown(header), cells.map(shown));
}

function formatRow({ what, unit, ours, c, mpi4py, ratios, target }: Row): string[] {
  const cell = (samples?: readonly number[]): string =>
    samples ? `${formatNumber(median(samples))} ${unit}` : '';
  const ratio = ratios && quartiles(ratios);
  return [
    what,
    cell(ours),
    cell(c),
    ratio ? `${ratio.median.toFixed(2)} (${ratio.lower.toFixed(2)}–${ratio.upper.toFixed(2)})` : '',
    cell(mpi4py),
    mpi4py ? median(pairwise(ours, mpi4py)).toFixed(2) : '',
    target?.text ?? '',
    target ? (target.met ? 'yes' : 'NO') : '',
  ];
}

/** What an MPI call takes longer than in C, as a table; undefined when no row tells. */
export function formatOverheads(rows: readonly Row[], format: Format): string | undefined {
  const cells = rows.flatMap(({ calls, ours, c, cSingle, overheads }) => {
    if (!calls || !c || !cSingle || !overheads) return [];
    const { lower, median: middle, upper } = quartiles(overheads);
    const micro = (samples: readonly number[]): string => `${formatNumber(median(samples))} µs`;
    const range = `${middle.toFixed(0)} ns (${lower.toFixed(0)}–${upper.toFixed(0)})`;
    return [[calls, micro(ours), micro(c), micro(cSingle), range]];
  });
  if (cells.length === 0) return undefined;
  return format(['calls', 'ours', 'C', 'C at single', 'more than C, per call (quartiles)'], cells);
}

/** Which rows mpi4py is faster in. */
export function describeMpi4py(rows: readonly Row[]): string | undefined {
  if (!rows.some(({ mpi4py }) => mpi4py)) return undefined;
  const slower = slowerThanMpi4py(rows).map(({ what }) => what);
  return slower.length === 0
    ? 'not slower than mpi4py in any row'
    : `slower than mpi4py: ${slower.join(' · ')}`;
}

/** C at the weakest thread level, in one line. */
export function formatSingle(rows: readonly Row[]): string | undefined {
  const parts = rows
    .filter((row) => row.cSingle)
    .map((row) => `${row.what.split(',')[0]} ${formatNumber(median(row.cSingle!))} ${row.unit}`);
  return parts.length > 0 ? `C at thread level single: ${parts.join(' · ')}` : undefined;
}

/**
 * Says when even C was not the same from round to round: others computed, or the hypervisor moved
 * the cores apart, which costs all peers alike. Ratios stand it, times do not.
 */
export function describeUnsteadiness(rows: readonly Row[]): string | undefined {
  const [{ what, unit, c }] = rows;
  if (!c) return undefined;
  const fastest = Math.min(...c);
  const slowest = Math.max(...c);
  if (slowest < 1.5 * fastest) return undefined;
  const range = `${formatNumber(fastest)} to ${formatNumber(slowest)} ${unit}`;
  return `unsteady machine: ${what}, took C ${range}; trust the ratios more than the times`;
}

/** Writes the results with their raw samples to `bench/results/latest.json`; returns the path. */
export function saveResults(results: object): string {
  mkdirSync(resultsDirectory, { recursive: true });
  const path = join(resultsDirectory, 'latest.json');
  writeFileSync(path, `${JSON.stringify(results, null, 1)}\n`);
  return path;
}
