/** Calls of products, and what they should give. */
import fc from 'fast-check';
import {
  type DistArray,
  dot,
  inner,
  matmul,
  outer,
  tensordot,
  trace,
  vdot,
  vecdot,
} from '../../src/entry/index.ts';
import type { ArrayMeta } from '../../src/ops/operation.ts';
import {
  dotOperation,
  innerOperation,
  matmulOperation,
  tensordotOperation,
} from '../../src/ops/product/matmul.ts';
import { outerOperation } from '../../src/ops/product/outer.ts';
import { traceOperation } from '../../src/ops/product/trace.ts';
import { vdotOperation, vecdotOperation } from '../../src/ops/product/vecdot.ts';
import { einsum, type Numbers } from './einsum.ts';

/** A call with operands of these shapes. */
export interface ProductCall {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  run(operands: readonly DistArray[]): DistArray;
  infer(metas: readonly ArrayMeta[], processes: number): ArrayMeta;
  expected(operands: readonly Numbers[]): Numbers;
}

const extent = fc.integer({ min: 0, max: 5 });
const LETTERS = 'abcdefgh';

/** Two shapes of dimensions of a stack, which can be broadcast together. */
const stacks = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom(0, 1, 2)), { maxLength: 2 })
  .chain((dims) =>
    fc.tuple(
      fc.constant(dims),
      fc.integer({ min: 0, max: dims.length }),
      fc.integer({ min: 0, max: dims.length }),
    ),
  )
  .map(([dims, dropA, dropB]) => {
    const first = dims.map(([size, kind]) => (kind === 1 ? 1 : size)).slice(dropA);
    const second = dims.map(([size, kind]) => (kind === 2 ? 1 : size)).slice(dropB);
    return { first, second };
  });

const matmuls: fc.Arbitrary<ProductCall> = fc
  .tuple(stacks, extent, extent, extent, fc.boolean(), fc.boolean())
  .map(([{ first, second }, n, k, m, isRow, isColumn]) => {
    const a = isRow ? [k] : [...first, n, k];
    const b = isColumn ? [k] : [...second, k, m];
    const ndim = Math.max(isRow ? 0 : first.length, isColumn ? 0 : second.length);
    const stack = LETTERS.slice(0, ndim);
    const label = (length: number) => stack.slice(ndim - length);
    const ofA = isRow ? 'k' : `${label(first.length)}nk`;
    const ofB = isColumn ? 'k' : `${label(second.length)}km`;
    const ofC = `${stack}${isRow ? '' : 'n'}${isColumn ? '' : 'm'}`;
    return {
      name: 'matmul',
      shapes: [a, b],
      run: ([x, y]) => matmul(x, y),
      infer: (metas, processes) => matmulOperation.infer(metas, null, processes),
      expected: ([x, y]) => einsum(x, y, [ofA, ofB, ofC]),
    };
  });

const lists = (most: number) => fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: most });

const dots: fc.Arbitrary<ProductCall> = fc
  .tuple(lists(2), lists(2), extent, extent, fc.boolean())
  .map(([before, other, k, last, hasLast]) => {
    const a = [...before, k];
    const b = hasLast ? [...other, k, last] : [k];
    const free = LETTERS.slice(0, before.length);
    const second = hasLast ? 'xyz'.slice(0, other.length) : '';
    const labels = [`${free}k`, hasLast ? `${second}km` : 'k'] as const;
    return {
      name: 'dot',
      shapes: [a, b],
      run: ([x, y]) => dot(x, y),
      infer: (metas, processes) => dotOperation.infer(metas, null, processes),
      expected: ([x, y]) => einsum(x, y, [...labels, `${free}${second}${hasLast ? 'm' : ''}`]),
    };
  });

const inners: fc.Arbitrary<ProductCall> = fc
  .tuple(lists(2), lists(2), extent)
  .map(([first, second, k]) => {
    const [free, other] = [LETTERS.slice(0, first.length), 'xyz'.slice(0, second.length)];
    return {
      name: 'inner',
      shapes: [
        [...first, k],
        [...second, k],
      ],
      run: ([x, y]) => inner(x, y),
      infer: (metas, processes) => innerOperation.infer(metas, null, processes),
      expected: ([x, y]) => einsum(x, y, [`${free}k`, `${other}k`, free + other]),
    };
  });

const outers: fc.Arbitrary<ProductCall> = fc.tuple(lists(2), lists(2)).map(([first, second]) => ({
  name: 'outer',
  shapes: [first, second],
  run: ([x, y]) => outer(x, y),
  infer: (metas) => outerOperation.infer(metas, null, 1),
  expected: ([x, y]) => {
    const flat = ({ data }: Numbers): Numbers => ({ shape: [data.length], data });
    return einsum(flat(x), flat(y), ['a', 'b', 'ab']);
  },
}));

/** Pairs of axes at any places of both arrays. */
const tensordots: fc.Arbitrary<ProductCall> = fc
  .tuple(
    fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 2 }),
    fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 2 }),
    fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 2 }),
  )
  .chain(([summed, first, second]) => {
    const pairs = [...summed.keys()].map((k) => `s${k}`);
    const shuffled = (free: readonly string[]) =>
      fc.shuffledSubarray([...pairs, ...free], { minLength: pairs.length + free.length });
    return fc
      .tuple(shuffled(first.map((_, k) => `a${k}`)), shuffled(second.map((_, k) => `b${k}`)))
      .map(([ofA, ofB]): ProductCall => {
        const lengthOf = (axis: string) =>
          ({ s: summed, a: first, b: second })[axis[0]]![Number(axis[1])];
        const axes = [ofA, ofB].map((order) => pairs.map((pair) => order.indexOf(pair)));
        const letter = (axis: string) => LETTERS['sab'.indexOf(axis[0]) * 2 + Number(axis[1])];
        const text = (order: readonly string[]) => order.map(letter).join('');
        const free = [...ofA, ...ofB].filter((axis) => !axis.startsWith('s'));
        return {
          name: 'tensordot',
          shapes: [ofA.map(lengthOf), ofB.map(lengthOf)],
          run: ([x, y]) => tensordot(x, y, { axes: [axes[0], axes[1]] }),
          infer: (metas, processes) =>
            tensordotOperation.infer(metas, [axes[0], axes[1]], processes),
          expected: ([x, y]) => einsum(x, y, [text(ofA), text(ofB), text(free)]),
        };
      });
  });

const vecdots: fc.Arbitrary<ProductCall> = fc
  .tuple(stacks, extent, fc.constantFrom(-1, -2))
  .map(([{ first, second }, k, axis]) => {
    const least = Math.min(first.length, second.length);
    const fromEnd = axis === -2 && least > 0 ? 1 : 0;
    const insert = <T>(list: readonly T[], entry: T) => {
      const at = list.length - fromEnd;
      return [...list.slice(0, at), entry, ...list.slice(at)];
    };
    const ndim = Math.max(first.length, second.length);
    const stack = [...LETTERS.slice(0, ndim)];
    const label = (length: number) => insert(stack.slice(ndim - length), 'k').join('');
    return {
      name: 'vecdot',
      shapes: [insert(first, k), insert(second, k)],
      run: ([x, y]) => vecdot(x, y, { axis: -1 - fromEnd }),
      infer: (metas, processes) => vecdotOperation.infer(metas, -1 - fromEnd, processes),
      expected: ([x, y]) =>
        einsum(x, y, [label(first.length), label(second.length), stack.join('')]),
    };
  });

const vdots: fc.Arbitrary<ProductCall> = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 4 }), fc.boolean(), fc.boolean())
  .map(([n, m, isFlatA, isFlatB]) => ({
    name: 'vdot',
    shapes: [isFlatA ? [n * m] : [n, m], isFlatB ? [n * m] : [n, m]],
    run: ([x, y]) => vdot(x, y),
    infer: (metas, processes) => vdotOperation.infer(metas, null, processes),
    expected: ([x, y]) => ({
      shape: [],
      data: [x.data.reduce((sum, value, k) => sum + value * y.data[k], 0)],
    }),
  }));

const traces: fc.Arbitrary<ProductCall> = fc
  .tuple(
    fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 3 }),
    fc.integer({ min: -6, max: 6 }),
    fc.nat(2),
    fc.nat(2),
  )
  .map(([shape, offset, first, second]) => {
    const axis1 = first % shape.length;
    const axis2 =
      second % shape.length === axis1 ? (axis1 + 1) % shape.length : second % shape.length;
    return {
      name: 'trace',
      shapes: [shape],
      run: ([x]) => trace(x, { offset, axis1, axis2 }),
      infer: (metas, processes) => traceOperation.infer(metas, { offset, axis1, axis2 }, processes),
      expected: ([x]) => diagonalSums(x, offset, axis1, axis2),
    };
  });

function diagonalSums(
  { shape, data }: Numbers,
  offset: number,
  axis1: number,
  axis2: number,
): Numbers {
  const kept = shape.filter((_, axis) => axis !== axis1 && axis !== axis2);
  const sums: number[] = new Array(kept.reduce((size, extent) => size * extent, 1)).fill(0);
  data.forEach((value, flat) => {
    const index = new Array<number>(shape.length);
    let rest = flat;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = rest % shape[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    if (index[axis2] - index[axis1] !== offset) return;
    const place = index
      .filter((_, axis) => axis !== axis1 && axis !== axis2)
      .reduce((sum, i, k) => sum * kept[k] + i, 0);
    sums[place] += value;
  });
  return { shape: kept, data: sums };
}

/** Any call of any product. */
export const anyProduct: fc.Arbitrary<ProductCall> = fc.oneof(
  { weight: 4, arbitrary: matmuls },
  { weight: 2, arbitrary: dots },
  { weight: 1, arbitrary: inners },
  { weight: 1, arbitrary: outers },
  { weight: 3, arbitrary: tensordots },
  { weight: 2, arbitrary: vecdots },
  { weight: 1, arbitrary: vdots },
  { weight: 2, arbitrary: traces },
);
