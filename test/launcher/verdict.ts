import { crashLines, findCrashes, hasFailed, lossLines } from './crashes.ts';
import { hangingTest, hangLines, leftoverLines } from './hang.ts';
import type { JobEnd } from './job.ts';
import { type FailedTest, placeOf, type RankLog } from './rankLog.ts';
import { keyOf, type TestId } from './records.ts';
import type { TestResult } from './results.ts';
import { GRACE_MS } from './watch.ts';
import { errorLines, groupBy, nameExit, nameRanks, verb } from './wording.ts';

/** All that is known of a suite run that is over. */
export interface SuiteRun {
  /** For results that belong to no test. */
  readonly file: string;
  /** One per rank; a single one for a plain process. */
  readonly logs: readonly RankLog[];
  readonly job: JobEnd;
  readonly output: string;
  /** Ranks seen to have left without passing, while the run went on. */
  readonly fallen: readonly number[];
  readonly timeLimit: number;
  /** Under mpiexec, where ranks have names. */
  readonly parallel: boolean;
  /** Whether the tests were narrowed, so that none at all may be right. */
  readonly narrowed: boolean;
}

/**
 * The verdict on every test of a suite run. A test passes if every rank says so. Whatever else
 * went wrong gives a failing result of its own, so that no run without results passes.
 */
export function judge(run: SuiteRun): TestResult[] {
  const complaints = new Complaints(run);
  complainOfFailures(run, complaints);
  complainOfRanks(run, complaints);
  complainOfLists(run, complaints);
  complainOfEnd(run, complaints);
  const planned = plannedTests(run.logs);
  const results = [
    ...planned.map((test) => resultOf(test, run, complaints)),
    ...complaints.besides(planned),
  ];
  if (results.length > 0 || run.narrowed) return results;
  return [failure({ file: run.file, title: '(list of tests)' }, ['the file has no tests'])];
}

/** What is wrong, by the test that it concerns. */
class Complaints {
  readonly #byKey = new Map<string, { test: TestId; lines: string[] }>();
  readonly #run: SuiteRun;

  constructor(run: SuiteRun) {
    this.#run = run;
  }

  get any(): boolean {
    return this.#byKey.size > 0;
  }

  add(test: TestId | string, lines: readonly string[]): void {
    const id = typeof test === 'string' ? { file: this.#run.file, title: test } : test;
    const entry = this.#byKey.get(keyOf(id)) ?? { test: id, lines: [] };
    const told = this.#run.parallel
      ? lines
      : lines.map((line) => line.replace(/^(hung: )?rank 0\b/, '$1the process'));
    entry.lines.push(...told);
    this.#byKey.set(keyOf(id), entry);
  }

  of(test: TestId): readonly string[] | null {
    return this.#byKey.get(keyOf(test))?.lines ?? null;
  }

  besides(planned: readonly TestId[]): TestResult[] {
    const keys = new Set(planned.map(keyOf));
    return [...this.#byKey]
      .filter(([key]) => !keys.has(key))
      .map(([, { test, lines }]) => failure(test, lines));
  }
}

function failure(test: TestId, lines: readonly string[], seconds = 0): TestResult {
  return { file: test.file, title: test.title, seconds, state: 'failed', lines };
}

function plannedTests(logs: readonly RankLog[]): TestId[] {
  const tests = new Map<string, TestId>();
  for (const log of logs) for (const test of log.plan ?? []) tests.set(keyOf(test), test);
  return [...tests.values()];
}

function resultOf(test: TestId, run: SuiteRun, complaints: Complaints): TestResult {
  const outcomes = run.logs.map((log) => log.outcomes.get(keyOf(test)));
  const seconds = Math.max(0, ...outcomes.map((outcome) => outcome?.seconds ?? 0));
  const { file, title } = test;
  const lines = complaints.of(test);
  if (lines !== null) return failure(test, lines, seconds);
  if (outcomes.every((outcome) => outcome?.state === 'passed')) {
    return { file, title, seconds, state: 'passed' };
  }
  const first = outcomes[0];
  if (first?.state === 'skipped' && outcomes.every((outcome) => outcome?.state === 'skipped')) {
    return { file, title, seconds, state: 'skipped', reason: first.reason };
  }
  return { file, title, seconds, state: 'notRun' };
}

/** Failed assertions and hooks, and files that cannot be loaded: alike on several ranks, once. */
function complainOfFailures(run: SuiteRun, complaints: Complaints): void {
  const failures = run.logs.flatMap((log) => log.failures.map((failed) => ({ ...failed, log })));
  for (const ofTest of groupBy(failures, ({ test }) => keyOf(test))) {
    for (const alike of groupBy(ofTest, ({ error }) => JSON.stringify(error))) {
      addError(run, complaints, alike);
    }
    const failed = ofTest.map(({ log }) => log);
    const test = ofTest[0]?.test;
    if (test !== undefined) complaints.add(test, restLines(run, failed, test));
  }
  const unloaded = run.logs.flatMap((log) => {
    const test = { file: run.file, title: '(loading the file)' };
    return log.loadError === null ? [] : [{ test, error: log.loadError, log }];
  });
  for (const alike of groupBy(unloaded, ({ error }) => JSON.stringify(error))) {
    addError(run, complaints, alike);
  }
}

function addError(
  run: SuiteRun,
  complaints: Complaints,
  alike: readonly (FailedTest & { log: RankLog })[],
): void {
  const [first] = alike;
  if (first === undefined) return;
  const who = run.parallel ? nameRanks(alike.map(({ log }) => log.rank)) : '';
  complaints.add(first.test, errorLines(first.error, who));
}

/** What the other ranks did with a test that failed on some. */
function restLines(run: SuiteRun, failed: readonly RankLog[], test: TestId): string[] {
  const rest = run.logs.filter((log) => !failed.includes(log));
  const stateOf = (log: RankLog) => {
    if (log.test !== null && keyOf(log.test) === keyOf(test)) return 'in it';
    return log.outcomes.get(keyOf(test))?.state ?? placeOf(log);
  };
  return groupBy(rest, stateOf).map((group) => {
    const ranks = group.map((log) => log.rank);
    const first = group[0];
    const state = first === undefined ? '' : stateOf(first);
    if (state === 'passed' || state === 'skipped') return `${nameRanks(ranks)} ${state} it`;
    const later = run.job.reason === 'stopped' ? ` ${GRACE_MS / 1000} s later` : '';
    return `${nameRanks(ranks)} ${verb(ranks, 'was', 'were')} still ${state}${later}`;
  });
}

/** Ranks that never came, or came twice. */
function complainOfRanks(run: SuiteRun, complaints: Complaints): void {
  for (const log of run.logs) {
    if (log.pids.length > 1) {
      complaints.add('(start)', [
        `${log.pids.length} processes took themselves for rank ${log.rank}: is this the mpiexec of another MPI?`,
      ]);
    }
  }
  const absent = run.logs.filter((log) => log.pids.length === 0);
  if (absent.length === 0) return;
  if (absent.length < run.logs.length && run.logs.some(hasFailed)) return;
  const { job } = run;
  const who = run.parallel ? nameRanks(absent.map((log) => log.rank)) : 'the process';
  const why =
    job.startError ?? `${run.parallel ? 'mpiexec' : 'it'} ${nameExit(job.code, job.signal)}`;
  complaints.add('(start)', [`${who} did not start: ${why}`]);
}

/** Ranks that do not set out to run the same tests, or skip different ones. */
function complainOfLists(run: SuiteRun, complaints: Complaints): void {
  const logs = run.logs.filter((log) => log.plan !== null);
  const listOf = (log: RankLog) => (log.plan ?? []).map(keyOf);
  for (const test of plannedTests(logs)) {
    const having = logs.filter((log) => listOf(log).includes(keyOf(test)));
    if (having.length < logs.length) {
      const ranks = having.map((log) => log.rank);
      complaints.add(test, [
        `only ${nameRanks(ranks)} ${verb(ranks, 'has', 'have')} this test: the ranks disagree about the list of tests`,
      ]);
      continue;
    }
    const skipping = logs.filter((log) => log.outcomes.get(keyOf(test))?.state === 'skipped');
    const running = logs.filter((log) => log.outcomes.get(keyOf(test))?.state === 'passed');
    if (skipping.length > 0 && running.length > 0) {
      complaints.add(test, [
        `${nameRanks(skipping.map((log) => log.rank))} skipped it, ${nameRanks(running.map((log) => log.rank))} ran it`,
      ]);
    }
  }
  const lists = new Set(logs.map((log) => listOf(log).join('\n')));
  const sets = new Set(logs.map((log) => listOf(log).sort().join('\n')));
  if (sets.size === 1 && lists.size > 1) {
    complaints.add('(list of tests)', ['the ranks have the same tests in different order']);
  }
}

/** Crashes, hangs, and ends that do not fit what the ranks reported. */
function complainOfEnd(run: SuiteRun, complaints: Complaints): void {
  const { logs, job } = run;
  const crashes = findCrashes(logs, job, run.output, run.fallen);
  const first = logs.find((log) => log.rank === crashes[0]?.rank);
  if (first !== undefined)
    complaints.add(first.test ?? placeTitle(first), crashLines(crashes, logs));
  if (job.reason === 'timeLimit') {
    const stuck = logs.find((log) => log.exitCode === null) ?? logs[0];
    const place = hangingTest(logs) ?? (stuck === undefined ? '(end)' : placeTitle(stuck));
    complaints.add(place, hangLines(logs, job, run.timeLimit));
  }
  if (job.reason === 'stopped' && logs.every((log) => log.exitCode !== null)) {
    complaints.add('(end)', leftoverLines(logs, job));
  }
  const lost = logs.filter((log) => !log.ended && log.pids.length > 0);
  if (!complaints.any && lost[0] !== undefined) {
    const place = hangingTest(logs) ?? placeTitle(lost[0]);
    complaints.add(place, lossLines(lost, job, run.parallel));
  }
  if (!complaints.any && (job.code !== 0 || job.signal !== null)) {
    const who = run.parallel ? 'mpiexec' : 'the process';
    complaints.add('(end)', [
      `after all tests ${who} ${nameExit(job.code, job.signal)}`,
      ...logs.filter((log) => log.exitCode !== 0).map(lastWord),
    ]);
  }
  if (job.reason === 'ended' && job.survivors.length > 0) {
    const [noun, pronoun] = job.survivors.length === 1 ? ['process', 'it'] : ['processes', 'them'];
    complaints.add('(end)', [
      `${job.survivors.length} ${noun} still running after the end (killed ${pronoun}):`,
      ...job.survivors.map(({ pid, command }) => `    ${pid} ${command}`),
    ]);
  }
}

function lastWord(log: RankLog): string {
  if (log.exitCode === null) return `rank ${log.rank} did not live to report its exit`;
  return `rank ${log.rank} left with exit code ${log.exitCode}`;
}

function placeTitle(log: RankLog): string {
  return `(${placeOf(log)})`;
}
