// timeLimit: 300
/** The same programs in every process, and as the client of as many engines. */
import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../support/programs.ts';
import { flavours, isTaken, runProcess } from '../../support/runJob.ts';

/** What differs from run to run. */
const TIMES = new Set(['seconds', 'write', 'read']);

/** What an example prints, without times. */
function told(stdout: string): unknown {
  if (!stdout.startsWith('{')) return stdout;
  return JSON.parse(stdout, (key, value) => (TIMES.has(key) ? undefined : value));
}

describe('examples in both modes', function () {
  this.timeout(120_000);
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'distarray-modes-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  async function run(flavour: string, client: boolean, script: string, args: readonly string[]) {
    const mode = client ? ['--client'] : [];
    const job = ['run', ...mode, '-n', '2', '--mpi', flavour, join(root, 'examples', script)];
    // The package's own command: the examples import the package, and engines have one copy of it.
    const main = join(root, 'dist', 'cli', 'main.js');
    const { code, stdout, stderr } = await runProcess(process.execPath, [main, ...job, ...args]);
    assert.equal(code, 0, stderr);
    assert.notEqual(stdout.trim(), '');
    return told(stdout);
  }

  for (const flavour of flavours) {
    for (const [k, [script, ...args]] of [
      ['features.ts', '--json'],
      ['features.ts'],
      ['pi.js'],
      ['laplace.ts', '--size', '12', '--json'],
      ['mandelbrot.ts', '--size', '60', '--kernel', 'c', '--json'],
      ['auc.ts', '--points', '1e5', '--kernel', 'js', '--json'],
    ].entries()) {
      if (!isTaken(flavour, k)) continue;
      it(`${[script, ...args].join(' ')} (${flavour})`, async () => {
        const everywhere = await run(flavour, false, script, args);
        assert.deepEqual(await run(flavour, true, script, args), everywhere);
      });
    }

    it(`diffusion.ts, with its pictures (${flavour})`, async () => {
      const prefix = join(directory, 'diffusion');
      const args = ['--size', '29', '--time', '5', '--json', '--png', prefix];
      const everywhere = await run(flavour, false, 'diffusion.ts', args);
      const picture = readFileSync(`${prefix}-03.png`);
      rmSync(`${prefix}-03.png`);
      assert.deepEqual(await run(flavour, true, 'diffusion.ts', args), everywhere);
      assert.ok(readFileSync(`${prefix}-03.png`).equals(picture));
    });

    it(`julia.ts, with its file and picture (${flavour})`, async () => {
      const files = { out: join(directory, 'julia.h5'), png: join(directory, 'julia.png') };
      const args = ['--size', '96', '--json', '--out', files.out, '--png', files.png];
      const everywhere = await run(flavour, false, 'julia.ts', args);
      const picture = readFileSync(files.png);
      rmSync(files.png);
      assert.deepEqual(await run(flavour, true, 'julia.ts', args), everywhere);
      assert.ok(readFileSync(files.png).equals(picture));
    });
  }
});
