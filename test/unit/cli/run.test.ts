import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseRunArguments } from '../../../src/cli/runArguments.ts';
import { jobEnvironment } from '../../../src/engine/job/jobEnvironment.ts';
import { programFile, root } from '../../support/programs.ts';
import { distarray, flavours, runJob } from '../../support/runJob.ts';

describe('the command line of distarray run', () => {
  it('leaves what follows the script to the script', () => {
    assert.deepEqual(parseRunArguments(['-n', '3', '--tag', 'a.ts', '-n', '5', '--help']), {
      processes: 3,
      script: 'a.ts',
      scriptArguments: ['-n', '5', '--help'],
      mpi: undefined,
      oversubscribe: false,
      tag: true,
      client: false,
    });
    assert.deepEqual(parseRunArguments(['--mpi', 'mpich', '--np=2', '--', '-odd.js']), {
      processes: 2,
      script: '-odd.js',
      scriptArguments: [],
      mpi: 'mpich',
      oversubscribe: false,
      tag: false,
      client: false,
    });
  });

  it('takes a value after an equals sign', () => {
    assert.equal((parseRunArguments(['-n=4', 'a.js']) as { processes: number }).processes, 4);
  });

  it('says what was expected and what came', () => {
    const cases: [string[], RegExp][] = [
      [['a.js'], /Expected -n N, the number of processes/],
      [['-n', '0', 'a.js'], /Expected an integer ≥ 1 for -n, but received '0'/],
      [['-n', '-3', 'a.js'], /Expected an integer ≥ 1 for -n, but received '-3'/],
      [['-n', 'two', 'a.js'], /but received 'two'/],
      [['-n', '2'], /Expected the path of a script/],
      [['-n', '2', '--mpi', 'lam', 'a.js'], /Expected openmpi or mpich for --mpi/],
      [['-n', '2', '--fast', 'a.js'], /Unknown option '--fast'/],
      [['-n', '2', 'a.js', 'x', ':', 'y'], /an argument that is just ':'/],
    ];
    for (const [args, message] of cases) {
      assert.throws(() => parseRunArguments(args), { name: 'UsageError', message });
    }
  });
});

describe('the environment of a job', () => {
  const many = availableParallelism() + 1;

  it('lets Open MPI oversubscribe when there are more ranks than cores', () => {
    const options = { flavour: 'openmpi', processes: many, oversubscribe: false } as const;
    assert.equal(jobEnvironment({}, options).OMPI_MCA_rmaps_base_oversubscribe, '1');
    assert.equal(jobEnvironment({}, options).OMPI_MCA_mpi_yield_when_idle, '1');
    const alone = jobEnvironment({}, { ...options, processes: 1 });
    assert.equal(alone.OMPI_MCA_rmaps_base_oversubscribe, undefined);
    assert.equal(jobEnvironment({}, options).DISTARRAY_MPI, 'openmpi');
  });

  it('allows root only to root, and keeps what the user has set', () => {
    const options = { flavour: 'openmpi', processes: many, oversubscribe: true } as const;
    const asRoot = process.getuid?.() === 0;
    assert.equal(jobEnvironment({}, options).OMPI_ALLOW_RUN_AS_ROOT, asRoot ? '1' : undefined);
    const user = { OMPI_MCA_mpi_yield_when_idle: '0' };
    assert.equal(jobEnvironment(user, options).OMPI_MCA_mpi_yield_when_idle, '0');
    const singleton = { OMPI_MCA_ess: 'singleton', PMIX_RANK: '0', OMPI_MCA_btl: 'self' };
    const inside = jobEnvironment(singleton, options);
    assert.deepEqual([inside.OMPI_MCA_ess, inside.PMIX_RANK], [undefined, undefined]);
    assert.equal(inside.OMPI_MCA_btl, 'self');
    assert.equal(jobEnvironment({ PMIX_RANK: '3' }, options).PMIX_RANK, '3');
  });
});

describe('distarray', function () {
  this.timeout(60_000);

  it('prints help and version', async () => {
    const help = await distarray(['--help']);
    assert.equal(help.code, 0);
    assert.match(help.stdout, /Usage: distarray <command>/);
    assert.match((await distarray(['run', '--help'])).stdout, /-n, --np N/);
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    assert.equal((await distarray(['--version'])).stdout, `${version}\n`);
  });

  it('ends with 2 when it is called wrongly', async () => {
    for (const args of [
      [],
      ['fly'],
      ['run', '-n', '0', 'x.js'],
      ['run', '-n', '2', 'none.js'],
      ['run', '-n', '2', 'src'],
    ]) {
      const { code, stderr } = await distarray(args);
      assert.equal(code, 2, args.join(' '));
      assert.match(stderr, /^distarray: .*\nTry: distarray .*--help\n$/);
    }
  });

  for (const flavour of flavours) {
    it(`labels whole lines by rank (--tag, ${flavour})`, async () => {
      const script = programFile('test/fixtures/jobs/talks.ts');
      const args = ['run', '-n', '2', '--tag', '--mpi', flavour, script, '--size', '3'];
      const { code, stdout, stderr } = await distarray(args);
      assert.equal(code, 0, stderr);
      for (const rank of [0, 1]) {
        const own = stdout.split(/\r?\n/).filter((line) => line.startsWith(`[${rank}] `));
        assert.deepEqual(own, [
          `[${rank}] first line`,
          `[${rank}] second line`,
          `[${rank}] π ≈ 3`,
          `[${rank}] first`,
          `[${rank}] unfinished 2`,
        ]);
        assert.match(stderr, new RegExp(`^\\[${rank}\\] arguments: --size 3$`, 'm'));
      }
    });

    it(`runs more ranks than there are cores (${flavour})`, async () => {
      const n = availableParallelism() + 3;
      const { code, stdout } = await runJob(flavour, n, 'normal');
      assert.equal(code, 0);
      assert.equal(stdout.trim().split('\n').length, n);
    });
  }
});
