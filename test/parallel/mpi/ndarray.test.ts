import { strict as assert } from 'node:assert';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ndarray, { type NdArray } from 'ndarray';
import { MPI } from '../../../src/entry/mpi.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const next = (rank + 1) % size;
const previous = (rank + size - 1) % size;

const SCRATCH = MPI.MODE_RDWR | MPI.MODE_CREATE | MPI.MODE_DELETE_ON_CLOSE;

// A rank that is ahead must not send into the test that another one is still in.
afterEach(() => world.barrier());

/** first, first + 1, … in a 4 × 6 matrix. */
function matrix(first = 0): NdArray<Float64Array> {
  return ndarray(
    Float64Array.from({ length: 24 }, (_, k) => first + k),
    [4, 6],
  );
}

/** The elements of a view in C order, one by one. */
function elements(view: NdArray<Float64Array>): number[] {
  const out: number[] = [];
  const walk = (index: number[]) => {
    if (index.length === view.dimension) out.push(view.get(...index));
    else for (let k = 0; k < view.shape[index.length]; k++) walk([...index, k]);
  };
  walk([]);
  return out;
}

const views: Record<string, (m: NdArray<Float64Array>) => NdArray<Float64Array>> = {
  'the whole': (m) => m,
  rows: (m) => m.hi(2, 6),
  'a part': (m) => m.lo(1, 2).hi(2, 3),
  transposed: (m) => m.transpose(1, 0),
  'every other column': (m) => m.step(1, 2),
  'columns backwards': (m) => m.step(1, -1),
  'rows backwards': (m) => m.step(-1, 1),
  'both backwards, transposed': (m) => m.step(-2, -3).transpose(1, 0),
  'a column': (m) => m.pick(null as unknown as number, 4),
  'an element': (m) => m.pick(1, 2),
  nothing: (m) => m.hi(0, 3),
};

describe('ndarrays as buffers', () => {
  for (const [name, view] of Object.entries(views)) {
    it(`are sent and received in C order: ${name}`, async () => {
      const sent = view(matrix(100 * rank));
      const expected = elements(view(matrix(100 * previous)));
      const flat = new Float64Array(expected.length);
      const status = world.sendrecv(sent, next, flat, previous);
      assert.equal(status.count, expected.length);
      assert.deepEqual([...flat], expected);

      const whole = ndarray(new Float64Array(24), [4, 6]);
      const into = view(whole);
      const receive = world.irecv(into, previous);
      await world.isend(sent, next);
      assert.equal((await receive).count, expected.length);
      assert.deepEqual(elements(into), expected);
      // Nothing else was touched.
      const others = elements(whole).reduce((a, b) => a + b, 0);
      assert.equal(
        others,
        expected.reduce((a, b) => a + b, 0),
      );
    });

    it(`work in collectives: ${name}`, async () => {
      const sent = view(matrix(100 * rank));
      const count = elements(sent).length;
      const all = Array.from({ length: size }, (_, r) => elements(view(matrix(100 * r))));

      const copy = view(matrix(100 * rank));
      world.bcast(copy, { root: size - 1 });
      assert.deepEqual(elements(copy), all[size - 1]);

      // Sums, into another view.
      const sums = all[0].map((_, k) => all.reduce((sum, part) => sum + part[k], 0));
      const result = view(matrix());
      world.allreduce(sent, result);
      assert.deepEqual(elements(result), sums);
      const started = view(matrix());
      await world.iallreduce(sent, started);
      assert.deepEqual(elements(started), sums);
      world.reduce(sent, rank === 0 ? result : null);
      const place = view(matrix(100 * rank));
      world.scan(MPI.IN_PLACE, place);
      const scanned = all[0].map((_, k) =>
        all.slice(0, rank + 1).reduce((sum, part) => sum + part[k], 0),
      );
      assert.deepEqual(elements(place), scanned);

      const gathered = new Float64Array(size * count);
      // Where some send a view and some an array, as well.
      const mixed = rank === 0 ? sent : Float64Array.from(all[rank]);
      world.allgather(mixed, gathered, { counts: Array(size).fill(count) });
      assert.deepEqual([...gathered], all.flat());
      gathered.fill(0);
      world.allgather(sent, gathered);
      assert.deepEqual([...gathered], all.flat());
      const part = view(matrix());
      world.scatter(rank === 0 ? gathered : null, part);
      assert.deepEqual(elements(part), all[rank]);
    });
  }

  it('are divided into blocks in C order', async () => {
    // A matrix of `size` rows, seen transposed: `size` columns in memory.
    const make = (value: (i: number, j: number) => number) => {
      const memory = ndarray(new Float64Array(3 * size), [3, size]);
      const view = memory.transpose(1, 0);
      for (let i = 0; i < size; i++) for (let j = 0; j < 3; j++) view.set(i, j, value(i, j));
      return view;
    };
    const whole = make((i, j) => 10 * i + j);
    const own = Float64Array.of(10 * rank, 10 * rank + 1, 10 * rank + 2);
    const mine = new Float64Array(3);
    world.scatter(rank === 0 ? whole : null, mine);
    assert.deepEqual(mine, own);

    const zeros = () => make(() => 0);
    const gathered = zeros();
    world.gather(own, rank === 0 ? gathered : null);
    if (rank === 0) assert.deepEqual(elements(gathered), elements(whole));
    const everywhere = zeros();
    await world.iallgather(own, everywhere);
    assert.deepEqual(elements(everywhere), elements(whole));
    const counted = zeros();
    world.allgather(own.subarray(0, 2), counted, {
      counts: Array(size).fill(2),
      displs: Array.from({ length: size }, (_, r) => 3 * r),
    });
    assert.deepEqual(
      elements(counted),
      elements(whole).map((value, k) => (k % 3 === 2 ? 0 : value)),
    );

    const exchanged = zeros();
    const sent = make((i, j) => 100 * rank + 10 * i + j);
    world.alltoall(sent, exchanged);
    assert.deepEqual(elements(exchanged), elements(make((i, j) => 100 * i + 10 * rank + j)));
    const block = new Float64Array(3);
    world.reduceScatter(whole, block);
    assert.deepEqual(
      [...block],
      [...own].map((value) => size * value),
    );
  });

  it('are exchanged with neighbours', async () => {
    using ring = world.createCart([size], { periods: [true] });
    const sent = matrix(100 * rank).transpose(1, 0);
    const gathered = ndarray(new Float64Array(48), [2, 4, 6]).transpose(0, 2, 1);
    const from = (r: number) => elements(matrix(100 * r).transpose(1, 0));
    ring.neighborAllgather(sent, gathered);
    assert.deepEqual(elements(gathered), [...from(previous), ...from(next)]);
    // To the left go the first three columns, to the right the others. Which of two blocks comes from
    // which side is not defined when both sides are the same process.
    const halves = matrix().transpose(1, 0);
    await ring.ineighborAlltoall(sent, halves);
    const expected = [...from(previous).slice(12), ...from(next).slice(0, 12)];
    const sorted = (list: number[]) => (size < 3 ? [...list].sort((a, b) => a - b) : list);
    assert.deepEqual(sorted(elements(halves)), sorted(expected));
  });

  it('are taken anew whenever a prepared collective is started', () => {
    const sent = matrix().transpose(1, 0);
    // MPICH 4.0's give wrong results when they are started again, and are refused.
    if (MPI.flavour() === 'mpich') {
      assert.throws(() => world.allreduceInit(sent, matrix()), MPI.MPIError);
      return;
    }
    const result = matrix().transpose(1, 0);
    using sum = world.allreduceInit(sent, result);
    for (let round = 1; round < 4; round++) {
      sent.set(5, 3, round * (rank + 1));
      sum.start().wait();
      assert.equal(result.get(5, 3), (round * size * (size + 1)) / 2);
      assert.equal(result.get(1, 0), size);
    }
  });

  it('travel between two groups', () => {
    if (size === 1) return;
    const low = rank < size / 2;
    using half = world.split(low ? 0 : 1);
    using inter = half.createIntercomm(0, world, low ? Math.ceil(size / 2) : 0);
    const partners = inter.remoteSize;
    const gathered = ndarray(new Float64Array(24 * partners), [partners, 4, 6]).transpose(0, 2, 1);
    inter.allgather(matrix(100 * half.rank).transpose(1, 0), gathered);
    const of = (r: number) => elements(matrix(100 * r).transpose(1, 0));
    assert.deepEqual(elements(gathered), Array.from({ length: partners }, (_, r) => of(r)).flat());
    const root = low ? (half.rank === 0 ? MPI.ROOT : MPI.PROC_NULL) : 0;
    const scattered = matrix(7).transpose(1, 0);
    const blocks = ndarray(new Float64Array(24 * partners), [24, partners]).transpose(1, 0);
    for (let r = 0; r < partners; r++) for (let k = 0; k < 24; k++) blocks.set(r, k, 100 * r + k);
    inter.scatter(root === MPI.ROOT ? blocks : null, low ? null : scattered, { root });
    if (!low) {
      assert.deepEqual(
        elements(scattered),
        Array.from({ length: 24 }, (_, k) => 100 * half.rank + k),
      );
    }
  });

  it('are written to files and read from them', () => {
    const name = world.bcastObject(join(tmpdir(), `ndarray-${process.pid}`));
    using file = MPI.File.open(world, name, { mode: SCRATCH });
    file.setView(0, MPI.DOUBLE);
    const sent = matrix(100 * rank).transpose(1, 0);
    assert.equal(file.writeAtAll(24 * rank, sent).count, 24);
    file.sync();
    world.barrier();
    const into = matrix().step(-1, 1);
    assert.equal(file.readAtAll(24 * previous, into).count, 24);
    assert.deepEqual(elements(into), elements(matrix(100 * previous).transpose(1, 0)));
    const same = { data: Float64Array.of(7), shape: [3], stride: [0], offset: 0 };
    assert.throws(() => file.readAt(0, same), /no stride 0/);
  });

  it('keep to their data', () => {
    const outside = { data: new Float64Array(6), shape: [2, 3], stride: [4, 1], offset: 0 };
    assert.throws(() => world.send(outside, next), /a view of elements in \[0, 5\]/);
    const before = { data: new Float64Array(6), shape: [3], stride: [-1], offset: 1 };
    assert.throws(() => world.recv(before, next), /a view of elements/);
    const generic = ndarray([1, 2, 3]) as unknown as MPI.BufferLike;
    assert.throws(() => world.send(generic, next), /buffer.data/);
    // One element as three: may be sent, not received.
    const same = { data: Float64Array.of(7), shape: [3], stride: [0], offset: 0 };
    assert.throws(() => world.recv(same, next), /no stride 0/);
    assert.throws(() => world.allreduce(new Float64Array(3), same), /no stride 0/);
    const into = new Float64Array(3);
    world.sendrecv(same, next, into, previous);
    assert.deepEqual([...into], [7, 7, 7]);
    const sum = new Float64Array(3);
    world.allreduce(same, sum);
    assert.deepEqual([...sum], Array(3).fill(7 * size));
  });

  it('keep few datatypes, and what is under way with an old one arrives', () => {
    const buffer = ndarray(new Float64Array(200), [2, 100]);
    const request = world.irecv(buffer.hi(2, 2), previous);
    for (let columns = 3; columns < 90; columns++) {
      world.send(buffer.hi(2, columns), MPI.PROC_NULL);
    }
    world.send(Float64Array.of(1, 2, 3, 4), next);
    assert.equal(request.wait().count, 4);
    assert.deepEqual([buffer.get(0, 0), buffer.get(0, 1)], [1, 2]);
    assert.deepEqual([buffer.get(1, 0), buffer.get(1, 1)], [3, 4]);
  });
});
