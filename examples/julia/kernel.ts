/**
 * Escape counts of the Julia set of z² + c, c = −0.045 + 0.45i, in complex64 arithmetic: every
 * operation is rounded to float32, as NumPy and C do.
 *
 * JavaScript computes in float64, so each `Math.fround` is two conversions in a chain where every
 * value waits for the one before: point by point that takes three times as long as C. Four points
 * side by side fill the waiting time.
 */

/** Iterations after which a point counts as inside. */
export const N_MAX = 100;

/**
 * Which loop of DistArray's example: `cython` tests |z|² < 4 before an update, `numpy` tests
 * |z| > 2 after it, and so mostly counts one less for the points that escape.
 */
export type JuliaKernel = 'cython' | 'numpy';

const C_RE = Math.fround(-0.045);
const C_IM = Math.fround(0.45);

/** `sum < INSIDE` is `Math.fround(sum) < 4`: half a float32 step below 4, where ties go to 4. */
const INSIDE = 4 - 2 ** -23;

/**
 * Counts the iterations of every point re[i] + im[j]·i.
 * @param re n real parts
 * @param im m imaginary parts
 * @param counts the result, (n, m) in C order
 */
export function juliaCounts(
  re: Float32Array,
  im: Float32Array,
  counts: Int32Array,
  kernel: JuliaKernel,
): void {
  for (let i = 0; i < re.length; i++) {
    countRow(re[i], im, counts, i * im.length, kernel === 'numpy');
  }
}

function countRow(
  re: number,
  im: Float32Array,
  counts: Int32Array,
  start: number,
  updateFirst: boolean,
): void {
  const fround = Math.fround;
  let j = 0;
  for (; j + 4 <= im.length; j += 4) {
    // A float32 already; rounding it tells the compiler so, which makes the loop a fifth faster.
    let x0 = fround(re);
    let x1 = x0;
    let x2 = x0;
    let x3 = x0;
    let y0 = im[j];
    let y1 = im[j + 1];
    let y2 = im[j + 2];
    let y3 = im[j + 3];
    if (updateFirst) {
      const xy0 = fround(x0 * y0);
      const xy1 = fround(x1 * y1);
      const xy2 = fround(x2 * y2);
      const xy3 = fround(x3 * y3);
      x0 = fround(fround(fround(x0 * x0) - fround(y0 * y0)) + C_RE);
      x1 = fround(fround(fround(x1 * x1) - fround(y1 * y1)) + C_RE);
      x2 = fround(fround(fround(x2 * x2) - fround(y2 * y2)) + C_RE);
      x3 = fround(fround(fround(x3 * x3) - fround(y3 * y3)) + C_RE);
      y0 = fround(2 * xy0 + C_IM);
      y1 = fround(2 * xy1 + C_IM);
      y2 = fround(2 * xy2 + C_IM);
      y3 = fround(2 * xy3 + C_IM);
    }
    let xx0 = fround(x0 * x0);
    let xx1 = fround(x1 * x1);
    let xx2 = fround(x2 * x2);
    let xx3 = fround(x3 * x3);
    let yy0 = fround(y0 * y0);
    let yy1 = fround(y1 * y1);
    let yy2 = fround(y2 * y2);
    let yy3 = fround(y3 * y3);
    let n = 0;
    while (
      n < N_MAX &&
      xx0 + yy0 < INSIDE &&
      xx1 + yy1 < INSIDE &&
      xx2 + yy2 < INSIDE &&
      xx3 + yy3 < INSIDE
    ) {
      y0 = fround(2 * fround(x0 * y0) + C_IM);
      x0 = fround(fround(xx0 - yy0) + C_RE);
      y1 = fround(2 * fround(x1 * y1) + C_IM);
      x1 = fround(fround(xx1 - yy1) + C_RE);
      y2 = fround(2 * fround(x2 * y2) + C_IM);
      x2 = fround(fround(xx2 - yy2) + C_RE);
      y3 = fround(2 * fround(x3 * y3) + C_IM);
      x3 = fround(fround(xx3 - yy3) + C_RE);
      xx0 = fround(x0 * x0);
      yy0 = fround(y0 * y0);
      xx1 = fround(x1 * x1);
      yy1 = fround(y1 * y1);
      xx2 = fround(x2 * x2);
      yy2 = fround(y2 * y2);
      xx3 = fround(x3 * x3);
      yy3 = fround(y3 * y3);
      n++;
    }
    // One of them has escaped, or all are done: from here each goes on alone.
    counts[start + j] = countOn(x0, y0, n);
    counts[start + j + 1] = countOn(x1, y1, n);
    counts[start + j + 2] = countOn(x2, y2, n);
    counts[start + j + 3] = countOn(x3, y3, n);
  }
  for (; j < im.length; j++) {
    let x = fround(re);
    let y = im[j];
    if (updateFirst) {
      const xy = fround(x * y);
      x = fround(fround(fround(x * x) - fround(y * y)) + C_RE);
      y = fround(2 * xy + C_IM);
    }
    counts[start + j] = countOn(x, y, 0);
  }
}

/** The count of a point that has come to x + y·i in n iterations. */
function countOn(x: number, y: number, n: number): number {
  const fround = Math.fround;
  let xx = fround(x * x);
  let yy = fround(y * y);
  while (n < N_MAX && xx + yy < INSIDE) {
    y = fround(2 * fround(x * y) + C_IM);
    x = fround(fround(xx - yy) + C_RE);
    xx = fround(x * x);
    yy = fround(y * y);
    n++;
  }
  return n;
}

/** The float32 coordinates −1.5 + 3·i/n of some indices of an axis with n points. */
export function coordinates(indices: readonly number[], n: number): Float32Array {
  return Float32Array.from(indices, (i) => -1.5 + (3 * i) / n);
}
