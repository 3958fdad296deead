import { strict as assert } from 'node:assert';
import { programFile } from '../../support/programs.ts';
import { flavours } from '../../support/runJob.ts';
import { Program } from '../../support/watchedProgram.ts';

const script = programFile('test/fixtures/client/launches.ts');

for (const flavour of flavours) {
  describe(`Context.launch (${flavour})`, function () {
    this.timeout(90_000);

    const run = async (what: string, env = {}) => {
      const program = new Program([script, what, flavour], env);
      return { code: await program.ended(), program };
    };

    it('gives a context whose arrays are on engines, large ones as well', async () => {
      const { code, program } = await run('works');
      assert.equal(code, 0, program.stderr);
      assert.equal(await program.said('size: '), '3 null');
      assert.equal(await program.said('same: '), 'true');
      assert.equal(await program.said('after: '), 'ERR_CONTEXT');
      assert.equal(await program.said('own: '), '1');
    });

    it('shows what engines print, labelled if wanted', async () => {
      const { code, program } = await run('talks');
      assert.equal(code, 0, program.stderr);
      assert.deepEqual(program.stdout.trim().split(/\r?\n/).sort(), ['[0] here', '[1] here']);
    });

    it('has several jobs at a time', async () => {
      const { code, program } = await run('twice');
      assert.equal(code, 0, program.stderr);
      assert.equal(await program.said('sums: '), '5 6');
    });

    it('ends the engines where there is no such context on them', async () => {
      const { code, program } = await run('wrongTargets');
      assert.equal(code, 0, program.stderr);
      assert.equal(await program.said('error: '), 'ERR_ARGUMENT_RANGE');
      assert.equal(await program.said('children: '), 'none');
    });

    it('says why engines do not start', async () => {
      const { code, program } = await run('fails');
      assert.equal(code, 0, program.stderr);
      const { code: error, message } = JSON.parse(await program.said('error: '));
      assert.equal(error, 'ERR_LAUNCH');
      assert.match(message, /mpiexec has ended with code [1-9]/);
      assert.match(message, /there-is-no-such-module/);
    });

    it('refuses wrong options, and programs that are jobs themselves', async () => {
      const { code, program } = await run('wrong');
      assert.equal(code, 0, program.stderr);
      assert.deepEqual(JSON.parse(await program.said('errors: ')), [
        ['ERR_ARGUMENT_RANGE', 'options.engines'],
        ['ERR_ARGUMENT_TYPE', 'options.engines'],
        ['ERR_ARGUMENT_TYPE', 'options.mpi'],
        ['ERR_ARGUMENT_RANGE', 'options.timeout'],
      ]);
      const main = programFile('src/cli/main.ts');
      const job = new Program([
        main,
        'run',
        '--client',
        '-n',
        '1',
        '--mpi',
        flavour,
        script,
        'job',
        flavour,
      ]);
      assert.equal(await job.ended(), 0, job.stderr);
      assert.equal(await job.said('error: '), 'ERR_LAUNCH_IN_JOB');
    });
  });
}
