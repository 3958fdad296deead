import { keyOf, type RankRecord, type RecordedError, type TestId } from './records.ts';

/** What a rank reported of one test. */
export type Outcome =
  | { readonly state: 'passed'; readonly seconds: number }
  | { readonly state: 'failed'; readonly seconds: number; readonly error: RecordedError }
  | { readonly state: 'skipped'; readonly seconds: number; readonly reason: string };

/** What is known of one rank from its records. */
export interface RankLog {
  readonly rank: number;
  /** Processes that took themselves for this rank: more than one is a launcher's mistake. */
  readonly pids: readonly number[];
  readonly loadError: RecordedError | null;
  /** The tests it set out to run; `null` if it never got to its tests. */
  readonly plan: readonly TestId[] | null;
  /** By `keyOf`; holds failed hooks too. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly failures: readonly FailedTest[];
  /** The test that it has begun and not finished. */
  readonly test: TestId | null;
  /** The hook that it has begun and not finished. */
  readonly hook: string | null;
  /** When it last reported anything, milliseconds since the epoch. */
  readonly lastSign: number | null;
  readonly ended: boolean;
  readonly exitCode: number | null;
}

export interface FailedTest {
  readonly test: TestId;
  readonly error: RecordedError;
}

/** Folds a rank's records into what they say about it. */
export function foldRecords(rank: number, records: readonly RankRecord[]): RankLog {
  const pids: number[] = [];
  const outcomes = new Map<string, Outcome>();
  const failures: FailedTest[] = [];
  let loadError: RecordedError | null = null;
  let plan: readonly TestId[] | null = null;
  let test: TestId | null = null;
  let hook: string | null = null;
  let begun = 0;
  let ended = false;
  let exitCode: number | null = null;

  const settle = (id: TestId, outcome: Outcome) => {
    if (outcomes.get(keyOf(id))?.state !== 'failed') outcomes.set(keyOf(id), outcome);
    if (test !== null && keyOf(test) === keyOf(id)) test = null;
  };
  for (const record of records) {
    const seconds = Math.max(0, record.t - begun) / 1000;
    switch (record.event) {
      case 'boot':
        pids.push(record.pid);
        break;
      case 'loadFailed':
        loadError = record.error;
        break;
      case 'plan':
        plan = record.tests;
        break;
      case 'hook':
        hook = record.title;
        break;
      case 'hookEnd':
        hook = null;
        break;
      case 'test':
        test = { file: record.file, title: record.title };
        begun = record.t;
        break;
      case 'pass':
        settle(record, { state: 'passed', seconds });
        break;
      case 'skip':
        settle(record, { state: 'skipped', seconds: 0, reason: record.reason });
        break;
      case 'fail':
        settle(record, { state: 'failed', seconds, error: record.error });
        failures.push({ test: { file: record.file, title: record.title }, error: record.error });
        hook = null;
        break;
      case 'end':
        ended = true;
        break;
      case 'exit':
        exitCode = record.code;
    }
  }
  const lastSign = records.at(-1)?.t ?? null;
  return {
    rank,
    pids,
    loadError,
    plan,
    outcomes,
    failures,
    test,
    hook,
    lastSign,
    ended,
    exitCode,
  };
}

/** Where a rank is, in words: `in test 'X'`, `loading the file`, … */
export function placeOf(log: RankLog): string {
  if (log.pids.length === 0) return 'not started';
  if (log.hook !== null) return `in hook '${log.hook}'`;
  if (log.test !== null) return `in test '${log.test.title}'`;
  if (log.plan === null) return 'loading the file';
  return log.ended ? 'past its tests' : 'between two tests';
}
