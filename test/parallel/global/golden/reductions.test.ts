// ranks: 4
/** Reductions of DistArray 0.5 on 4 processes; differences are in docs/differences.md. */
import { strict as assert } from 'node:assert';
import { parseNumpyName } from '../../../../src/dtype/numpyNames.ts';
import {
  BlockMap,
  Context,
  CyclicMap,
  type DimensionMap,
  type DistArray,
  Distribution,
  type Dtype,
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
import { agreesWithGolden, outcome } from '../../../unit/maps/golden/golden.ts';

interface Case extends GoldenOutcome {
  readonly case?: string;
  readonly op: 'sum' | 'mean' | 'var' | 'std' | 'min' | 'max';
  readonly axis: number | number[] | null;
  readonly dist: string;
  readonly dtype: Dtype;
  readonly dtype_arg?: string;
  /** An array, or how Python makes it. */
  readonly input: GoldenArray | string;
}

const golden = readExactly<{ readonly cases: readonly Case[] }>('reductions');
const ctx = new Context();

/** Cases that have a name instead of arguments. */
const NAMED: Record<string, () => DistArray> = {
  'out argument': () => {
    const out = ctx.zeros([]);
    assert.equal(ctx.arange(4).sum({ out }), out);
    return out;
  },
  'sum of an empty slice': () => ctx.arange(10).slice('20:').sum(),
  'chained sum(axis=0).sum(axis=0) of arange(16).reshape(4,4)': () =>
    ctx.arange(16n).distributeAs([4, 4]).sum({ axis: 0 }).sum({ axis: 0 }),
  'var 1-D u 2 ranks': () =>
    varianceOn(
      UnstructuredMap.fromIndices([
        [0, 2, 4, 6],
        [1, 3, 5, 7],
      ]),
    ),
  'var 1-D block-cyclic 8/2/2': () => varianceOn(new CyclicMap(8, 2, { blockSize: 2 })),
  'var 1-D irregular': () => varianceOn(BlockMap.fromBounds([0, 1, 2, 8])),
};

function varianceOn(map: DimensionMap): DistArray {
  return ctx
    .arange(8)
    .distributeAs(Distribution.fromMaps([map]))
    .var();
}

function arrayOf({ input, dtype, dist }: Case): DistArray {
  const [letters, grid] = dist.split(' ');
  const options = { dist: letters, gridShape: grid?.split('x').map(Number) };
  if (input !== 'arange(60).reshape(3,4,5) % 7') {
    const { input: given } = inputOf(input as GoldenArray);
    return ctx.fromArray(given, { dtype, ...options });
  }
  return ctx.arange(60, { dtype }).remainder(7).distributeAs([3, 4, 5], options);
}

function reduced(one: Case): DistArray {
  if (one.case !== undefined) return NAMED[one.case]();
  const { op, axis, dtype_arg: wantedName } = one;
  const dtype = wantedName === undefined ? undefined : (parseNumpyName(wantedName).dtype as Dtype);
  const array = arrayOf(one);
  const before = array.dtype;
  const result = array[op]({ axis, dtype });
  assert.equal(array.dtype, before);
  // What is known everywhere is read without messages.
  const isFull = result.ndim === 0;
  assert.equal(result.distribution.isReplicated, isFull && result.size === 1);
  return result;
}

describe('reductions and golden cases', function () {
  this.timeout(30_000);

  agreesWithGolden(
    'reductions.json',
    golden.cases.map((one, i) => ({
      name: String(i),
      golden: wanted(one),
      ours: () => outcome(() => described(reduced(one))),
    })),
    sameOutcome,
  );

  it('give the same through functions, and with the axes that stay kept', () => {
    for (const one of golden.cases) {
      if (one.case !== undefined || one.numpy === undefined || one.axis === null) continue;
      const { op, axis, dtype_arg: wantedName } = one;
      if (wantedName !== undefined) continue;
      const array = arrayOf(one);
      const kept = array[op]({ axis, keepdims: true });
      const { shape, data } = described(kept);
      const plain = described(array[op]({ axis }));
      assert.deepEqual(data, plain.data);
      const axes = [axis].flat().map((at) => (at + array.ndim) % array.ndim);
      assert.deepEqual(
        shape,
        array.shape.map((extent, at) => (axes.includes(at) ? 1 : extent)),
      );
    }
  });
});
