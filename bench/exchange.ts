/** Redistribution and halo exchange between two ranks, against programs written for the purpose. */
import { launch, type Mpi } from './launch.ts';
import type { Options, ThreadLevel } from './options.ts';
import type { Source } from './peers/ours.ts';
import { compilePeer, ourPeer } from './peers.ts';
import { median, pairwise } from './statistics.ts';
import { type Program, perRound, type Suite } from './suite.ts';

interface Measurement {
  readonly what: string;
  readonly kind: 'columns' | 'cyclic' | 'halo';
  readonly size: number;
  readonly warmup: number;
  readonly iterations: number;
  readonly batches: number;
  readonly unit: 'ms' | 'µs';
  /** Bound of ours/C. */
  readonly target?: number;
}

// 67 MB a rank.
const large = { warmup: 3, iterations: 1, batches: 12, unit: 'ms', target: 1.2 } as const;
const measurements: readonly Measurement[] = [
  { what: 'rows → columns, 4096² doubles', kind: 'columns', size: 4096, ...large },
  { what: 'block → cyclic, 4096² doubles', kind: 'cyclic', size: 4096 ** 2, ...large },
  {
    what: 'halo of 64² doubles, one row',
    kind: 'halo',
    size: 64,
    warmup: 20_000,
    iterations: 2_000,
    batches: 60,
    unit: 'µs',
  },
];

interface Report {
  readonly level: ThreadLevel;
  readonly seconds: number[][];
}

/** The suite for an MPI. */
export function exchangeSuite(mpi: Mpi, source: Source, { level, quick }: Options): Suite {
  const specifications = measurements.map(
    ({ kind, size, warmup, iterations, batches }) =>
      `${kind}:${size}:${warmup}:${iterations}:${quick ? 5 : batches}`,
  );
  const program = (name: string, command: readonly string[]): Program => ({
    mpi,
    name,
    run() {
      const env = { DISTARRAY_THREAD_LEVEL: level };
      return launch<Report>(mpi, 2, [...command, ...specifications], env).seconds;
    },
  });
  return {
    programs: [
      program('C', [compilePeer('exchange', mpi), level]),
      program('ours', ourPeer('exchange', source)),
    ],
    rows([cSamples, ourSamples]) {
      return measurements.map(({ what, unit, target }, i) => {
        const convert = (seconds: number) => seconds * (unit === 'ms' ? 1e3 : 1e6);
        const ours = perRound(ourSamples, i, convert);
        const c = perRound(cSamples, i, convert);
        const ratios = pairwise(ours, c);
        const row = { mpi: mpi.flavour, what, unit, ours, c, ratios };
        if (target === undefined) return row;
        return { ...row, target: { text: `≤ ${target} × C`, met: median(ratios) <= target } };
      });
    },
  };
}
