// timeLimit: 120
/** Tasks of programs that are outside of their engines' job. */
import { strict as assert } from 'node:assert';
import { nodeArguments, programFile } from '../../support/programs.ts';
import { flavours, runProcess } from '../../support/runJob.ts';

describe('pools of launched engines', function () {
  this.timeout(60_000);

  for (const flavour of flavours) {
    it(`run tasks (${flavour})`, async () => {
      const script = programFile('test/fixtures/jobs/launchedPool.ts');
      const env = { DISTARRAY_MPI: flavour };
      const { code, stdout, stderr } = await runProcess(process.execPath, nodeArguments(script), {
        env,
      });
      assert.equal(code, 0, stderr);
      const expected = { doubled: [2, 4, 6], sums: [50_000, 100_000, 150_000], engines: 2 };
      assert.deepEqual(JSON.parse(stdout), expected);
    });
  }
});
