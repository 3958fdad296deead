/** The kernel of the Julia example against the same in C, on one rank and on two. */
import type { Mpi } from './launch.ts';
import { launch } from './launch.ts';
import type { Options } from './options.ts';
import type { Source } from './peers/ours.ts';
import { compilePeer, ourPeer } from './peers.ts';
import { median, pairwise } from './statistics.ts';
import { type Program, perRound, type Suite } from './suite.ts';

/** Sums of the counts that DistArray's example prints, by points along an axis. */
const knownSums: Readonly<Record<number, number>> = { 512: 8193330, 1024: 32763832 };

const kernelTarget = 1.5;
const speedUpTarget = 1.8;

interface Report {
  readonly seconds: number[][];
  readonly sum: number;
}

/** The suite for an MPI. */
export function juliaSuite(mpi: Mpi, source: Source, { quick }: Options): Suite {
  const points = quick ? 512 : 1024;
  const batches = quick ? 3 : 8;
  const program = (name: string, ranks: number, command: readonly string[]): Program => ({
    mpi,
    name: `${name} on ${ranks}`,
    run() {
      const { seconds, sum } = launch<Report>(mpi, ranks, [
        ...command,
        ...[points, 2, batches].map(String),
      ]);
      if (sum !== knownSums[points]) {
        throw new Error(`${name} on ${ranks} ranks counts ${sum}, not ${knownSums[points]}`);
      }
      return seconds;
    },
  });
  const c = [compilePeer('julia', mpi)];
  const ours = ourPeer('julia', source);
  return {
    programs: [
      program('C', 1, c),
      program('ours', 1, ours),
      program('C', 2, c),
      program('ours', 2, ours),
    ],
    rows(samples) {
      const milliseconds = (seconds: number): number => seconds * 1e3;
      const [c1, ours1, c2, ours2] = samples.map((program) => perRound(program, 0, milliseconds));
      const speedUp = { c: pairwise(c1, c2), ours: pairwise(ours1, ours2) };
      const ratios1 = pairwise(ours1, c1);
      return [
        {
          mpi: mpi.flavour,
          what: `Julia ${points}², 1 rank`,
          unit: 'ms',
          ours: ours1,
          c: c1,
          ratios: ratios1,
          target: { text: `≤ ${kernelTarget} × C`, met: median(ratios1) <= kernelTarget },
        },
        {
          mpi: mpi.flavour,
          what: `Julia ${points}², cc on 2 ranks`,
          unit: 'ms',
          ours: ours2,
          c: c2,
          ratios: pairwise(ours2, c2),
        },
        {
          mpi: mpi.flavour,
          what: 'Julia, 2 ranks against 1',
          unit: '×',
          ...speedUp,
          target: {
            text: `≥ ${speedUpTarget} ×`,
            met: median(speedUp.ours) >= speedUpTarget,
          },
        },
      ];
    },
  };
}
