/** What is measured of messages and collectives. */
import type { MpiFlavour } from '../src/native.ts';
import { atLeast, atMost, type Goal, notSlowerThanMpi4py, within } from './goals.ts';

/** One measurement, for all peers. */
export interface Measurement {
  readonly what: string;
  /** Key in the peers' tables of kinds. */
  readonly kind: string;
  /** Where our buffers come from. */
  readonly memory: 'plain' | 'allocMem' | 'local';
  readonly bytes: number;
  readonly warmup: number;
  readonly iterations: number;
  readonly batches: number;
  readonly unit: 'µs' | 'GB/s';
  /** How many times an iteration holds what the row shows. Default 1; 2 for round trips. */
  readonly parts?: number;
  /** MPI calls in what the row shows, where the time that each takes longer than in C is a row. */
  readonly calls?: { readonly names: string; readonly count: number };
  /** In C the same is another measurement, or nothing. */
  readonly inC?: false;
  readonly goals?: (mpi: MpiFlavour) => readonly Goal[];
}

// Warm-up is for JavaScript's compiler and the MPIs' connections. Batches take some milliseconds.
const small = { warmup: 20_000, iterations: 5_000, batches: 60, unit: 'µs' } as const;
const large = { bytes: 4 << 20, warmup: 20, iterations: 4, batches: 80, unit: 'GB/s' } as const;
const mebi = { bytes: 1 << 20, warmup: 30, iterations: 10, batches: 60, unit: 'GB/s' } as const;
const value = { bytes: 80_000_000, warmup: 4, iterations: 4, batches: 6, unit: 'GB/s' } as const;

/** Huge pages are for what Open MPI copies from process to process; MPICH is only compared. */
const hugePages = (mpi: MpiFlavour): Goal[] =>
  mpi === 'openmpi' ? [atLeast(1.5), notSlowerThanMpi4py] : [];

const hugeCollective = (mpi: MpiFlavour): Goal[] =>
  mpi === 'openmpi' ? [notSlowerThanMpi4py] : [];

/** A collective between plain arrays, as C's are, and between such as NumPy's: large ones on huge pages. */
function ofMebibyte(what: string, kind: string): Measurement[] {
  const goals = (): Goal[] => [atLeast(0.97)];
  return [
    { what: `${what}, plain arrays`, kind, memory: 'plain', ...mebi, goals },
    { what: `${what}, allocMem`, kind, memory: 'allocMem', ...mebi, goals: hugeCollective },
  ];
}

export const measurements: readonly Measurement[] = [
  {
    what: 'ping-pong 8 B, half round trip',
    kind: 'pingpong',
    memory: 'plain',
    bytes: 8,
    ...small,
    parts: 2,
    calls: { names: 'send, recv', count: 2 },
    goals: () => [atMost(1.35), within(80), notSlowerThanMpi4py],
  },
  {
    what: 'ping-pong 1 KiB, half round trip',
    kind: 'pingpong',
    memory: 'plain',
    bytes: 1024,
    ...small,
    parts: 2,
    goals: () => [notSlowerThanMpi4py],
  },
  {
    what: 'isend/irecv + wait 8 B, half round trip',
    kind: 'started',
    memory: 'plain',
    bytes: 8,
    ...small,
    parts: 2,
    calls: { names: 'isend, irecv, two waits', count: 4 },
    goals: () => [atMost(1.5), notSlowerThanMpi4py],
  },
  {
    what: 'await isend, irecv 8 B, half round trip',
    kind: 'awaited',
    memory: 'plain',
    bytes: 8,
    ...small,
    iterations: 1000,
    parts: 2,
  },
  {
    what: 'ping-pong 4 MiB, plain arrays',
    kind: 'pingpong',
    memory: 'plain',
    ...large,
    parts: 2,
    goals: () => [atLeast(0.98)],
  },
  {
    what: 'ping-pong 4 MiB, allocMem',
    kind: 'pingpong',
    memory: 'allocMem',
    ...large,
    parts: 2,
    goals: hugePages,
  },
  {
    what: 'ping-pong 4 MiB, local arrays',
    kind: 'pingpong',
    memory: 'local',
    ...large,
    parts: 2,
    goals: hugePages,
  },
  {
    what: 'barrier',
    kind: 'barrier',
    memory: 'plain',
    bytes: 0,
    ...small,
    calls: { names: 'barrier', count: 1 },
    goals: () => [notSlowerThanMpi4py],
  },
  {
    what: 'allreduce 8 B, buffers',
    kind: 'allreduce',
    memory: 'plain',
    bytes: 8,
    ...small,
    calls: { names: 'allreduce', count: 1 },
    goals: () => [within(200), notSlowerThanMpi4py],
  },
  {
    what: 'allreduce of a number',
    kind: 'scalar',
    memory: 'plain',
    bytes: 8,
    ...small,
    calls: { names: 'allreduce of a number', count: 1 },
    goals: () => [notSlowerThanMpi4py],
  },
  ...ofMebibyte('bcast 1 MiB', 'bcast'),
  ...ofMebibyte('allreduce 1 MiB', 'allreduce'),
  ...ofMebibyte('allgather 1 MiB a rank', 'allgather'),
  ...ofMebibyte('alltoall 1 MiB a pair', 'alltoall'),
  { what: '80 MB one way, plain arrays', kind: 'oneway', memory: 'plain', ...value },
  {
    what: '80 MB one way, allocMem',
    kind: 'oneway',
    memory: 'allocMem',
    ...value,
    goals: () => [notSlowerThanMpi4py],
  },
  {
    // C has no values: ours are compared with our buffers in bench/pingpong.ts.
    what: '80 MB one way, a value',
    kind: 'object',
    memory: 'plain',
    ...value,
    inC: false,
    goals: () => [notSlowerThanMpi4py],
  },
];
