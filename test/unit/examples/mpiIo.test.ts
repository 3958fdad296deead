import { strict as assert } from 'node:assert';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../support/programs.ts';
import { distarray, flavours } from '../../support/runJob.ts';

describe('examples/mpi/io.ts', function () {
  this.timeout(60_000);
  let directory: string;

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'distarray-io-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  const io = (flavour: string, n: number, ...args: string[]) =>
    distarray([
      'run',
      '-n',
      String(n),
      '--mpi',
      flavour,
      join(root, 'examples/mpi/io.ts'),
      ...args,
    ]);

  for (const flavour of flavours) {
    it(`writes one file by 3 ranks and reads it back (${flavour})`, async () => {
      const out = join(directory, 'numbers.bin');
      const result = await io(flavour, 3, '--size', '1000', '--out', out, '--json');
      assert.equal(result.code, 0, result.stderr);
      const { ranks, bytes, wrong } = JSON.parse(result.stdout);
      assert.deepEqual({ ranks, bytes, wrong }, { ranks: 3, bytes: 8000, wrong: 0 });
      const written = readFileSync(out);
      for (let k = 0; k < 1000; k++) assert.equal(written.readDoubleLE(8 * k), k);
      // No helper files of the MPI stay behind.
      assert.deepEqual(readdirSync(directory), ['numbers.bin']);
    });
  }

  it('prints a line', async () => {
    const out = join(directory, 'numbers.bin');
    const { code, stdout } = await io(flavours[0], 2, '--size', '10', '--out', out);
    assert.equal(code, 0);
    assert.match(stdout, /^2 ranks wrote 80 bytes at \d+ MB\/s, .*: all is as it was written$/m);
  });

  it('ends with an error where no file can be', async () => {
    const { code, stderr } = await io(flavours[0], 2, '--out', '/proc/no/numbers.bin');
    assert.notEqual(code, 0);
    assert.match(stderr, /MPI_ERR_NO_SUCH_FILE/);
  });
});
