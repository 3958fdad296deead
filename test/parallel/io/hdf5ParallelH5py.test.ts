// ranks: 1-3
// timeLimit: 120
/** Files that h5py with MPI has written on several processes, and ours read by it; on other numbers of processes. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DTYPE_NAMES, DTYPES, type Dtype } from '../../../src/dtype/dtype.ts';
import { File, loadHdf5, saveHdf5 } from '../../../src/entry/hdf5.ts';
import { fromFunction } from '../../../src/entry/local.ts';
import { Distribution } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { broadcastText } from '../../../src/mpi/agreement.ts';
import { skip } from '../../launcher/skip.ts';
import { SharedDirectory } from '../../support/files.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const directory = new SharedDirectory('hdf5ParallelH5py');
const program = fileURLToPath(new URL('../../fixtures/h5py_parallel.py', import.meta.url));
/** Debian builds h5py for Open MPI. */
const mpiexec = '/usr/bin/mpiexec.openmpi';
const SHAPE = [11, 7];

/** Runs Python on so many processes, in a job of its own. */
function job(processes: number, ...args: string[]): { ok: boolean; text: string } {
  let told = '';
  if (rank === 0) {
    // What the launcher has set would make the other job a part of this one.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(OMPI|PMIX?|MPI|HYDI?|PRTE)_/.test(name)),
    );
    const settings = {
      OMPI_ALLOW_RUN_AS_ROOT: '1',
      OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
      OMPI_MCA_rmaps_base_oversubscribe: '1',
      OMPI_MCA_mpi_yield_when_idle: '1',
    };
    const run = spawnSync(mpiexec, ['-n', String(processes), '/usr/bin/python3', ...args], {
      env: { ...env, ...settings },
      encoding: 'utf8',
    });
    const ok = run.status === 0;
    told = JSON.stringify({ ok, text: ok ? run.stdout : `${run.error ?? run.stderr}` });
  }
  return JSON.parse(broadcastText(world, told, 0));
}

/** What the Python program makes of the number k. */
function element(dtype: Dtype, k: number): number {
  if (DTYPES[dtype].lanes === 2) return { re: k, im: 0 - k } as unknown as number;
  if (dtype === 'bool') return (k % 2 === 1) as unknown as number;
  return (dtype === 'int64' || dtype === 'uint64' ? BigInt(k) : k) as number;
}

function sample(dtype: Dtype, distribution: Distribution, sign = 1) {
  return fromFunction((i, j) => element(dtype, sign * (SHAPE[1] * i + j)), distribution, { dtype });
}

const even = (dist: string) => Distribution.fromShape(SHAPE, { dist, size });

describe('h5py with MPI', () => {
  before(function () {
    const isThere = broadcastText(world, existsSync(mpiexec) ? 'yes' : 'no', 0) === 'yes';
    const test = 'from mpi4py import MPI; import h5py; assert h5py.get_config().mpi';
    if (!isThere || !job(1, '-c', test).ok) skip(this, 'h5py with MPI is not installed');
  });

  for (const processes of [2, 3]) {
    it(`writes files on ${processes} processes that are read here`, () => {
      const name = directory.path(`theirs-${processes}.h5`);
      const { ok, text } = job(processes, program, 'write', name);
      assert.ok(ok, text);
      for (const dtype of DTYPE_NAMES) {
        for (const group of ['rows', 'cyclic', 'chunked', 'packed']) {
          for (const dist of ['bn', 'cc']) {
            const expected = sample(dtype, even(dist));
            const key = `${group}/${dtype}`;
            const back = loadHdf5(name, expected.distribution, { key });
            assert.equal(back.dtype, dtype, key);
            assert.deepEqual(back.toContiguous(), expected.toContiguous(), `${key} ${dist}`);
          }
        }
      }
      using file = new File(name, { mode: 'r+' });
      assert.equal(Number(file.attrs.get('processes')), processes);
      // Chunks that h5py has made in parallel have their place, so they can be written in parallel, packed ones too.
      for (const group of ['rows', 'chunked', 'packed']) {
        const dataset = file.dataset(`${group}/int32`);
        dataset.slice('::2').write(sample('int32', even('cb'), -1).slice('::2'));
        const back = dataset.read(even('bc'));
        const expected = sample('int32', even('bc'));
        expected.slice('::2').assignView(sample('int32', even('bc'), -1).slice('::2').readView());
        assert.deepEqual(back.toContiguous(), expected.toContiguous(), group);
      }
    });

    it(`reads on ${processes} processes what was written here, and changes it`, () => {
      const name = directory.path(`ours-${processes}.h5`);
      for (const [k, dtype] of DTYPE_NAMES.entries()) {
        const distribution = even(['bn', 'cc', 'nb', 'bc'][k % 4]);
        saveHdf5(name, sample(dtype, distribution), { key: `rows/${dtype}` });
        const packed = { chunks: [4, 3], compression: 'gzip', shuffle: true } as const;
        saveHdf5(name, sample(dtype, distribution), { key: `packed/${dtype}`, ...packed });
      }
      const read = job(processes, program, 'check', name);
      assert.ok(read.ok, read.text);
      assert.equal(read.text, 'fine\n');
      const changed = job(processes, program, 'change', name);
      assert.ok(changed.ok, changed.text);
      const added = loadHdf5(name, even('cb'), { key: 'added' });
      assert.deepEqual(added.toContiguous(), sample('float64', even('cb')).toContiguous());
      const turned = loadHdf5(name, even('bc'), { key: 'rows/int32' });
      assert.deepEqual(turned.toContiguous(), sample('int32', even('bc'), -1).toContiguous());
    });
  }
});
