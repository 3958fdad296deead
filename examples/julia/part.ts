/** What each process does with its part of the plane. */
import { type LocalArray, MPI, Progress } from 'distarray';
import { coarsen } from 'distarray/plot';
import { coordinates, type JuliaKernel, juliaCounts } from './kernel.ts';

/** Rows that are computed between two looks at the progress. */
const CHUNK = 32;

/** What one process did. */
export interface PartReport {
  readonly rows: number;
  readonly columns: number;
  readonly iterations: number;
  readonly seconds: number;
}

/** Counts on the local part of a plane with so many points a side. */
export function countPart(
  counts: LocalArray<'int32'>,
  size: number,
  kernel: JuliaKernel,
): PartReport {
  const { comm, data, localShape } = counts;
  const re = coordinates(counts.globalIndices(0), size);
  const im = coordinates(counts.globalIndices(1), size);
  const progress = new Progress(comm, 'computing');
  comm.barrier();
  const start = MPI.wtime();
  for (let row = 0; row < re.length; row += CHUNK) {
    const end = Math.min(row + CHUNK, re.length);
    const part = data.subarray(row * im.length, end * im.length);
    juliaCounts(re.subarray(row, end), im, part, kernel);
    progress.update(end / re.length);
  }
  const seconds = MPI.wtime() - start;
  progress.finish();
  let iterations = 0;
  for (let k = 0; k < data.length; k++) iterations += data[k];
  const [rows, columns] = localShape;
  return { rows, columns, iterations, seconds };
}

/** Means over squares of the plane, so many a side: on the first process, null on the others. */
export function meansOfSquares(counts: LocalArray<'int32'>, side: number): Float64Array | null {
  return (coarsen(counts, [side, side])?.data as Float64Array | undefined) ?? null;
}
