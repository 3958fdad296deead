// timeLimit: 240
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { root } from '../../support/programs.ts';
import { distarray, flavours } from '../../support/runJob.ts';

describe('examples/features.ts', function () {
  this.timeout(120_000);

  const script = join(root, 'examples/features.ts');
  const sliced = [
    [0, 1, 2, 3],
    [-1, 5, -2, 7],
    [-1, 9, -2, 11],
  ];

  for (const flavour of flavours) {
    for (const n of flavour === 'openmpi' ? [1, 2, 3, 4, 5, 6] : [1, 3]) {
      it(`on ${n} (${flavour})`, async () => {
        const job = ['run', '-n', String(n), '--mpi', flavour, script, '--json'];
        const { code, stdout, stderr } = await distarray(job);
        assert.equal(code, 0, stderr);
        assert.deepEqual(JSON.parse(stdout), {
          ranks: n,
          shape: [3, 4],
          dtype: 'float64',
          dist: ['b', 'n'],
          nbytes: 96,
          sliced,
          columnSums: [-2, 15, -2, 21],
          sum: 32,
          waves: sliced.map((row) => row.map((x) => Math.round(Math.sin((x * Math.PI) / 2)) + 0)),
          cyclicDist: ['n', 'c'],
          same: true,
          mixed: 64,
          random: [
            [0.8201981478608876, 0.18924562408645496, 0.8676608148821462],
            [0.3945814702827203, 0.36812845090913937, 0.4344462539595917],
          ],
          elements: 12,
          demeaned: n,
        });
      });
    }
  }

  it('prints arrays once for the job', async () => {
    const { stdout } = await distarray(['run', '-n', '3', script]);
    assert.equal(stdout.split('[[ 0.  1.  2.  3.]').length, 3);
    assert.match(stdout, /a\.sum\(axis=0\):\n\[-2\. 15\. -2\. 21\.\]/);
  });
});
