// timeLimit: 300
/** Engines and ranks that end, are killed or do not answer: nothing hangs, and the reason is told. */
import { strict as assert } from 'node:assert';
import { programFile } from '../../support/programs.ts';
import { distarray, flavours, isTaken } from '../../support/runJob.ts';

describe('tasks', function () {
  this.timeout(60_000);
  const script = programFile('test/fixtures/jobs/taskFaults.ts');

  for (const flavour of flavours) {
    for (const [k, mode] of [
      ['--client', '-n', '2'],
      ['-n', '3'],
    ].entries()) {
      if (!isTaken(flavour, k)) continue;
      const isClient = mode[0] === '--client';
      const noun = isClient ? 'engine' : 'rank';
      const run = (fault: string) => distarray(['run', ...mode, '--mpi', flavour, script, fault]);

      describe(`${mode.join(' ')} (${flavour})`, () => {
        it('that never come back fail by name, others go on, and the job ends', async () => {
          const { code, stdout, stderr } = await run('stuck');
          assert.match(
            stdout,
            new RegExp(`TaskTimeoutError: Task 0 took more than 0\\.2 s on ${noun} \\d`),
          );
          assert.match(stdout, /\[2,3,4\]/);
          assert.notEqual(code, 0);
          assert.match(stderr, isClient ? /Engine \d is still busy/ : /rank \d does not answer/);
        });

        it('that take all engines fail by name', async () => {
          const { code, stdout } = await run('allStuck');
          assert.match(stdout, new RegExp(`EngineError: No ${noun} answers`));
          assert.notEqual(code, 0);
        });

        it('that end their engine fail with its name', async () => {
          const { code, stdout } = await run('exits');
          assert.match(stdout, new RegExp(`EngineError: ${noun} \\d has ended with exit code 3`));
          assert.notEqual(code, 0);
        });

        it('that end it with exit code 0 as well, and the program fails with it', async () => {
          const { code, stdout, stderr } = await run('exitsQuietly');
          const lost = new RegExp(`EngineError: ${noun} (\\d) has ended with exit code 0`).exec(
            stdout,
          );
          assert.notEqual(code, 0);
          const told = isClient
            ? `Engine ${lost?.[1]} has ended before the program`
            : `ERR_ENGINE_LOST|rank ${lost?.[1]} has ended`;
          assert.match(stderr, new RegExp(told));
          assert.doesNotMatch(stderr, /does not answer/);
        });

        it('whose engine is killed end with the job, of which mpiexec tells why', async () => {
          const { code, stderr, stdout } = await run('killed');
          assert.notEqual(code, 0);
          assert.match(stderr + stdout, /signal 9|Killed/);
        });

        it('of a program that fails end with it', async () => {
          const { code, stderr } = await run('master');
          assert.notEqual(code, 0);
          assert.match(stderr, /RangeError: the master fails/);
        });
      });
    }
  }
});
