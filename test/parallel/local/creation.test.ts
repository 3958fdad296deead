/** Making local arrays. */
import { strict as assert } from 'node:assert';
import {
  compactIndices,
  emptyLike,
  fromFunction,
  fromIndexArrays,
  fromNdArrayLike,
  fullLike,
  getPrintOptions,
  onesLike,
  setPrintOptions,
  zeros,
  zerosLike,
} from '../../../src/entry/local.ts';
import { CyclicMap, Distribution, UndistributedMap } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';

const { rank, size } = MPI.COMM_WORLD;
const blockCyclic = () =>
  Distribution.fromMaps([new CyclicMap(5 * size, size, { blockSize: 2 }), new UndistributedMap(3)]);

describe('making local arrays', () => {
  it('of a function of the global indices', () => {
    for (const distribution of [
      blockCyclic(),
      blockCyclic().slice('::-2, 1:'),
      Distribution.fromShape([4 * size, 3], { size, commPadding: 1 }),
    ]) {
      const array = fromFunction((i, j) => 100 * i + j, distribution, { dtype: 'int32' });
      const vectors = fromIndexArrays(
        ([rows, columns], out) => {
          let k = 0;
          for (const i of rows) for (const j of columns) out[k++] = 100 * i + j;
        },
        distribution,
        { dtype: 'int32' },
      );
      assert.deepEqual(vectors.data, array.data);
      const [rows, columns] = [array.globalIndices(0), array.globalIndices(1)];
      assert.deepEqual(
        [...array.toContiguous()],
        rows.flatMap((i) => columns.map((j) => 100 * i + j)),
      );
    }
    const z = fromFunction(
      (i) => ({ re: i, im: -i }),
      Distribution.fromShape([2 * size], { size }),
      {
        dtype: 'complex64',
      },
    );
    assert.deepEqual(z.get(1), { re: 2 * rank + 1, im: -2 * rank - 1 });
    assert.equal(
      fromFunction(() => 7n, Distribution.replicated([], { size }), { dtype: 'int64' }).get(),
      7n,
    );
    const flags = fromFunction((i) => i > 0, Distribution.fromShape([size], { size }), {
      dtype: 'bool',
    });
    assert.equal(flags.get(0), rank > 0);
  });

  it('like other ones, of their dtype unless told otherwise', () => {
    const ints = zeros(blockCyclic(), { dtype: 'int16' });
    assert.equal(zerosLike(ints).dtype, 'int16');
    assert.equal(emptyLike(ints, { dtype: 'int16' }).distribution, ints.distribution);
    assert.ok(
      onesLike(ints)
        .toContiguous()
        .every((value) => value === 1),
    );
    assert.ok(
      fullLike(ints, -3)
        .toContiguous()
        .every((value) => value === -3),
    );
    assert.throws(() => fullLike(ints, 2 ** 15), { argument: 'value' });
    assert.throws(() => zerosLike([1] as never), { argument: 'array' });
    const data = new Float32Array(ints.localSize);
    const made = fromNdArrayLike<'float32'>(data, ints);
    assert.deepEqual(
      [made.dtype, made.data === data, made.comm === ints.comm],
      ['float32', true, true],
    );
    assert.throws(() => fromNdArrayLike(new Float32Array(1), ints), { argument: 'options.data' });
  });

  it('refuse what is no function, and values that the dtype has not', () => {
    const distribution = Distribution.fromShape([size], { size });
    assert.throws(() => fromFunction(3 as never, distribution), { argument: 'value' });
    assert.throws(() => fromIndexArrays(3 as never, distribution), { argument: 'write' });
    assert.throws(() => fromFunction(() => Number.NaN, distribution, { dtype: 'int8' }), {
      argument: 'value',
    });
    assert.throws(() => fromFunction(() => 'x' as never, distribution), { argument: 'value' });
  });
});

describe('compactIndices', () => {
  it('are ranges where they can be', () => {
    const of = (dist: string) =>
      compactIndices(zeros(Distribution.fromShape([3 * size, 4], { dist, size })).dimData);
    assert.deepEqual(of('bn'), [
      { start: 3 * rank, stop: 3 * rank + 3 },
      { start: 0, stop: 4 },
    ]);
    assert.deepEqual(of('cn')[0], { start: rank, stop: null, step: size });
    const array = zeros(blockCyclic());
    assert.deepEqual([...(compactIndices(array.dimData)[0] as Int32Array)], array.globalIndices(0));
  });
});

describe('text of local arrays', () => {
  it('is that of NumPy, of views too', () => {
    const array = fromFunction(
      (i, j) => i + j / 4,
      Distribution.fromShape([2 * size, 3], { size }),
    );
    const text = (i: number) => `[${i}.   ${i}.25 ${i}.5 ]`;
    const rows = rank < 5 ? `[${text(2 * rank)}\n ${text(2 * rank + 1)}]` : '';
    if (rank < 5) assert.equal(String(array), rows);
    if (rank < 5) assert.equal(String(array.slice(':, 1')), `[${2 * rank}.25 ${2 * rank + 1}.25]`);
    const before = getPrintOptions();
    setPrintOptions({ threshold: 2, edgeItems: 1 });
    const big = zeros(Distribution.fromShape([2000 * size], { size }), { dtype: 'int64' });
    assert.equal(String(big), '[0 ... 0]');
    setPrintOptions(before);
  });
});
