import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MPI } from '../../../src/entry/mpi.ts';
import { broadcastText } from '../../../src/mpi/agreement.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;

let directory: string;
const path = (name: string) => join(directory, name);

before(() => {
  const made = rank === 0 ? mkdtempSync(join(tmpdir(), 'distarray-view-')) : '';
  directory = broadcastText(world, made, 0);
});

after(() => {
  world.barrier();
  if (rank === 0) rmSync(directory, { recursive: true });
});

// A rank that is ahead must not look at a file that another one is still in.
afterEach(() => world.barrier());

describe('views', () => {
  it('are all bytes of the file at first', () => {
    using file = MPI.File.open(world, path('first'), { mode: 'w' });
    assert.deepEqual(file.getView(), {
      displacement: 0,
      etype: MPI.BYTE,
      filetype: MPI.BYTE,
      datarep: 'native',
    });
    assert.equal(file.byteOffset(5), 5);
    assert.equal(file.typeExtent(MPI.DOUBLE), 8);
  });

  it('begin at a displacement and count elementary types', () => {
    using file = MPI.File.open(world, path('doubles'), { mode: 'w' });
    file.seek(3);
    file.setView(16n, MPI.DOUBLE);
    assert.equal(file.position, 0);
    assert.deepEqual(file.getView(), {
      displacement: 16,
      etype: MPI.DOUBLE,
      filetype: MPI.DOUBLE,
      datarep: 'native',
    });
    assert.equal(file.byteOffset(2), 32);
    file.writeAtAll(2 * rank, Float64Array.of(rank, rank + 0.5));
    file.seek(2 * size);
    assert.equal(file.position, 2 * size);
    file.sync();
    world.barrier();
    assert.equal(file.size, 16 + 16 * size);
    const all = new Float64Array(2 * size);
    file.readAt(0, all);
    assert.deepEqual(
      [...all],
      Array.from({ length: 2 * size }, (_, k) => k / 2),
    );
    assert.deepEqual([...readFileSync(path('doubles')).subarray(0, 16)], Array(16).fill(0));
  });

  it('may differ from rank to rank', () => {
    using file = MPI.File.open(world, path('own'), { mode: 'w' });
    file.setView(12 * rank, MPI.INT32_T);
    file.writeAll(Int32Array.of(rank, -1, rank + 1));
    file.setView(0, MPI.INT32_T);
    const all = new Int32Array(3 * size);
    file.sync();
    world.barrier();
    file.readAll(all);
    assert.deepEqual([...all], Array.from({ length: size }, (_, r) => [r, -1, r + 1]).flat());
  });

  it('store big-endian numbers in external32', () => {
    using file = MPI.File.open(world, path('external'), { mode: 'w' });
    file.setView(0, MPI.INT32_T, MPI.INT32_T, { datarep: 'external32' });
    assert.equal(file.getView().datarep, 'external32');
    file.writeAt(rank, Int32Array.of(rank + 1));
    file.sync();
    world.barrier();
    const into = new Int32Array(1);
    file.readAt(rank, into);
    assert.equal(into[0], rank + 1);
    assert.equal(readFileSync(path('external')).readInt32BE(4 * rank), rank + 1);
  });

  it('know the representation internal in MPICH only', () => {
    using file = MPI.File.open(world, path('internal'), { mode: 'w' });
    const set = () => file.setView(8, MPI.DOUBLE, MPI.DOUBLE, { datarep: 'internal' });
    if (MPI.flavour() === 'openmpi') {
      assert.throws(set, { call: 'MPI_File_set_view', class: 'MPI_ERR_UNSUPPORTED_DATAREP' });
      // The view is as it was.
      assert.equal(file.getView().displacement, 0);
    } else {
      set();
      assert.equal(file.getView().datarep, 'internal');
    }
  });

  it('name the argument that is wrong', () => {
    using file = MPI.File.open(world, path('wrong'), { mode: 'w' });
    const none = 'DOUBLE' as unknown as MPI.Datatype;
    assert.throws(() => file.setView(-1), { argument: 'displacement' });
    assert.throws(() => file.setView(0, none), { argument: 'etype' });
    assert.throws(() => file.setView(0, MPI.BYTE, none), { argument: 'filetype' });
    assert.throws(() => file.typeExtent(none), { argument: 'datatype' });
    const options = { datarep: 'xdr' } as unknown as MPI.FileViewOptions;
    assert.throws(() => file.setView(0, MPI.BYTE, MPI.BYTE, options), {
      argument: 'options.datarep',
    });
    assert.deepEqual(file.getView().etype, MPI.BYTE);
  });
});
