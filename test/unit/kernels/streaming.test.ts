/** Results that are written past the caches. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { nodeArguments } from '../../support/programs.ts';

describe('large results', function () {
  this.timeout(60_000);

  for (const instructionSet of ['baseline', 'avx2', 'avx512']) {
    it(`are the same bit for bit as in pieces, wherever they begin, with ${instructionSet}`, () => {
      const program = nodeArguments('test/fixtures/kernels/streaming.ts');
      const { status, stdout, stderr } = spawnSync(process.execPath, program, {
        env: { ...process.env, DISTARRAY_SIMD: instructionSet },
        encoding: 'utf8',
      });
      assert.equal(status, 0, stderr);
      const { compared, failures } = JSON.parse(stdout);
      assert.equal(compared, 60);
      assert.deepEqual(failures, []);
    });
  }
});
