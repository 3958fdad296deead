/** What a row shall reach, and whether it does. */
import { median, pairwise } from './statistics.ts';
import type { Row } from './suite.ts';

/** A goal of a row. */
export interface Goal {
  readonly text: string;
  /** Whether the row meets it; undefined when it lacks what is compared. */
  judge(row: Row): boolean | undefined;
}

const isRate = ({ unit }: Row): boolean => unit === 'GB/s';

/** At most `factor` times C's time. */
export function atMost(factor: number): Goal {
  return { text: `≤ ${factor} × C`, judge: ({ ratios }) => ratios && median(ratios) <= factor };
}

/** At least `factor` times C's bandwidth. */
export function atLeast(factor: number): Goal {
  return { text: `≥ ${factor} × C`, judge: ({ ratios }) => ratios && median(ratios) >= factor };
}

/** At most so many nanoseconds more than C in each of the MPI calls of what the row shows. */
export function within(nanoseconds: number): Goal {
  return {
    text: `≤ C + ${nanoseconds} ns a call`,
    judge: ({ overheads }) => overheads && median(overheads) <= nanoseconds,
  };
}

/** At least `factor` times the bandwidth of our buffers in the same rounds. */
export function atLeastBuffers(factor: number, buffers: readonly number[]): Goal {
  return {
    text: `≥ ${factor} × buffers`,
    judge: ({ ours }) => median(pairwise(ours, buffers)) >= factor,
  };
}

/**
 * Not slower than mpi4py, as far as the rounds can tell: 2 % is what medians of ten rounds of the same
 * program differ by.
 */
export const notSlowerThanMpi4py: Goal = {
  text: 'not slower than mpi4py',
  judge: (row) => {
    if (row.mpi4py === undefined) return undefined;
    const ratio = median(pairwise(row.ours, row.mpi4py));
    return isRate(row) ? ratio >= 0.98 : ratio <= 1.02;
  },
};

/** The goals of a row that can be judged, as one. */
export function judge(row: Row, goals: readonly Goal[]): Row['target'] {
  const judged = goals.flatMap((goal) => {
    const met = goal.judge(row);
    return met === undefined ? [] : [{ text: goal.text, met }];
  });
  if (judged.length === 0) return undefined;
  return { text: judged.map(({ text }) => text).join(', '), met: judged.every(({ met }) => met) };
}

/** The rows in which mpi4py is faster. */
export function slowerThanMpi4py(rows: readonly Row[]): Row[] {
  return rows.filter((row) => notSlowerThanMpi4py.judge(row) === false);
}
