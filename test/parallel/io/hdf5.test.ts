import { strict as assert } from 'node:assert';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DTYPE_NAMES, type Dtype } from '../../../src/dtype/dtype.ts';
import { loadHdf5, saveHdf5 } from '../../../src/entry/hdf5.ts';
import { LocalArray, redistribute, zeros } from '../../../src/entry/local.ts';
import { CyclicMap, Distribution } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { broadcastText } from '../../../src/mpi/agreement.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;

let directory: string;
const path = (name: string) => join(directory, name);

before(() => {
  const made = rank === 0 ? mkdtempSync(join(tmpdir(), 'distarray-hdf5-')) : '';
  directory = broadcastText(world, made, 0);
});

after(() => {
  world.barrier();
  if (rank === 0) rmSync(directory, { recursive: true });
});

/** Element (i, j, …) of the whole array has the value of its flat index, from 1. */
function numbered<D extends Dtype>(distribution: Distribution, dtype: D): LocalArray<D> {
  const onOne = Distribution.fromShape(distribution.shape, { size: 1 });
  const whole = new LocalArray(onOne, { dtype });
  for (let k = 0; k < whole.data.length; k++) {
    if (whole.data instanceof BigInt64Array || whole.data instanceof BigUint64Array) {
      whole.data[k] = BigInt(k + 1);
    } else whole.data[k] = dtype === 'bool' ? k % 2 : k + 1;
  }
  return redistribute(whole, distribution);
}

const even = (shape: number[], dist: string) => Distribution.fromShape(shape, { dist, size });

describe('saveHdf5 and loadHdf5', () => {
  const shape = [11, 7];
  const distributions: Record<string, () => Distribution> = {
    bn: () => even(shape, 'bn'),
    nb: () => even(shape, 'nb'),
    bb: () => even(shape, 'bb'),
    cn: () => even(shape, 'cn'),
    cc: () => even(shape, 'cc'),
    'block-cyclic': () =>
      Distribution.fromMaps([
        new CyclicMap(11, size, { blockSize: 2 }),
        new CyclicMap(7, 1, { blockSize: 3 }),
      ]),
    'one process': () => Distribution.fromShape(shape, { targets: [size - 1] }),
  };
  for (const [from, makeFrom] of Object.entries(distributions)) {
    it(`write ${from} and read back every distribution`, () => {
      const file = path(`matrix ${from}.h5`);
      saveHdf5(file, numbered(makeFrom(), 'float64'), { mode: 'w' });
      for (const [to, makeTo] of Object.entries(distributions)) {
        const back = loadHdf5(file, makeTo());
        assert.deepEqual(back.data, numbered(makeTo(), 'float64').data, `${from} → ${to}`);
      }
    });
  }

  for (const dtype of DTYPE_NAMES) {
    it(`keep ${dtype}`, () => {
      const file = path(`${dtype}.h5`);
      saveHdf5(file, numbered(even([9], 'b'), dtype), { mode: 'w', key: 'deep/inside/values' });
      const back = loadHdf5(file, even([9], 'c'), { key: 'deep/inside/values' });
      assert.equal(back.dtype, dtype);
      assert.deepEqual(back.data, numbered(even([9], 'c'), dtype).data);
    });
  }

  it('write long strided runs directly', () => {
    const wide = Distribution.fromMaps([
      new CyclicMap(6, size, { blockSize: 1 }),
      new CyclicMap(600, 1),
    ]);
    const file = path('wide.h5');
    saveHdf5(file, numbered(wide, 'float64'), { mode: 'w' });
    assert.deepEqual(loadHdf5(file, wide).data, numbered(wide, 'float64').data);
    const blocks = even([6, 600], 'bn');
    assert.deepEqual(loadHdf5(file, blocks).data, numbered(blocks, 'float64').data);
  });

  it('write more ranks than rows, nothing at all, and a single value', () => {
    for (const few of [[2], [0], [0, 5], [3, 0], []]) {
      const file = path(`few-${few.join('x')}.h5`);
      const distribution = Distribution.fromShape(few, { size });
      saveHdf5(file, numbered(distribution, 'int32'), { mode: 'w' });
      assert.deepEqual(loadHdf5(file, distribution).data, numbered(distribution, 'int32').data);
    }
  });

  it('add datasets to a file, and replace it', () => {
    const file = path('several.h5');
    const first = numbered(even([5], 'b'), 'float32');
    saveHdf5(file, first);
    saveHdf5(file, numbered(even([3, 3], 'cc'), 'int16'), { key: 'second' });
    assert.deepEqual(loadHdf5(file, even([5], 'b')).data, first.data);
    assert.equal(loadHdf5(file, even([3, 3], 'bn'), { key: 'second' }).dtype, 'int16');
    saveHdf5(file, first, { mode: 'w', key: 'only' });
    assert.throws(() => loadHdf5(file, even([5], 'b')), { code: 'ERR_HDF5_KEY' });
  });

  it('work on a part of the processes', () => {
    using half = world.split(rank % 2);
    const file = path(`half-${rank % 2}.h5`);
    const distribution = Distribution.fromShape([10], { size: half.size });
    const local = zeros(distribution, { comm: half });
    local.data.fill(rank % 2);
    saveHdf5(file, local, { mode: 'w' });
    const back = loadHdf5(file, distribution, { comm: half });
    assert.ok(back.data.every((value) => value === rank % 2));
  });
});

describe('bad input of saveHdf5 and loadHdf5', () => {
  const local = () => numbered(even([4], 'b'), 'float64');
  /** All ranks saw an error of this code and message. */
  function failsAlike(work: () => void, code: string): void {
    let message = '';
    assert.throws(work, (error: Error & { code?: string }) => {
      assert.equal(error.code, code, error.message);
      message = error.message;
      return true;
    });
    assert.equal(broadcastText(world, message, 0), message);
  }

  it('leaves nothing behind in a directory that is not there', () => {
    failsAlike(() => saveHdf5(path('missing/file.h5'), local(), { mode: 'w' }), 'ENOENT');
    assert.ok(!existsSync(path('missing')));
  });

  it('leaves nothing behind in a directory that cannot be written to', () => {
    if (process.getuid?.() === 0) {
      // Root may write anywhere but into what is no directory at all.
      if (rank === 0) writeFileSync(path('plain'), '');
      world.barrier();
      failsAlike(() => saveHdf5(path('plain/file.h5'), local(), { mode: 'w' }), 'ENOTDIR');
      failsAlike(() => saveHdf5('/proc/distarray.h5', local(), { mode: 'w' }), 'ENOENT');
      return;
    }
    if (rank === 0) chmodSync(directory, 0o500);
    world.barrier();
    failsAlike(() => saveHdf5(path('denied.h5'), local(), { mode: 'w' }), 'EACCES');
    world.barrier();
    if (rank === 0) chmodSync(directory, 0o700);
  });

  it('refuses to replace a file that exists (w-), or a directory', () => {
    const file = path('precious.h5');
    saveHdf5(file, local(), { mode: 'w-' });
    const before = statSync(file);
    world.barrier();
    failsAlike(() => saveHdf5(file, local(), { mode: 'w-' }), 'EEXIST');
    assert.equal(statSync(file).ino, before.ino);
    failsAlike(() => saveHdf5(directory, local(), { mode: 'w' }), 'EISDIR');
  });

  it('leaves a file as it was when the key exists or cannot be', () => {
    const file = path('keyed.h5');
    saveHdf5(file, local(), { mode: 'w' });
    failsAlike(() => saveHdf5(file, local()), 'EEXIST');
    failsAlike(() => saveHdf5(file, local(), { key: 'buffer/below' }), 'ERR_HDF5_KEY');
    assert.deepEqual(loadHdf5(file, even([4], 'b')).data, local().data);
    assert.throws(() => saveHdf5(file, local(), { key: '/' }), { argument: 'options.key' });
  });

  it('names a missing file, a missing key, a wrong shape, and what is no HDF5', () => {
    failsAlike(() => loadHdf5(path('none.h5'), even([4], 'b')), 'ENOENT');
    const file = path('right.h5');
    saveHdf5(file, local(), { mode: 'w', key: 'group/data' });
    failsAlike(() => loadHdf5(file, even([4], 'b'), { key: 'nothing' }), 'ERR_HDF5_KEY');
    failsAlike(() => loadHdf5(file, even([4], 'b'), { key: 'nothing/at/all' }), 'ERR_HDF5_KEY');
    failsAlike(() => loadHdf5(file, even([5], 'b'), { key: 'group/data' }), 'ERR_HDF5_SHAPE');
    failsAlike(() => loadHdf5(file, even([4], 'b'), { key: 'group' }), 'ERR_HDF5_KEY');
    if (rank === 0) writeFileSync(path('text.h5'), 'no HDF5 at all');
    world.barrier();
    failsAlike(() => loadHdf5(path('text.h5'), even([4], 'b')), 'ERR_HDF5');
    assert.throws(() => loadHdf5(path('text.h5'), even([4], 'b')), /text\.h5': H5Fopen failed/);
  });

  it('names arguments of the wrong kind', () => {
    assert.throws(() => saveHdf5('', local()), { argument: 'name' });
    assert.throws(() => saveHdf5(3 as unknown as string, local()), { argument: 'name' });
    assert.throws(() => saveHdf5(path('x.h5'), {} as LocalArray), { argument: 'array' });
    assert.throws(() => saveHdf5(path('x.h5'), local(), { mode: 'r' as 'w' }), {
      argument: 'options.mode',
    });
    assert.throws(() => loadHdf5(path('x.h5'), [4] as unknown as Distribution), {
      argument: 'distribution',
    });
  });

  it('names an argument that differs between the ranks, instead of waiting for ever', () => {
    if (size === 1) return;
    const mine = path(`rank-${rank}.h5`);
    assert.throws(() => saveHdf5(mine, local(), { mode: 'w' }), { argument: 'name' });
    const mode = rank === 0 ? 'w' : ('zz' as 'w');
    failsAlike(() => saveHdf5(path('x.h5'), local(), { mode }), 'ERR_ARGUMENT_RANGE');
    assert.ok(!existsSync(mine));
  });

  it('replaces what a link points to, and never a device', () => {
    const file = path('linked.h5');
    const link = path('link.h5');
    if (rank === 0) {
      writeFileSync(file, 'old');
      chmodSync(file, 0o640);
      symlinkSync(file, link);
    }
    world.barrier();
    saveHdf5(link, local(), { mode: 'w' });
    assert.ok(lstatSync(link).isSymbolicLink());
    assert.equal(statSync(file).mode & 0o777, 0o640);
    assert.deepEqual(loadHdf5(file, even([4], 'b')).data, local().data);
    failsAlike(() => saveHdf5('/dev/null', local(), { mode: 'w' }), 'ERR_NOT_A_FILE');
    assert.ok(statSync('/dev/null').isCharacterDevice());
  });

  it('leaves no temporary file behind', () => {
    world.barrier();
    assert.deepEqual(
      readdirSync(directory).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });
});
