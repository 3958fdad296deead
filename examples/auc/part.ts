/** What each process sums. */
import { type LocalArray, MPI } from 'distarray';
import { areas, WIDTH } from './kernel.ts';

/** The part of the sum over so many points that is due to the process of a local array, and how long it took. */
export function share(
  { comm }: LocalArray,
  points: number,
  language: 'js' | 'c',
): { area: number; seconds: number } {
  if (language === 'c') areas.c.compile(comm);
  const [begin, end] = [comm.rank, comm.rank + 1].map((rank) =>
    Math.floor((points * rank) / comm.size),
  );
  const start = MPI.wtime();
  const area = areas[language](begin, end, WIDTH / points);
  return { area, seconds: MPI.wtime() - start };
}
