/** Pieces of SVG pictures. */

export const INK = '#1f2933';
export const FAINT = '#d5dbe1';
const FONT = 'font-family="Helvetica, Arial, DejaVu Sans, sans-serif"';

/** One colour a program; ours first. They differ in lightness, too. */
export const COLOURS = ['#c2410c', '#1d4e89', '#4d908e', '#8a8d91', '#b08bbb'] as const;

type Attributes = Readonly<Record<string, string | number>>;

/** An element without content. */
export function element(name: string, attributes: Attributes): string {
  return `<${name} ${attributesOf(attributes)}/>`;
}

/** Text whose baseline begins, ends or is centred at a point. */
export function text(
  x: number,
  y: number,
  content: string,
  attributes: Attributes & { anchor?: 'start' | 'middle' | 'end' } = {},
): string {
  const { anchor = 'start', ...others } = attributes;
  const all = { x, y, 'text-anchor': anchor, 'font-size': 13, fill: INK, ...others };
  return `<text ${FONT} ${attributesOf(all)}>${escaped(content)}</text>`;
}

/** A whole picture on white. */
export function picture(width: number, height: number, parts: readonly string[]): string {
  const size = {
    xmlns: 'http://www.w3.org/2000/svg',
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
  };
  const background = element('rect', { width, height, fill: '#ffffff' });
  return `<svg ${attributesOf(size)}>\n${[background, ...parts].join('\n')}\n</svg>\n`;
}

/** Rising round numbers that cut the way from 0 to `max` into a few parts, the last one at or beyond it. */
export function ticksTo(max: number): number[] {
  const rough = max / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each >= rough)!;
  return Array.from({ length: Math.ceil(max / step - 1e-9) + 1 }, (_, k) => k * step);
}

function attributesOf(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(
      ([key, value]) => `${key}="${escaped(typeof value === 'number' ? rounded(value) : value)}"`,
    )
    .join(' ');
}

function rounded(value: number): string {
  return `${Math.round(value * 100) / 100}`;
}

function escaped(value: string): string {
  return value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
}
