// timeLimit: 240
import { strict as assert } from 'node:assert';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../support/programs.ts';
import { distarray, flavours } from '../../support/runJob.ts';

describe('examples/out-of-core.ts', function () {
  this.timeout(120_000);
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'distarray-example-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  const script = join(root, 'examples/out-of-core.ts');

  for (const flavour of flavours) {
    for (const start of flavour === 'openmpi' ? ['-n 1', '-n 3', '--client -n 2'] : ['-n 2']) {
      const n = Number(start.slice(-1));
      it(`finds the mean of a file with ${start} (${flavour})`, async () => {
        const job = ['run', ...start.split(' '), '--mpi', flavour, script];
        const args = ['--size', '700', '--memory', '1MiB', '--dir', directory, '--json'];
        const { code, stdout, stderr } = await distarray([...job, ...args]);
        assert.equal(code, 0, stderr);
        const line = JSON.parse(stdout);
        const { example, ranks, size, memory } = line;
        assert.deepEqual(
          { example, ranks, size, memory },
          {
            example: 'out-of-core',
            ranks: n,
            size: 700,
            memory: '1MiB',
          },
        );
        // 490,000 numbers: the mean's own standard deviation is 0.0004.
        assert.ok(Math.abs(line.mean - 0.5) < 0.002, line.mean);
        assert.ok(Math.abs(line.std - Math.sqrt(1 / 12)) < 0.002, line.std);
        assert.ok(Math.abs(line.positive - 122_500) < 2500, line.positive);
        assert.deepEqual(readdirSync(directory), []);
      });
    }
  }
});
