/** The tables on the terminal, the file of results and the plots beside it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultsDirectory } from '../peers.ts';
import { median } from '../statistics.ts';
import { formatNumber } from '../table.ts';
import { barChart } from './barChart.ts';
import { compiledPeer, type Line, type Row } from './results.ts';
import { scalingChart } from './scalingChart.ts';
import { formatSeconds } from './seconds.ts';

type Format = (header: readonly string[], rows: readonly (readonly string[])[]) => string;

/** Times, ratios and targets: medians over the rounds, ratios of runs in the same round. */
export function formatRows(rows: readonly Row[], format: Format): string {
  const header = [
    '',
    'ours',
    'C, C++, Fortran',
    'ours/compiled (quartiles)',
    'NumPy/ours',
    'numexpr/ours',
    'mpi4py/ours',
    'target',
    'met',
  ];
  return withoutEmpty(header, rows.map(cellsOf), format);
}

function cellsOf(row: Row): string[] {
  const { what, ours, peers, ratio, times, target } = row;
  const compiled = compiledPeer(row);
  const cell = (value: number | undefined) => (value === undefined ? '' : formatNumber(value));
  return [
    what,
    formatSeconds(median(ours)),
    compiled === undefined ? '' : `${formatSeconds(median(peers[compiled]!))} (${compiled})`,
    ratio
      ? `${formatNumber(ratio.median)} (${formatNumber(ratio.lower)}–${formatNumber(ratio.upper)})`
      : '',
    cell(times.NumPy),
    cell(times.numexpr),
    cell(times['mpi4py + NumPy']),
    target?.text ?? '',
    target ? (target.met ? 'yes' : 'NO') : '',
  ];
}

/** Memory and bandwidth of the rows that are limited by the memory; undefined when there are none. */
export function formatMemory(rows: readonly Row[], format: Format): string | undefined {
  const cells = rows.flatMap((row) => {
    const { what, bandwidth, extraBytes } = row;
    if (bandwidth === undefined) return [];
    const compiled = compiledPeer(row);
    const bytes = (value: number | undefined) =>
      value === undefined ? '' : `${(value / 2 ** 20).toFixed(1)} MiB`;
    return [
      [
        what,
        `${formatNumber(bandwidth.bytesPerSecond / 1e9)} GB/s`,
        bandwidth.ofTriad.toFixed(2),
        bytes(extraBytes.ours),
        bytes(compiled && extraBytes[compiled]),
        bytes(extraBytes.NumPy),
        bytes(extraBytes.numexpr),
        bytes(extraBytes['mpi4py + NumPy']),
      ],
    ];
  });
  if (cells.length === 0) return undefined;
  const header = [
    'memory',
    'ours',
    'of the triad',
    'peak beyond the operands, ours',
    'compiled',
    'NumPy',
    'numexpr',
    'mpi4py',
  ];
  return withoutEmpty(header, cells, format);
}

/** Strong scaling: times as fast as on one rank. */
export function formatScaling(what: string, lines: readonly Line[], format: Format): string {
  const [{ ranks }] = lines;
  const header = [what, ...ranks.map((count) => `${count} rank${count > 1 ? 's' : ''}`)];
  const cells = lines.map(({ name, pointsPerSecond, speedUps }) => [
    name,
    ...ranks.map(
      (_, k) => `${formatNumber(pointsPerSecond[k] / 1e6)} M/s (${speedUps[k].toFixed(2)} ×)`,
    ),
  ]);
  return format(header, cells);
}

/** Writes the results with their samples to `bench/results/expr.json`, and the plots beside it; returns the paths. */
export function saveResults(
  results: object,
  rows: readonly Row[],
  scalings: readonly { readonly what: string; readonly lines: readonly Line[] }[],
): string[] {
  mkdirSync(resultsDirectory, { recursive: true });
  const save = (name: string, content: string) => {
    const path = join(resultsDirectory, name);
    writeFileSync(path, content);
    return path;
  };
  const paths = [save('expr.json', `${JSON.stringify(results, null, 1)}\n`)];
  if (rows.length > 0)
    paths.push(save('expr-rows.svg', barChart('Expressions and stencils', rows)));
  for (const { what, lines } of scalings) {
    if (lines.length === 0) continue;
    paths.push(save(`expr-${what.split(' ')[0]}.svg`, scalingChart(what, lines)));
  }
  return paths;
}

/** Columns that no row fills are left out. */
function withoutEmpty(
  header: readonly string[],
  cells: readonly (readonly string[])[],
  format: Format,
): string {
  const used = header.map((_, column) => column === 0 || cells.some((row) => row[column] !== ''));
  const shown = (row: readonly string[]) => row.filter((_, column) => used[column]);
  return format(shown(header), cells.map(shown));
}
