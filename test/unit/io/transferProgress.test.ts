// timeLimit: 240
/** The bar of long transfers: one for the job, on a terminal. */
import { strict as assert } from 'node:assert';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skip } from '../../launcher/skip.ts';
import { nodeArguments, programFile, root } from '../../support/programs.ts';
import { flavours, runJob, runProcess } from '../../support/runJob.ts';

const RANKS = 2;
const PYTHON = '/usr/bin/python3';

for (const flavour of flavours) {
  describe(`long transfers (${flavour})`, function () {
    this.timeout(120_000);
    let directory: string;
    before(() => {
      directory = mkdtempSync(join(tmpdir(), 'distarray-progress-'));
    });
    after(() => rmSync(directory, { recursive: true }));

    it('show one bar for the job on a terminal, and remove it', async function () {
      if (!existsSync(PYTHON)) skip(this, `there is no ${PYTHON} to make a terminal`);
      const main = nodeArguments('src/cli/main.ts');
      const job = ['run', '-n', String(RANKS), '--mpi', flavour];
      const { code, stdout, stderr } = await runProcess(PYTHON, [
        ...[join(root, 'test/fixtures/terminal.py'), process.execPath, ...main],
        ...[...job, programFile('test/fixtures/jobs/longTransfers.ts'), directory],
      ]);
      assert.equal(code, 0, stdout + stderr);
      for (const label of [
        ...['writing a.npy', 'reading a.npy', 'writing a.bin', 'reading a.bin', 'checkpoint run'],
        ...['restoring run', 'writing a.csv', 'reading a.csv'],
      ]) {
        const bars = stdout.split(`\r${label} `).slice(1);
        assert.ok(bars.length > 0, `${label}: ${JSON.stringify(stdout)}`);
        const percents = bars.map((bar) => {
          const [, filled, percent] = /^([█░]{30}) {1,3}(\d+) %/.exec(bar) ?? [];
          assert.equal(filled?.length, 30, bar);
          return Number(percent);
        });
        assert.deepEqual(
          percents.toSorted((x, y) => x - y),
          percents,
          label,
        );
      }
      // Every bar was removed: what is left on the screen is what the program has printed.
      const screen = stdout.replaceAll(/\r[^\r\n]*(?=\r(?!\n))/g, '');
      assert.equal(screen.trim(), 'done');
    });

    it('are silent elsewhere', async () => {
      const { code, stdout, stderr } = await runJob(flavour, RANKS, 'longTransfers', [directory]);
      assert.deepEqual([code, stdout.trim(), stderr], [0, 'done', '']);
    });
  });
}
