// timeLimit: 1500
import { strict as assert } from 'node:assert';
import { programFile } from '../../support/programs.ts';
import { flavours, isTaken } from '../../support/runJob.ts';
import { areGone, Program } from '../../support/watchedProgram.ts';

const main = programFile('src/cli/main.ts');
const faults = programFile('test/fixtures/client/faults.ts');
const noImport = programFile('test/fixtures/client/noImport.ts');

const pidsOf = (text: string) => text.split(' ').map(Number);

for (const flavour of flavours) {
  const run = (script: string, args: readonly string[] = [], env = {}) =>
    new Program([main, 'run', '--client', '-n', '2', '--mpi', flavour, script, ...args], env);

  const ways = {
    'run --client': (what: string, env = {}) => run(faults, [what], env),
    'Context.launch': (what: string, env = {}) => new Program([faults, what, flavour], env),
  };
  for (const [k, [way, start]] of Object.entries(ways).entries()) {
    if (!isTaken(flavour, k)) continue;
    describe(`what goes wrong (${way}, ${flavour})`, function () {
      this.timeout(180_000);

      it('an error of an engine tells where it was, there and here, and the program goes on', async () => {
        const program = start('throws');
        assert.equal(await program.ended(), 0, program.stderr);
        const error = JSON.parse(await program.said('error: '));
        assert.equal(error.name, 'RangeError');
        assert.equal(error.message, 'out of 7');
        assert.ok([0, 1].includes(error.engine));
        assert.ok(error.sequence > 1);
        assert.match(error.engineStack, /out of 7/);
        assert.match(error.site, /faults\.[jt]s:/);
        assert.equal(await program.said('goes on: '), '10');
        assert.doesNotMatch(program.stderr, /Warning/);
      });

      it('an error that an engine has by itself ends the job, with the number of the engine', async () => {
        const program = start('throwsLater');
        assert.notEqual(await program.ended(), 0);
        assert.match(program.stderr, /^\[engine [01] of 2\] Uncaught Error: much later\r?$/m);
        await areGone(pidsOf(await program.said('engines: ')));
      });

      it('a call of a view that has failed and of whose result nobody asked is told at the end', async () => {
        const program = start('asksNobody');
        assert.equal(await program.ended(), 1);
        assert.match(program.stderr, /nobody asked for its result:\n.*whom nobody asks/);
      });

      it('an engine that exits ends the job, or its client has a named error', async () => {
        const program = start('exits');
        assert.notEqual(await program.ended(), 0);
        assert.doesNotMatch(program.stdout, /goes on/);
        await areGone(pidsOf(await program.said('engines: ')));
        if (way === 'run --client') return;
        assert.match(program.stderr, /ERR_ENGINES_GONE/);
        assert.match(program.stderr, /mpiexec has ended with code 3/);
      });

      it('one that exits as if nothing were wrong as well, and says so', async () => {
        const program = start('exitsQuietly');
        assert.notEqual(await program.ended(), 0);
        assert.doesNotMatch(program.stdout, /goes on/);
        assert.match(program.stderr, /engine 1 has ended itself with exit code 0/);
        await areGone(pidsOf(await program.said('engines: ')));
      });

      it('and where a task ends its engine so, other tasks go on, but nothing waits for all engines', async () => {
        const program = start('exitsInTask');
        await program.ended();
        assert.equal(await program.said('task: '), 'ERR_ENGINE_LOST');
        assert.equal(await program.said('others: '), '2,3');
        assert.equal(await program.said('array: '), 'ERR_ENGINES_GONE');
        await program.said('closed');
        await areGone(pidsOf(await program.said('engines: ')));
      });

      it('a context whose engines are gone can be closed', async () => {
        // Where the client is a process of the same job, it ends with them.
        if (way === 'run --client') return;
        const program = start('closes');
        assert.equal(await program.ended(), 0, program.stderr);
        assert.equal(await program.said('caught: '), 'ERR_ENGINES_GONE');
        await program.said('closed');
      });

      it('an engine that is killed as well', async () => {
        const program = start('isKilled');
        assert.notEqual(await program.ended(), 0);
        await areGone(pidsOf(await program.said('engines: ')));
        if (way === 'Context.launch') assert.match(program.stderr, /ERR_ENGINES_GONE/);
      });

      it('engines end when the client is killed', async () => {
        const program = start('computes');
        const engines = pidsOf(await program.said('engines: '));
        await program.said('waits');
        process.kill(Number(await program.said('client: ')), 'SIGKILL');
        assert.notEqual(await program.ended(), 0);
        await areGone(engines);
      });

      it('and when it throws, or leaves with a code', async () => {
        const throwing = start('throwsItself');
        assert.equal(await throwing.ended(), 1);
        assert.match(throwing.stderr, /my own/);
        await areGone(pidsOf(await throwing.said('engines: ')));
        for (const code of [0, 2]) {
          const leaving = start('leaves', { FAULT_CODE: String(code) });
          assert.equal(await leaving.ended(), code, leaving.stderr);
          await areGone(pidsOf(await leaving.said('engines: ')));
        }
      });

      it('Ctrl-C ends a wait by an AbortError, which a program may catch', async () => {
        const program = start('catches');
        await program.said('waits');
        program.signal('SIGINT');
        assert.equal(await program.said('caught: '), 'AbortError ABORT_ERR');
        assert.equal(await program.said('goes on: '), '10');
        assert.equal(await program.ended(), 0, program.stderr);
      });

      it('and so it ends what is awaited, functions and tasks', async () => {
        for (const what of ['awaits', 'awaitsTasks']) {
          const program = start(what);
          await program.said('waits');
          program.signal('SIGINT');
          assert.equal(await program.said('caught: '), 'AbortError ABORT_ERR', what);
          assert.equal(await program.said('goes on: '), '10');
          assert.equal(await program.ended(), 0, program.stderr);
        }
      });

      it('and ends one that does not catch it', async () => {
        const program = start('hangs');
        const engines = pidsOf(await program.said('engines: '));
        await program.said('waits');
        program.signal('SIGINT');
        assert.equal(await program.ended(), way === 'run --client' ? 130 : 1);
        assert.match(program.stderr, /AbortError: The wait for .* was interrupted/);
        await areGone(engines);
      });

      it('a second Ctrl-C ends a program whose engines hang', async () => {
        const program = start('hangsOn');
        const engines = pidsOf(await program.said('engines: '));
        await program.said('waits');
        program.signal('SIGINT');
        await program.said('caught: ');
        program.signal('SIGINT');
        assert.notEqual(await program.ended(), 0);
        assert.doesNotMatch(program.stdout, /goes on/);
        await areGone(engines);
      });
    });
  }

  describe(`distarray run --client (${flavour})`, function () {
    this.timeout(180_000);

    it('runs a script that does not know distarray', async () => {
      for (const code of [0, 2]) {
        const program = run(noImport, [String(code)]);
        assert.equal(await program.ended(), code, program.stderr);
        assert.match(program.stdout, /^hello\r?\n$/);
      }
    });

    it('ends the job when it is told to end, or is killed', async () => {
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        const program = run(faults, ['computes']);
        const engines = pidsOf(await program.said('engines: '));
        const client = Number(await program.said('client: '));
        program.signal(signal);
        assert.equal(await program.ended(), signal === 'SIGTERM' ? 143 : 137);
        await areGone([client, ...engines]);
      }
    });

    it('labels lines by client and engine (--tag)', async () => {
      const script = programFile('test/fixtures/client/talks.ts');
      const program = new Program([
        main,
        'run',
        '--client',
        '--tag',
        '-n',
        '2',
        '--mpi',
        flavour,
        script,
      ]);
      assert.equal(await program.ended(), 0, program.stderr);
      const lines = program.stdout.trim().split(/\r?\n/).sort();
      assert.deepEqual(lines, ['[0] here is 0', '[1] here is 1', '[client] here is null']);
    });
  });
}
