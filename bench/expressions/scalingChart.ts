/** Points per second against the number of ranks, with the ideal line. */
import type { Line } from './results.ts';
import { COLOURS, element, FAINT, INK, picture, text, ticksTo } from './svg.ts';

const WIDTH = 640;
const HEIGHT = 420;
const LEFT = 76;
const RIGHT = 620;
const TOP = 56;
const BOTTOM = 356;

/** The lines as an SVG picture; both axes begin at 0, so that the ideal is a straight line. */
export function scalingChart(title: string, lines: readonly Line[]): string {
  const [own] = lines;
  const mostRanks = Math.max(...own.ranks);
  const perRank = own.pointsPerSecond[0] / own.ranks[0];
  const highest = Math.max(perRank * mostRanks, ...lines.flatMap((line) => line.pointsPerSecond));
  const ticks = ticksTo(highest / 1e6);
  const top = ticks[ticks.length - 1];
  const x = (ranks: number) => LEFT + ((RIGHT - LEFT - 24) * ranks) / mostRanks;
  const y = (points: number) => BOTTOM - ((BOTTOM - TOP) * points) / 1e6 / top;

  const parts = [
    text(LEFT, 26, title, { 'font-size': 16, 'font-weight': 'bold' }),
    text(LEFT, 44, 'million points per second', { 'font-size': 12 }),
  ];
  for (const tick of ticks) {
    const at = y(tick * 1e6);
    parts.push(element('line', { x1: LEFT, x2: RIGHT, y1: at, y2: at, stroke: FAINT }));
    parts.push(text(LEFT - 8, at + 4, tick.toLocaleString('en-US'), { anchor: 'end' }));
  }
  for (const ranks of own.ranks) {
    const at = x(ranks);
    parts.push(element('line', { x1: at, x2: at, y1: BOTTOM, y2: BOTTOM + 5, stroke: INK }));
    parts.push(text(at, BOTTOM + 20, `${ranks}`, { anchor: 'middle' }));
  }
  parts.push(element('line', { x1: LEFT, x2: RIGHT, y1: BOTTOM, y2: BOTTOM, stroke: INK }));
  parts.push(text((LEFT + RIGHT) / 2, BOTTOM + 38, 'ranks', { anchor: 'middle' }));

  const ideal = { x1: x(0), y1: y(0), x2: x(mostRanks), y2: y(perRank * mostRanks) };
  parts.push(element('line', { ...ideal, stroke: INK, 'stroke-dasharray': '6 5' }));
  const names = [...lines.map(({ name }) => name), 'ideal: ranks × ours on 1'];
  lines.forEach(({ ranks, pointsPerSecond }, k) => {
    const colour = COLOURS[k];
    const places = ranks.map((count, i) => [x(count), y(pointsPerSecond[i])]);
    const points = places.map((place) => place.map((at) => at.toFixed(1)).join(',')).join(' ');
    parts.push(element('polyline', { points, fill: 'none', stroke: colour, 'stroke-width': 2.5 }));
    for (const [cx, cy] of places) parts.push(element('circle', { cx, cy, r: 4.5, fill: colour }));
  });
  names.forEach((name, k) => {
    const from = LEFT + 14;
    const at = TOP + 12 + 20 * k;
    const line = { x1: from, x2: from + 26, y1: at - 4, y2: at - 4 };
    const isIdeal = k === lines.length;
    const stroke: Record<string, string | number> = isIdeal
      ? { stroke: INK, 'stroke-dasharray': '6 5' }
      : { stroke: COLOURS[k], 'stroke-width': 2.5 };
    parts.push(element('line', { ...line, ...stroke }), text(from + 34, at, name));
  });
  return picture(WIDTH, HEIGHT, parts);
}
