/** What suites of measurements have in common: programs that take turns, and rows that result. */
import type { MpiFlavour } from '../src/native.ts';
import type { Mpi } from './launch.ts';
import { quantile } from './statistics.ts';

/** A program under measurement; one run is one `mpiexec`. */
export interface Program {
  readonly mpi: Mpi;
  readonly name: string;
  /** Runs it; returns the seconds per iteration of every batch, by measurement. */
  run(): number[][];
}

/** Samples of one program: of each round, by measurement, the batches in seconds. */
export type Samples = readonly (readonly number[])[][];

/** A line of the result. Samples are in `unit`, one a round. */
export interface Row {
  readonly mpi: MpiFlavour;
  readonly what: string;
  readonly unit: string;
  readonly ours: readonly number[];
  readonly c?: readonly number[];
  readonly cSingle?: readonly number[];
  readonly mpi4py?: readonly number[];
  /** Ours by C's in the same round, where that means something. */
  readonly ratios?: readonly number[];
  /** Nanoseconds that each MPI call takes longer than in C, and which calls those are. */
  readonly overheads?: readonly number[];
  readonly calls?: string;
  readonly target?: { readonly text: string; readonly met: boolean };
}

/** A suite for one MPI. */
export interface Suite {
  readonly programs: readonly Program[];
  /** The rows, from the samples of each program in the order of `programs`. */
  rows(samples: readonly Samples[]): Row[];
}

/**
 * Runs all programs `rounds` times, in turns, so that a disturbance meets all of them alike; each
 * round begins with another one.
 */
export function runInTurns(
  programs: readonly Program[],
  rounds: number,
  progress: (text: string) => void,
): Samples[] {
  const samples = programs.map((): number[][][] => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < programs.length; turn++) {
      const index = (turn + round) % programs.length;
      const { mpi, name, run } = programs[index];
      progress(`round ${round + 1} of ${rounds}: ${name}, ${mpi.version}`);
      samples[index].push(run());
    }
  }
  return samples;
}

/**
 * A measurement's samples, one a round: the lower quartile of the batches, converted. A batch takes
 * milliseconds, so one that was interrupted stands out, and less than three quarters of them are.
 */
export function perRound(
  samples: Samples,
  measurement: number,
  convert: (seconds: number) => number,
): number[] {
  return samples.map((round) => convert(quantile(round[measurement], 0.25)));
}
