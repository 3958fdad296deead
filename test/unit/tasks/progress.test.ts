/** The bar of tasks that take more than a second. */
import { strict as assert } from 'node:assert';
import { nodeArguments } from '../../support/programs.ts';
import { runProcess } from '../../support/runJob.ts';

describe('tasks with progress', function () {
  this.timeout(60_000);
  const args = nodeArguments('test/fixtures/jobs/taskProgress.ts');
  const run = (columns: string) =>
    runProcess(process.execPath, args, { env: { DISTARRAY_COLUMNS: columns } });

  it('show one bar on a terminal, and remove it', async () => {
    const { code, stderr } = await run('80');
    assert.equal(code, 0, stderr);
    const shown = [...stderr.matchAll(/simulating [█░]{30} +(\d+) %/g)].map(([, percent]) =>
      Number(percent),
    );
    assert.ok(shown.length >= 2, stderr);
    assert.deepEqual(
      shown,
      [...shown].sort((a, b) => a - b),
    );
    // It is not there before a second has passed.
    assert.ok(shown[0] >= 5 && (shown.at(-1) as number) <= 100);
    assert.match(stderr, /\r +\r$/);
  });

  it('show nothing where there is none', async () => {
    const { code, stderr } = await run('0');
    assert.deepEqual([code, stderr], [0, '']);
  });
});
