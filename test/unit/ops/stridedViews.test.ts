/** What an element becomes does not depend on where it lies: strides, offsets, overlaps, masks. */
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  DTYPE_NAMES,
  DTYPES,
  type Dtype,
  type TypedArray,
  type TypedArrayOf,
} from '../../../src/dtype/dtype.ts';
import { ELEMENTWISE, type ElementwiseName } from '../../../src/dtype/elementwise.ts';
import { resolveElementwise } from '../../../src/dtype/resolve.ts';
import { cast, copyTo, fill, gather, scatter } from '../../../src/kernels/copy.ts';
import { newView, type StridedView, viewOf } from '../../../src/kernels/stridedView.ts';
import { elementwise, select } from '../../../src/ops/elementwise/elementwise.ts';
import { contiguousCopy, firstDifference, offsetsOf, specials } from '../../support/elements.ts';

const NAMES = Object.keys(ELEMENTWISE) as ElementwiseName[];

/** A view's outline: shape, and where its elements are in memory of `size` elements. */
interface Outline {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  readonly size: number;
}

/** Cuts a view out of a C array: steps of both signs, gaps, axes in any order, some broadcast. */
function outline(shape: readonly number[], broadcast: boolean): fc.Arbitrary<Outline> {
  const axis = fc.record({
    step: fc.integer({ min: 1, max: 3 }),
    backwards: fc.boolean(),
    before: fc.integer({ min: 0, max: 2 }),
    still: broadcast ? fc.integer({ min: 0, max: 5 }).map((n) => n === 0) : fc.constant(false),
  });
  return fc
    .tuple(
      fc.array(axis, { minLength: shape.length, maxLength: shape.length }),
      fc.shuffledSubarray(
        shape.map((_, dim) => dim),
        { minLength: shape.length },
      ),
    )
    .map(([axes, order]) => {
      const strides = shape.map(() => 0);
      let offset = 0;
      let size = 1;
      for (const dim of order) {
        const { step, backwards, before, still } = axes[dim];
        const stride = size;
        const reach = before + step * Math.max(0, shape[dim] - 1) + 1;
        offset += stride * (before + (backwards ? step * Math.max(0, shape[dim] - 1) : 0));
        strides[dim] = still ? 0 : backwards ? -step * stride : step * stride;
        size *= reach;
      }
      return { shape, strides, offset, size };
    });
}

const anyShape = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }),
  fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 60, max: 700 })),
);

/** Memory of `size` elements of a dtype, the special ones in some order. */
function memory<D extends Dtype>(dtype: D, size: number, seed: number): TypedArrayOf<D> {
  const { data } = specials(dtype);
  const { arrayType, lanes } = DTYPES[dtype];
  const count = data.length / lanes;
  const result = new arrayType(Math.max(1, size) * lanes) as unknown as TypedArray;
  for (let i = 0; i < size; i++) {
    const from = (seed + i * 7919) % count;
    (result as Uint8Array).set(
      data.subarray(from * lanes, (from + 1) * lanes) as Uint8Array,
      i * lanes,
    );
  }
  return result as TypedArrayOf<D>;
}

function viewAt<D extends Dtype>(dtype: D, data: TypedArrayOf<D>, at: Outline): StridedView<D> {
  return { data, dtype, shape: at.shape, strides: at.strides, offset: at.offset };
}

function same(ours: StridedView, theirs: StridedView, label: string): void {
  assert.equal(firstDifference(contiguousCopy(ours), theirs), undefined, label);
}

/** A function, and dtypes that it takes. */
const anyCall = fc
  .tuple(
    fc.constantFrom(...NAMES),
    fc.array(fc.constantFrom(...DTYPE_NAMES), { minLength: 3, maxLength: 3 }),
  )
  .map(([name, dtypes]) => ({ name, dtypes: dtypes.slice(0, ELEMENTWISE[name].arity) }))
  .filter(({ name, dtypes }) => {
    try {
      resolveElementwise(name, dtypes);
      return true;
    } catch {
      return false;
    }
  });

describe('views of any strides', function () {
  this.timeout(60_000);

  it('give the same elements as contiguous ones, in every function and dtype', () => {
    const anyCase = anyShape.chain((shape) =>
      fc.record({
        call: anyCall,
        outlines: fc.array(outline(shape, true), { minLength: 3, maxLength: 3 }),
        out: outline(shape, false),
        seed: fc.nat(1000),
      }),
    );
    fc.assert(
      fc.property(anyCase, ({ call: { name, dtypes }, outlines, out, seed }) => {
        const views = dtypes.map((dtype, k) =>
          viewAt(dtype, memory(dtype, outlines[k].size, seed + k), outlines[k]),
        );
        const wanted = elementwise(name, views.map(contiguousCopy));
        same(elementwise(name, views), wanted, 'a new result');
        const target = viewAt(wanted.dtype, memory(wanted.dtype, out.size, seed), out);
        const untouched = contiguousCopy({ ...target, shape: [out.size], strides: [1], offset: 0 });
        assert.equal(elementwise(name, views, { out: target }), target);
        same(target, wanted, 'a strided out');
        const places = new Set(offsetsOf(target));
        const { lanes } = DTYPES[target.dtype];
        const strayed = [...target.data].findIndex(
          (element, i) =>
            !places.has(Math.floor(i / lanes)) && !Object.is(element, untouched.data[i]),
        );
        assert.equal(strayed, -1, 'memory beside the view was written');
      }),
      { numRuns: 500 },
    );
  });

  it('give the same elements one by one as all at once', () => {
    for (const name of NAMES) {
      for (const dtype of ['float32', 'float64', 'int32', 'complex128'] as const) {
        const { arity } = ELEMENTWISE[name];
        try {
          resolveElementwise(name, [dtype]);
        } catch {
          continue;
        }
        const all = viewOf(memory(dtype, 131, 5), dtype, [131]);
        const operands = Array.from({ length: arity }, () => all);
        const together = elementwise(name, operands);
        const parts = newView(together.dtype, [131]);
        for (let i = 0; i < 131; i++) {
          const one = { ...all, shape: [1], offset: i };
          elementwise(
            name,
            operands.map(() => one),
            { out: { ...parts, shape: [1], offset: i } },
          );
        }
        same(parts, together, `${name} of ${dtype}`);
      }
    }
  });

  it('may overlap the result in any way', () => {
    const anyCase = anyShape.chain((shape) =>
      fc.record({
        name: fc.constantFrom<ElementwiseName>('add', 'subtract', 'multiply', 'maximum'),
        dtype: fc.constantFrom<Dtype>('float64', 'int16', 'complex64', 'uint8'),
        outlines: fc.array(outline(shape, true), { minLength: 2, maxLength: 2 }),
        out: outline(shape, false),
        shifts: fc.array(fc.nat(4), { minLength: 3, maxLength: 3 }),
        seed: fc.nat(1000),
      }),
    );
    fc.assert(
      fc.property(anyCase, ({ name, dtype, outlines, out, shifts, seed }) => {
        const all = [...outlines, out];
        const data = memory(dtype, Math.max(...all.map(({ size }) => size)) + 4, seed);
        const [a, b, target] = all.map((each, k) =>
          viewAt(dtype, data, { ...each, offset: each.offset + shifts[k] }),
        );
        const wanted = elementwise(name, [a, b].map(contiguousCopy));
        elementwise(name, [a, b], { out: target });
        same(target, wanted, 'overlapping');
      }),
      { numRuns: 300 },
    );
  });

  it('are written only where the mask says so', () => {
    const anyCase = anyShape.chain((shape) =>
      fc.record({
        operand: outline(shape, true),
        mask: outline(shape, true),
        out: outline(shape, false),
        seed: fc.nat(99),
      }),
    );
    fc.assert(
      fc.property(anyCase, ({ operand, mask, out, seed }) => {
        const a = viewAt('float64', memory('float64', operand.size, seed), operand);
        const where = viewAt('bool', memory('bool', mask.size, seed), mask);
        const target = viewAt('float32', memory('float32', out.size, seed), out);
        const flags = contiguousCopy(where).data;
        const sums = cast(elementwise('add', [contiguousCopy(a), 1]), 'float32').data;
        const before = contiguousCopy(target);
        const wanted = before.data.map((old, i) => (flags[i] !== 0 ? sums[i] : old));
        elementwise('add', [a, 1], { out: target, where });
        same(target, { ...before, data: wanted }, 'masked');
        const single = elementwise('add', [contiguousCopy(a), 1], { dtype: 'float32' })
          .data as Float32Array;
        const fresh = elementwise('add', [a, 1], { where, dtype: 'float32' });
        same(fresh, { ...before, data: single.map((sum, i) => (flags[i] !== 0 ? sum : 0)) }, 'new');
      }),
      { numRuns: 100 },
    );
  });
});

describe('copies', () => {
  it('move elements between overlapping views as if through a third place', () => {
    const anyCase = anyShape.chain((shape) =>
      fc.record({
        from: outline(shape, true),
        to: outline(shape, false),
        shift: fc.nat(5),
        seed: fc.nat(99),
      }),
    );
    fc.assert(
      fc.property(anyCase, fc.constantFrom(...DTYPE_NAMES), ({ from, to, shift, seed }, dtype) => {
        const data = memory(dtype, Math.max(from.size, to.size) + shift, seed);
        const source = viewAt(dtype, data, { ...from, offset: from.offset + shift });
        const target = viewAt(dtype, data, to);
        const wanted = contiguousCopy(source);
        copyTo(target, source);
        same(target, wanted, dtype);
      }),
      { numRuns: 200 },
    );
  });

  it('shift rows of one array either way', () => {
    const data = Float64Array.from({ length: 10 }, (_, i) => i);
    const all = viewOf(data, 'float64', [10]);
    copyTo({ ...all, shape: [9], offset: 1 }, { ...all, shape: [9] });
    assert.deepEqual([...data], [0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
    copyTo(all, { ...all, strides: [-1], offset: 9 });
    assert.deepEqual([...data], [8, 7, 6, 5, 4, 3, 2, 1, 0, 0]);
  });

  it('cast only as the rule allows', () => {
    const target = newView('int8', [2]);
    const source = viewOf(Float64Array.of(1.5, -2.5), 'float64', [2]);
    assert.throws(
      () => copyTo(target, source),
      /can be cast to int8 by the rule 'sameKind'.*float64/,
    );
    copyTo(target, source, { casting: 'unsafe' });
    assert.deepEqual([...target.data], [1, -2]);
  });

  it('fill views with one value', () => {
    const data = new Int16Array(12);
    const column = { data, dtype: 'int16', shape: [3], strides: [4], offset: 1 } as const;
    fill(column, 7);
    assert.deepEqual([...data], [0, 7, 0, 0, 0, 7, 0, 0, 0, 7, 0, 0]);
    assert.throws(() => fill(column, 40000), RangeError);
    const complex = newView('complex64', [2]);
    fill(complex, { re: 1, im: -2 });
    assert.deepEqual([...complex.data], [1, -2, 1, -2]);
    const big = newView('uint64', [1]);
    fill(big, 2n ** 64n - 1n);
    assert.equal(big.data[0], 2n ** 64n - 1n);
  });

  it('must lie within their memory', () => {
    const data = new Float64Array(10);
    const view = { data, dtype: 'float64', shape: [4], strides: [3], offset: 1 } as const;
    assert.throws(() => fill(view, 1), /a view within its 10 elements for target.*1 to 10/);
    assert.throws(() => fill({ ...view, strides: [-3] }, 1), /elements -8 to 1/);
    fill({ ...view, shape: [0] }, 1);
    const detached = newView('float64', [10]);
    structuredClone(detached.data.buffer, { transfer: [detached.data.buffer as ArrayBuffer] });
    assert.throws(() => fill(detached, 1), /within its 0 elements/);
  });
});

describe('packing by positions', () => {
  it('takes all combinations of per-axis positions, and puts them back', () => {
    const anyCase = fc
      .array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 })
      .chain((shape) =>
        fc.record({
          source: outline(shape, false),
          positions: fc.tuple(
            ...shape.map((extent) => fc.option(fc.array(fc.nat(extent - 1), { maxLength: 6 }))),
          ),
          dtype: fc.constantFrom(...DTYPE_NAMES),
          kind: fc.constantFrom('int32', 'float64', 'int64'),
          seed: fc.nat(99),
        }),
      );
    fc.assert(
      fc.property(anyCase, ({ source, positions, dtype, kind, seed }) => {
        const from = viewAt(dtype, memory(dtype, source.size, seed), source);
        const typed = positions.map((list) => {
          if (list === null) return null;
          if (kind === 'int64') return BigInt64Array.from(list, BigInt);
          return kind === 'int32' ? Int32Array.from(list) : Float64Array.from(list);
        });
        const shape = from.shape.map((extent, axis) => positions[axis]?.length ?? extent);
        const packed = newView(dtype, shape);
        gather(packed, from, typed);
        let places = [from.offset];
        shape.forEach((count, axis) => {
          const chosen = positions[axis] ?? Array.from({ length: count }, (_, i) => i);
          places = places.flatMap((at) => chosen.map((i) => at + i * from.strides[axis]));
        });
        const { lanes } = DTYPES[dtype];
        const wanted = places.flatMap((at) => [
          ...from.data.subarray(at * lanes, (at + 1) * lanes),
        ]);
        assert.deepEqual([...packed.data], wanted);
        const back = viewAt(dtype, memory(dtype, source.size, seed + 1), source);
        scatter(back, packed, typed);
        places.forEach((at, i) => {
          assert.deepEqual(
            back.data.subarray(at * lanes, (at + 1) * lanes),
            packed.data.subarray(i * lanes, (i + 1) * lanes),
          );
        });
      }),
      { numRuns: 200 },
    );
  });

  it('names an axis whose positions are out of range, and copies nothing', () => {
    const source = viewOf(new Float64Array(6).fill(1), 'float64', [2, 3]);
    const packed = newView('float64', [2, 2]);
    assert.throws(
      () => gather(packed, source, [null, Int32Array.of(0, 3)]),
      /positions in \[0, 3\) for positions\[1\]/,
    );
    assert.throws(
      () => gather(packed, source, [Int32Array.of(-1, 0), Int32Array.of(0, 1)]),
      /positions\[0\]/,
    );
    assert.deepEqual([...packed.data], [0, 0, 0, 0]);
    assert.throws(
      () => gather(packed, source, [null, Int32Array.of(1)]),
      /shape \(2, 1\).*\(2, 2\)/,
    );
    assert.throws(() => gather(source, source, [null, null]), /memory of its own/);
  });
});

describe('select', () => {
  it('takes one or the other, broadcast and promoted', () => {
    const condition = viewOf(Uint8Array.of(1, 0, 2), 'bool', [3]);
    const x = viewOf(Int8Array.of(1, 2), 'int8', [2, 1]);
    const chosen = select(condition, x, -1);
    assert.equal(chosen.dtype, 'int8');
    assert.deepEqual(chosen.shape, [2, 3]);
    assert.deepEqual([...chosen.data], [1, -1, 1, 2, -1, 2]);
    assert.equal(select(condition, x, 0.5).dtype, 'float64');
    assert.throws(() => select(condition, x, 300), RangeError);
    assert.deepEqual([...select(condition, 1.5, 0).data], [1.5, 0, 1.5]);
    assert.equal(select(condition, true, false).dtype, 'bool');
  });
});
