// ranks: 4
/** Arrays on DistArray 0.5's distributions: what operations on these tell holds for the arrays, too. */
import { strict as assert } from 'node:assert';
import {
  Context,
  type DistArray,
  Distribution,
  type SliceItem,
} from '../../../../src/entry/index.ts';
import { described, readExactly } from '../../../support/goldenArrays.ts';
import {
  type Construction,
  compared,
  construct,
} from '../../../unit/maps/golden/distributionCases.ts';
import { type GoldenIndex, outcome, REFUSED } from '../../../unit/maps/golden/golden.ts';
import { itemOf } from '../../../unit/maps/golden/goldenIndex.ts';

const golden = readExactly<{
  dists: Record<string, Construction>;
  slices: { dist: string; index: GoldenIndex }[];
  owning: { dist: string; points: number[][] }[];
  reduces: { dist: string; axes: number | number[] | null }[];
  views: { dist: string; new_dimsize: number | null }[];
}>('distribution_ops');
const ctx = new Context();

const arrays = new Map<string, DistArray>();
/** The array 0, 1, 2, … on a distribution; undefined where that wants more processes. */
function arrayOf(name: string): DistArray | undefined {
  const distribution = construct(golden.dists[name]);
  if (distribution.targets.some((target) => target >= ctx.size)) return undefined;
  const array = arrays.get(name) ?? ctx.arange(distribution.size).distributeAs(distribution);
  arrays.set(name, array);
  return array;
}

/** The same elements on every process, for what is computed there. */
function alone(array: DistArray): DistArray {
  return ctx
    .arange(array.size)
    .distributeAs(Distribution.replicated(array.shape, { size: ctx.size }));
}

function values(array: DistArray): unknown {
  const { dtype, shape, data } = described(array);
  return { dtype, shape, data };
}

describe('arrays on golden distributions', () => {
  it('are sliced as their distributions are, with the elements of the slice', () => {
    let count = 0;
    for (const { dist, index } of golden.slices) {
      const array = arrayOf(dist);
      if (array === undefined) continue;
      const items = [itemOf(index)].flat() as SliceItem[];
      const label = `${dist}[${JSON.stringify(index)}]`;
      const expected = outcome(() => compared(array.distribution.slice(items)));
      const slice = outcome(() => array.slice(items));
      count++;
      if (expected === REFUSED || slice === REFUSED) assert.equal(slice, expected, label);
      else {
        const view = slice as DistArray;
        assert.deepEqual(compared(view.distribution), expected, label);
        assert.deepEqual(values(view), values(alone(array).slice(items)), label);
        assert.deepEqual(+view.sum(), +alone(array).slice(items).sum(), label);
      }
    }
    assert.ok(count > 60, String(count));
  });

  it('are read at all points', () => {
    for (const { dist, points } of golden.owning) {
      const array = arrayOf(dist);
      if (array === undefined) continue;
      for (const point of points) {
        const flat: number = point.reduce((sum, i, axis): number => sum * array.shape[axis] + i, 0);
        assert.equal(array.get(...point), flat, `${dist} ${point}`);
      }
    }
  });

  it('are reduced to the distributions that theirs are reduced to', () => {
    let count = 0;
    for (const { dist, axes } of golden.reduces) {
      const array = arrayOf(dist);
      if (array === undefined) continue;
      const label = `${dist} over ${JSON.stringify(axes)}`;
      const expected = outcome(() => array.distribution.reduce(axes));
      const sum = outcome(() => array.sum({ axis: axes }));
      count++;
      if (expected === REFUSED || sum === REFUSED) assert.equal(sum, expected, label);
      else {
        const { distribution } = sum as DistArray;
        // What has no dimensions left is known everywhere.
        if (distribution.isReplicated) assert.equal(distribution.ndim, 0, label);
        else assert.deepEqual(compared(distribution), compared(expected as never), label);
        assert.deepEqual(values(sum as DistArray), values(alone(array).sum({ axis: axes })), label);
      }
    }
    assert.ok(count > 60, String(count));
  });

  it('are viewed as other dtypes on the distributions that have more or fewer elements', () => {
    for (const dist of new Set(golden.views.map(({ dist }) => dist))) {
      const array = arrayOf(dist);
      if (array === undefined || array.ndim === 0) continue;
      const last = array.shape[array.ndim - 1];
      const expected = outcome(() => compared(array.distribution.view(2 * last)));
      const halves = outcome(() => array.view('int32'));
      if (expected === REFUSED || halves === REFUSED) assert.equal(halves, expected, dist);
      else {
        assert.deepEqual(compared((halves as DistArray).distribution), expected, dist);
        assert.deepEqual(values(halves as DistArray), values(alone(array).view('int32')), dist);
      }
    }
  });
});
