/** The table on the terminal and the file of results. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultsDirectory } from './peers.ts';
import { median, pairwise, quartiles } from './statistics.ts';
import type { Row } from './suite.ts';
import { formatNumber, formatTable } from './table.ts';

const header = ['', 'ours', 'C', 'ours/C', 'quartiles', 'mpi4py', 'ours/mpi4py', 'target', 'met'];

const mpi4pyColumn = header.indexOf('mpi4py');

/** The rows of one MPI as a table: medians over the rounds, ratios of runs in the same round. */
export function formatRows(rows: readonly Row[]): string {
  const hasMpi4py = rows.some((row) => row.mpi4py);
  const shown = (cells: readonly string[]): string[] =>
    cells.filter(
      (_, column) => hasMpi4py || (column !== mpi4pyColumn && column !== mpi4pyColumn + 1),
    );
  return formatTable(
    shown(header),
    rows.map((row) => shown(formatRow(row))),
  );
}

function formatRow({ what, unit, ours, c, mpi4py, ratios, target }: Row): string[] {
  const cell = (samples?: readonly number[]): string =>
    samples ? `${formatNumber(median(samples))} ${unit}` : '';
  const ratio = ratios && quartiles(ratios);
  return [
    what,
    cell(ours),
    cell(c),
    ratio ? ratio.median.toFixed(2) : '',
    ratio ? `${ratio.lower.toFixed(2)}–${ratio.upper.toFixed(2)}` : '',
    cell(mpi4py),
    mpi4py ? median(pairwise(ours, mpi4py)).toFixed(2) : '',
    target?.text ?? '',
    target ? (target.met ? 'yes' : 'NO') : '',
  ];
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
