/** Messages and small collectives between two ranks. */
import type { Mpi } from './launch.ts';
import { launch } from './launch.ts';
import type { Options, ThreadLevel } from './options.ts';
import type { Source } from './peers/ours.ts';
import { compilePeer, type Mpi4py, ourPeer, pythonPeer } from './peers.ts';
import { median, pairwise } from './statistics.ts';
import { type Program, perRound, type Row, type Suite } from './suite.ts';

interface Measurement {
  readonly what: string;
  readonly kind: 'pingpong' | 'huge' | 'barrier' | 'allreduce' | 'scalar';
  readonly bytes: number;
  readonly warmup: number;
  readonly iterations: number;
  readonly batches: number;
  readonly unit: 'µs' | 'GB/s';
  /** Bound of ours/C: an upper one for times, a lower one for bandwidth. */
  readonly target?: number;
  readonly fasterThanMpi4py?: boolean;
}

// Warm-up is for JavaScript's compiler and the MPIs' connections. Batches take some milliseconds.
const small = { warmup: 20_000, iterations: 5_000, batches: 60, unit: 'µs' } as const;
const measurements: readonly Measurement[] = [
  {
    what: 'ping-pong 8 B, half round trip',
    kind: 'pingpong',
    bytes: 8,
    ...small,
    target: 1.35,
    fasterThanMpi4py: true,
  },
  { what: 'ping-pong 1 KiB, half round trip', kind: 'pingpong', bytes: 1024, ...small },
  {
    what: 'ping-pong 4 MiB, bandwidth',
    kind: 'pingpong',
    bytes: 4 << 20,
    warmup: 20,
    iterations: 4,
    batches: 80,
    unit: 'GB/s',
    target: 0.98,
  },
  {
    // Ours on huge pages against malloc'ed buffers in C.
    what: 'ping-pong 4 MiB, allocMem',
    kind: 'huge',
    bytes: 4 << 20,
    warmup: 20,
    iterations: 4,
    batches: 80,
    unit: 'GB/s',
    target: 1.5,
  },
  { what: 'barrier', kind: 'barrier', bytes: 0, ...small },
  { what: 'allreduce 8 B, buffers', kind: 'allreduce', bytes: 8, ...small },
  { what: 'allreduce of a number', kind: 'scalar', bytes: 8, ...small },
];

interface Report {
  readonly level: ThreadLevel;
  readonly seconds: number[][];
}

/** The suite for an MPI; `mpi4py` only when it works with that one. */
export function pingpongSuite(
  mpi: Mpi,
  source: Source,
  mpi4py: Mpi4py | undefined,
  { level, quick }: Options,
): Suite {
  const specifications = measurements.map(
    ({ kind, bytes, warmup, iterations, batches }) =>
      `${kind}:${bytes}:${warmup}:${iterations}:${quick ? 10 : batches}`,
  );
  const program = (
    name: string,
    command: readonly string[],
    asked: ThreadLevel = level,
  ): Program => ({
    mpi,
    name,
    run() {
      const env = { DISTARRAY_THREAD_LEVEL: asked };
      const report = launch<Report>(mpi, 2, [...command, ...specifications], env);
      if (report.level !== asked) {
        throw new Error(`${mpi.version} gives ${name} thread level ${report.level}, not ${asked}`);
      }
      return report.seconds;
    },
  });
  const c = compilePeer('pingpong', mpi);
  const programs = [
    program('C', [c, level]),
    program('ours', ourPeer('pingpong', source)),
    program('C at single', [c, 'single'], 'single'),
  ];
  if (mpi4py) programs.push(program('mpi4py', [...pythonPeer('pingpong', mpi4py), level]));
  return {
    programs,
    rows([cSamples, ourSamples, cSingleSamples, mpi4pySamples]) {
      return measurements.map((measurement, i) => {
        const convert = converter(measurement);
        const samples = {
          ours: perRound(ourSamples, i, convert),
          c: perRound(cSamples, i, convert),
          cSingle: perRound(cSingleSamples, i, convert),
          ...(mpi4pySamples && { mpi4py: perRound(mpi4pySamples, i, convert) }),
        };
        const ratios = pairwise(samples.ours, samples.c);
        const { what, unit } = measurement;
        const row = { mpi: mpi.flavour, what, unit, ...samples, ratios };
        return { ...row, target: judge(measurement, row) };
      });
    },
  };
}

function converter({ kind, bytes, unit }: Measurement): (seconds: number) => number {
  const messages = kind === 'pingpong' || kind === 'huge' ? 2 : 1;
  if (unit === 'µs') return (seconds) => (seconds * 1e6) / messages;
  return (seconds) => (bytes * messages) / seconds / 1e9;
}

function judge(measurement: Measurement, row: Row): Row['target'] {
  const { target, unit, fasterThanMpi4py } = measurement;
  if (target === undefined) return undefined;
  const ratio = median(row.ratios!);
  if (unit === 'GB/s') return { text: `≥ ${target} × C`, met: ratio >= target };
  if (!fasterThanMpi4py || !row.mpi4py) return { text: `≤ ${target} × C`, met: ratio <= target };
  const beatsMpi4py = median(row.ours) < median(row.mpi4py);
  return { text: `≤ ${target} × C, < mpi4py`, met: ratio <= target && beatsMpi4py };
}
