import type { JobEnd } from './job.ts';
import { placeOf, type RankLog } from './rankLog.ts';
import { keyOf, type TestId } from './records.ts';
import { groupBy, nameRanks } from './wording.ts';

/** The test at which a stopped run hangs: the earliest one that a rank has not left. */
export function hangingTest(logs: readonly RankLog[]): TestId | null {
  const plan = logs.find((log) => log.plan !== null)?.plan ?? [];
  const current = logs.flatMap((log) => (log.test === null ? [] : [keyOf(log.test)]));
  return plan.find((test) => current.includes(keyOf(test))) ?? null;
}

/**
 * Who hung where, and for how long:
 * `hung: ranks 0,2 in test 'X' for 58 s, rank 1 had finished it`.
 */
export function hangLines(logs: readonly RankLog[], job: JobEnd, timeLimit: number): string[] {
  const test = hangingTest(logs);
  const stuck = logs.filter((log) => log.exitCode === null);
  if (stuck.length === 0) return leftoverLines(logs, job);
  const at = (log: RankLog) =>
    test !== null && log.test !== null && keyOf(log.test) === keyOf(test);
  const inTest = stuck.filter(at);
  const parts = groupBy(inTest.length > 0 ? inTest : stuck, placeOf).map((group) => {
    const since = Math.min(...group.map((log) => log.lastSign ?? job.at - job.seconds * 1000));
    const seconds = Math.max(0, Math.round((job.at - since) / 1000));
    const place = group[0] === undefined ? '' : placeOf(group[0]);
    return `${nameRanks(group.map((log) => log.rank))} ${place} for ${seconds} s`;
  });
  const others = logs.filter((log) => !inTest.includes(log));
  const notes = test === null || inTest.length === 0 ? [] : otherNotes(others, test);
  return [
    `hung: ${[...parts, ...notes].join(', ')} (time limit ${timeLimit} s for the file)`,
    ...others
      .filter((log) => inTest.length > 0 && log.exitCode === null)
      .map((log) => `rank ${log.rank} was ${placeOf(log)}`),
  ];
}

/** What is said of a job that goes on although every rank has finished its JavaScript. */
export function leftoverLines(logs: readonly RankLog[], job: JobEnd): string[] {
  const ofRank = (pid: number) => logs.find((log) => log.pids.includes(pid));
  return [
    'the job did not end although every rank had left; still running were:',
    ...job.survivors.map(({ pid, command }) => {
      const log = ofRank(pid);
      const who = log === undefined ? '' : `rank ${log.rank} (hung in MPI_Finalize?): `;
      return `    ${pid} ${who}${command}`;
    }),
  ];
}

function otherNotes(others: readonly RankLog[], test: TestId): string[] {
  const stateOf = (log: RankLog): string => {
    const outcome = log.outcomes.get(keyOf(test));
    if (outcome === undefined) return 'not begun';
    return outcome.state === 'passed' ? 'finished' : outcome.state;
  };
  return groupBy(others, stateOf).map((group) => {
    const ranks = group.map((log) => log.rank);
    const state = group[0] === undefined ? '' : stateOf(group[0]);
    return `${nameRanks(ranks)} had ${state} it`;
  });
}
