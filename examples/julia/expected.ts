/**
 * Sums of the counts by size and kernel: up to 1024 as DistArray 0.5 printed them for the same planes,
 * beyond as the same loops count in C (`-ffp-contract=off`).
 */
import type { JuliaKernel } from './kernel.ts';

const sums: Readonly<Record<number, Readonly<Record<JuliaKernel, number>>>> = {
  16: { cython: 7894, numpy: 7714 },
  32: { cython: 32012, numpy: 31298 },
  64: { cython: 129032, numpy: 126192 },
  128: { cython: 513478, numpy: 502102 },
  256: { cython: 2049342, numpy: 2003758 },
  512: { cython: 8193330, numpy: 8011000 },
  1024: { cython: 32763832, numpy: 32034376 },
  2048: { cython: 131061288, numpy: 128143622 },
  8192: { cython: 2096995880, numpy: 2050313022 },
};

/** Largest plane whose sum DistArray 0.5 has printed. */
export const PUBLISHED = 1024;

/** The sum for a plane of this size; undefined where none is known. */
export function expectedSum(size: number, kernel: JuliaKernel): number | undefined {
  return sums[size]?.[kernel];
}
