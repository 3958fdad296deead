/** Escape counts of the Mandelbrot set in float64, as a function of JavaScript and as a kernel in C. */
import { kernel } from 'distarray';

/**
 * Counts the iterations of z² + c from 0 until |z| > 2, at most `most`, of every point c = re[j] + im[i]·i.
 * @param counts the result, (rows, columns) in C order
 */
export type MandelbrotCounts = (
  re: Float64Array,
  im: Float64Array,
  counts: Int32Array,
  rows: number,
  columns: number,
  most: number,
) => void;

const inJs: MandelbrotCounts = (re, im, counts, rows, columns, most) => {
  for (let i = 0; i < rows; i++) {
    const y = im[i];
    for (let j = 0; j < columns; j++) {
      const x = re[j];
      let zx = 0;
      let zy = 0;
      let xx = 0;
      let yy = 0;
      let n = 0;
      while (n < most && xx + yy <= 4) {
        zy = 2 * zx * zy + y;
        zx = xx - yy + x;
        xx = zx * zx;
        yy = zy * zy;
        n++;
      }
      counts[i * columns + j] = n;
    }
  }
};

const inC = kernel.c<MandelbrotCounts>`
  void mandelbrot(const double* re, const double* im, int32_t* counts, size_t rows, size_t columns, int most) {
    for (size_t i = 0; i < rows; i++) {
      const double y = im[i];
      for (size_t j = 0; j < columns; j++) {
        const double x = re[j];
        double zx = 0, zy = 0, xx = 0, yy = 0;
        int n = 0;
        while (n < most && xx + yy <= 4) {
          zy = 2 * zx * zy + y;
          zx = xx - yy + x;
          xx = zx * zx;
          yy = zy * zy;
          n++;
        }
        counts[i * columns + j] = n;
      }
    }
  }`;

/** Both, by the name of their language. */
export const mandelbrotCounts = { js: inJs, c: inC };

/** The coordinates of some indices of an axis with n points: from −2 to 1 along re, from 1.5 to −1.5 along im. */
export function coordinates(
  axis: 're' | 'im',
  indices: readonly number[],
  n: number,
): Float64Array {
  const of = axis === 're' ? (i: number) => -2 + (3 * i) / n : (i: number) => 1.5 - (3 * i) / n;
  return Float64Array.from(indices, of);
}
