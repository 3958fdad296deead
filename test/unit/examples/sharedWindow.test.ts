import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { root } from '../../support/programs.ts';
import { distarray, flavours } from '../../support/runJob.ts';

describe('examples/mpi/shared-window.ts', function () {
  this.timeout(120_000);

  const run = (flavour: string, n: number, ...args: string[]) =>
    distarray([
      'run',
      '-n',
      String(n),
      '--mpi',
      flavour,
      join(root, 'examples/mpi/shared-window.ts'),
      ...args,
    ]);

  for (const flavour of flavours) {
    for (const n of [1, 3]) {
      it(`computes on shared memory: ${n} ranks (${flavour})`, async () => {
        const args = ['--size', '101', '--steps', '40', '--json'];
        const { code, stdout, stderr } = await run(flavour, n, ...args);
        assert.equal(code, 0, stderr);
        const line = JSON.parse(stdout);
        assert.equal(line.example, 'shared-window');
        assert.equal(line.ranks, n);
        assert.equal(line.computed, 101 * 40);
        // Nothing has reached the ends, so no heat is lost.
        assert.ok(Math.abs(line.heat - 101) < 1e-9, line.heat);
        // Binomial: after 40 steps of (1, 2, 1) / 4 the middle holds C(80, 40) / 2^80 of it.
        assert.ok(Math.abs(line.peak - 101 * 0.0889278787739) < 1e-9, line.peak);
      });
    }
  }

  it('tells what it did', async () => {
    const { code, stdout } = await run(flavours[0], 2);
    assert.equal(code, 0);
    assert.match(stdout, /1000 elements, 500 steps, 2 ranks, no message/);
    assert.match(stdout, /500000 elements computed/);
  });

  it('says once what is wrong', async () => {
    const { code, stderr } = await run(flavours[0], 2, '--size', '1');
    assert.equal(code, 1);
    const said = stderr.split('\n').filter((line) => line.startsWith('shared-window: '));
    assert.deepEqual(said, ["shared-window: Expected an integer ≥ 2 for --size, but received '1'"]);
  });
});
