/** The table of what each rank did. */

/** What one rank did. */
export interface RankReport {
  readonly rank: number;
  readonly rows: number;
  readonly columns: number;
  readonly iterations: number;
  readonly seconds: number;
}

/** The table as text, a line a rank and one for the job. */
export function rankTable(reports: readonly RankReport[]): string {
  const total = reports.reduce((sum, { iterations }) => sum + iterations, 0);
  const slowest = Math.max(...reports.map(({ seconds }) => seconds));
  const points = reports.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  const rows = [
    ['rank', 'local part', 'iterations', 'seconds', 'Mpoints/s'],
    ...reports.map(({ rank, rows, columns, iterations, seconds }) => [
      String(rank),
      `${rows} × ${columns}`,
      grouped(iterations),
      seconds.toFixed(3),
      rate(rows * columns, seconds),
    ]),
    ['all', '', grouped(total), slowest.toFixed(3), rate(points, slowest)],
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => cell.padStart(widths[column])).join('   ');
  const rule = '─'.repeat(line(rows[0]).length);
  return [line(rows[0]), rule, ...rows.slice(1, -1).map(line), rule, line(rows.at(-1)!)].join('\n');
}

function rate(points: number, seconds: number): string {
  return seconds > 0 ? (points / seconds / 1e6).toFixed(1) : '–';
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
