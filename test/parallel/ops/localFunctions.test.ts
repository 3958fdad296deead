/** Elementwise functions of local arrays. */
import { strict as assert } from 'node:assert';
import { ELEMENTWISE_NAMES } from '../../../src/dtype/elementwise.ts';
import * as local from '../../../src/entry/local.ts';
import { CyclicMap, Distribution } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';

const { add, divide, greater, IncompatibleArrayError, LocalArray, multiply, negative, ones } =
  local;
const { sqrt, zeros } = local;
const world = MPI.COMM_WORLD;
const { rank, size } = world;

const rows = () => Distribution.fromShape([3 * size, 4], { size });

/** Elements 0, 1, 2, … in local order. */
function counted(distribution: Distribution, dtype: 'float64' | 'int32' = 'float64') {
  const array = zeros(distribution, { dtype });
  const values = array.toContiguous().slice() as Float64Array;
  return array.assignContiguous(values.map((_, k) => k) as never);
}

describe('local functions', () => {
  it('are there by name and alias, each of its arity', () => {
    for (const [name, meaning] of ELEMENTWISE_NAMES) {
      const found = (local as unknown as Record<string, { name: string }>)[name];
      assert.equal(typeof found, 'function', name);
      assert.equal(found.name, meaning);
    }
  });

  it('compute each process its own part', () => {
    const x = counted(rows());
    const sum = add(x, multiply(x, 2));
    assert.deepEqual(
      [...sum.data],
      [...x.data].map((value) => 3 * value),
    );
    assert.equal(sum.distribution, x.distribution);
    assert.deepEqual([...sqrt(x).data], [...x.data].map(Math.sqrt));
    assert.equal(divide(counted(rows(), 'int32'), 2).dtype, 'float64');
    assert.equal(greater(x, 3).dtype, 'bool');
    assert.deepEqual(
      [...negative(x, { dtype: 'float32' }).data],
      [...x.data].map((v) => -v),
    );
  });

  it('take views, and write to views, of other dtypes too', () => {
    const x = counted(rows());
    const out = zeros(rows(), { dtype: 'float32' });
    const [left, right] = [x.slice(':, :2'), x.slice(':, 2:')];
    const result = add(left, right, { out: out.slice(':, ::2') });
    assert.deepEqual(
      [...result.toContiguous()],
      [...left.toContiguous()].map((value, k) => value + right.toContiguous()[k]),
    );
    assert.equal(out.get(0, 1), 0);
    add(left, 1, { out: left });
    assert.equal(x.get(0, 0), 1);
  });

  it('take elements that are no strided view of memory', () => {
    const blocks = Distribution.fromMaps([new CyclicMap(6 * size, size, { blockSize: 3 })]);
    const x = counted(blocks).slice('::2');
    const values = [...x.toContiguous()];
    assert.deepEqual(
      [...add(x, x).toContiguous()],
      values.map((value) => 2 * value),
    );
    add(x, 1, { out: x });
    assert.deepEqual(
      [...x.toContiguous()],
      values.map((value) => value + 1),
    );
  });

  it('keep the halo of their distribution free', () => {
    const padded = Distribution.fromShape([3 * size, 2], { size, commPadding: 1 });
    const sum = add(counted(padded), 1);
    assert.equal(sum.hasHalo, size > 1);
    assert.deepEqual([...sum.toContiguous()], [1, 2, 3, 4, 5, 6]);
  });

  it('compute only where they are told to', () => {
    const x = counted(rows());
    const where = greater(x, 5) as local.LocalArray<'bool'>;
    const halves = divide(x, 2, { where });
    assert.deepEqual(
      [...halves.data],
      [...x.data].map((value) => (value > 5 ? value / 2 : 0)),
    );
  });

  it('work where processes have no part, and without dimensions', () => {
    const onLast = Distribution.fromShape([4], { targets: [size - 1] });
    const sum = add(ones(onLast), 1);
    assert.deepEqual([...sum.data], rank === size - 1 ? [2, 2, 2, 2] : []);
    const scalar = add(ones(Distribution.fromShape([], { targets: [size - 1] })), 1);
    assert.equal(scalar.localSize, rank === size - 1 ? 1 : 0);
    if (rank === size - 1) assert.equal(scalar.get(), 2);
    const everywhere = add(ones(Distribution.replicated([], { size }), { dtype: 'int64' }), 2n);
    assert.equal(everywhere.get(), 3n);
  });

  it('compute with complex numbers and 64-bit integers', () => {
    const z = new LocalArray(rows(), { dtype: 'complex128' }).fill({ re: 0, im: 2 });
    assert.deepEqual(multiply(z, z).get(0, 0), { re: -4, im: 0 });
    const n = new LocalArray(rows(), { dtype: 'int64' }).fill(2n ** 62n);
    assert.equal(add(n, 1).get(0, 0), 2n ** 62n + 1n);
  });

  it('refuse what cannot be, on every rank alike', () => {
    const x = ones(rows());
    const columns = ones(
      Distribution.fromShape([3 * size, 4], { dist: 'nc', gridShape: [1, size], size }),
    );
    const shorter = ones(Distribution.fromShape([3 * size, 3], { size }));
    if (size > 1) assert.throws(() => add(x, columns), IncompatibleArrayError);
    assert.throws(() => add(x, shorter), { argument: 'y', code: 'ERR_ARGUMENT_RANGE' });
    assert.throws(() => add(x, x, { out: shorter }), { argument: 'options.out' });
    assert.throws(() => add(x, 'one' as never), { argument: 'y', code: 'ERR_ARGUMENT_TYPE' });
    assert.throws(() => add(1, 2), { argument: 'x' });
    assert.throws(() => add(x, 1, { out: 3 as never }), { argument: 'options.out' });
    assert.throws(() => add(ones(rows(), { dtype: 'int8' }), 300), RangeError);
    using half = world.split(rank % 2);
    const there = Distribution.fromShape([3], { size: 1 });
    if (size > 1) {
      assert.throws(() => add(ones(there, { comm: half }), ones(there)), IncompatibleArrayError);
    }
  });
});
