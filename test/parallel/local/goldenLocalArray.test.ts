// ranks: 4
/** What DistArray 0.5's local arrays answered on 4 processes; differences are in docs/differences.md. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import {
  add,
  areCompatible,
  arrayToString,
  compactIndices,
  equal,
  fromNdArrayLike,
  IncompatibleArrayError,
  InvalidDimensionError,
  LocalArray,
  ndenumerate,
  ones,
  sin,
  zeros,
  zerosLike,
} from '../../../src/entry/local.ts';
import { Distribution, type RankDimData } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { resolveRange } from '../../../src/maps/sliceRange.ts';

interface Outcome {
  readonly result?: unknown;
  readonly error?: { readonly class: string };
}

interface RankAnswers extends Record<string, unknown> {
  readonly dim_data: RankDimData[];
}

const golden = JSON.parse(
  readFileSync(new URL('../../data/golden/local_array.json', import.meta.url), 'utf8'),
) as {
  readonly cases: readonly { readonly case: string; readonly ranks: readonly RankAnswers[] }[];
  readonly functions: readonly { readonly case: string; readonly ranks: readonly Outcome[] }[];
};

const world = MPI.COMM_WORLD;
const { rank } = world;

/** What a step answers: its result, or that it throws. */
function outcome(step: () => unknown): Outcome {
  try {
    return { result: step() };
  } catch (error) {
    return { error: { class: (error as Error).name } };
  }
}

function assertAgrees(actual: () => unknown, expected: unknown, what: string): void {
  const { result, error } = expected as Outcome;
  const ours = outcome(actual);
  if (error !== undefined) assert.ok(ours.error !== undefined, `${what} should throw`);
  else assert.deepEqual(ours, { result }, what);
}

function assertAllAgree(actual: (() => unknown)[], expected: unknown, what: string): void {
  (expected as Outcome[]).forEach((each, i) => {
    assertAgrees(actual[i], each, `${what} ${i}`);
  });
}

/** `arange(localSize) + 100 · rank`, in the local shape. */
function numbered(distribution: Distribution): LocalArray<'float64'> {
  const size = zeros(distribution).localSize;
  const data = Float64Array.from({ length: size }, (_, i) => i + 100 * rank);
  return new LocalArray(distribution, { dtype: 'float64', data });
}

/** The indices that a compact form names, along a dimension of a size. */
function indicesOf(compact: unknown, size: number): number[] {
  if (Array.isArray(compact)) return compact as number[];
  const { slice } = compact as { slice?: [number | null, number | null, number | null] };
  const [from, to, by] = slice ?? [];
  const range = slice === undefined ? (compact as object) : { start: from, stop: to, step: by };
  const { start, step, count } = resolveRange(range, size, 'range');
  return Array.from({ length: count }, (_, i) => start + i * step);
}

describe('golden local arrays', () => {
  for (const { case: name, ranks } of golden.cases) {
    describe(name, () => {
      const answers = ranks[rank];
      const distribution = Distribution.fromDimDataPerRank(ranks.map((each) => each.dim_data));
      let array: LocalArray<'float64'>;

      beforeEach(() => {
        array = numbered(distribution);
      });

      it('have the attributes', () => {
        const attributes: Record<string, () => unknown> = {
          dist: () => array.dist,
          global_shape: () => array.globalShape,
          ndim: () => array.ndim,
          global_size: () => array.globalSize,
          comm_size: () => array.commSize,
          comm_rank: () => array.commRank,
          cart_coords: () => array.cartCoords,
          grid_shape: () => array.gridShape,
          local_shape: () => array.localShape,
          local_size: () => array.localSize,
          itemsize: () => array.itemsize,
          nbytes: () => array.nbytes,
          len: () => array.globalShape[0],
          str: () => String(array),
          rank_from_coords: () => array.rankFromCoords(array.cartCoords),
          contains: () => array.toContiguous().includes(100 * rank),
        };
        for (const [key, actual] of Object.entries(attributes)) {
          assertAgrees(actual, answers[key], key);
        }
        assert.equal(array.dtype, 'float64');
        assert.equal(arrayToString(array), String(array));
      });

      it('know their dimension dictionaries and indices', () => {
        array.dimData.forEach((dict, axis) => {
          for (const [key, value] of Object.entries(answers.dim_data[axis])) {
            const ours = (dict as unknown as Record<string, unknown>)[key];
            assert.deepEqual(
              ArrayBuffer.isView(ours) ? [...(ours as Int32Array)] : ours,
              value,
              key,
            );
          }
        });
        const expected = (answers.compact_indices as Outcome).result as unknown[];
        compactIndices(array.dimData).forEach((compact, axis) => {
          const size = array.globalShape[axis];
          const ours = ArrayBuffer.isView(compact) ? [...compact] : indicesOf(compact, size);
          assert.deepEqual(ours, indicesOf(expected[axis], size));
          assert.deepEqual(ours, array.globalIndices(axis));
        });
      });

      it('convert between local and global indices', () => {
        const zero = array.globalShape.map(() => 0);
        assertAllAgree(
          array.globalShape.map((_, axis) => () => array.globalLimits(axis)),
          answers.global_limits,
          'global_limits',
        );
        assert.throws(() => array.globalLimits(array.ndim), InvalidDimensionError);
        assertAllAgree(
          [0, 1, 2, 3].map((each) => () => array.coordsFromRank(each)),
          answers.coords_from_rank,
          'coords_from_rank',
        );
        const last = array.globalShape.map((extent) => extent - 1);
        assertAllAgree(
          [last, zero].map((index) => () => array.packIndex(index)),
          answers.pack_index,
          'pack_index',
        );
        assertAllAgree(
          [0, 1, 5, -1, array.globalSize].map((packed) => () => array.unpackIndex(packed)),
          answers.unpack_index,
          'unpack_index',
        );
        assertAgrees(() => array.localFromGlobal(zero), answers['local_from_global[0..]'], 'local');
        assertAgrees(
          () => array.globalFromLocal(zero),
          answers['global_from_local[0..]'],
          'global',
        );
      });

      it('get and set elements', () => {
        const zero = array.globalShape.map(() => 0);
        const { globalIndex } = array;
        assertAgrees(() => array.get(...zero), answers.getitem_local, 'getitem_local');
        assertAgrees(() => globalIndex.get(...zero), answers['global_index[0..]'], 'global_index');
        const checked = () => globalIndex.checkedGetitem(zero);
        assertAgrees(checked, answers['checked_getitem[0..]'], 'checked_getitem');
        assert.deepEqual(
          [...ndenumerate(array)],
          (answers.ndenumerate as Outcome).result,
          'ndenumerate',
        );
        const set = () => globalIndex.checkedSetitem(zero, -1);
        assertAgrees(set, answers['checked_setitem[0..]'], 'checked_setitem');
        const { shape, data } = (answers['a+1'] as { ndarray: { shape: number[]; data: number[] } })
          .ndarray;
        const sum = add(array, 1);
        assert.deepEqual([sum.dtype, sum.localShape, [...sum.data]], ['float64', shape, data]);
        assert.ok(sum instanceof LocalArray && sin(array) instanceof LocalArray);
      });

      it('are cast, compared, and exported', () => {
        assert.equal(array.astype('int32').dtype, 'int32');
        assert.equal(areCompatible(array, zeros(distribution)), true);
        assert.equal(array.asDistLike(zeros(distribution)), array);
        const { version, keys } = answers.__distarray__ as { version: string; keys: string[] };
        const structure = array.__distarray__();
        assert.equal(structure.__version__, version);
        assert.deepEqual(Object.keys(structure), keys);
        const twin = LocalArray.fromDistArray(world, array);
        if (array.localSize === 0) return;
        twin.set(-7, ...array.localShape.map(() => 0));
        assert.equal(array.toContiguous()[0], -7);
      });
    });
  }
});

describe('golden local functions', () => {
  const b10 = Distribution.fromShape([10], { size: 4 });
  const answer = (name: string) => {
    const found = golden.functions.find((each) => each.case === name);
    assert.ok(found, name);
    return found.ranks[rank];
  };
  const numpyNames: Record<string, string> = { '<i4': 'int32', '|b1': 'bool', '<f8': 'float64' };

  it('refuse arrays that are distributed in another way, and what is no array', () => {
    const other = zeros(Distribution.fromShape([10], { dist: 'c', size: 4 }));
    assert.ok(answer('add incompatible').error);
    assert.throws(() => add(zeros(b10), other), IncompatibleArrayError);
    assert.ok(answer('add list').error);
    assert.throws(() => add(zeros(b10), [1] as never), { argument: 'y' });
    assert.ok(answer('Distribution(comm=7)').error);
    assert.throws(() => zeros(b10, { comm: 7 as never }), { argument: 'options.comm' });
  });

  it('write to an array that they are given', () => {
    const out = zeros(b10);
    assert.equal(add(ones(b10), ones(b10), { out }), out);
    assert.deepEqual([...out.data], answer('binary with out y').result);
  });

  it('make arrays like others', () => {
    const ints = zeros(b10, { dtype: 'int32' });
    assert.equal(zerosLike(ints).dtype, numpyNames[String(answer('zeros_like dtype None').result)]);
    const same = equal(ones(b10), ones(b10));
    assert.equal(
      same.dtype,
      numpyNames[String(answer('ones == ones is LocalArray of bool').result)],
    );
    const data = new Float64Array(ints.localSize);
    const made = fromNdArrayLike(data, ints);
    assert.equal(made.dtype, numpyNames[String(answer('fromndarray_like').result)]);
    assert.equal(made.data, data);
  });
});
