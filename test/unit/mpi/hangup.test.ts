import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { patience } from '../../launcher/patience.ts';
import { programFile, root } from '../../support/programs.ts';
import { flavours } from '../../support/runJob.ts';

const entry = pathToFileURL(programFile('src/entry/mpi.ts')).href;
const program = `await import(${JSON.stringify(entry)}); console.log('ready'); setInterval(() => {}, 1000);`;

for (const flavour of flavours) {
  describe(`a program whose terminal is closed (${flavour})`, function () {
    this.timeout(60_000);

    it('ends, whatever libraries do with the signal', async () => {
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', '--input-type=module', '-e', program],
        {
          cwd: root,
          env: { ...process.env, DISTARRAY_MPI: flavour },
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      const late = setTimeout(() => child.kill('SIGKILL'), 30_000 * patience());
      const ended = once(child, 'exit');
      await once(child.stdout, 'data');
      child.kill('SIGHUP');
      assert.deepEqual(await ended, [null, 'SIGHUP']);
      clearTimeout(late);
    });
  });
}
