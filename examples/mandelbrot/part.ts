/** What each process does with its part of the plane. */
import { type LocalArray, MPI } from 'distarray';
import { coordinates, mandelbrotCounts } from './kernel.ts';

/** Counts the iterations on the local part of a plane with so many points a side; returns the seconds. */
export function countPart(
  counts: LocalArray<'int32'>,
  size: number,
  iterations: number,
  language: 'js' | 'c',
): number {
  if (language === 'c') mandelbrotCounts.c.compile(counts.comm);
  const im = coordinates('im', counts.globalIndices(0), size);
  const re = coordinates('re', counts.globalIndices(1), size);
  const start = MPI.wtime();
  mandelbrotCounts[language](re, im, counts.data, im.length, re.length, iterations);
  return MPI.wtime() - start;
}
