// ranks: 4
/** Slices of DistArray 0.5 on 4 processes, and what is assigned to them; differences are in docs/differences.md. */
import { strict as assert } from 'node:assert';
import {
  Context,
  CyclicMap,
  type DistArray,
  Distribution,
  type SliceItem,
  UnstructuredMap,
} from '../../../../src/entry/index.ts';
import {
  described,
  type GoldenArray,
  type GoldenOutcome,
  inputOf,
  readExactly,
  sameOutcome,
  wanted,
} from '../../../support/goldenArrays.ts';
import { agreesWithGolden, type GoldenIndex, outcome } from '../../../unit/maps/golden/golden.ts';
import { itemOf } from '../../../unit/maps/golden/goldenIndex.ts';

interface GetCase extends GoldenOutcome {
  readonly array: string;
  readonly index: GoldenIndex;
  /** Of the arrays that are reduced after slicing. */
  readonly axis?: number | null;
  readonly needed_localshapes?: number[][];
}

interface SetCase extends GoldenOutcome {
  readonly array: string;
  readonly index: GoldenIndex;
  readonly value: number | number[] | string | { readonly ndarray: GoldenArray };
  readonly after?: GoldenArray;
  readonly numpy_after?: GoldenArray;
}

const golden = readExactly<{
  readonly getitem: readonly GetCase[];
  readonly setitem: readonly SetCase[];
}>('indexing');

const ctx = new Context();
const REDUCED = 'bn10x20 arange(200.) reduced after slicing';

/** How the arrays of the golden script lie that letters do not tell. */
const DISTRIBUTIONS: Record<string, Distribution> = {
  irr10: Distribution.fromGlobalDimData([{ dist_type: 'b', bounds: [0, 3, 4, 10] }]),
  u10: Distribution.fromMaps([
    UnstructuredMap.fromIndices([
      [9, 0],
      [3, 7, 1],
      [2, 4],
      [8, 5, 6],
    ]),
  ]),
  bcyc10: Distribution.fromMaps([new CyclicMap(10, 2, { blockSize: 2 })]),
  sub10: ctx.distribution([10], { targets: [1, 3] }),
  sub_bb: ctx.distribution([6, 10], { dist: 'bb', targets: [1, 2] }),
};

function arrayOf(name: string): DistArray {
  if (name === '0d') return ctx.fromArray(7n);
  if (name === REDUCED) return ctx.arange(200).distributeAs([10, 20]);
  const lines = ctx.arange(0n, name.endsWith('6x10') || name === 'sub_bb' ? 60n : 10n);
  const array = lines.size === 10 ? lines.multiply(10n) : lines;
  const special = DISTRIBUTIONS[name];
  if (special !== undefined) return array.distributeAs(special);
  const [, dist, shape] = /^([bcn]+)(10|6x10)$/.exec(name) ?? [];
  assert.ok(dist !== undefined, name);
  return array.distributeAs(shape.split('x').map(Number), { dist });
}

function itemsOf(index: GoldenIndex): SliceItem[] {
  return [itemOf(index)].flat() as SliceItem[];
}

/** An element, as NumPy's 0-d arrays are written. */
function read(array: DistArray, items: readonly SliceItem[]): unknown {
  const isFull = items.length === array.ndim && items.every((item) => Number.isInteger(item));
  const slice = described(array.slice(items));
  if (!isFull) return slice;
  const element = array.get(...(items as number[]));
  assert.equal(slice.data[0], element, 'the element and the slice of the element');
  return { ...slice, data: [element] };
}

describe('indices and golden cases', () => {
  agreesWithGolden(
    'indexing.json: getitem',
    golden.getitem.map((one, i) => {
      const { array, index, axis, needed_localshapes: parts } = one;
      const items = itemsOf(index);
      if (axis === undefined) {
        const ours = () => outcome(() => read(arrayOf(array), items));
        return { name: String(i), golden: wanted(one), ours };
      }
      return {
        name: String(i),
        golden: { parts, sum: one.result === undefined ? undefined : wanted(one) },
        ours: () => {
          const slice = arrayOf(array).slice(items);
          const sum = slice.sum({ axis });
          // What stays of the axis that is kept lies as it did.
          const kept = axis === null ? [[]] : nonEmpty(sum);
          return { parts: kept, sum: one.result === undefined ? undefined : described(sum) };
        },
      };
    }),
    (ours, theirs) => {
      const [a, b] = [ours, theirs] as { parts?: unknown; sum?: unknown }[];
      if (a.parts === undefined) return sameOutcome(ours, theirs);
      return sameOutcome(a.parts, b.parts) && sameOutcome(a.sum, b.sum);
    },
  );

  agreesWithGolden(
    'indexing.json: setitem',
    golden.setitem.map((one, i) => {
      const { numpy_error, error, numpy_after, after } = one;
      return {
        name: String(i),
        golden: wanted({ numpy: numpy_after, numpy_error, error, result: after }),
        ours: () => outcome(() => described(written(one))),
      };
    }),
    sameOutcome,
  );

  it('give the same on every array as where every process has all', () => {
    const cases = golden.getitem.filter(({ axis }) => axis === undefined);
    const names = [...new Set(cases.map(({ array }) => array))];
    const pairs = names.map((name) => {
      const array = arrayOf(name);
      const everywhere = Distribution.replicated(array.shape, { size: ctx.size });
      return { name, array, alone: array.distributeAs(everywhere) };
    });
    for (const index of new Set(cases.map((one) => JSON.stringify(one.index)))) {
      const items = itemsOf(JSON.parse(index) as GoldenIndex);
      for (const { name, array, alone } of pairs) {
        const expected = outcome(() => valuesOf(alone.slice(items)));
        const ours = outcome(() => valuesOf(array.slice(items)));
        assert.deepEqual(ours, expected, `${name}[${index}]`);
      }
    }
  });
});

function valuesOf(array: DistArray): unknown {
  const { dtype, shape, data } = described(array);
  return { dtype, shape, data };
}

function written({ array: name, index, value }: SetCase): DistArray {
  const array = arrayOf(name);
  const items = itemsOf(index);
  const given: Record<string, () => DistArray> = {
    'x[3:6] (other targets)': () => array.slice('3:6'),
    'x+1': () => array.add(1),
  };
  const isElement = items.length === array.ndim && items.every((item) => Number.isInteger(item));
  if (typeof value === 'number' && isElement) {
    // The same by both ways to write it.
    const other = arrayOf(name);
    other.set(value, ...(items as number[]));
    array.slice(items).assign(value);
    assert.deepEqual(described(other), described(array));
  } else if (typeof value === 'string') array.slice(items).assign(given[value]());
  else if (typeof value === 'number' || Array.isArray(value)) array.slice(items).assign(value);
  else array.slice(items).assign(inputOf(value.ndarray).input);
  return array;
}

function nonEmpty(array: DistArray): number[][] {
  return array.localShapes().filter((shape) => shape.every((extent) => extent > 0));
}
