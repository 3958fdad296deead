import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { root } from '../../support/programs.ts';
import { distarray, flavours } from '../../support/runJob.ts';

describe('examples/mpi', function () {
  this.timeout(60_000);

  const expected = {
    ring: (ranks: number) => ({ ranks, sum: (ranks * (ranks - 1)) / 2 }),
    pipeline: (ranks: number) => ({
      ranks,
      batches: 20,
      // Each of 1000 numbers of batch b ends as b + 1 + 2 + … + ranks.
      sum: 1000 * (190 + 20 * ((ranks * (ranks + 1)) / 2)),
    }),
    'cart-halo': (ranks: number) => ({ ranks, dims: [ranks, 1], wrong: 0 }),
  };
  for (const flavour of flavours) {
    for (const [name, report] of Object.entries(expected)) {
      for (const n of [1, 3]) {
        it(`${name}.ts on ${n} (${flavour})`, async () => {
          const script = join(root, `examples/mpi/${name}.ts`);
          const job = ['run', '-n', String(n), '--mpi', flavour, script, '--json'];
          const { code, stdout, stderr } = await distarray(job);
          assert.equal(code, 0, stderr);
          assert.deepEqual(JSON.parse(stdout), report(n));
        });
      }
    }
  }
});
