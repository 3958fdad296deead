/** Messages and collectives between two ranks. */
import { atLeastBuffers, judge } from './goals.ts';
import type { Mpi } from './launch.ts';
import { launch } from './launch.ts';
import { type Measurement, measurements } from './measurements.ts';
import type { Options, ThreadLevel } from './options.ts';
import type { Source } from './peers/ours.ts';
import { compilePeer, type Mpi4py, ourPeer, pythonPeer } from './peers.ts';
import { pairwise } from './statistics.ts';
import { type Program, perRound, type Row, type Samples, type Suite } from './suite.ts';

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
  const specify = ({ kind, memory, bytes, warmup, iterations, batches }: Measurement): string =>
    [kind, bytes, warmup, iterations, quick ? Math.min(batches, 10) : batches, memory].join(':');
  const specifications = measurements.map(specify);
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
  return { programs, rows: (samples) => makeRows(mpi, samples) };
}

function makeRows(mpi: Mpi, [c, ours, cSingle, mpi4py]: readonly Samples[]): Row[] {
  const rows = measurements.map((measurement, i): Row => {
    const convert = converter(measurement);
    const { what, unit, calls } = measurement;
    const own = { mpi: mpi.flavour, what, unit, ours: perRound(ours, i, convert) };
    const others = mpi4py && { mpi4py: perRound(mpi4py, i, convert) };
    if (measurement.inC === false) return { ...own, ...others };
    const inC = { c: perRound(c, i, convert), cSingle: perRound(cSingle, i, convert) };
    const more = (sample: number, round: number): number => sample - inC.c[round];
    return {
      ...own,
      ...others,
      ...inC,
      ratios: pairwise(own.ours, inC.c),
      ...(calls && {
        calls: calls.names,
        overheads: own.ours.map(more).map((microseconds) => (microseconds * 1000) / calls.count),
      }),
    };
  });
  const buffers = rows[measurements.findIndex(({ kind }) => kind === 'oneway')].ours;
  return rows.map((row, i) => {
    const { kind, goals } = measurements[i];
    const all = [...(goals?.(mpi.flavour) ?? [])];
    if (kind === 'object') all.unshift(atLeastBuffers(0.8, buffers));
    return { ...row, target: judge(row, all) };
  });
}

function converter({ parts = 1, bytes, unit }: Measurement): (seconds: number) => number {
  if (unit === 'µs') return (seconds) => (seconds * 1e6) / parts;
  return (seconds) => (bytes * parts) / seconds / 1e9;
}
