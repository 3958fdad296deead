/** What is read of a file: whatever the slice, the box among what is read has the right elements. */
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { sliceView, wholeView } from '../../../../src/io/outOfCore/basicView.ts';
import {
  type Box,
  type Slab,
  type StoredArray,
  slabOf,
} from '../../../../src/io/outOfCore/slab.ts';
import { axesInOrder } from '../../../../src/io/slabs.ts';
import { resolveSlice } from '../../../../src/maps/resolveSlice.ts';
import { newaxis, type SliceItem } from '../../../../src/maps/sliceSpec.ts';

/** Numbers of the elements that are read, in the order of the memory. */
function elementsRead({ first, run, counts, strides, size }: Slab): number[] {
  const read: number[] = [];
  const runs = (dim: number, at: number): void => {
    if (dim === counts.length) for (let k = 0; k < run; k++) read.push(at + k);
    else for (let k = 0; k < counts[dim]; k++) runs(dim + 1, at + k * strides[dim]);
  };
  if (size > 0) runs(0, first);
  return read;
}

/** The elements of a strided view, in C order. */
function elementsOf(memory: readonly number[], slab: Slab): number[] {
  const { shape, offset, viewStrides } = slab;
  const found: number[] = [];
  const visit = (dim: number, at: number): void => {
    if (dim === shape.length) found.push(memory[at]);
    else for (let k = 0; k < shape[dim]; k++) visit(dim + 1, at + k * viewStrides[dim]);
  };
  visit(0, offset);
  return found;
}

/** A slice of NumPy's, element by element: what is at an index of the view. */
function numberAt(
  stored: StoredArray,
  view: ReturnType<typeof wholeView>,
  index: readonly number[],
): number {
  let number = 0;
  for (const axis of axesInOrder(stored.shape.length, stored.order)) {
    const { axis: from, start, step } = view.axes[axis];
    number = number * stored.shape[axis] + start + (from === null ? 0 : index[from] * step);
  }
  return number;
}

const bound = fc.option(fc.integer({ min: -8, max: 8 }), { nil: null, freq: 1 });
const range: fc.Arbitrary<SliceItem> = fc.record({
  start: bound,
  stop: bound,
  step: fc.constantFrom(null, 1, 2, 3, -1, -2, 5),
});
const anyItem = fc.oneof(
  { weight: 6, arbitrary: range },
  { weight: 1, arbitrary: fc.constant<SliceItem>(newaxis) },
  { weight: 2, arbitrary: fc.constant<SliceItem>(0) },
);

const anyCase = fc.record({
  shape: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }),
  slices: fc.array(fc.array(anyItem, { maxLength: 5 }), { maxLength: 3 }),
  order: fc.constantFrom('C' as const, 'F' as const),
  itemsize: fc.constantFrom(1, 8, 1024, 8192),
  readsGaps: fc.boolean(),
  // Two for every dimension: four of the array and five new ones of each slice.
  picks: fc.array(fc.nat(), { minLength: 38, maxLength: 38 }),
});

describe('a slab', () => {
  it('has the elements of the box of any slice of slices', () => {
    let read = 0;
    fc.assert(
      fc.property(anyCase, ({ shape, slices, order, itemsize, readsGaps, picks }) => {
        const stored: StoredArray = { shape, order, itemsize, readsGaps };
        let view = wholeView(shape);
        for (const items of slices) {
          // Slices that do not fit the shape are none.
          const used = items.filter((item) => item !== newaxis).slice(0, view.shape.length);
          let left = used.length;
          const fitting = items.filter((item) => item === newaxis || left-- > 0);
          const isIndexable = view.shape.every((extent) => extent > 0);
          const taken = isIndexable ? fitting : fitting.filter((item) => item !== 0);
          view = sliceView(view, resolveSlice(taken, view.shape));
        }
        const box: Box = view.shape.map((extent, axis) => {
          const start = extent === 0 ? 0 : picks[2 * axis] % extent;
          return { start, count: extent === 0 ? 0 : 1 + (picks[2 * axis + 1] % (extent - start)) };
        });
        const slab = slabOf(stored, view, box);
        const memory = elementsRead(slab);
        assert.equal(memory.length, slab.size);
        assert.deepEqual(
          slab.shape,
          box.map(({ count }) => count),
        );
        const expected: number[] = [];
        const visit = (dim: number, index: readonly number[]): void => {
          if (dim === box.length) expected.push(numberAt(stored, view, index));
          else
            for (let k = 0; k < box[dim].count; k++) visit(dim + 1, [...index, box[dim].start + k]);
        };
        visit(0, []);
        if (expected.length === 0) assert.equal(slab.size, 0);
        else assert.deepEqual(elementsOf(memory, slab), expected);
        const total = shape.reduce((product, extent) => product * extent, 1);
        for (const number of memory) assert.ok(number >= 0 && number < total);
        if (!readsGaps) assert.equal(slab.size, expected.length);
        read += expected.length;
      }),
      { numRuns: 2000 },
    );
    assert.ok(read > 2000, String(read));
  });

  it('is one run where the box is one, and through short gaps, but not through long ones', () => {
    const stored = { shape: [100, 50], order: 'C', itemsize: 8, readsGaps: true } as const;
    const rows = slabOf(stored, wholeView([100, 50]), [
      { start: 10, count: 5 },
      { start: 0, count: 50 },
    ]);
    assert.deepEqual([rows.first, rows.run, rows.counts], [500, 250, []]);
    // Every other column: 8 bytes apart.
    const view = sliceView(wholeView([100, 50]), resolveSlice(':, ::2', [100, 50]));
    const columns = slabOf(stored, view, [
      { start: 0, count: 100 },
      { start: 0, count: 25 },
    ]);
    assert.deepEqual([columns.run, columns.counts], [5000, []]);
    const wide = { ...stored, shape: [100, 5000] };
    const apart = sliceView(wholeView(wide.shape), resolveSlice(':, ::2000', wide.shape));
    const single = slabOf(wide, apart, [
      { start: 0, count: 100 },
      { start: 0, count: 3 },
    ]);
    assert.deepEqual([single.run, single.counts, single.size], [1, [100, 3], 300]);
  });
});
