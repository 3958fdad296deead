import type { JobEnd } from './job.ts';
import { placeOf, type RankLog } from './rankLog.ts';
import { groupBy, nameExit, nameRanks, nameSignal, verb } from './wording.ts';

/** A rank that ended before its tests did, by its own doing. */
export interface Crash {
  readonly rank: number;
  readonly how: string;
}

/**
 * The ranks that are known to have gone first: those that left with an exit code in the
 * middle of their tests, and those that the launcher names. hydra names none.
 */
export function findCrashes(
  logs: readonly RankLog[],
  job: JobEnd,
  output: string,
  fallen: readonly number[],
): Crash[] {
  const blameless = !logs.some(hasFailed);
  const crashes = new Map<number, string>();
  for (const log of logs) {
    if (log.ended || hasFailed(log)) continue;
    if (log.exitCode !== null) crashes.set(log.rank, `left with exit code ${log.exitCode}`);
    else if (job.reason === 'stopped' && fallen.includes(log.rank)) crashes.set(log.rank, 'died');
  }
  if (job.reason === 'ended') {
    const noticed = /process rank (\d+) with PID \d+ on node \S+ exited on signal (\d+)/g;
    for (const [, rank, text] of output.matchAll(noticed)) {
      const signal = Number(text);
      // after a failure the launcher ends the others, by signals that are no crash
      if (blameless || !ENDING_SIGNALS.includes(signal)) {
        crashes.set(Number(rank), `was ended by ${nameSignal(signal)}`);
      }
    }
  }
  return [...crashes]
    .map(([rank, how]) => ({ rank, how }))
    .filter(({ rank }) => rank < logs.length)
    .sort((a, b) => a.rank - b.rank);
}

const ENDING_SIGNALS = [1, 2, 9, 15];

/** Whether a rank has reported a failure itself. */
export function hasFailed(log: RankLog): boolean {
  return log.failures.length > 0 || log.loadError !== null;
}

/** What is said of a crash, from the point of view of all ranks. */
export function crashLines(crashes: readonly Crash[], logs: readonly RankLog[]): string[] {
  const crashed = (log: RankLog) => crashes.some((crash) => crash.rank === log.rank);
  const places = logs.filter(crashed).map(placeOf);
  const lines = crashes.map(({ rank, how }) => {
    const log = logs[rank];
    return `rank ${rank} ${how} ${log === undefined ? '' : placeOf(log)}`;
  });
  const others = groupBy(
    logs.filter((log) => !log.ended && !crashed(log)),
    (log) => (places.includes(placeOf(log)) ? 'there too' : placeOf(log)),
  );
  return [...lines, ...others.map((group) => `${whereabouts(group, places)}, and ended with it`)];
}

/** What is said when ranks are missing and nobody knows which went first. */
export function lossLines(lost: readonly RankLog[], job: JobEnd, parallel: boolean): string[] {
  const [first] = lost;
  if (!parallel && first !== undefined) {
    return [`the process ${nameExit(job.code, job.signal)} ${placeOf(first)}`];
  }
  return [
    `mpiexec ${describeEnd(job)}, before these ranks had ended their tests:`,
    ...groupBy(lost, placeOf).map((group) => whereabouts(group, [])),
  ];
}

/** hydra exits with the number of the signal that ended a rank, shells with 128 + it. */
function describeEnd(job: JobEnd): string {
  const end = nameExit(job.code, job.signal);
  const crash = [4, 6, 7, 8, 9, 11, 15].find((n) => job.code === n || job.code === 128 + n);
  return crash === undefined ? end : `${end}, as after ${nameSignal(crash)}`;
}

function whereabouts(group: readonly RankLog[], known: readonly string[]): string {
  const ranks = group.map((log) => log.rank);
  const place = group[0] === undefined ? '' : placeOf(group[0]);
  return `${nameRanks(ranks)} ${verb(ranks, 'was', 'were')} ${known.includes(place) ? 'there too' : place}`;
}
