/** What one rank writes down about its run, one JSON object per line. */
export type RankRecord =
  | { readonly event: 'boot'; readonly t: number; readonly pid: number }
  | { readonly event: 'loadFailed'; readonly t: number; readonly error: RecordedError }
  | { readonly event: 'plan'; readonly t: number; readonly tests: readonly TestId[] }
  | { readonly event: 'hook'; readonly t: number; readonly title: string }
  | { readonly event: 'hookEnd'; readonly t: number }
  | ({ readonly event: 'test'; readonly t: number } & TestId)
  | ({ readonly event: 'pass'; readonly t: number } & TestId)
  | ({ readonly event: 'fail'; readonly t: number; readonly error: RecordedError } & TestId)
  | ({ readonly event: 'skip'; readonly t: number; readonly reason: string } & TestId)
  | { readonly event: 'end'; readonly t: number }
  | { readonly event: 'exit'; readonly t: number; readonly code: number };

/** A test, or a hook that failed, within one file. */
export interface TestId {
  /** Path from the working directory; empty when unknown. */
  readonly file: string;
  /** Full title; a number is appended where a file uses it twice. */
  readonly title: string;
}

export interface RecordedError {
  /** Name, code and message; the message alone for assertion errors. */
  readonly message: string;
  /** `file:line` in the test file, or else the innermost place in the project. */
  readonly at: string | null;
  /** The project's own stack frames, innermost first. */
  readonly stack: readonly string[];
  /** Expected and actual value, where the message does not show them. */
  readonly diff: string | null;
}

/** Name of the file, in the results folder, where a rank writes its records. */
export function recordFileName(rank: number): string {
  return `rank-${rank}.jsonl`;
}

/** A key for a test that is unique within a suite run. */
export function keyOf(test: TestId): string {
  return `${test.file}\n${test.title}`;
}

/** The records in a file's text; a last line cut short by a crash is left out. */
export function parseRecords(text: string): RankRecord[] {
  const records: RankRecord[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    try {
      records.push(JSON.parse(line) as RankRecord);
    } catch {
      // a line that its writer could not finish
    }
  }
  return records;
}
