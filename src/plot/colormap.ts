/** Colormaps: from a number in [0, 1] to a colour. */

/** Red, green and blue, 0–255. */
export type Rgb = readonly [number, number, number];

/** Names of the colormaps. */
export type ColormapName = 'ember' | 'gray';

// Colours at even distances, interpolated between: from a deep night blue over violet and a warm
// orange to a pale yellow, of ever growing lightness, so that it also reads in print.
const stops: Readonly<Record<ColormapName, readonly Rgb[]>> = {
  ember: [
    [8, 7, 30],
    [38, 16, 84],
    [94, 23, 112],
    [153, 37, 105],
    [207, 63, 78],
    [242, 112, 46],
    [252, 178, 50],
    [250, 240, 170],
  ],
  gray: [
    [0, 0, 0],
    [255, 255, 255],
  ],
};

/** Returns the colour of `value`, which is cut to [0, 1]. */
export function colorOf(name: ColormapName, value: number): Rgb {
  const colours = stops[name];
  const position = Math.min(Math.max(value, 0), 1) * (colours.length - 1);
  const below = Math.min(Math.floor(position), colours.length - 2);
  const part = position - below;
  const [a, b] = [colours[below], colours[below + 1]];
  return [0, 1, 2].map((k) => Math.round(a[k] + (b[k] - a[k]) * part)) as unknown as Rgb;
}
