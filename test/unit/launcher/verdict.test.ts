import assert from 'node:assert/strict';
import type { JobEnd } from '../../launcher/job.ts';
import { foldRecords, type RankLog } from '../../launcher/rankLog.ts';
import type { RankRecord, TestId } from '../../launcher/records.ts';
import { countResults, refuseOtherSkips, type TestResult } from '../../launcher/results.ts';
import { judge, type SuiteRun } from '../../launcher/verdict.ts';
import { RunWatch } from '../../launcher/watch.ts';

const FILE = 'test/parallel/a.test.ts';
const one: TestId = { file: FILE, title: 'one' };
const two: TestId = { file: FILE, title: 'two' };
const error = { message: 'broken', at: `${FILE}:3`, stack: [], diff: null };

const boot: RankRecord = { event: 'boot', t: 0, pid: 100 };
const plan: RankRecord = { event: 'plan', t: 0, tests: [one, two] };
const begin = (test: TestId, t = 0): RankRecord => ({ event: 'test', t, ...test });
const pass = (test: TestId): RankRecord => ({ event: 'pass', t: 0, ...test });
const fail = (test: TestId): RankRecord => ({ event: 'fail', t: 0, ...test, error });
const end: RankRecord = { event: 'end', t: 0 };
const exit = (code: number): RankRecord => ({ event: 'exit', t: 0, code });
const good = [boot, plan, begin(one), pass(one), begin(two), pass(two), end, exit(0)];

const ended: JobEnd = {
  reason: 'ended',
  code: 0,
  signal: null,
  startError: null,
  seconds: 1,
  at: 60_000,
  survivors: [],
};

function logsOf(...ranks: RankRecord[][]): RankLog[] {
  return ranks.map((records, rank) => foldRecords(rank, records));
}

function verdict(logs: RankLog[], job: Partial<JobEnd> = {}, rest: Partial<SuiteRun> = {}) {
  return judge({
    file: FILE,
    logs,
    job: { ...ended, ...job },
    output: '',
    fallen: [],
    timeLimit: 60,
    parallel: true,
    narrowed: false,
    ...rest,
  });
}

function linesOf(results: readonly TestResult[], title: string): string {
  const result = results.find((candidate) => candidate.title === title);
  return result?.state === 'failed' ? result.lines.join('\n') : `${title} is ${result?.state}`;
}

describe('launcher: verdict', () => {
  it('passes a test that every rank passed', () => {
    const results = verdict(logsOf(good, good));
    assert.deepEqual(countResults(results), { passed: 2, failed: 0, skipped: 0, spmdOnly: 0 });
  });

  it('never passes a run whose mpiexec failed', () => {
    const results = verdict(logsOf(good, good), { code: 3 });
    assert.deepEqual(countResults(results), { passed: 2, failed: 1, skipped: 0, spmdOnly: 0 });
    assert.match(linesOf(results, '(end)'), /after all tests mpiexec ended with exit code 3/);
  });

  it('never passes a run of which nothing was recorded', () => {
    const results = verdict(logsOf([], []));
    assert.match(
      linesOf(results, '(start)'),
      /ranks 0,1 did not start: mpiexec ended with exit code 0/,
    );
  });

  it('counts tests that were not run as failed', () => {
    const failing = [boot, plan, begin(one), fail(one), end, exit(1)];
    const results = verdict(logsOf(failing, failing), { code: 1 });
    assert.deepEqual(countResults(results), { passed: 0, failed: 2, skipped: 0, spmdOnly: 0 });
    assert.equal(linesOf(results, 'one'), `ranks 0,1: broken at ${FILE}:3`);
    assert.equal(linesOf(results, 'two'), 'two is notRun');
  });

  it('tells different failures of one test apart', () => {
    const other: RankRecord = { event: 'fail', t: 0, ...one, error: { ...error, message: 'odd' } };
    const results = verdict(
      logsOf(
        [boot, plan, begin(one), fail(one), end, exit(1)],
        [boot, plan, begin(one), other, end, exit(1)],
        good,
      ),
      { code: 1 },
    );
    assert.equal(
      linesOf(results, 'one'),
      `rank 0: broken at ${FILE}:3\nrank 1: odd at ${FILE}:3\nrank 2 passed it`,
    );
  });

  it('refuses the same tests in different order', () => {
    const turned: RankRecord = { event: 'plan', t: 0, tests: [two, one] };
    const results = verdict(logsOf(good, [boot, turned, pass(two), pass(one), end, exit(0)]));
    assert.match(linesOf(results, '(list of tests)'), /in different order/);
  });

  it('blames a hook in which a rank hangs', () => {
    const hook: RankRecord = { event: 'hook', t: 2000, title: '"before all" hook' };
    const stuck = [boot, plan, hook];
    const results = verdict(logsOf(stuck, stuck), { reason: 'timeLimit', signal: 'SIGTERM' });
    const text = linesOf(results, `(in hook '"before all" hook')`);
    assert.match(text, /hung: ranks 0,1 in hook '"before all" hook' for 58 s/);
  });

  it('reports ranks that do not end after their tests', () => {
    const job = {
      reason: 'stopped' as const,
      signal: 'SIGTERM',
      survivors: [{ pid: 100, command: 'node' }],
    };
    const text = linesOf(verdict(logsOf(good), job), '(end)');
    assert.match(text, /did not end although every rank had left/);
    assert.match(text, /100 rank 0 \(hung in MPI_Finalize\?\): node/);
  });

  it('reports a rank that died while the others went on', () => {
    const results = verdict(
      logsOf([boot, plan, begin(one)], [boot, plan, begin(one)]),
      { reason: 'stopped', signal: 'SIGTERM' },
      { fallen: [1] },
    );
    assert.match(linesOf(results, 'one'), /^rank 1 died in test 'one'\nrank 0 was there too/);
  });

  it('does not blame the ranks that a launcher ended after a failure', () => {
    const results = verdict(
      logsOf([boot, plan, begin(one), fail(one), end, exit(1)], [boot, plan, begin(one)]),
      { code: 1 },
      { output: 'process rank 1 with PID 0 on node n exited on signal 15 (Terminated)' },
    );
    assert.equal(linesOf(results, 'one'), `rank 0: broken at ${FILE}:3\nrank 1 was still in it`);
  });
});

describe('launcher: watch', () => {
  const running = foldRecords(0, [{ ...boot, pid: process.pid } as RankRecord, plan, begin(one)]);
  const failed = foldRecords(1, [boot, plan, begin(one), fail(one), end]);

  it('gives the others some time after a rank has failed', () => {
    const watch = new RunWatch(5000, 10_000);
    assert.equal(watch.look([running, failed], 0), false);
    assert.equal(watch.look([running, failed], 4000), false);
    assert.equal(watch.look([running, failed], 5001), true);
    assert.deepEqual(watch.fallen, [1]);
  });

  it('waits for ranks that are merely slower', () => {
    const watch = new RunWatch(5000, 10_000);
    const done = foldRecords(1, good);
    assert.equal(watch.look([running, done], 0), false);
    assert.equal(watch.look([running, done], 50_000), false);
  });
});

describe('launcher: skips in CI', () => {
  const skipped = (title: string): TestResult => ({
    file: FILE,
    title,
    seconds: 0,
    state: 'skipped',
    reason: 'no hardware',
  });

  it('permits those on the list, by full title or its beginning', () => {
    const allowed = [{ test: 'spawn ', reason: 'MPICH 4.0 cannot' }];
    const results = refuseOtherSkips([skipped('spawn works'), skipped('send works')], allowed);
    assert.deepEqual(countResults(results), { passed: 0, failed: 1, skipped: 1, spmdOnly: 0 });
    assert.match(linesOf(results, 'send works'), /skipped without permission: no hardware/);
  });
});
