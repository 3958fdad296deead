// ranks: 1-4
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DTYPE_NAMES, DTYPES, type Dtype } from '../../../src/dtype/dtype.ts';
import { loadHdf5, saveHdf5 } from '../../../src/entry/hdf5.ts';
import { LocalArray } from '../../../src/entry/local.ts';
import { Distribution } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { broadcastText } from '../../../src/mpi/agreement.ts';
import { skip } from '../../launcher/skip.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const program = fileURLToPath(new URL('../../fixtures/h5py_roundtrip.py', import.meta.url));

/** Runs the Python program on rank 0, outside the job; its output on every rank. */
function python(...args: string[]): { ok: boolean; text: string } {
  if (rank !== 0) {
    const [ok, ...text] = broadcastText(world, '', 0).split('\n');
    return { ok: ok === 'true', text: text.join('\n') };
  }
  // What the launcher has set would make h5py's MPI take part in our job.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(OMPI|PMIX?|MPI|HYDI?|PRTE)_/.test(name)),
  );
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', args, { env, encoding: 'utf8' });
  const text = broadcastText(world, `${status === 0}\n${status === 0 ? stdout : stderr}`, 0);
  return { ok: status === 0, text: text.slice(text.indexOf('\n') + 1) };
}

describe('files of h5py', () => {
  let directory: string;

  before(function () {
    if (!python('-c', 'import h5py').ok) skip(this, 'h5py is not installed');
    directory = broadcastText(
      world,
      rank === 0 ? mkdtempSync(join(tmpdir(), 'distarray-h5py-')) : '',
      0,
    );
  });

  after(() => {
    world.barrier();
    if (rank === 0 && directory) rmSync(directory, { recursive: true });
  });

  /** Element k of the flat index has the value k; of complex dtypes k − ki. */
  function numbered(dtype: Dtype): LocalArray {
    const distribution = Distribution.fromShape([4, 3], { dist: 'bc', size });
    const local = new LocalArray(distribution, { dtype });
    const indices = local
      .globalIndices(0)
      .flatMap((i) => local.globalIndices(1).map((j) => 3 * i + j));
    const values = indices.flatMap((k) => (DTYPES[dtype].lanes === 2 ? [k, 0 - k] : [k]));
    values.forEach((value, k) => {
      if (local.data instanceof BigInt64Array || local.data instanceof BigUint64Array) {
        local.data[k] = BigInt(value);
      } else local.data[k] = dtype === 'bool' ? value % 2 : value;
    });
    return local;
  }

  it('are read in every dtype and byte order', () => {
    const file = join(directory, 'theirs.h5');
    const { ok, text } = python(program, 'write', file);
    assert.ok(ok, text);
    for (const dtype of DTYPE_NAMES) {
      for (const order of ['native', 'big']) {
        if (order === 'big' && (dtype === 'bool' || dtype.endsWith('8'))) continue;
        const expected = numbered(dtype);
        const local = loadHdf5(file, expected.distribution, { key: `${order}/${dtype}` });
        assert.equal(local.dtype, dtype);
        assert.deepEqual(local.data, expected.data, `${order} ${dtype}`);
      }
    }
  });

  it('are what we write, in every dtype', () => {
    const file = join(directory, 'ours.h5');
    for (const dtype of DTYPE_NAMES) saveHdf5(file, numbered(dtype), { key: dtype });
    const { ok, text } = python(program, 'check', file);
    assert.ok(ok, text);
    const found: Record<string, [string, number[], string[]]> = JSON.parse(text);
    for (const dtype of DTYPE_NAMES) {
      const [name, shape, values] = found[dtype];
      assert.equal(name, dtype);
      assert.deepEqual(shape, [4, 3]);
      const numbers = values.map((value) => Number({ False: 0, True: 1 }[value] ?? value) + 0);
      const lanes = DTYPES[dtype].lanes;
      const expected = Array.from({ length: 12 }, (_, k) =>
        lanes === 2 ? [k, 0 - k] : [dtype === 'bool' ? k % 2 : k],
      ).flat();
      assert.deepEqual(numbers, expected, dtype);
    }
  });
});
