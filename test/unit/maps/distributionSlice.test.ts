import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { Distribution } from '../../../src/maps/distribution.ts';
import { positionAt } from '../../../src/maps/localSelection.ts';
import { shiftBetween } from '../../../src/maps/sliceMap.ts';
import type { SliceRange } from '../../../src/maps/sliceRange.ts';
import { newaxis, type SliceItem, showSlice } from '../../../src/maps/sliceSpec.ts';
import { UnstructuredMap } from '../../../src/maps/unstructuredMap.ts';
import { anyMapOver } from './mapArbitraries.ts';

/**
 * The elements of `list` that a range shows. JavaScript's own `slice` clips as Python does; seen
 * from the other end, a range that descends ascends.
 */
function sliced<T>(list: readonly T[], { start, stop, step }: SliceRange): T[] {
  const stride = step ?? 1;
  const forward = stride > 0;
  const bound = (value: number | null | undefined) => {
    if (value === null || value === undefined) return undefined;
    return forward ? value : -1 - value;
  };
  const ordered = forward ? list : list.toReversed();
  return ordered.slice(bound(start), bound(stop)).filter((_, i) => i % Math.abs(stride) === 0);
}

/** What a slice shows of each dimension, by the oracle; new axes show one thing. */
function shownIndices(shape: readonly number[], items: readonly SliceItem[]) {
  const used = items.filter((item) => item !== newaxis && item !== '...').length;
  const full: SliceItem[] = new Array(shape.length - used).fill(null);
  const expanded = items.flatMap((item): readonly SliceItem[] => (item === '...' ? full : [item]));
  if (!items.includes('...')) expanded.push(...full);
  const axes: { axis: number; indices: number[]; drop: boolean }[] = [];
  let axis = 0;
  for (const item of expanded) {
    if (item === newaxis) {
      axes.push({ axis: -1, indices: [0], drop: false });
      continue;
    }
    const all = [...Array(shape[axis]).keys()];
    if (typeof item === 'number') {
      axes.push({ axis, indices: [all.at(item) as number], drop: true });
    } else {
      axes.push({ axis, indices: sliced(all, (item ?? {}) as SliceRange), drop: false });
    }
    axis++;
  }
  return axes;
}

const bound = fc.option(fc.integer({ min: -14, max: 14 }));
const step = fc.option(fc.integer({ min: -5, max: 5 }).filter((value) => value !== 0));
const range = fc.tuple(bound, bound, step).map(([start, stop, stride]) => ({
  start,
  stop,
  step: stride,
}));

/** A slice of an array of this shape: indices, ranges, new axes, and '...' somewhere. */
const specOf = (shape: readonly number[]): fc.Arbitrary<SliceItem[]> => {
  const entry = (extent: number): fc.Arbitrary<SliceItem> =>
    extent === 0
      ? range
      : fc.oneof(
          { weight: 3, arbitrary: range },
          { weight: 1, arbitrary: fc.integer({ min: -extent, max: extent - 1 }) },
          { weight: 1, arbitrary: fc.constant<SliceItem>(null) },
        );
  return fc
    .tuple(fc.tuple(...shape.map(entry)), fc.nat({ max: shape.length }), fc.nat({ max: 3 }))
    .map(([entries, at, form]) => {
      const items: SliceItem[] = [...entries];
      if (form === 1) items.splice(at, items.length - at);
      if (form === 2) items.splice(at, 1, '...');
      if (form === 3) items.splice(at, 0, newaxis);
      // What '...' stands for must fit: a negative index may have moved to another axis.
      return items;
    })
    .filter((items) => fits(shape, items));
};

function fits(shape: readonly number[], items: readonly SliceItem[]): boolean {
  const used = items.filter((item) => item !== newaxis && item !== '...').length;
  if (used > shape.length) return false;
  return shownIndices(shape, items).every(({ drop, indices }) => !drop || indices[0] !== undefined);
}

const sample = fc
  .array(anyMapOver(4), { minLength: 1, maxLength: 3 })
  .filter((maps) => maps.reduce((size, map) => size * map.size, 1) < 2000)
  .chain((maps) => {
    const shape = maps.map((map) => map.size);
    return fc.tuple(fc.constant(Distribution.fromMaps(maps)), specOf(shape));
  });

/** The positions of an element in the memory of the distribution that all views share. */
function positionsOf(d: Distribution, rank: number, index: readonly number[]): number[] {
  const coords = d.coordsFromRank(rank);
  const local = d.localFromGlobal(index, rank);
  return d.maps.map((map, axis) => positionAt(map.localSelection(coords[axis]), local[axis]));
}

/** Checks a slice against the oracle: shape, and every element on the process that has it. */
function checkSlice(d: Distribution, items: readonly SliceItem[], view: Distribution): void {
  const axes = shownIndices(d.shape, items);
  const kept = axes.filter(({ drop }) => !drop);
  assert.deepEqual(
    view.shape,
    kept.map(({ indices }) => indices.length),
  );
  if (axes.some(({ indices }) => indices.length === 0)) return;
  const places = kept.reduce<number[][]>(
    (prefixes, { indices }) => prefixes.flatMap((prefix) => indices.map((_, i) => [...prefix, i])),
    [[]],
  );
  for (const place of places) {
    const base = new Array<number>(d.ndim);
    let at = 0;
    for (const { axis, indices, drop } of axes) {
      const index = drop ? indices[0] : indices[place[at++]];
      if (axis >= 0) base[axis] = index;
    }
    const target = d.targetOf(d.owningRank(base));
    const rank = view.owningRank(place);
    assert.equal(view.targetOf(rank), target);
    assert.equal(view.rankOfTarget(target), rank);
    // Where the view keeps it in memory is where the distribution keeps it.
    const positions = positionsOf(view, rank, place);
    const expected = positionsOf(d, d.owningRank(base), base);
    let position = 0;
    for (const { axis, drop } of axes) {
      if (drop) continue;
      assert.equal(positions[position++], axis < 0 ? 0 : expected[axis]);
    }
  }
}

describe('a slice of a distribution', () => {
  it('has NumPy’s shape, and every element where it was', () => {
    fc.assert(
      fc.property(sample, ([d, items]) => {
        checkSlice(d, items, d.slice(items));
        assert.ok(
          d.slice(showSlice(items) === '' ? items : showSlice(items)).equals(d.slice(items)),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('of a slice is a slice of the distribution', () => {
    const twice = sample.chain(([d, items]) => {
      const view = d.slice(items);
      return fc.tuple(fc.constant(view), specOf(view.shape));
    });
    fc.assert(
      fc.property(twice, ([view, items]) => {
        checkSlice(view, items, view.slice(items));
      }),
      { numRuns: 300 },
    );
  });

  it('is owned by the ranks that it names', () => {
    fc.assert(
      fc.property(sample, ([d, items]) => {
        const view = d.slice(items);
        if (!d.hasPreciseIndex) return;
        const owners = view
          .localShapes()
          .flatMap((shape, rank) => (shape.includes(0) ? [] : [view.targetOf(rank)]));
        assert.deepEqual(d.owningTargets(items), owners);
      }),
    );
  });

  it('keeps grid and targets; an index leaves the processes that own it', () => {
    const d = Distribution.fromShape([8, 9, 4], { dist: 'bcn', gridShape: [2, 3, 1], size: 6 });
    const view = d.slice('1:3, ::2');
    assert.deepEqual(view.gridShape, [2, 3, 1]);
    assert.deepEqual(view.targets, d.targets);
    assert.deepEqual(view.dist, ['b', 'c', 'n']);
    assert.deepEqual(view.localShapes()[3], [0, 2, 4]);
    const row = d.slice('5');
    assert.deepEqual(row.gridShape, [3, 1]);
    assert.deepEqual(row.targets, [3, 4, 5]);
    const column = d.slice(':, 4, None');
    assert.deepEqual(column.gridShape, [2, 1, 1]);
    assert.deepEqual(column.targets, [1, 4]);
    const element = d.slice('-1, -1, -1');
    assert.deepEqual(element.shape, []);
    assert.deepEqual(element.targets, [5]);
  });

  it('of targets given one by one keeps those', () => {
    const d = Distribution.fromShape([6, 6], {
      dist: 'bb',
      gridShape: [2, 2],
      targets: [1, 3, 4, 6],
    });
    assert.deepEqual(d.slice(':, 5').targets, [3, 6]);
    assert.deepEqual(d.slice('5').targets, [4, 6]);
  });

  it('of everything is the distribution', () => {
    const d = Distribution.fromShape([8, 9], { dist: 'bc', gridShape: [2, 2], size: 4 });
    assert.ok(d.slice('...').equals(d));
    assert.equal(d.slice([]).maps[1], d.maps[1]);
    assert.ok(!d.slice('::-1').equals(d));
    assert.ok(d.slice('::-1').slice('::-1').equals(d));
  });

  it('of an unstructured dimension goes to the lowest process that lists the index', () => {
    const map = UnstructuredMap.fromIndices([
      [0, 2],
      [2, 1],
    ]);
    assert.deepEqual(Distribution.fromMaps([map]).slice('2').targets, [0]);
  });

  it('is known to be a shift of another', () => {
    const d = Distribution.fromShape([100], { dist: 'b', size: 4 });
    const at = (spec: string) => d.slice(spec).maps[0];
    assert.equal(shiftBetween(at('1:-1'), at('2:')), 1);
    assert.equal(shiftBetween(at('2:'), at('1:-1')), -1);
    assert.equal(shiftBetween(at('0:50:2'), at('1:50:2')), 1);
    assert.equal(shiftBetween(at('1:-1'), at('1:-1')), 0);
    assert.equal(shiftBetween(at('1:-1'), at(':-1')), undefined);
    assert.equal(shiftBetween(at('::2'), at(':50')), undefined);
    const other = Distribution.fromShape([100], { dist: 'c', size: 4 });
    assert.equal(shiftBetween(at('1:-1'), other.slice('2:').maps[0]), undefined);
  });

  it('is emitted as indices where the protocol’s kinds cannot express it', () => {
    const kinds = (spec: string, dist: string) =>
      Distribution.fromShape([12], { dist, size: 3 })
        .slice(spec)
        .dimData(1)
        .map((dimData) => dimData.dist_type)
        .join('');
    assert.equal(kinds('1:10:2', 'b'), 'b');
    assert.equal(kinds('::-1', 'b'), 'u');
    assert.equal(kinds('3:', 'c'), 'c');
    assert.equal(kinds('1:', 'c'), 'u');
    const [dimData] = Distribution.fromShape([12], { dist: 'c', size: 3 }).slice('1:').dimData(1);
    assert.deepEqual('indices' in dimData && [...dimData.indices], [0, 3, 6, 9]);
  });
});
