import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { failureOf, runLauncher, withFiles } from './runLauncher.ts';

describe('launcher: command line', function () {
  this.timeout(30_000);

  for (const [args, message] of [
    [['--fast'], /Unknown option '--fast'/],
    [['stray'], /Unexpected argument 'stray'/],
    [['--ranks', '0'], /for --ranks, but received '0'/],
    [['--mpi', 'lam'], /Expected openmpi or mpich for --mpi, but received 'lam'/],
    [['--only', 'fast'], /Expected unit, types, parallel for --only/],
    [['--jobs', 'many'], /Expected a count of at least 1 for --jobs/],
  ] as const) {
    it(`refuses ${args.join(' ')}`, async () => {
      const end = await runLauncher({ args });
      assert.equal(end.code, 2);
      assert.match(end.stderr, message);
      assert.equal(end.stdout, '');
    });
  }

  it('fails when no file matches', async () => {
    const end = await runLauncher({ args: ['--file', 'no-such-file'] });
    assert.equal(end.code, 1);
    assert.match(end.stderr, /no test file matches/);
  });

  it('fails when no test matches', async () => {
    const end = await runLauncher({
      args: ['--file', 'passing', '--ranks', '1', '--mpi', 'mpich', '--grep', 'no such test'],
    });
    assert.equal(end.code, 1);
    assert.equal(end.verdict, '0 passed, 0 failed');
    assert.match(end.stdout, /no test was run/);
  });

  it('runs only the tests whose title contains a text', async () => {
    const end = await runLauncher({
      args: ['--file', 'oneFails', '--mpi', 'mpich', '--grep', 'passes first'],
    });
    assert.equal(end.verdict, '1 passed, 0 failed', end.stdout);
    assert.equal(end.code, 0);
  });

  it('lists what it would run, with the directives of the files', async () => {
    const end = await runLauncher({
      args: ['--list', '--only', 'parallel', '--ranks', '2-3'],
      env: { DISTARRAY_TEST_PATIENCE: '1' },
    });
    assert.equal(end.code, 0);
    assert.match(end.stdout, /^openmpi ×3 {2}test\S+oneHangs\.test\.ts {2}\(3: 4 s\)$/m);
    assert.match(end.stdout, /^mpich ×2,3 {2}test\S+passing\.test\.ts {2}\(2: \d+ s, 3: \d+ s\)$/m);
  });
});

describe('launcher: MPI variants', function () {
  this.timeout(30_000);
  const passing = ['--file', 'passing', '--ranks', '2'];

  it('asks for the set-up when nothing is built', async () => {
    const end = await runLauncher({ args: [...passing, '--variants', 'no/variants.json'] });
    assert.equal(end.code, 1);
    assert.match(end.stderr, /no\/variants\.json is missing.*scripts\/setup/);
  });

  it('skips the suites of a variant that is not built, but not in CI', async () => {
    const variants = { variants: { mpich: { dir: '.', mpiexec: 'mpiexec.mpich' } } };
    await withFiles({ 'variants.json': JSON.stringify(variants) }, async (folder) => {
      const args = [...passing, '--variants', `${folder}/variants.json`];
      const here = await runLauncher({ args });
      assert.match(here.stdout, /^openmpi: not built, its suites are skipped$/m);
      assert.equal(here.verdict, '3 passed, 0 failed');
      assert.equal(here.code, 0);
      const ci = await runLauncher({ args, env: { CI: 'true' } });
      assert.equal(ci.verdict, '3 passed, 1 failed');
      assert.equal(ci.code, 1);
    });
  });

  it('reports an mpiexec that is not there', async () => {
    const variants = { variants: { mpich: { mpiexec: '/no/such/mpiexec' } } };
    await withFiles({ 'variants.json': JSON.stringify(variants) }, async (folder) => {
      const end = await runLauncher({
        args: [...passing, '--mpi', 'mpich', '--variants', `${folder}/variants.json`],
      });
      assert.match(failureOf(end, 'mpich ×2'), /ranks 0,1 did not start: spawn .* ENOENT/);
      assert.equal(end.code, 1);
    });
  });

  it('notices singletons, which an mpiexec of another MPI makes', async () => {
    const files = {
      'variants.json': '',
      mpiexec: '#!/bin/sh\nshift 2\n"$@" &\n"$@" &\nwait\n',
    };
    await withFiles(files, async (folder) => {
      chmodSync(`${folder}/mpiexec`, 0o755);
      const described = { variants: { mpich: { mpiexec: `${folder}/mpiexec` } } };
      await withFiles({ 'variants.json': JSON.stringify(described) }, async (described) => {
        const end = await runLauncher({
          args: [...passing, '--mpi', 'mpich', '--variants', `${described}/variants.json`],
        });
        assert.match(failureOf(end, 'mpich ×2'), /2 processes took themselves for rank 0/);
        assert.equal(end.code, 1);
      });
    });
  });
});

describe('launcher: unit and type suites', function () {
  this.timeout(30_000);

  it('runs unit suites to their end and reports each failure', async () => {
    const end = await runLauncher({ args: ['--only', 'unit', '--file', 'mixed'] });
    assert.equal(end.verdict, '2 passed, 1 failed', end.stdout);
    assert.equal(end.code, 1);
    assert.match(end.stdout, /^✗ unit {2}mixed {2}3 tests, 1 failed {2}/m);
    assert.match(
      failureOf(end, 'unit'),
      /^ {3}Expected values to be strictly equal: at test\/fixtures\/launcher\/unit\/mixed\.test\.ts:7$/m,
    );
  });

  it('reports a crash of the unit suites with the tests that were not run', async () => {
    const end = await runLauncher({ args: ['--only', 'unit'] });
    assert.equal(end.verdict, '0 passed, 5 failed', end.stdout);
    assert.match(failureOf(end, 'unit', 'dies'), /the process was ended by SIGSEGV in test/);
  });

  it('checks type tests, one result per file', async () => {
    const end = await runLauncher({ args: ['--only', 'types'] });
    assert.equal(end.verdict, '1 passed, 1 failed', end.stdout);
    assert.equal(end.code, 1);
    const text = failureOf(end, 'types', 'types/wrong');
    assert.match(text, /error TS2322: .* at \S+wrong\.ts:1/);
    assert.match(text, /error TS2578: Unused '@ts-expect-error' directive\. at \S+wrong\.ts:3/);
  });

  it('fails every type test when the checker cannot run', async () => {
    await withFiles({ 'types/one.ts': 'export const one = 1;\n' }, async (folder) => {
      const end = await runLauncher({ args: ['--only', 'types', '--tests', folder] });
      assert.equal(end.verdict, '0 passed, 1 failed', end.stdout);
    });
  });
});
