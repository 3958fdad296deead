/** What the samples say: rows, memory, bandwidth and scaling. */
import { median, pairwise, type Quartiles, quantile, quartiles } from '../statistics.ts';
import type { Case, Run, Scaling } from './cases.ts';
import type { Timed } from './goals.ts';
import { type PeerName, peerNames, type Report } from './programs.ts';

/** Reports of each program, one a round. */
export type Reports = ReadonlyMap<string, readonly Report[]>;

/** Names a program: runs with the same name are one. */
export function nameOf({ peer, ranks, work }: Run): string {
  const { kind, size, iterations } = work;
  return `${peer}: ${kind} ${size} × ${iterations} on ${ranks}`;
}

/** Seconds of a program for so many iterations, one a round: the lower quartile of the batches. */
export function secondsOf(reports: Reports, run: Run, steps = 1): number[] | undefined {
  const all = reports.get(nameOf(run));
  return all?.map(({ seconds }) => steps * quantile(seconds, 0.25));
}

/** A row of the result, times in seconds. */
export interface Row extends Timed {
  readonly what: string;
  /** Our time by the compiled peer's, in the same round. */
  readonly ratio?: Quartiles;
  /** How many times as long others take. */
  readonly times: Readonly<Partial<Record<PeerName, number>>>;
  readonly pointsPerSecond: number;
  /** Bytes beyond what was there before the computation. */
  readonly extraBytes: Readonly<Partial<Record<PeerName, number>>>;
  /** Part of the bandwidth that a triad has on as many ranks. */
  readonly bandwidth?: { readonly bytesPerSecond: number; readonly ofTriad: number };
  readonly target?: { readonly text: string; readonly met: boolean };
}

const COMPILED: readonly PeerName[] = ['C', 'C++ -O3', 'C++ -march=native', 'Fortran'];

/** The compiled peer of a row. */
export function compiledPeer(row: Timed): PeerName | undefined {
  return COMPILED.find((peer) => row.peers[peer] !== undefined);
}

/** The row of a case; `triads` are bytes a second by the number of ranks, one a round. */
export function rowOf(
  reports: Reports,
  { what, ours, peers, steps = 1, points, bytes, goals = [], sum }: Case,
  triads: ReadonlyMap<number, readonly number[]>,
): Row {
  checkSums(reports, [ours, ...peers], sum);
  const own = secondsOf(reports, ours, steps);
  if (own === undefined) throw new Error(`no samples of ${nameOf(ours)}`);
  const theirs: Partial<Record<PeerName, readonly number[]>> = {};
  const times: Partial<Record<PeerName, number>> = {};
  for (const run of peers) {
    const seconds = secondsOf(reports, run, steps);
    if (seconds === undefined) continue;
    theirs[run.peer] = seconds;
    times[run.peer] = median(pairwise(seconds, own));
  }
  const timed: Timed = { ours: own, peers: theirs };
  const compiled = compiledPeer(timed);
  const triad = triads.get(ours.ranks);
  return {
    ...timed,
    what,
    times,
    ratio: compiled && quartiles(pairwise(own, theirs[compiled]!)),
    pointsPerSecond: points / median(own),
    extraBytes: Object.fromEntries(
      [ours, ...peers].flatMap((run) => {
        const all = reports.get(nameOf(run))?.map(({ extraBytes }) => extraBytes);
        return all === undefined || all[0] === undefined
          ? []
          : [[run === ours ? 'ours' : run.peer, median(all as number[])]];
      }),
    ),
    bandwidth:
      bytes === undefined || triad === undefined
        ? undefined
        : {
            bytesPerSecond: bytes / median(own),
            ofTriad: median(
              pairwise(
                own.map((seconds) => bytes / seconds),
                triad,
              ),
            ),
          },
    target: judged(timed, goals),
  };
}

function judged(timed: Timed, goals: NonNullable<Case['goals']>): Row['target'] {
  const known = goals.flatMap(({ text, judge }) => {
    const met = judge(timed);
    return met === undefined ? [] : [{ text, met }];
  });
  if (known.length === 0) return undefined;
  return { text: known.map(({ text }) => text).join(', '), met: known.every(({ met }) => met) };
}

/** Programs that do the same work must come to the same, and to what is known. */
function checkSums(reports: Reports, runs: readonly Run[], known: number | undefined): void {
  const [first] = runs;
  const wanted = known ?? reports.get(nameOf(first))?.[0].sum;
  const stepsOf = ({ work }: Run) => work.warmup + work.iterations * work.batches;
  for (const run of runs) {
    if (run.work.file === 'grids' && stepsOf(run) !== stepsOf(first)) continue;
    for (const { sum } of reports.get(nameOf(run)) ?? []) {
      if (wanted !== undefined && !(Math.abs(sum - wanted) <= 1e-10 * Math.abs(wanted))) {
        throw new Error(`${nameOf(run)} comes to ${sum}, not ${wanted}`);
      }
    }
  }
}

/** A line of a plot: points per second by the number of ranks. */
export interface Line {
  readonly name: string;
  readonly ranks: readonly number[];
  readonly pointsPerSecond: readonly number[];
  /** Times as fast as on one rank, in the same rounds. */
  readonly speedUps: readonly number[];
}

/** How programs scale. */
export function linesOf(reports: Reports, { programs, steps, points }: Scaling): Line[] {
  return programs.flatMap(({ name, runs }) => {
    const seconds = runs.map((run) => secondsOf(reports, run, steps));
    if (seconds.some((each) => each === undefined)) return [];
    const known = seconds as number[][];
    return [
      {
        name,
        ranks: runs.map(({ ranks }) => ranks),
        pointsPerSecond: known.map((each) => points / median(each)),
        speedUps: known.map((each) => median(pairwise(known[0], each))),
      },
    ];
  });
}

/** The peers of a row in the order that tables have. */
export function peersOf(row: Row): PeerName[] {
  return peerNames.filter((peer) => row.peers[peer] !== undefined);
}
