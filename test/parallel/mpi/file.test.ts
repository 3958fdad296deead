import { strict as assert } from 'node:assert';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MPI } from '../../../src/entry/mpi.ts';
import { broadcastText } from '../../../src/mpi/agreement.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const next = (rank + 1) % size;
const ranks = Array.from({ length: size }, (_, r) => r);

let directory: string;
const path = (name: string) => join(directory, name);

before(() => {
  const made = rank === 0 ? mkdtempSync(join(tmpdir(), 'distarray-file-')) : '';
  directory = broadcastText(world, made, 0);
});

after(() => {
  world.barrier();
  if (rank === 0) rmSync(directory, { recursive: true });
});

// A rank that is ahead must not look at a file that another one is still in.
afterEach(() => world.barrier());

/** A file with these bytes, made by rank 0. */
function given(name: string, bytes: Float64Array | string): string {
  if (rank === 0) writeFileSync(path(name), bytes);
  world.barrier();
  return path(name);
}

describe('File.open', () => {
  it('makes a file in mode w, empty whatever was there', () => {
    const name = given('w', 'what was there');
    const file = MPI.File.open(world, name, { mode: 'w' });
    assert.equal(file.size, 0);
    assert.equal(file.amode, MPI.MODE_RDWR | MPI.MODE_CREATE);
    assert.equal(String(file), `File('${name}')`);
    file.close();
    assert.ok(file.isClosed);
    assert.equal(readFileSync(name).length, 0);
  });

  it('reads only in mode r, which is the default', () => {
    const name = given('r', 'abc');
    using file = MPI.File.open(world, name);
    assert.equal(file.amode, MPI.MODE_RDONLY);
    const into = new Uint8Array(3);
    assert.equal(file.read(into).count, 3);
    assert.equal(String.fromCharCode(...into), 'abc');
    assert.throws(
      () => file.write(into),
      (error: MPI.MPIError) =>
        error.call === 'MPI_File_write' &&
        ['MPI_ERR_READ_ONLY', 'MPI_ERR_ACCESS'].includes(error.class),
    );
  });

  it('keeps what is there in the modes r+ and a, and begins at the end in a', () => {
    const name = given('a', 'abcd');
    for (const [mode, position] of [
      ['r+', 0],
      ['a', 4],
    ] as const) {
      using file = MPI.File.open(world, name, { mode });
      assert.equal(file.size, 4);
      assert.equal(file.position, position);
    }
    using made = MPI.File.open(world, path('a2'), { mode: 'a' });
    assert.equal(made.size, 0);
  });

  it('takes a combination of access modes', () => {
    const name = path('amode');
    const mode = MPI.MODE_WRONLY | MPI.MODE_CREATE | MPI.MODE_DELETE_ON_CLOSE;
    const file = MPI.File.open(world, name, { mode });
    assert.ok(existsSync(name));
    world.barrier();
    file.close();
    world.barrier();
    assert.ok(!existsSync(name));
  });

  it('throws the same MPIError on every rank when it cannot be', () => {
    const there = given('there', 'x');
    const cases: [string, MPI.FileOptions, string][] = [
      [path('missing'), {}, 'MPI_ERR_NO_SUCH_FILE'],
      [path('missing'), { mode: 'r+' }, 'MPI_ERR_NO_SUCH_FILE'],
      [path('no/such/directory'), { mode: 'w' }, 'MPI_ERR_NO_SUCH_FILE'],
      [join(there, 'x'), { mode: 'w' }, 'MPI_ERR_NO_SUCH_FILE'],
      [there, { mode: 'w-' }, 'MPI_ERR_FILE_EXISTS'],
      [directory, { mode: 'r' }, 'MPI_ERR_BAD_FILE'],
      [path('x'.repeat(300)), { mode: 'w' }, 'MPI_ERR_BAD_FILE'],
    ];
    for (const [name, options, expected] of cases) {
      assert.throws(
        () => MPI.File.open(world, name, options),
        (error: MPI.MPIError) => {
          assert.ok(error instanceof MPI.MPIError);
          assert.equal(error.call, 'MPI_File_open');
          assert.equal(error.class, expected);
          assert.equal(error.rank, 0);
          assert.equal(broadcastText(world, error.message, 0), error.message);
          return true;
        },
      );
    }
    assert.equal(readFileSync(there, 'utf8'), 'x');
  });

  it('lets no rank go on alone when only one cannot open the file', () => {
    const names = ranks.map((r) => (r === size - 1 ? path('alone') : given('common', 'x')));
    assert.throws(() => MPI.File.open(world, names[rank]), {
      class: 'MPI_ERR_NO_SUCH_FILE',
      rank: size - 1,
    });
    // All of them are still in step.
    assert.equal(world.allreduce(1), size);
  });

  it('names the argument that is wrong', () => {
    const name = path('wrong');
    const open = (options: object) => MPI.File.open(world, name, options as MPI.FileOptions);
    assert.throws(() => MPI.File.open({} as MPI.Comm, name), { argument: 'comm' });
    assert.throws(() => MPI.File.open(world, ''), { argument: 'name' });
    assert.throws(() => MPI.File.open(world, 'a\0b'), { argument: 'name' });
    assert.throws(() => open({ mode: 'x' }), { argument: 'options.mode' });
    assert.throws(() => open({ mode: true }), { argument: 'options.mode' });
    for (const mode of [0, MPI.MODE_RDONLY | MPI.MODE_RDWR, MPI.MODE_RDONLY | MPI.MODE_CREATE]) {
      assert.throws(() => open({ mode }), { argument: 'options.mode' });
    }
    assert.throws(() => open({ mode: 'w', info: { cb_nodes: 1 } }), {
      argument: 'options.info.cb_nodes',
    });
    assert.throws(() => MPI.File.open(MPI.COMM_NULL, name), { class: 'MPI_ERR_COMM' });
    assert.ok(!existsSync(name));
  });
});

describe('File.delete', () => {
  it('deletes a file, or says that there is none', () => {
    const name = given('deleted', 'x');
    if (rank === 0) MPI.File.delete(name);
    world.barrier();
    assert.ok(!existsSync(name));
    assert.throws(() => MPI.File.delete(name), {
      call: 'MPI_File_delete',
      class: 'MPI_ERR_NO_SUCH_FILE',
    });
  });
});

describe('an open file', () => {
  it('has a size, which can be set', () => {
    using file = MPI.File.open(world, path('size'), { mode: 'w' });
    file.setSize(100);
    assert.equal(file.size, 100);
    world.barrier();
    file.setSize(10n);
    assert.equal(file.size, 10);
    world.barrier();
    file.preallocate(64);
    assert.equal(file.size, 64);
    assert.throws(() => file.setSize(-1), { argument: 'bytes' });
    assert.throws(() => file.setSize(2n ** 53n), { argument: 'bytes' });
    assert.throws(() => file.preallocate(1.5), { argument: 'bytes' });
  });

  it('knows offsets beyond 2^32', () => {
    using file = MPI.File.open(world, path('far'), { mode: 'w' });
    const far = 2 ** 33 + 8;
    file.writeAt(BigInt(far + rank), Uint8Array.of(rank + 1));
    file.sync();
    world.barrier();
    assert.equal(file.size, far + size);
    const into = new Uint8Array(1);
    file.readAt(far + next, into);
    assert.equal(into[0], next + 1);
    file.seek(far);
    assert.equal(file.position, far);
    assert.equal(file.byteOffset(far), far);
    world.barrier();
    file.setSize(0);
  });

  it('is atomic when it was told so', () => {
    using file = MPI.File.open(world, path('atomic'), { mode: 'w' });
    assert.equal(file.atomicity, false);
    file.atomicity = true;
    assert.equal(file.atomicity, true);
    // Now another rank sees what was written without sync().
    file.writeAt(rank, Uint8Array.of(rank + 1));
    world.barrier();
    const into = new Uint8Array(1);
    file.readAt(next, into);
    assert.equal(into[0], next + 1);
    assert.throws(() => Reflect.set(file, 'atomicity', 1), { argument: 'atomicity' });
  });

  it('has hints', () => {
    const info = { cb_buffer_size: '1048576', no_such_hint: 'ignored' };
    using file = MPI.File.open(world, path('hints'), { mode: 'w', info });
    assert.equal(file.info.cb_buffer_size, '1048576');
    for (const value of Object.values(file.info)) assert.equal(typeof value, 'string');
    file.setInfo({ cb_buffer_size: '2097152' });
    file.setInfo({});
    assert.throws(() => file.setInfo(null as unknown as MPI.FileInfo), { argument: 'info' });
  });

  it('is of no use when it was closed', () => {
    const file = MPI.File.open(world, path('closed'), { mode: 'w' });
    file.close();
    const byte = new Uint8Array(1);
    for (const use of [
      () => file.close(),
      () => file.size,
      () => file.info,
      () => file.getView(),
      () => file.setView(0),
      () => file.seek(0),
      () => file.position,
      () => file.read(byte),
      () => file.writeAtAll(0, byte),
      () => file.iread(byte),
    ]) {
      assert.throws(use, { class: 'MPI_ERR_FILE' });
    }
    file[Symbol.dispose]();
  });
});

describe('reading and writing', () => {
  it('has a file pointer of each rank', () => {
    using file = MPI.File.open(world, path('pointer'), { mode: 'w' });
    file.seek(24 * rank);
    assert.equal(file.write(Float64Array.of(rank, -rank)).count, 2);
    assert.equal(file.position, 24 * rank + 16);
    file.seek(-8, { whence: 'cur' });
    assert.equal(file.write({ data: Int32Array.of(9, 8, 7), offset: 1, count: 2 }).count, 2);
    file.write(Float64Array.of(0.5));
    file.sync();
    world.barrier();
    file.sync();
    assert.equal(file.size, 24 * size);
    file.seek(-24 * (size - next), { whence: 'end' });
    const into = new Float64Array(3);
    assert.deepEqual(
      { ...file.read(into) },
      { source: MPI.ANY_SOURCE, tag: MPI.ANY_TAG, count: 3 },
    );
    assert.equal(into[0], next);
    assert.deepEqual([...new Int32Array(into.buffer, 8, 2)], [8, 7]);
    assert.equal(into[2], 0.5);
    assert.throws(() => file.seek(-1), { argument: 'offset' });
    assert.throws(() => file.seek(-1000, { whence: 'cur' }), { call: 'MPI_File_seek' });
    const wrong = { whence: 'middle' } as unknown as MPI.SeekOptions;
    assert.throws(() => file.seek(0, wrong), { argument: 'options.whence' });
  });

  it('counts what there was at the end of the file', () => {
    using file = MPI.File.open(world, given('end', Float64Array.of(1, 2, 3)));
    const into = new Float64Array(5);
    assert.equal(file.readAt(8, into).count, 2);
    assert.deepEqual([...into], [2, 3, 0, 0, 0]);
    assert.equal(file.readAt(24, into).count, 0);
    assert.equal(file.readAt(0, new Float64Array(0)).count, 0);
    assert.equal(file.readAt(20, into).count, -1);
  });

  it('goes to a place, alone or together', () => {
    using file = MPI.File.open(world, path('at'), { mode: 'w' });
    assert.equal(file.writeAt(16 * rank, BigInt64Array.of(BigInt(rank))).count, 1);
    assert.equal(file.writeAtAll(16 * rank + 8, BigInt64Array.of(-1n)).count, 1);
    file.sync();
    world.barrier();
    file.sync();
    const into = new BigInt64Array(2);
    assert.equal(file.readAtAll(16 * next, into).count, 2);
    assert.deepEqual([...into], [BigInt(next), -1n]);
    file.readAt(16 * rank, into);
    assert.deepEqual([...into], [BigInt(rank), -1n]);
    assert.equal(file.position, 0);
    assert.throws(() => file.writeAt(-1, into), { argument: 'offset' });
    assert.throws(() => file.writeAt(0, [1] as unknown as Uint8Array), { argument: 'buffer' });
  });

  it('is collective at the file pointers', () => {
    using file = MPI.File.open(world, path('all'), { mode: 'w' });
    file.seek(2 * rank);
    assert.equal(file.writeAll(Uint8Array.of(rank, 100)).count, 2);
    file.sync();
    world.barrier();
    file.sync();
    file.seek(2 * next);
    const into = new Uint8Array(2);
    assert.equal(file.readAll(into).count, 2);
    assert.deepEqual([...into], [next, 100]);
    assert.equal(file.position, 2 * next + 2);
  });

  it('has a file pointer that all share', () => {
    using file = MPI.File.open(world, path('shared'), { mode: 'w' });
    const own = new Float64Array(rank + 1).fill(rank + 1);
    assert.equal(file.writeShared(own).count, rank + 1);
    world.barrier();
    const bytes = (8 * size * (size + 1)) / 2;
    assert.equal(file.positionShared, bytes);
    file.sync();
    world.barrier();
    // The parts lie one behind the other, in any order: each value v stands there v times in a row.
    const all = new Float64Array(bytes / 8);
    file.readAt(0, all);
    for (let k = 0; k < all.length; k += all[k]) {
      assert.deepEqual([...all.slice(k, k + all[k])], Array(all[k]).fill(all[k]));
    }
    assert.deepEqual(
      [...new Set(all)].sort(),
      [...ranks].map((r) => r + 1),
    );
    file.seekShared(0);
    assert.equal(file.positionShared, 0);
    world.barrier();
    const into = new Float64Array(1);
    file.readShared(into);
    world.barrier();
    assert.equal(file.positionShared, 8 * size);
    assert.equal(file.position, 0);
  });

  it('keeps the order of the ranks where it is asked to', () => {
    using file = MPI.File.open(world, path('ordered'), { mode: 'w' });
    file.writeOrdered(new Int32Array(rank + 1).fill(rank));
    file.writeOrdered(Int32Array.of(1000 + rank));
    file.sync();
    world.barrier();
    const all = new Int32Array((size * (size + 1)) / 2 + size);
    file.readAt(0, all);
    const expected = [...ranks.flatMap((r) => Array(r + 1).fill(r)), ...ranks.map((r) => 1000 + r)];
    assert.deepEqual([...all], expected);
    file.seekShared(0);
    const into = new Int32Array(rank + 1);
    assert.equal(file.readOrdered(into).count, rank + 1);
    assert.deepEqual([...into], Array(rank + 1).fill(rank));
  });
});

describe('transfers that are started', () => {
  it('write and read at the file pointer, at a place and together', async () => {
    using file = MPI.File.open(world, path('started'), { mode: 'w' });
    file.seek(32 * rank);
    const first = file.iwrite(Float64Array.of(rank));
    assert.equal(first.call, 'MPI_File_iwrite');
    assert.equal((await first).count, 1);
    assert.equal(file.position, 32 * rank + 8);
    const second = file.iwriteAll(Float64Array.of(rank + 0.25));
    assert.equal(second.wait().count, 1);
    const third = file.iwriteAt(32 * rank + 16, Float64Array.of(rank + 0.5));
    const fourth = file.iwriteAtAll(32 * rank + 24, Float64Array.of(rank + 0.75));
    MPI.waitAll([third, fourth]);
    assert.equal(third.wait().count, 1);
    const several = [0, 1, 2].map(() => file.iwriteAt(32 * rank + 16, Float64Array.of(rank + 0.5)));
    while (!MPI.testAll([...several, null]));
    assert.deepEqual(
      several.map((request) => request.wait().count),
      [1, 1, 1],
    );
    file.sync();
    world.barrier();
    file.sync();

    const values = Array.from({ length: 4 }, () => new Float64Array(1));
    file.seek(32 * next);
    await file.iread(values[0]);
    file.ireadAll(values[1]).wait();
    const rest = [
      file.ireadAt(32 * next + 16, values[2]),
      file.ireadAtAll(32 * next + 24, values[3]),
    ];
    await Promise.all(rest);
    assert.deepEqual(
      values.map(([value]) => value),
      [0, 0.25, 0.5, 0.75].map((fraction) => next + fraction),
    );
    assert.equal((await file.ireadAt(32 * size - 8, new Float64Array(5))).count, 1);
  });

  it('share a file pointer', async () => {
    using file = MPI.File.open(world, path('startedShared'), { mode: 'w' });
    assert.equal((await file.iwriteShared(Int32Array.of(rank, rank))).count, 2);
    file.sync();
    world.barrier();
    file.seekShared(0);
    const into = new Int32Array(2);
    assert.equal((await file.ireadShared(into)).count, 2);
    assert.equal(into[0], into[1]);
    assert.equal(world.allreduce(into[0]), (size * (size - 1)) / 2);
  });

  it('are waited for by close', () => {
    const file = MPI.File.open(world, path('closing'), { mode: 'w' });
    const request = file.iwriteAt(rank, Uint8Array.of(rank + 1));
    file.close();
    assert.ok(request.isComplete);
    world.barrier();
    assert.deepEqual(
      [...readFileSync(path('closing'))],
      ranks.map((r) => r + 1),
    );
  });
});

describe('split collectives', () => {
  it('write and read in two calls', () => {
    using file = MPI.File.open(world, path('split'), { mode: 'w' });
    file.setView(0, MPI.DOUBLE);
    const mine = Float64Array.of(rank, rank + 0.5);
    file.writeAtAllBegin(2 * rank, mine);
    assert.equal(file.writeAtAllEnd().count, 2);
    file.writeOrderedBegin(Float64Array.of(-1));
    assert.equal(file.writeOrderedEnd().count, 1);
    file.sync();
    world.barrier();
    const into = new Float64Array(2);
    file.readAtAllBegin(2 * next, into);
    assert.equal(file.readAtAllEnd().count, 2);
    if (next > 0 && 2 * next >= size) assert.deepEqual([...into], [next, next + 0.5]);
    file.seek(2 * size);
    file.writeAllBegin(mine);
    file.writeAllEnd();
    file.seek(2 * size);
    file.readAllBegin(into.subarray(0, 1));
    assert.equal(file.readAllEnd().count, 1);
    file.seekShared(0);
    file.readOrderedBegin(into.subarray(0, 1));
    assert.equal(file.readOrderedEnd().count, 1);
    assert.equal(into[0], -1);
  });

  it('come one after the other', () => {
    using file = MPI.File.open(world, path('splitWrong'), { mode: 'w' });
    assert.throws(() => file.readAllEnd(), { class: 'MPI_ERR_OTHER' });
    file.writeAllBegin(Float64Array.of(1));
    assert.throws(() => file.readAllBegin(new Float64Array(1)), { class: 'MPI_ERR_OTHER' });
    assert.throws(() => file.writeAtAllEnd(), { class: 'MPI_ERR_OTHER' });
    file.writeAllEnd();
  });
});
