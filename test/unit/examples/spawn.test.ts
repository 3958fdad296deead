import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { root } from '../../support/programs.ts';
import { distarray, flavours } from '../../support/runJob.ts';

describe('examples/mpi/spawn.ts', function () {
  this.timeout(60_000);

  // Debian's MPICH 4.0 cannot start processes.
  for (const flavour of flavours.filter((name) => name === 'openmpi')) {
    it(`lets workers sum a series (${flavour})`, async () => {
      const script = join(root, 'examples/mpi/spawn.ts');
      const options = ['-n', '1', '--mpi', flavour, '--oversubscribe'];
      const result = await distarray(['run', ...options, script, '--workers', '3', '--json']);
      assert.equal(result.code, 0, result.stderr);
      const { workers, pi } = JSON.parse(result.stdout);
      assert.equal(workers, 3);
      assert.ok(Math.abs(pi - Math.PI) < 1e-9, String(pi));
    });
  }
});
