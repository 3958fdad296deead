import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MPI } from '../../../src/entry/mpi.ts';
import { broadcastText } from '../../../src/mpi/agreement.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const next = (rank + 1) % size;
const previous = (rank + size - 1) % size;

// A rank that is ahead must not send into the test that another one is still in.
afterEach(() => world.barrier());

describe('a status', () => {
  it('counts bytes, elements of a datatype, and the numbers that those are made of', () => {
    using pair = MPI.DOUBLE.contiguous(2);
    const send = world.isend(Float64Array.of(1, 2, 3), next);
    const found = world.probe({ source: previous });
    assert.deepEqual([found.count, found.bytes], [24, 24]);
    assert.equal(found.getCount(MPI.DOUBLE), 3);
    assert.equal(found.getCount(pair), -1);
    assert.equal(found.getElements(pair), 3);
    const status = world.recv({ data: new Float64Array(4), datatype: pair }, previous);
    assert.deepEqual([status.count, status.bytes, status.getElements(pair)], [-1, 24, 3]);
    send.wait();
    assert.throws(() => status.getCount('DOUBLE' as never), { argument: 'datatype' });
    assert.throws(() => status.getElements({} as never), { argument: 'datatype' });
  });

  it('can be had of a request without anybody taking note', () => {
    const receive = world.irecv(new Float64Array(2), previous, { tag: 1 });
    assert.equal(receive.getStatus(), null);
    world.barrier();
    world.isend(Float64Array.of(1, 2), next, { tag: 1 }).wait();
    let status = receive.getStatus();
    while (status === null) status = receive.getStatus();
    assert.deepEqual({ ...status }, { source: previous, tag: 1, count: 2 });
    assert.equal(receive.isComplete, false);
    assert.equal(receive.wait().count, 2);
    assert.equal(receive.getStatus(), null);
  });

  it('comes with lists of requests, too', () => {
    const [status] = MPI.waitAll<MPI.Status | unknown>([
      world.irecv(new Float64Array(2), previous),
      world.isend(Float64Array.of(1), next),
    ]) as MPI.Status[];
    assert.equal(status.bytes, 8);
  });
});

describe('startAll', () => {
  it('starts all, or none when one cannot be', () => {
    const into = new Int32Array(2);
    using first = world.recvInit(into.subarray(0, 1), previous, { tag: 1 });
    using second = world.recvInit(into.subarray(1), previous, { tag: 2 });
    MPI.startAll([first, second]);
    assert.throws(() => MPI.startAll([second]), { class: 'MPI_ERR_REQUEST' });
    world.isend(Int32Array.of(5), next, { tag: 1 }).wait();
    world.isend(Int32Array.of(6), next, { tag: 2 }).wait();
    MPI.waitAll([first, second]);
    assert.deepEqual([...into], [5, 6]);
    second.start();
    assert.throws(() => MPI.startAll([first, second]), { class: 'MPI_ERR_REQUEST' });
    assert.equal(first.isActive, false);
    world.isend(Int32Array.of(7), next, { tag: 2 }).wait();
    second.wait();
    world.barrier();
    const plain = world.isend(Int32Array.of(1), MPI.PROC_NULL);
    assert.throws(() => MPI.startAll([plain as never]), { argument: 'requests[0]' });
    plain.wait();
  });
});

describe('an operation', () => {
  it('knows whether it commutes, and whether it is one of MPI’s own', () => {
    assert.deepEqual([MPI.SUM.isCommutative, MPI.SUM.isPredefined], [true, true]);
    using ordered = MPI.createOp(() => {});
    using free = MPI.createOp(() => {}, { commute: true });
    assert.deepEqual([ordered.isCommutative, ordered.isPredefined], [false, false]);
    assert.equal(free.isCommutative, true);
    const gone = MPI.createOp(() => {});
    gone.free();
    assert.throws(() => gone.isCommutative, { class: 'MPI_ERR_OP' });
  });

  it('combines buffers of this process', () => {
    const into = Float64Array.of(1, 5);
    MPI.MAX.reduceLocal(Float64Array.of(3, 4), into);
    assert.deepEqual([...into], [3, 5]);
    using minus = MPI.createOp<Float64Array>((a, b) => {
      for (let i = 0; i < a.length; i++) b[i] = a[i] - b[i];
    });
    minus.reduceLocal(Float64Array.of(10, 10), into);
    assert.deepEqual([...into], [7, 5]);
    using failing = MPI.createOp(() => {
      throw new Error('cannot');
    });
    assert.throws(() => failing.reduceLocal(Float64Array.of(1), new Float64Array(1)), {
      class: 'MPI_ERR_OP',
      cause: new Error('cannot'),
    });
    assert.throws(() => MPI.SUM.reduceLocal(new Int8Array(2), into), { argument: 'inoutbuf' });
    assert.throws(() => MPI.SUM.reduceLocal(new Float64Array(1), into), { argument: 'inoutbuf' });
  });
});

describe('a datatype', () => {
  it('tells what it was made of', () => {
    using vector = MPI.DOUBLE.vector(3, 2, 4);
    const contents = vector.getContents();
    assert.equal(contents.combiner, 'vector');
    assert.deepEqual(contents.integers, [3, 2, 4]);
    assert.deepEqual(contents.addresses, []);
    assert.deepEqual(contents.datatypes, [MPI.DOUBLE]);
    using record = MPI.Datatype.struct([1, 2], [0, 8], [MPI.INT32_T, vector]);
    const parts = record.getContents();
    assert.deepEqual(parts.integers, [2, 1, 2]);
    assert.deepEqual(parts.addresses, [0, 8]);
    const [int, inner] = parts.datatypes;
    assert.equal(int, MPI.INT32_T);
    assert.deepEqual(inner.getContents().integers, [3, 2, 4]);
    assert.deepEqual([inner.size, inner.extent], [vector.size, vector.extent]);
    inner.free();
    assert.throws(() => int.free(), { class: 'MPI_ERR_TYPE' });
    assert.throws(() => MPI.DOUBLE.getContents(), { class: 'MPI_ERR_TYPE' });
  });

  it('can have blocks of one length at displacements in bytes', () => {
    using blocks = MPI.DOUBLE.hindexedBlock(2, [32, 0]);
    assert.equal(blocks.envelope.combiner, 'hindexedBlock');
    const packed = new Float64Array(4);
    blocks.pack(
      { data: Float64Array.of(0, 1, 2, 3, 4, 5), count: 1 },
      new Uint8Array(packed.buffer),
    );
    assert.deepEqual([...packed], [4, 5, 0, 1]);
    assert.throws(() => MPI.DOUBLE.hindexedBlock(1, 3 as never), { argument: 'displacements' });
  });

  it('has a name', () => {
    using pair = MPI.DOUBLE.contiguous(2);
    pair.mpiName = 'a pair';
    assert.equal(pair.mpiName, 'a pair');
    assert.match(MPI.DOUBLE.mpiName, /MPI_DOUBLE/);
    assert.throws(() => {
      pair.mpiName = 3 as never;
    }, MPI.ArgumentTypeError);
  });

  it('has bounds', () => {
    using moved = MPI.DOUBLE.resized(-8, 24);
    assert.deepEqual([moved.lb, moved.extent, moved.ub], [-8, 24, 16]);
    assert.deepEqual([moved.isPredefined, MPI.DOUBLE.isPredefined], [false, true]);
  });

  it('may be one of C, C++ or Fortran', () => {
    for (const [datatype, bytes] of [
      [MPI.CHAR, 1],
      [MPI.SHORT, 2],
      [MPI.INT, 4],
      [MPI.LONG_LONG, 8],
      [MPI.CXX_BOOL, 1],
      [MPI.INTEGER4, 4],
      [MPI.DOUBLE_PRECISION, 8],
      [MPI.COMPLEX16, 16],
      [MPI.OFFSET, 8],
      [MPI.PACKED, 1],
    ] as const) {
      assert.equal(datatype.size, bytes, `${datatype}`);
    }
    const into = new Int32Array(2);
    world.sendrecv({ data: Int32Array.of(3, 4), datatype: MPI.INT }, next, into, previous);
    assert.deepEqual([...into], [3, 4]);
    const sum = new Float64Array(1);
    world.allreduce(
      { data: Float64Array.of(1), datatype: MPI.REAL8 },
      { data: sum, datatype: MPI.REAL8 },
    );
    assert.equal(sum[0], size);
  });

  it('of Fortran can be found by precision and by size', () => {
    assert.equal(MPI.Datatype.f90Real(15, 307).size, 8);
    assert.equal(MPI.Datatype.f90Complex(6, null).size, 8);
    assert.equal(MPI.Datatype.f90Integer(9).size, 4);
    assert.equal(MPI.Datatype.matchSize('real', 8).size, 8);
    assert.equal(MPI.Datatype.matchSize('integer', 2).size, 2);
    assert.throws(() => MPI.Datatype.f90Real(15, 307).free(), { class: 'MPI_ERR_TYPE' });
    assert.throws(() => MPI.Datatype.matchSize('real', 3), MPI.MPIError);
    assert.throws(() => MPI.Datatype.matchSize('logical' as never, 4), { argument: 'typeClass' });
  });

  it('goes to other libraries of the process, and comes back', () => {
    assert.equal(MPI.Datatype.fromFortran(MPI.DOUBLE.toFortran()), MPI.DOUBLE);
    using vector = MPI.DOUBLE.vector(2, 1, 2);
    const back = MPI.Datatype.fromFortran(vector.toFortran());
    assert.deepEqual([back.size, back.extent], [vector.size, vector.extent]);
    assert.throws(() => MPI.Datatype.fromFortran(2 ** 30 + 12345), MPI.MPIError);
  });
});

describe('a window', () => {
  it('has a name, hints, a group, and knows how it was made', () => {
    using win = MPI.Win.allocate(Float64Array, 2 + rank, world, { info: { no_locks: 'false' } });
    win.name = 'halo';
    assert.equal(win.name, 'halo');
    using group = win.group;
    using all = world.group;
    assert.equal(group.compare(all), 'identical');
    win.setInfo({ same_size: 'false' });
    assert.equal(typeof win.getInfo(), 'object');
    assert.equal(win.flavor, 'allocate');
    assert.ok(['unified', 'separate'].includes(win.model));
    assert.deepEqual(win.exposure(), { bytes: 8 * (2 + rank), unit: 8 });
    assert.deepEqual(win.exposure(next), { bytes: 8 * (2 + next), unit: 8 });
    assert.ok(Number.isInteger(win.toFortran()));
    assert.throws(() => win.exposure(size), { argument: 'rank' });
    assert.throws(() => win.setInfo('x' as never), { argument: 'info' });
    for (const [made, flavor] of [
      [MPI.Win.allocateShared(Int8Array, 1, world), 'shared'],
      // Open MPI 4.1 makes no others for one process of a larger job.
      [MPI.Win.create(new Int8Array(1), world), 'create'],
      [MPI.Win.createDynamic(world), 'dynamic'],
    ] as const) {
      assert.equal(made.flavor, flavor);
      made.free();
    }
  });
});

describe('a file', () => {
  it('has the group of those that have opened it', () => {
    const made = rank === 0 ? mkdtempSync(join(tmpdir(), 'distarray-inspection-')) : '';
    const directory = broadcastText(world, made, 0);
    const file = MPI.File.open(world, join(directory, 'a'), { mode: 'w' });
    using group = file.group;
    using all = world.group;
    assert.equal(group.compare(all), 'identical');
    assert.ok(Number.isInteger(file.toFortran()));
    file.close();
    if (rank === 0) rmSync(directory, { recursive: true });
  });
});

describe('a graph', () => {
  const line = Array.from({ length: size }, (_, r) =>
    [r - 1, r + 1].filter((other) => other >= 0 && other < size),
  );

  it('can be had again as it was given', () => {
    using graph = world.createGraph(line);
    assert.deepEqual(graph.graph(), line);
  });

  it('gives each process a rank', () => {
    const ranks = world.allgatherObjects(MPI.graphMap(world, line));
    assert.deepEqual([...ranks].sort(), [...Array(size).keys()]);
    assert.throws(() => MPI.graphMap(3 as never, line), { argument: 'comm' });
  });
});

describe('a communicator', () => {
  it('is copied with other hints', () => {
    using copy = world.dup({ info: { mpi_assert_no_any_tag: 'true' } });
    assert.equal(copy.compare(world), 'congruent');
    assert.equal(typeof copy.getInfo(), 'object');
    assert.throws(() => world.dup({ info: { a: 3 } as never }), { argument: 'options.info.a' });
    assert.throws(() => world.dup(3 as never), { argument: 'options' });
  });

  it('knows more of what MPI has set', () => {
    assert.equal(typeof world.getAttr(MPI.IO), 'number');
    assert.ok(world.getAttr(MPI.LASTUSEDCODE)! > 0);
    assert.ok([undefined, MPI.PROC_NULL].includes(world.getAttr(MPI.HOST)) || rank >= 0);
  });

  it('has a group that other libraries of the process can take', () => {
    using group = world.group;
    assert.ok(Number.isInteger(group.toFortran()));
  });
});

describe('the environment', () => {
  it('knows its thread, and the class of an error code', () => {
    assert.equal(MPI.isThreadMain(), true);
    MPI.pcontrol(0);
    const own = MPI.addErrorClass();
    assert.equal(MPI.errorClassOf(MPI.addErrorCode(own)), own);
    const { MPI_ERR_TRUNCATE } = MPI.errorClasses;
    assert.equal(MPI.errorClassOf(MPI_ERR_TRUNCATE), MPI_ERR_TRUNCATE);
  });
});
