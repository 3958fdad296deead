import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { jobEnvironment } from '../../../src/engine/job/jobEnvironment.ts';
import type { BuildManifest, MpiFlavour } from '../../../src/native.ts';
import { skip } from '../../launcher/skip.ts';
import { nodeArguments, root } from '../../support/programs.ts';
import { runProcess } from '../../support/runJob.ts';

const python = '/usr/bin/python3';
const manifestFile = join(root, 'build', 'variants.json');

/** The MPI that mpi4py is built for, or why there is none. */
function mpiOfPython(): { flavour: MpiFlavour; mpiexec: string } | string {
  const program = [
    'import numpy, mpi4py',
    'mpi4py.rc.initialize = False',
    'from mpi4py import MPI',
    'print(MPI.get_vendor()[0])',
  ].join('\n');
  const { status, stdout } = spawnSync(python, ['-c', program], { encoding: 'utf8' });
  if (status !== 0) return `${python} has no NumPy and mpi4py`;
  const flavour = stdout.trim() === 'Open MPI' ? 'openmpi' : 'mpich';
  if (!existsSync(manifestFile)) return 'the addon is not built';
  const { variants } = JSON.parse(readFileSync(manifestFile, 'utf8')) as BuildManifest;
  const variant = variants[flavour];
  if (variant === undefined) return `mpi4py is built for ${flavour}, the addon is not`;
  return { flavour, mpiexec: variant.mpiexec };
}

describe('exchange with Python', function () {
  this.timeout(60_000);
  let mpi: { flavour: MpiFlavour; mpiexec: string };

  before(function () {
    const found = mpiOfPython();
    if (typeof found === 'string') skip(this, found);
    mpi = found;
  });

  const ours = [process.execPath, ...nodeArguments('test/fixtures/jobs/exchangesWithPython.ts')];
  const theirs = [python, '-m', 'mpi4py', join(root, 'test/fixtures/protocol_exchange.py')];

  for (const [each, arrays] of [
    [1, 12],
    [2, 8],
  ]) {
    for (const [name, first, second] of [
      ['JavaScript has the first parts', ours, theirs],
      ['Python has the first parts', theirs, ours],
    ] as const) {
      it(`gives both sides each other's parts (${each} + ${each}, ${name})`, async () => {
        const oversubscribe = 2 * each > availableParallelism();
        const options = { flavour: mpi.flavour, processes: 2 * each, oversubscribe };
        const slots = oversubscribe ? ['--oversubscribe'] : [];
        const { code, stdout, stderr } = await runProcess(
          mpi.mpiexec,
          [...slots, '-n', `${each}`, ...first, ':', '-n', `${each}`, ...second],
          { env: jobEnvironment(process.env, options) },
        );
        assert.equal(code, 0, stderr);
        assert.match(stdout, new RegExp(`exchanged ${arrays} arrays`));
      });
    }
  }
});
