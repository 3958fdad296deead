import { mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';
import { sourceOf } from './compiled.ts';
import { RESULTS_FOLDER } from './environment.ts';
import { patience } from './patience.ts';
import { describeError } from './recordedError.ts';
import { type RankRecord, recordFileName, type TestId } from './records.ts';
import { skipReasonOf } from './skip.ts';

/*
 * Mocha loads this module before the test files, so that what happens while they load is
 * recorded too. Every record is written synchronously: it must survive a crash right after.
 */
const folder = process.env[RESULTS_FOLDER] ?? '.';
const rank = Number(process.env.OMPI_COMM_WORLD_RANK ?? process.env.PMI_RANK ?? 0);
mkdirSync(folder, { recursive: true });
const descriptor = openSync(join(folder, recordFileName(rank)), 'a');

/** How long a failed rank stays, so that the others can report the same failure. */
const FAREWELL_MS = 250;

type WithoutTime<R> = R extends RankRecord ? Omit<R, 't'> : never;

function write(record: WithoutTime<RankRecord>): void {
  writeSync(descriptor, `${JSON.stringify({ ...record, t: Date.now() })}\n`);
}

write({ event: 'boot', pid: process.pid });
process.on('exit', (code) => write({ event: 'exit', code }));
recordLoadErrors();
waitPatiently();

/** Mocha reports an error in loading a test file before it has a reporter. */
function recordLoadErrors(): void {
  const prototype = Mocha.prototype as unknown as { loadFilesAsync(): Promise<void> };
  const load = prototype.loadFilesAsync;
  prototype.loadFilesAsync = async function (this: typeof prototype): Promise<void> {
    try {
      await load.call(this);
    } catch (error) {
      write({ event: 'loadFailed', error: describeError(error, '') });
      throw error;
    }
  };
}

/** Each test and hook is given its time limit once, by its suite or by itself. */
function waitPatiently(): void {
  const prototype = Mocha.Runnable.prototype as unknown as {
    timeout(ms?: number | string): unknown;
  };
  const { timeout } = prototype;
  prototype.timeout = function (this: typeof prototype, ms) {
    return ms === undefined ? timeout.call(this) : timeout.call(this, Number(ms) * patience());
  };
}

/** Mocha reporter that writes what its rank does into the rank's file of records. */
export default class RankReporter {
  readonly #ids = new Map<unknown, TestId>();

  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    runner.on('start', () => this.#plan(runner.suite, options.grep));
    runner.on('hook', (hook) => write({ event: 'hook', title: hook.fullTitle() }));
    runner.on('hook end', () => write({ event: 'hookEnd' }));
    runner.on('test', (test) => write({ event: 'test', ...this.#idOf(test) }));
    runner.on('pass', (test) => write({ event: 'pass', ...this.#idOf(test) }));
    runner.on('pending', (test) => {
      write({ event: 'skip', ...this.#idOf(test), reason: skipReasonOf(test) });
    });
    runner.on('fail', (test, error: unknown) => {
      const id = this.#idOf(test);
      write({ event: 'fail', ...id, error: describeError(error, id.file) });
    });
    runner.on('end', () => write({ event: 'end' }));
  }

  /** Called by mocha at the end. A failed rank leaves even if something keeps it alive. */
  done(failures: number, finish: (failures: number) => void): void {
    finish(failures);
    if (failures > 0) setTimeout(() => process.exit(1), FAREWELL_MS);
  }

  #plan(root: Mocha.Suite, grep: MochaGrep): void {
    const tests: TestId[] = [];
    const uses = new Map<string, number>();
    root.eachTest((test) => {
      const title = test.fullTitle();
      if (grep instanceof RegExp && !grep.test(title)) return;
      const file = localPath(test.file);
      const use = (uses.get(`${file}\n${title}`) ?? 0) + 1;
      uses.set(`${file}\n${title}`, use);
      const id = { file, title: use === 1 ? title : `${title} (${use})` };
      this.#ids.set(test, id);
      tests.push(id);
    });
    write({ event: 'plan', tests });
  }

  #idOf(test: Mocha.Runnable): TestId {
    return this.#ids.get(test) ?? { file: localPath(test.file), title: test.fullTitle() };
  }
}

type MochaGrep = Mocha.MochaOptions['grep'];

function localPath(file: string | undefined): string {
  return file === undefined ? '' : sourceOf(file);
}
