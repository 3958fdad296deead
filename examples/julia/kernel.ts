/**
 * Escape counts of the Julia set of z² + c, c = −0.045 + 0.45i, in complex64 arithmetic: every
 * operation is rounded to float32, as NumPy and C do.
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
  const fround = Math.fround;
  const updateFirst = kernel === 'numpy';
  for (let i = 0, k = 0; i < re.length; i++) {
    for (let j = 0; j < im.length; j++, k++) {
      let zr = re[i];
      let zi = im[j];
      if (updateFirst) {
        const product = fround(zr * zi);
        zr = fround(fround(fround(zr * zr) - fround(zi * zi)) + C_RE);
        zi = fround(fround(product + product) + C_IM);
      }
      let zr2 = fround(zr * zr);
      let zi2 = fround(zi * zi);
      let n = 0;
      while (n < N_MAX && fround(zr2 + zi2) < 4) {
        const product = fround(zr * zi);
        zi = fround(fround(product + product) + C_IM);
        zr = fround(fround(zr2 - zi2) + C_RE);
        zr2 = fround(zr * zr);
        zi2 = fround(zi * zi);
        n++;
      }
      counts[k] = n;
    }
  }
}

/** The float32 coordinates −1.5 + 3·i/n of some indices of an axis with n points. */
export function coordinates(indices: readonly number[], n: number): Float32Array {
  return Float32Array.from(indices, (i) => -1.5 + (3 * i) / n);
}
