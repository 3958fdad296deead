/** Points per second of each program, row by row. */
import { median } from '../statistics.ts';
import { formatNumber } from '../table.ts';
import type { PeerName } from './programs.ts';
import { peersOf, type Row } from './results.ts';
import { COLOURS, element, FAINT, INK, picture, text } from './svg.ts';

const WIDTH = 760;
const LEFT = 16;
const BARS = 176;
const RIGHT = 660;
const BAR = 17;

const colourOf = (peer: PeerName): string => {
  if (peer === 'ours') return COLOURS[0];
  if (peer === 'NumPy') return COLOURS[2];
  if (peer === 'numexpr') return COLOURS[3];
  return peer.startsWith('mpi4py') ? COLOURS[4] : COLOURS[1];
};

/**
 * Rows of bars as an SVG picture. Points per second differ by orders of magnitude from row to row, so that each row
 * has a scale of its own; the numbers stand beside the bars.
 */
export function barChart(title: string, rows: readonly Row[]): string {
  const parts = [
    text(LEFT, 26, title, { 'font-size': 16, 'font-weight': 'bold' }),
    text(LEFT, 45, 'million points per second; each group has its own scale, longer is faster', {
      'font-size': 12,
    }),
  ];
  let at = 66;
  for (const row of rows) {
    parts.push(text(LEFT, at + 12, row.what, { 'font-weight': 'bold' }));
    at += 22;
    const own = median(row.ours);
    const rates = (['ours', ...peersOf(row)] as const).map((peer) => {
      const seconds = peer === 'ours' ? own : median(row.peers[peer]!);
      return { peer, rate: (row.pointsPerSecond * own) / seconds / 1e6 };
    });
    const most = Math.max(...rates.map(({ rate }) => rate));
    const first = at;
    for (const { peer, rate } of rates) {
      const width = Math.max(1, ((RIGHT - BARS) * rate) / most);
      parts.push(text(BARS - 8, at + 13, peer, { anchor: 'end' }));
      parts.push(
        element('rect', { x: BARS, y: at + 1, width, height: BAR - 2, fill: colourOf(peer) }),
        text(BARS + width + 6, at + 13, formatNumber(rate)),
      );
      at += BAR;
    }
    parts.push(element('line', { x1: BARS, x2: BARS, y1: first - 2, y2: at + 2, stroke: INK }));
    at += 16;
    parts.push(
      element('line', { x1: LEFT, x2: WIDTH - LEFT, y1: at - 8, y2: at - 8, stroke: FAINT }),
    );
  }
  return picture(WIDTH, at + 8, parts);
}
