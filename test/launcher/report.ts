import { styleText } from 'node:util';
import { countResults, isLeftOut, type SuiteResult, type TestResult } from './results.ts';
import { countOf } from './wording.ts';

const TAIL_LINES = 40;
const SLOWEST = 5;
const SHOWN_NOT_RUN = 3;

type Style = 'green' | 'red' | 'yellow' | 'dim';

/** Prints what comes of suite runs: a line each as they end, the failures once at the end. */
export class Report {
  readonly #suites: SuiteResult[] = [];
  readonly #remarks: string[] = [];
  #spmdOnlyFiles: readonly string[] = [];
  readonly #tty = process.stdout.isTTY === true;
  readonly #verbose: boolean;
  readonly #running = new Map<string, string>();
  #drawn = '';

  constructor(verbose: boolean) {
    this.#verbose = verbose;
  }

  /** Shows on a terminal what is going on. */
  progress(suite: string, status: string): void {
    if (!this.#tty) return;
    this.#running.set(suite, status);
    const text = [...this.#running].map(([name, doing]) => `${name}  ${doing}`).join('   ');
    const line = `  ${text}`.slice(0, (process.stdout.columns || 80) - 1);
    if (line === this.#drawn) return;
    this.#drawn = line;
    process.stdout.write(`\r\x1b[2K${line}`);
  }

  /** Forgets a suite run that is over in the live line. */
  settled(suite: string): void {
    this.#running.delete(suite);
    this.#clearLine();
  }

  /** Files that say that they are not for clients; they are counted at the end. */
  spmdOnlyFiles(names: readonly string[]): void {
    this.#spmdOnlyFiles = names;
  }

  /** A line about the run as a whole. */
  remark(text: string): void {
    this.#clearLine();
    console.log(text);
    this.#remarks.push(text);
  }

  /** Takes a suite run's result and prints its line. */
  add(suite: SuiteResult): void {
    this.#suites.push(suite);
    if (suite.tests.length === 0) return;
    const { passed, failed, skipped, spmdOnly } = countResults(suite.tests);
    const mark = failed > 0 ? this.#style('red', '✗') : this.#style('green', '✓');
    const counts = [
      countOf(passed + failed + skipped, 'test'),
      ...(failed > 0 ? [this.#style('red', `${failed} failed`)] : []),
      ...(skipped > 0 ? [this.#style('yellow', `${skipped} skipped`)] : []),
      ...(spmdOnly > 0 ? [`${spmdOnly} SPMD only`] : []),
    ];
    this.#clearLine();
    console.log(
      `${mark} ${suite.config}  ${suite.name}  ${counts.join(', ')}  ${duration(suite.seconds)}`,
    );
    if (this.#verbose && suite.output.trim() !== '') console.log(indent(suite.output.trimEnd()));
  }

  /** Prints failures, skips, the slowest suite runs and the totals; returns the exit code. */
  close(extraFailures: readonly string[]): number {
    this.#clearLine();
    let number = 0;
    for (const suite of this.#suites) {
      for (const test of suite.tests) {
        if (test.state === 'failed') this.#printFailure(suite, test, ++number);
      }
      this.#printNotRun(suite);
      this.#printTail(suite);
    }
    for (const text of extraFailures) console.log(`\n${++number}) ${text}`);
    this.#printSkips();
    this.#printSpmdOnly();
    this.#printSlowest();
    const totals = countResults(this.#suites.flatMap((suite) => suite.tests));
    const failed = totals.failed + extraFailures.length;
    if (totals.passed + failed + totals.skipped + totals.spmdOnly === 0)
      console.log('\nno test was run');
    const skips = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
    console.log(`\n${totals.passed} passed, ${failed} failed${skips}`);
    return failed === 0 && totals.passed > 0 ? 0 : 1;
  }

  #printFailure(suite: SuiteResult, test: TestResult & { state: 'failed' }, number: number): void {
    console.log(`\n${number}) ${suite.config}  ${suite.name} › ${test.title}`);
    for (const line of test.lines) console.log(`   ${this.#coloured(line)}`);
  }

  #coloured(line: string): string {
    const text = line.trimStart();
    if (text.startsWith('at ')) return this.#style('dim', line);
    if (/^\+ /.test(text)) return this.#style('green', line);
    if (/^- /.test(text)) return this.#style('red', line);
    return line;
  }

  #printNotRun(suite: SuiteResult): void {
    const missing = suite.tests.filter((test) => test.state === 'notRun');
    if (missing.length === 0) return;
    const titles = missing.slice(0, SHOWN_NOT_RUN).map((test) => `'${test.title}'`);
    const more = missing.length > SHOWN_NOT_RUN ? ', …' : '';
    console.log(
      `\n   ${suite.config}  ${suite.name}: ${countOf(missing.length, 'test')} not run: ${titles.join(', ')}${more}`,
    );
  }

  #printTail(suite: SuiteResult): void {
    const failed = countResults(suite.tests).failed > 0;
    const lines = suite.output.trimEnd().split('\n');
    if (!failed || this.#verbose || suite.output.trim() === '') return;
    const cut = lines.length > TAIL_LINES ? `, last ${TAIL_LINES} of ${lines.length} lines` : '';
    console.log(`\n   output of ${suite.config}  ${suite.name}${cut}:`);
    console.log(this.#style('dim', indent(lines.slice(-TAIL_LINES).join('\n'))));
  }

  #printSkips(): void {
    const skips = new Map<string, number>();
    for (const { tests } of this.#suites) {
      for (const test of tests) {
        if (test.state !== 'skipped' || isLeftOut(test)) continue;
        const text = `${test.title}: ${test.reason}`;
        skips.set(text, (skips.get(text) ?? 0) + 1);
      }
    }
    if (skips.size > 0) console.log('\nskipped:');
    for (const [text, times] of skips)
      console.log(`  ${text}${times > 1 ? ` (${times} runs)` : ''}`);
  }

  /** How much of what runs in every mode does not run as a client: each test once. */
  #printSpmdOnly(): void {
    const tests = this.#suites.flatMap((suite) =>
      suite.tests.filter(isLeftOut).map(({ file, title }) => `${file}: ${title}`),
    );
    const files = this.#spmdOnlyFiles.length;
    if (tests.length + files === 0) return;
    const parts = [countOf(new Set(tests).size, 'test'), countOf(files, 'file')];
    console.log(`\nSPMD only: ${parts.join(', ')}`);
  }

  #printSlowest(): void {
    const slowest = this.#suites
      .filter((suite) => suite.tests.length > 0)
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, SLOWEST);
    if (slowest.length === 0) return;
    console.log('\nslowest:');
    for (const suite of slowest) {
      console.log(`  ${duration(suite.seconds).padStart(8)}  ${suite.config}  ${suite.name}`);
    }
  }

  #clearLine(): void {
    if (this.#drawn === '') return;
    process.stdout.write('\r\x1b[2K');
    this.#drawn = '';
  }

  #style(style: Style, text: string): string {
    return this.#tty && !process.env.NO_COLOR ? styleText(style, text) : text;
  }
}

function duration(seconds: number): string {
  if (seconds < 0.1) return `${Math.round(seconds * 1000)} ms`;
  return `${seconds.toFixed(1)} s`;
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `   | ${line}`)
    .join('\n');
}
