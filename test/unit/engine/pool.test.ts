// timeLimit: 1500
import { strict as assert } from 'node:assert';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { programFile, root } from '../../support/programs.ts';
import { distarray, flavours } from '../../support/runJob.ts';
import { areGone, Program } from '../../support/watchedProgram.ts';

const attaches = programFile('test/fixtures/client/attaches.ts');

for (const flavour of flavours) {
  describe(`distarray engines (${flavour})`, function () {
    this.timeout(180_000);
    let folder: string;
    let env: NodeJS.ProcessEnv;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'da-'));
      env = { XDG_RUNTIME_DIR: folder };
    });
    afterEach(() => engines('stop', '--name', 'my'));
    after(() => rmSync(folder, { recursive: true }));

    const engines = (...args: string[]) => distarray(['engines', ...args], { env });
    const start = async () => {
      const { code, stderr } = await engines('start', '-n', '2', '--mpi', flavour, '--name', 'my');
      assert.equal(code, 0, stderr);
    };
    const status = async () =>
      JSON.parse((await engines('status', '--name', 'my', '--json')).stdout || 'null');
    const attach = (what: string, cwd?: string, ...args: string[]) =>
      new Program([attaches, what, 'my', ...args], env, cwd);

    it('serve one program after the other, and forget what it has made', async () => {
      await start();
      const before = await status();
      assert.equal(before.kind, 'running');
      assert.equal(before.relay.client, null);
      assert.equal(before.file.engines, 2);
      for (const [what, cwd] of [
        ['closes', root],
        ['ends', folder],
        ['closes', root],
      ]) {
        const program = attach(what, cwd);
        assert.equal(await program.ended(), 0, program.stderr);
        assert.equal(await program.said('sum: '), '100000');
        assert.equal(await program.said('left: '), '["undefined","undefined"]');
        const [where] = JSON.parse(await program.said('folder: '));
        assert.equal(`${where}/`.startsWith(cwd), true);
      }
    });

    it('serve one program at a time, and survive its end, whatever it was doing', async () => {
      await start();
      for (const what of ['computes', 'sends', 'receives']) {
        const program = attach(what);
        await program.said('waits');
        assert.equal((await status()).kind, 'running');
        const second = attach('closes');
        assert.equal(await second.ended(), 1);
        assert.match(second.stderr, /ERR_ENGINES_BUSY/);
        await later(300);
        program.signal('SIGKILL');
        assert.equal(await program.ended(), 137);
        const next = attach('closes');
        assert.equal(await next.ended(), 0, next.stderr);
        assert.equal(await next.said('sum: '), '100000');
      }
    });

    it('close the files of a program that is gone', async () => {
      await start();
      const path = join(folder, 'left.h5');
      const program = attach('leavesFile', root, path);
      await program.said('waits');
      program.signal('SIGKILL');
      assert.equal(await program.ended(), 137);
      const next = attach('opensFile', root, path);
      assert.equal(await next.ended(), 0, next.stderr);
      assert.equal(await next.said('shape: '), '1000,100');
    });

    it('are started once, restarted and stopped; what is left of those that are gone is removed', async () => {
      await start();
      const again = await engines('start', '-n', '2', '--mpi', flavour, '--name', 'my');
      assert.equal(again.code, 1);
      assert.match(again.stderr, /There are 2 engines 'my' already/);
      assert.equal((await engines('clear', '--name', 'my')).code, 0);
      const first = (await status()).file;
      assert.equal((await engines('restart', '-n', '1', '--name', 'my')).code, 0);
      const second = (await status()).file;
      assert.deepEqual([second.engines, second.flavour], [1, flavour]);
      await areGone([first.process.pid]);
      process.kill(second.process.pid, 'SIGKILL');
      await areGone([second.process.pid]);
      assert.equal((await status()).kind, 'gone');
      const lost = attach('closes');
      assert.equal(await lost.ended(), 1);
      assert.match(lost.stderr, /ERR_ENGINES_GONE/);
      await start();
      assert.equal((await engines('stop', '--name', 'my')).code, 0);
      assert.equal(existsSync(join(folder, 'distarray/my')), false);
      assert.equal((await engines('status', '--name', 'my')).code, 1);
      const none = attach('closes');
      assert.equal(await none.ended(), 1);
      assert.match(
        none.stderr,
        /ERR_NO_ENGINES.*distarray engines start -n N --name my|distarray engines start -n N --name my/,
      );
    });

    it('tell a client that they have ended', async () => {
      await start();
      const { file } = await status();
      const program = attach('computes');
      await program.said('waits');
      assert.equal((await engines('stop', '--name', 'my')).code, 0);
      assert.equal(await program.ended(), 1);
      assert.match(program.stderr, /ERR_ENGINES_GONE/);
      await areGone([file.process.pid]);
    });

    it('write what they print to a file, and to the client', async () => {
      await start();
      const script = programFile('test/fixtures/client/attachesAndTalks.ts');
      const program = new Program([script, 'my'], env);
      assert.equal(await program.ended(), 0, program.stderr);
      const lines = program.stdout.trim().split(/\r?\n/).sort();
      assert.deepEqual(lines, ['[0] here is 0', '[1] here is 1']);
      const { file } = await status();
      assert.match(readFileSync(file.stdout, 'utf8'), /^\[1\] here is 1\r?$/m);
    });
  });
}

describe('the command line of distarray engines', function () {
  this.timeout(60_000);

  it('says what was expected', async () => {
    for (const [args, message] of [
      [[], /Expected start, stop, status, restart or clear\./],
      [['fly'], /but received 'fly'/],
      [['start'], /Expected -n N, the number of engines/],
      [['start', '-n', '0'], /Expected an integer ≥ 1 for -n/],
      [['start', '-n', '1', '--fast'], /Unknown option '--fast'/],
    ] as const) {
      const { code, stderr } = await distarray(['engines', ...args]);
      assert.equal(code, 2);
      assert.match(stderr, message);
    }
    const named = await distarray(['engines', 'start', '-n', '1', '--name', '../x']);
    assert.equal(named.code, 1);
    assert.match(named.stderr, /for options\.name/);
  });
});
