/** Tables of text. */

/** The rows under the header, columns padded; the first column to the left, the others right. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
      )
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [line(header), rule, ...rows.map(line)].join('\n');
}

/** The same in Markdown: numbers to the right, as docs/performance.md has them. */
export function formatMarkdown(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (row: readonly string[]): string =>
    `|${row.map((cell) => ` ${cell}`.trimEnd()).join(' |')} |`;
  // Words stand to the left: the first column, and what follows the last one with a number.
  const isNumber = (cell: string): boolean => /^-?\d/.test(cell);
  const rule = header.map((_, column) =>
    rows.some((row) => isNumber(row[column])) ? '---:' : '---',
  );
  rule[0] = '---';
  return [line(header), `|${rule.join('|')}|`, ...rows.map(line)].join('\n');
}

/** Three significant digits. */
export function formatNumber(value: number): string {
  if (value >= 100) return value.toFixed(0);
  if (value >= 10) return value.toFixed(1);
  return value.toFixed(value >= 1 ? 2 : 3);
}
