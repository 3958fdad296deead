import { strict as assert } from 'node:assert';
import {
  type BuildManifest,
  chooseFlavour,
  launcherFlavour,
  launcherSize,
  readManifest,
} from '../../../src/native.ts';
import { nodeArguments } from '../../support/programs.ts';
import { flavours, runProcess } from '../../support/runJob.ts';

const variant = { dir: '.', mpiexec: '/mpi/bin/mpiexec', mpicc: 'mpicc', version: '', hdf5: '' };
const both: BuildManifest = {
  default: 'openmpi',
  variants: { openmpi: variant, mpich: { ...variant, mpiexec: '/mpich/bin/mpiexec' } },
};
const onlyOpenMpi: BuildManifest = { default: 'openmpi', variants: { openmpi: variant } };

describe('chooseFlavour', () => {
  it('takes the MPI whose launcher started us', () => {
    assert.equal(chooseFlavour(both, {}), 'openmpi');
    assert.equal(chooseFlavour(both, { OMPI_COMM_WORLD_SIZE: '4' }), 'openmpi');
    assert.equal(chooseFlavour(both, { PMI_RANK: '0', PMI_SIZE: '4' }), 'mpich');
    assert.equal(chooseFlavour(both, { PMI_FD: '7' }), 'mpich');
    assert.equal(chooseFlavour({ ...both, default: 'mpich' }, { PMIX_RANK: '0' }), 'openmpi');
  });

  it('obeys DISTARRAY_MPI', () => {
    assert.equal(chooseFlavour(both, { DISTARRAY_MPI: 'mpich' }), 'mpich');
    assert.equal(chooseFlavour(both, { DISTARRAY_MPI: '' }), 'openmpi');
    assert.throws(() => chooseFlavour(both, { DISTARRAY_MPI: 'intel' }), {
      code: 'ERR_MPI_FLAVOUR',
      message: "DISTARRAY_MPI is 'intel', but must be 'openmpi' or 'mpich'.",
    });
  });

  it('refuses to make N ranks N worlds', () => {
    const env = { DISTARRAY_MPI: 'mpich', OMPI_COMM_WORLD_SIZE: '4' };
    assert.throws(() => chooseFlavour(both, env), {
      code: 'ERR_MPI_LAUNCHER',
      message: /started by the mpiexec of Open MPI.*start with \/mpich\/bin\/mpiexec/,
    });
  });

  it('says what is missing and how to get it', () => {
    assert.throws(() => chooseFlavour(onlyOpenMpi, { PMI_RANK: '0' }), {
      code: 'ERR_NATIVE_NOT_BUILT',
      message:
        /MPICH variant.*the launcher's MPI.*only these are built: openmpi.*npx distarray build/,
    });
  });
});

describe('launcherSize', () => {
  it('is what the launcher says', () => {
    assert.equal(launcherSize({}), 1);
    assert.equal(launcherSize({ OMPI_COMM_WORLD_SIZE: '3', SLURM_STEP_NUM_TASKS: '2' }), 3);
    assert.equal(launcherSize({ PMI_SIZE: '5' }), 5);
    assert.equal(launcherSize({ SLURM_STEP_NUM_TASKS: '8' }), 8);
    assert.equal(launcherSize({ PMI_SIZE: 'x' }), 1);
    assert.equal(launcherFlavour({ SLURM_STEP_NUM_TASKS: '8' }), undefined);
  });
});

describe('loading under the wrong launcher', function () {
  this.timeout(60_000);
  const asRoot = process.getuid?.() === 0;
  const openMpiEnv = {
    OMPI_MCA_rmaps_base_oversubscribe: '1',
    ...(asRoot && { OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' }),
  };
  const node = [process.execPath, ...nodeArguments('test/fixtures/jobs/normal.ts')];

  for (const flavour of flavours) {
    const other = flavours.find((candidate) => candidate !== flavour);

    it(`mpiexec by hand works, and picks ${flavour}`, async () => {
      const { mpiexec } = readManifest().variants[flavour]!;
      const env = { ...openMpiEnv, DISTARRAY_MPI: undefined };
      const { code, stdout } = await runProcess(mpiexec, ['-n', '2', ...node], { env });
      assert.equal(code, 0);
      assert.match(stdout, /rank 1 of 2/);
    });

    if (other === undefined) continue;
    it(`the launcher of ${other} with the variant ${flavour} is an error, not N jobs`, async () => {
      const { mpiexec } = readManifest().variants[other]!;
      const env = { ...openMpiEnv, DISTARRAY_MPI: flavour };
      const { code, stdout, stderr } = await runProcess(mpiexec, ['-n', '2', ...node], { env });
      assert.notEqual(code, 0);
      assert.doesNotMatch(stdout, /rank 0 of 1/);
      assert.match(stdout + stderr, /ERR_MPI_LAUNCHER/);
    });
  }

  it('N tasks of an srun that MPI cannot join are an error, not N jobs', async () => {
    const env = { SLURM_STEP_NUM_TASKS: '4', DISTARRAY_MPI: undefined };
    const { code, stdout, stderr } = await runProcess(node[0], node.slice(1), { env });
    assert.notEqual(code, 0);
    assert.equal(stdout, '');
    assert.match(stderr, /ERR_MPI_SINGLETON/);
    assert.match(stderr, /srun started 4 tasks.*--mpi=/);
  });
});
