/** Matrices as pictures. */
import { PNG } from 'pngjs';
import { ArgumentRangeError } from '../errors.ts';
import { type ColormapName, colorOf, type Rgb } from './colormap.ts';

/** Options of {@link heatMapPng}. */
export interface HeatMapOptions {
  /** Value of the first colour; default the smallest. */
  readonly min?: number;
  /** Value of the last colour; default the largest. */
  readonly max?: number;
  /** Default `ember`. */
  readonly colormap?: ColormapName;
  /** Colour of values ≥ `max`; default the last of the colormap. */
  readonly over?: Rgb;
  /** Applied to the value's place between min (0) and max (1); default none. */
  readonly scale?: (fraction: number) => number;
}

/**
 * Returns a matrix as the bytes of a PNG file, one pixel an element, row 0 at the top.
 * @param data elements of an (h, w) matrix in C order
 * @throws {@link ArgumentRangeError} when `data` does not have h·w elements
 */
export function heatMapPng(
  data: ArrayLike<number>,
  [height, width]: readonly [number, number],
  options: HeatMapOptions = {},
): Buffer {
  if (data.length !== height * width) {
    throw new ArgumentRangeError('data', `${height * width} elements`, data.length);
  }
  const { colormap = 'ember', over, scale = (fraction) => fraction } = options;
  const [low, high] = rangeOf(data);
  const min = options.min ?? low;
  const max = options.max ?? high;
  const png = new PNG({ width, height, colorType: 2 });
  for (let k = 0; k < data.length; k++) {
    const value = data[k];
    const fraction = max > min ? (value - min) / (max - min) : 0;
    const colour = over && value >= max ? over : colorOf(colormap, scale(fraction));
    png.data.set(colour, 4 * k);
    png.data[4 * k + 3] = 255;
  }
  return PNG.sync.write(png, { colorType: 2, inputHasAlpha: true });
}

function rangeOf(data: ArrayLike<number>): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < data.length; k++) {
    low = Math.min(low, data[k]);
    high = Math.max(high, data[k]);
  }
  return [low, high];
}
