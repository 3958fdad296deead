// timeLimit: 300
import assert from 'node:assert/strict';
import { patience } from '../../launcher/patience.ts';
import { failureOf, type LauncherEnd, runLauncher } from './runLauncher.ts';

const BOTH = ['openmpi', 'mpich'] as const;

/** Runs a fixture under both MPIs at the same time. */
async function runFixture(name: string, env: Record<string, string> = {}): Promise<LauncherEnd> {
  const end = await runLauncher({
    args: ['--only', 'parallel', '--file', `parallel/${name}.test.ts`, '--jobs', '2'],
    env,
  });
  assert.deepEqual(end.left, [], 'no process may be left');
  return end;
}

function assertVerdict(end: LauncherEnd, verdict: string, code: number, seconds: number): void {
  assert.equal(end.verdict, verdict, end.stdout + end.stderr);
  assert.equal(end.code, code);
  const limit = seconds * patience();
  assert.ok(end.seconds < limit, `took ${end.seconds} s, limit ${limit} s`);
}

describe('launcher: what it catches under mpiexec', function () {
  this.timeout(90_000);

  it('passes a suite that passes, at every rank count that is asked for', async () => {
    const end = await runLauncher({
      args: ['--file', 'passing', '--ranks', '1,3'],
      env: { DISTARRAY_LEAK: '1', DISTARRAY_MPI: 'other', PMIX_LEAK: '1' },
    });
    assertVerdict(end, '12 passed, 0 failed', 0, 30);
    assert.match(end.stdout, /^✓ openmpi ×1 {2}passing {2}3 tests {2}[\d.]+ s$/m);
    assert.match(end.stdout, /^✓ mpich ×3 {2}passing {2}3 tests {2}[\d.]+ s$/m);
    assert.match(end.stdout, /\nslowest:\n( +[\d.]+ m?s .*\n){4}\n/);
    assert.deepEqual(end.left, []);
  });

  it('reports a failure of one rank while the others wait for it', async () => {
    const end = await runFixture('oneFails');
    assertVerdict(end, '2 passed, 6 failed', 1, 20);
    for (const mpi of BOTH) {
      const text = failureOf(end, `${mpi} ×3`, 'one rank fails adds up');
      const file = 'test/fixtures/launcher/parallel/oneFails.test.ts:11';
      assert.ok(
        text.includes(`rank 1: Expected values to be strictly deep-equal: at ${file}`),
        text,
      );
      assert.match(text, /^ +\+ {3}sum: 3$/m);
      assert.match(text, /^ +- {3}sum: 4$/m);
      assert.match(text, /ranks 0,2 were still in it/);
      assert.match(text, /2 tests not run: 'one rank fails is not reached', /);
    }
  });

  it('groups the ranks that fail alike', async () => {
    const end = await runFixture('allFail');
    assertVerdict(end, '0 passed, 2 failed', 1, 15);
    for (const mpi of BOTH) {
      const text = failureOf(end, `${mpi} ×3`);
      assert.match(text, /^ {3}ranks 0,1,2: arithmetic is off at \S+allFail\.test\.ts:8$/m);
    }
  });

  it('ends a run in which ranks hang, and says where each was', async () => {
    const end = await runFixture('oneHangs');
    assertVerdict(end, '2 passed, 4 failed', 1, 20);
    for (const mpi of BOTH) {
      const text = failureOf(end, `${mpi} ×3`, 'waits for a partner');
      assert.match(
        text,
        /hung: ranks 0,2 in test 'one rank hangs waits for a partner' for \d+ s, rank 1 had finished it/,
      );
      assert.match(text, /rank 1 was in test 'one rank hangs is reached by one rank'/);
    }
  });

  it('kills ranks that ignore signals', async () => {
    const end = await runFixture('ignoresSignals');
    assertVerdict(end, '0 passed, 2 failed', 1, 20);
    for (const mpi of BOTH) {
      assert.match(failureOf(end, `${mpi} ×2`), /hung: ranks 0,1 in test '.*' for \d+ s/);
    }
  });

  it('names the test in which a rank crashed', async () => {
    const end = await runFixture('oneCrashes');
    assertVerdict(end, '2 passed, 2 failed', 1, 15);
    const openmpi = failureOf(end, 'openmpi ×3', 'touches bad memory');
    assert.match(openmpi, /rank 1 was ended by signal 11 \(SIGSEGV\) in test '.*bad memory'/);
    assert.match(openmpi, /ranks 0,2 were there too, and ended with it/);
    const mpich = failureOf(end, 'mpich ×3', 'touches bad memory'); // hydra does not tell which rank
    assert.match(mpich, /mpiexec ended with exit code \d+, as after signal/);
    assert.match(mpich, /ranks 0,1,2 were in test '.*bad memory'/);
  });

  it('reports an abort with what the rank printed', async () => {
    const end = await runFixture('oneAborts');
    assertVerdict(end, '0 passed, 2 failed', 1, 15);
    assert.match(failureOf(end, 'openmpi ×2'), /rank 1 was ended by signal 6 \(SIGABRT\)/);
    for (const mpi of BOTH) assert.match(failureOf(end, `${mpi} ×2`), /stack trace/);
  });

  it('reports a rank that leaves in the middle with exit code 0', async () => {
    const end = await runFixture('oneExits');
    assertVerdict(end, '0 passed, 2 failed', 1, 20);
    for (const mpi of BOTH) {
      assert.match(failureOf(end, `${mpi} ×2`), /rank 1 left with exit code 0 in test/);
    }
  });

  it('reports a file that one rank cannot load', async () => {
    const end = await runFixture('throwsOutside');
    assertVerdict(end, '0 passed, 4 failed', 1, 20);
    for (const mpi of BOTH) {
      const text = failureOf(end, `${mpi} ×3`, '(loading the file)');
      assert.match(text, /rank 1: RangeError: no such dimension at \S+throwsOutside\.test\.ts:\d+/);
      assert.match(text, /1 test not run/);
    }
  });

  it('reports a rank that fails after its tests', async () => {
    const end = await runFixture('throwsLater');
    assertVerdict(end, '2 passed, 2 failed', 1, 15);
    for (const mpi of BOTH) {
      const text = failureOf(end, `${mpi} ×2`, '(end)');
      assert.match(text, /after all tests mpiexec ended with exit code/);
      assert.match(text, /too late/, 'the output is shown');
    }
  });

  it('reports a hook that fails, and the tests below it', async () => {
    const end = await runFixture('hookFails');
    assertVerdict(end, '0 passed, 4 failed', 1, 20);
    for (const mpi of BOTH) {
      const text = failureOf(end, `${mpi} ×2`, '"before all" hook');
      assert.match(text, /rank 1: Error: no set-up at \S+hookFails\.test\.ts:6/);
    }
  });

  it('refuses ranks that disagree about the list of tests', async () => {
    const end = await runFixture('disagree');
    assertVerdict(end, '2 passed, 2 failed', 1, 15);
    for (const mpi of BOTH) {
      assert.match(
        failureOf(end, `${mpi} ×3`, 'is on one rank only'),
        /only rank 2 has this test: the ranks disagree about the list of tests/,
      );
    }
  });

  it('refuses a test that only some ranks skip', async () => {
    const end = await runFixture('oneSkips');
    assertVerdict(end, '0 passed, 2 failed', 1, 15);
    assert.match(failureOf(end, 'mpich ×2'), /rank 0 skipped it, rank 1 ran it/);
  });

  it('finds and kills the processes that a test leaves behind', async () => {
    const end = await runFixture('leavesProcess');
    assertVerdict(end, '2 passed, 2 failed', 1, 30);
    for (const mpi of BOTH) {
      assert.match(failureOf(end, `${mpi} ×2`, '(end)'), /still running.*\n(.*\n)* +\d+ sleep 300/);
    }
  });

  it('refuses a file without tests', async () => {
    const end = await runFixture('empty');
    assertVerdict(end, '0 passed, 2 failed', 1, 15);
  });

  it('counts skips with their reasons', async () => {
    const end = await runFixture('skips');
    assertVerdict(end, '2 passed, 0 failed, 6 skipped', 0, 15);
    assert.match(end.stdout, /is skipped with a reason: this MPI cannot do it \(2 runs\)/);
    assert.match(end.stdout, /is skipped by its hook: no such hardware \(2 runs\)/);
    assert.match(end.stdout, /is pending: no reason given \(2 runs\)/);
  });

  it('fails skips in CI that are not permitted', async () => {
    const end = await runFixture('skips', { CI: 'true' });
    assertVerdict(end, '2 passed, 6 failed', 1, 15);
    assert.match(end.stdout, /skipped without permission: this MPI cannot do it/);
  });

  for (const [signal, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const]) {
    it(`ends its ranks on ${signal}`, async () => {
      const end = await runLauncher({
        args: ['--file', 'waits', '--jobs', '2'],
        interruptAt: { ranks: 4, signal },
      });
      assert.equal(end.code, code);
      assert.match(end.stderr, /interrupted/);
      assert.ok(end.seconds < 15 * patience(), `took ${end.seconds} s`);
      assert.deepEqual(end.left, []);
    });
  }
});
