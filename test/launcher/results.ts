import { isSpmdOnly } from './skip.ts';

/** What came of one test in one suite run. */
export type TestResult = {
  readonly file: string;
  readonly title: string;
  readonly seconds: number;
} & (
  | { readonly state: 'passed' }
  | { readonly state: 'skipped'; readonly reason: string }
  /** Counts as failed: something before it ended the run. */
  | { readonly state: 'notRun' }
  | { readonly state: 'failed'; readonly lines: readonly string[] }
);

/** One file under one configuration. */
export interface SuiteResult {
  /** `openmpi ×3`, `unit` or `types`. */
  readonly config: string;
  /** The file, without the kind's folder and `.test.ts`. */
  readonly name: string;
  readonly tests: readonly TestResult[];
  readonly seconds: number;
  /** What the processes printed. */
  readonly output: string;
}

export interface Totals {
  readonly passed: number;
  readonly failed: number;
  /** But for those that are {@link Totals.spmdOnly}. */
  readonly skipped: number;
  /** Tests that clients leave out. */
  readonly spmdOnly: number;
}

/** Counts results; tests that were not run count as failed. */
export function countResults(tests: readonly TestResult[]): Totals {
  const count = (state: TestResult['state']) => tests.filter((test) => test.state === state).length;
  const spmdOnly = tests.filter(isLeftOut).length;
  return {
    passed: count('passed'),
    failed: count('failed') + count('notRun'),
    skipped: count('skipped') - spmdOnly,
    spmdOnly,
  };
}

/** Whether a test was skipped since it is not for clients. */
export function isLeftOut(test: TestResult): boolean {
  return test.state === 'skipped' && isSpmdOnly(test.reason);
}

/** A test, or the set of all whose full title begins so, that may be skipped in CI. */
export interface AllowedSkip {
  readonly test: string;
  readonly reason: string;
}

/** Turns the skips that are not on the list into failures. */
export function refuseOtherSkips(
  tests: readonly TestResult[],
  allowed: readonly AllowedSkip[],
): TestResult[] {
  return tests.map((test) => {
    if (test.state !== 'skipped' || isLeftOut(test)) return test;
    if (allowed.some((entry) => test.title.startsWith(entry.test))) return test;
    const { file, title, seconds } = test;
    return {
      file,
      title,
      seconds,
      state: 'failed',
      lines: [
        `skipped without permission: ${test.reason}`,
        'In CI a skipped test must be on the list test/launcher/allowed-skips.json.',
      ],
    };
  });
}
