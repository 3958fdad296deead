// timeLimit: 120
import assert from 'node:assert/strict';
import { flavours } from '../../support/runJob.ts';
import { failureOf, type LauncherEnd, runLauncher } from './runLauncher.ts';

/** Runs a fixture, whose ranks block inside of MPI, under the MPIs that are built. */
async function runFixture(name: string): Promise<LauncherEnd> {
  const end = await runLauncher({
    args: ['--variants', 'build/variants.json', '--only', 'parallel', '--file', name],
  });
  assert.deepEqual(end.left, [], 'no process may be left');
  assert.equal(end.code, 1, end.stdout + end.stderr);
  assert.equal(end.verdict, `0 passed, ${flavours.length} failed`);
  return end;
}

describe('launcher: what it catches when ranks are inside of MPI', function () {
  this.timeout(60_000);

  it('reports the rank that failed, and ends the others at once', async () => {
    const end = await runFixture('mpiOneFails');
    for (const mpi of flavours) {
      const text = failureOf(end, `${mpi} ×3`);
      assert.match(text, /rank 1: Expected values to be strictly equal/);
      assert.match(text, /ranks 0,2 were still in it/);
    }
  });

  it('ends ranks that hang, and names the test', async () => {
    const end = await runFixture('mpiHangs');
    for (const mpi of flavours) {
      const text = failureOf(end, `${mpi} ×3`);
      assert.match(text, /hung: ranks 0,2 in test 'ranks hang in MPI wait for a message/);
    }
  });

  it('reports a rank that crashed', async () => {
    const end = await runFixture('mpiCrashes');
    for (const mpi of flavours) {
      const text = failureOf(end, `${mpi} ×3`);
      assert.match(text, /dies while the others are in a collective/);
      assert.match(text, /SIGSEGV|signal 11|Segmentation fault/i);
    }
  });
});
