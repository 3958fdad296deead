/** Sums of the counts that DistArray 0.5 printed for the same planes, by size and kernel. */
import type { JuliaKernel } from './kernel.ts';

const sums: Readonly<Record<number, Readonly<Record<JuliaKernel, number>>>> = {
  16: { cython: 7894, numpy: 7714 },
  32: { cython: 32012, numpy: 31298 },
  64: { cython: 129032, numpy: 126192 },
  128: { cython: 513478, numpy: 502102 },
  256: { cython: 2049342, numpy: 2003758 },
  512: { cython: 8193330, numpy: 8011000 },
  1024: { cython: 32763832, numpy: 32034376 },
};

/** The sum for a plane of this size; undefined where none was published. */
export function expectedSum(size: number, kernel: JuliaKernel): number | undefined {
  return sums[size]?.[kernel];
}
