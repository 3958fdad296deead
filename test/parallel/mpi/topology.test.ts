import { strict as assert } from 'node:assert';
import { Distribution } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;

describe('dimsCreate', () => {
  it('balances, larger extents first', () => {
    assert.deepEqual(MPI.dimsCreate(6, 2), [3, 2]);
    assert.deepEqual(MPI.dimsCreate(8, 3), [2, 2, 2]);
    assert.deepEqual(MPI.dimsCreate(12, [0, 3, 0]), [2, 3, 2]);
  });

  it('refuses extents that do not divide', () => {
    assert.throws(() => MPI.dimsCreate(6, [4, 0]), { argument: 'dims' });
    assert.throws(() => MPI.dimsCreate(0, 2), { argument: 'size' });
    assert.throws(() => MPI.dimsCreate(4, [-1, 0]), { argument: 'dims' });
  });
});

describe('createCart', () => {
  it('places the ranks in C order, as a Distribution does', () => {
    const dims = MPI.dimsCreate(size, 2);
    using cart = world.createCart(dims);
    const distribution = Distribution.fromShape([40, 40], { dist: 'bb', gridShape: dims, size });
    assert.deepEqual(cart.dims, dims);
    assert.equal(cart.ndim, 2);
    for (let r = 0; r < size; r++) {
      assert.deepEqual(cart.coords(r), distribution.coordsFromRank(r));
      assert.equal(cart.rankOf(cart.coords(r)), r);
    }
    assert.deepEqual(cart.coords(), cart.coords(rank));
  });

  it('shifts along a ring and stops at an edge', () => {
    using ring = world.createCart([size], { periods: [true] });
    assert.deepEqual(ring.shift(0, 1), {
      source: (rank + size - 1) % size,
      dest: (rank + 1) % size,
    });
    assert.deepEqual(ring.periods, [true]);
    assert.equal(ring.rankOf([-1]), size - 1);
    using line = world.createCart([size]);
    const { source, dest } = line.shift(0);
    assert.equal(source, rank === 0 ? MPI.PROC_NULL : rank - 1);
    assert.equal(dest, rank === size - 1 ? MPI.PROC_NULL : rank + 1);
    const into = Float64Array.of(-1);
    line.sendrecv(Float64Array.of(rank), dest, into, source);
    assert.equal(into[0], rank === 0 ? -1 : rank - 1);
  });

  it('splits into lines', () => {
    const dims = MPI.dimsCreate(size, 2);
    using cart = world.createCart(dims);
    using row = cart.sub([false, true]);
    assert.deepEqual(row.dims, [dims[1]]);
    const [i] = cart.coords();
    const members = Array.from({ length: dims[1] }, (_, j) => cart.rankOf([i, j]));
    assert.equal(
      row.allreduce(rank),
      members.reduce((sum, r) => sum + r, 0),
    );
  });

  it('keeps its topology in a copy', () => {
    using cart = world.createCart([size, 1], { periods: [true, false] });
    using copy = cart.dup();
    assert.deepEqual(copy.dims, [size, 1]);
    assert.deepEqual(copy.periods, [true, false]);
  });

  it('leaves out the ranks that the grid does not need', () => {
    if (size === 1) return;
    const cart = world.createCart([size - 1]);
    assert.equal(cart.isNull, rank === size - 1);
    if (cart.isNull) assert.throws(() => cart.barrier(), { class: 'MPI_ERR_COMM' });
    else cart.free();
  });

  it('refuses grids, dimensions and coordinates that cannot be', () => {
    assert.throws(() => world.createCart([size + 1]), { argument: 'dims' });
    assert.throws(() => world.createCart([0]), { argument: 'dims[0]' });
    assert.throws(() => world.createCart(2 as unknown as number[]), { argument: 'dims' });
    assert.throws(() => world.createCart([1], { periods: [] }), { argument: 'options.periods' });
    using cart = world.createCart([size]);
    assert.throws(() => cart.shift(1), { argument: 'dimension' });
    assert.throws(() => cart.rankOf([size]), { argument: 'coords[0]' });
    assert.throws(() => cart.rankOf([0, 0]), { argument: 'coords' });
    assert.throws(() => cart.coords(size), { argument: 'rank' });
    assert.throws(() => cart.sub([]), { argument: 'keep' });
  });
});
