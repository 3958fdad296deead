/** What a row of the benchmark of expressions shall reach. */
import { median, pairwise } from '../statistics.ts';
import type { PeerName } from './programs.ts';
import { formatSeconds } from './seconds.ts';

/** Seconds of the programs of a row, one a round; those that could not be run are not there. */
export interface Timed {
  readonly ours: readonly number[];
  readonly peers: Readonly<Partial<Record<PeerName, readonly number[]>>>;
}

/** A goal of a row. */
export interface Goal {
  readonly text: string;
  /** Whether it is met; undefined when what is compared is missing. */
  judge(row: Timed): boolean | undefined;
}

/** At most `factor` times a peer's time. */
export function atMost(factor: number, peer: PeerName, name: string = peer): Goal {
  return {
    text: factor === 1 ? `faster than ${name}` : `≤ ${factor} × ${name}`,
    judge: ({ ours, peers: { [peer]: theirs } }) =>
      theirs && median(pairwise(ours, theirs)) <= factor,
  };
}

/** At least `factor` times as fast as a peer. */
export function atLeast(factor: number, peer: PeerName): Goal {
  return {
    text: `≥ ${factor} × ${peer}`,
    judge: ({ ours, peers: { [peer]: theirs } }) =>
      theirs && median(pairwise(theirs, ours)) >= factor,
  };
}

/** At most so many seconds. */
export function within(seconds: number): Goal {
  return {
    text: `≤ ${formatSeconds(seconds)}`,
    judge: ({ ours }) => median(ours) <= seconds,
  };
}
