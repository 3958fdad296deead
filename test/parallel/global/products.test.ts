import { strict as assert } from 'node:assert';
import { DTYPE_NAMES, DTYPES, type Dtype } from '../../../src/dtype/dtype.ts';
import { numpyName } from '../../../src/dtype/numpyNames.ts';
import { promoteTypes } from '../../../src/dtype/promotion.ts';
import {
  ArgumentRangeError,
  ArgumentTypeError,
  BlockMap,
  Context,
  DistArray,
  Distribution,
  dot,
  matmul,
  outer,
  trace,
  UnstructuredMap,
  vdot,
} from '../../../src/entry/index.ts';
import { type StridedView, sizeOfShape, viewOf } from '../../../src/kernels/stridedView.ts';
import { LocalArray } from '../../../src/local/localArray.ts';
import { gatherArray } from '../../../src/ops/gatherArray.ts';
import { multiplyMatrices } from '../../../src/ops/product/matrices.ts';
import { Traffic } from '../../../src/ops/redistribute/traffic.ts';
import { spmdOnly } from '../../launcher/skip.ts';
import { ask } from '../../support/distributedOracle.ts';
import { isClient, size, total } from '../../support/mode.ts';
import { decode, type Encoded, encode, needNumpy } from '../../support/numpy.ts';
import { elements } from '../../support/numpyReductions.ts';

const ctx = new Context();

function arrayOf(view: StridedView, dist: string): DistArray {
  const local = { data: view.data, shape: view.shape };
  return ctx.fromArray(local, { dtype: view.dtype, dist });
}

/** All elements of a result, on every process. */
function gathered(array: DistArray): StridedView {
  const everywhere = array.distributeAs(Distribution.replicated(array.shape, { size }));
  return ctx.session.evaluate(gatherArray, [everywhere.handle], null) as StridedView;
}

/** Elements of a dtype that is no float as they are, floats near 1. */
function moderate(dtype: Dtype, shape: readonly number[], seed: number): StridedView {
  const view = elements(dtype, shape, seed);
  const { kind } = DTYPES[dtype];
  if (kind === 'float' || kind === 'complex') {
    const data = view.data as Float64Array;
    for (let i = 0; i < data.length; i++) data[i] /= 100;
  }
  return view;
}

interface Case {
  readonly label: string;
  readonly fn: string;
  readonly operands: readonly StridedView[];
  readonly options?: object;
  /** How many products make a sum. */
  readonly depth: number;
  readonly run: () => DistArray;
}

/** Asks NumPy about all cases at once; floats may be off by what rounding sums explains. */
function compare(cases: readonly Case[]): void {
  const jobs = cases.map(({ fn, operands, options }) => {
    const dtype = operands.map((view) => view.dtype).reduce((x, y) => promoteTypes(x, y));
    const compute = fn === 'trace' ? null : numpyName(dtype);
    return { job: 'product', fn, operands: operands.map(encode), options, compute };
  });
  const answers = ask<Encoded>(jobs);
  cases.forEach(({ label, operands, depth, run }, k) => {
    const expected = decode(answers[k]);
    const result = run();
    assert.deepEqual([...result.shape], [...expected.shape], label);
    assert.equal(result.dtype, expected.dtype, label);
    const found = gathered(result);
    const { kind, itemsize, lanes } = DTYPES[result.dtype];
    const largest = operands.reduce((product, { data }) => {
      let most = 0;
      for (const value of data) most = Math.max(most, Math.abs(Number(value)));
      return product * most;
    }, 1);
    const isFloat = kind === 'float' || kind === 'complex';
    const eps = itemsize / lanes === 4 ? 2 ** -24 : 2 ** -53;
    const bound = isFloat ? 4 * (depth + 4) * eps * largest * Math.sqrt(depth + 1) : 0;
    for (let i = 0; i < found.data.length; i++) {
      const [x, y] = [found.data[i], expected.data[i]];
      const isClose = x === y || Math.abs(Number(x) - Number(y)) <= bound;
      assert.ok(isClose, `${label}: element ${i} is ${x}, NumPy has ${y}`);
    }
  });
}

describe('products of DistArrays', function () {
  this.timeout(60_000);
  before(function () {
    needNumpy(this);
  });

  it('are those of NumPy for every dtype', () => {
    const pairs = [
      ['bb', 'bb'],
      ['bn', 'nc'],
      ['cc', 'bn'],
      ['nb', 'cb'],
    ] as const;
    const cases: Case[] = [];
    DTYPE_NAMES.forEach((dtype, k) => {
      const [distA, distB] = pairs[k % pairs.length];
      const a = moderate(dtype, [13, 17], 3 + k);
      const b = moderate(dtype, [17, 11], 30 + k);
      const x = moderate(dtype, [17], 60 + k);
      const y = moderate(dtype, [17], 90 + k);
      const [left, right] = [arrayOf(a, distA), arrayOf(b, distB)];
      const [first, second] = [arrayOf(x, 'b'), arrayOf(y, 'c')];
      const add = (fn: string, operands: StridedView[], depth: number, run: () => DistArray) =>
        cases.push({ label: `${fn} of ${dtype}`, fn, operands, depth, run });
      add('matmul', [a, b], 17, () => left.matmul(right));
      add('matmul', [a, x], 17, () => left.matmul(first));
      add('matmul', [x, b], 17, () => first.matmul(right));
      add('dot', [x, y], 17, () => first.dot(second));
      add('vdot', [x, y], 17, () => first.vdot(second));
      add('vecdot', [a, x], 17, () => left.vecdot(first));
      add('inner', [a, y], 17, () => left.inner(second));
      add('outer', [x, y], 1, () => first.outer(second));
      add('trace', [a], 13, () => left.trace());
    });
    compare(cases);
  });

  it('promote operands of two dtypes as NumPy 2', () => {
    const cases: Case[] = [];
    for (const [first, second] of [
      ['int8', 'uint8'],
      ['bool', 'int16'],
      ['int32', 'float32'],
      ['float32', 'complex64'],
      ['int64', 'complex64'],
      ['uint64', 'int64'],
    ] as const) {
      const a = moderate(first, [5, 4], 1);
      const b = moderate(second, [4, 6], 2);
      const operands = [a, b];
      const run = () => matmul(arrayOf(a, 'bb'), arrayOf(b, 'cn'));
      cases.push({ label: `${first} · ${second}`, fn: 'matmul', operands, depth: 4, run });
    }
    compare(cases);
  });

  it('are those of NumPy when the inner dimension takes many panels', () => {
    const cases: Case[] = [];
    for (const dtype of ['float64', 'complex64', 'int32'] as const) {
      const a = moderate(dtype, [23, 1300], 5);
      const b = moderate(dtype, [1300, 19], 6);
      for (const [distA, distB] of [
        ['bb', 'bb'],
        ['bn', 'bn'],
        ['nb', 'bn'],
        ['nc', 'cn'],
        ['cc', 'bb'],
      ] as const) {
        const label = `${distA} · ${distB} of ${dtype}`;
        const run = () => matmul(arrayOf(a, distA), arrayOf(b, distB));
        cases.push({ label, fn: 'matmul', operands: [a, b], depth: 1300, run });
      }
      const narrow = () => {
        const { comm } = ctx;
        const options = { comm, traffic: new Traffic(), stagingBytes: 8192 };
        const [left, right] = [arrayOf(a, 'bb').local, arrayOf(b, 'bb').local];
        const result = multiplyMatrices(left as LocalArray, right as LocalArray, options);
        return new DistArray(ctx, result);
      };
      const label = `narrow panels of ${dtype}`;
      // The function of local arrays itself.
      if (isClient) continue;
      cases.push({ label, fn: 'matmul', operands: [a, b], depth: 1300, run: narrow });
    }
    compare(cases);
  });

  it('take turned and sliced views, and padded arrays', () => {
    const a = moderate('float64', [12, 16], 7);
    const b = moderate('float64', [24, 9], 8);
    const cases: Case[] = [];
    for (const dist of ['bb', 'cc', 'bn', 'nb']) {
      const [left, right] = [arrayOf(a, dist), arrayOf(b, dist)];
      const rows = { ...a, shape: [6, 8], strides: [32, -2], offset: 15 };
      const columns = { ...b, shape: [8, 5], strides: [-27, 2], offset: 7 * 27 };
      const operands = [rows, columns].map(
        (view) => viewOf(packed(view), 'float64', view.shape) as StridedView,
      );
      const run = () => left.slice('::2, ::-2').matmul(right.slice('-3::-3, ::2'));
      cases.push({ label: `views of ${dist}`, fn: 'matmul', operands, depth: 8, run });
    }
    const width = Math.min(1, Math.floor(12 / size) - 1);
    const padded = ctx.distribution([12, 16], { dist: 'bn', commPadding: [Math.max(0, width), 0] });
    const left = ctx.fromArray({ data: a.data, shape: a.shape }, { distribution: padded });
    const run = () =>
      left.matmul(arrayOf({ ...b, shape: [16, 9], data: b.data.slice(0, 144) }, 'bb'));
    const operands = [a, { ...b, shape: [16, 9], data: b.data.slice(0, 144) }];
    cases.push({ label: 'padded rows', fn: 'matmul', operands, depth: 16, run });
    compare(cases);
  });

  it('take transposed arrays, which stay where they are', () => {
    const a = moderate('float64', [12, 10], 11);
    const turned = { ...a, shape: [10, 12], strides: [1, 10] };
    const plain = viewOf(packed(turned), 'float64', [10, 12]) as StridedView;
    const cases: Case[] = [];
    for (const dist of ['bn', 'nb', 'bb', 'cc', 'cb']) {
      const array = arrayOf(a, dist);
      const add = (label: string, operands: StridedView[], run: () => DistArray) =>
        cases.push({ label: `${label} ${dist}`, fn: 'matmul', operands, depth: 12, run });
      add('Tx', [plain, a], () => array.T.matmul(array));
      add('xT', [a, plain], () => array.matmul(array.T));
      add('TT', [plain, a], () => array.T.matmul(array.T.T));
    }
    compare(cases);
    const square = ctx.ones([4 * size, 4 * size], { dist: 'bb' });
    const before = ctx.stats.messages;
    const product = square.T.matmul(square.T);
    assert.ok(product.distribution.isCompatible(square.T.distribution));
    assert.ok(size > 1 || ctx.stats.messages === before);
  });

  it('find diagonals of any offset', () => {
    const a = moderate('int32', [7, 5, 6], 9);
    const cases: Case[] = [];
    for (const dist of ['bbn', 'ccn', 'nbc', 'nbb']) {
      for (const offset of [-7, -2, 0, 3, 5]) {
        for (const [axis1, axis2] of [
          [0, 1],
          [2, 0],
          [1, 2],
        ]) {
          const options = { offset, axis1, axis2 };
          const run = () => trace(arrayOf(a, dist), options);
          cases.push({
            label: `${dist} ${offset}`,
            fn: 'trace',
            operands: [a],
            options,
            depth: 1,
            run,
          });
        }
      }
    }
    compare(cases);
  });

  it('keep sums of many numbers as exact as NumPy’s', () => {
    const count = 200_003;
    const x = ctx.full([count], 0.1, { dtype: 'float32' });
    const expected = count * Math.fround(0.1) ** 2;
    assert.ok(Math.abs(+x.dot(x) - expected) / expected < 1e-6);
    const big = ctx.arange(1001, { dist: 'c' }).sub(500);
    assert.equal(
      +big
        .add(2 ** 52)
        .sub(2 ** 52)
        .vdot(big),
      +big.mul(big).sum(),
    );
  });

  it('have no products to add up where a dimension is empty', () => {
    const zeros = matmul(ctx.zeros([3, 0], { dist: 'bb' }), ctx.zeros([0, 4], { dist: 'bn' }));
    assert.deepEqual(zeros.toNested(), Array(3).fill([0, 0, 0, 0]));
    assert.deepEqual(matmul(ctx.zeros([0, 3]), ctx.zeros([3, 4])).shape, [0, 4]);
    assert.equal(dot(ctx.zeros([0]), ctx.zeros([0])).item(), 0);
    assert.deepEqual(matmul(ctx.zeros([3, 0]), ctx.zeros([0])).toNested(), [0, 0, 0]);
    assert.deepEqual(outer(ctx.zeros([0]), ctx.zeros([2])).shape, [0, 2]);
  });

  it('take arrays on some of the processes', () => {
    const last = ctx.fromArray(
      [
        [1, 2],
        [3, 4],
      ],
      { distribution: ctx.distribution([2, 2], { dist: 'bn', targets: [size - 1] }) },
    );
    const all = ctx.fromArray(
      [
        [5, 6],
        [7, 8],
      ],
      { dist: 'nb' },
    );
    assert.deepEqual(last.matmul(all).toNested(), [
      [19, 22],
      [43, 50],
    ]);
    assert.deepEqual(all.matmul(last).toNested(), [
      [23, 34],
      [31, 46],
    ]);
    assert.equal(last.vdot(all).item(), 70);
    const total = all.sum();
    assert.deepEqual(dot(total, last).toNested(), [
      [26, 52],
      [78, 104],
    ]);
  });

  it('take stacks whose inner dimension is on fewer processes than there are', () => {
    const distribution = ctx.distribution([2, 2, 3], { dist: 'nbn', gridShape: [1, size, 1] });
    const stack = ctx.ones(distribution);
    const matrix = ctx.ones(Distribution.replicated([1, 4, 2], { size }));
    assert.deepEqual(matrix.matmul(stack).toNested(), ctx.full([2, 4, 3], 2).toNested());
    const turned = ctx.distribution([2, 4, 2], { dist: 'nnb', gridShape: [1, 1, size] });
    const sums = ctx.ones(turned).matmul(ctx.ones([2, 3], { dist: 'bb' }));
    assert.deepEqual(sums.toNested(), ctx.full([2, 4, 3], 2).toNested());
  });

  it('take maps of which each process knows its own indices', function () {
    spmdOnly(this, 'local parts');
    const { comm } = ctx;
    const rank = comm.rank;
    const indices = [...Array(9).keys()].filter((i) => (i * 7) % size === rank);
    const map = UnstructuredMap.ofRank({
      size: 9,
      gridSize: size,
      gridRank: rank,
      indices,
      oneToOne: true,
    });
    const distribution = Distribution.fromMaps([map]);
    const data = Float64Array.from(indices, (i) => i + 1);
    const vector = new DistArray(ctx, new LocalArray(distribution, { comm, data }));
    const matrix = ctx.fromFunction((i, j) => i - j, [9, 9], { dist: 'bb' });
    const sums = [...Array(9).keys()].map((i) => {
      return [...Array(9).keys()].reduce((sum, j) => sum + (i - j) * (j + 1), 0);
    });
    assert.deepEqual(matrix.matmul(vector).toNested(), sums);
    assert.equal(vector.dot(vector).item(), 285);
    const byRows = Distribution.fromMaps([map, BlockMap.even(2, 1)]);
    const rows = new LocalArray(byRows, {
      comm,
      data: new Float64Array(2 * indices.length).fill(1),
    });
    const product = new DistArray(ctx, rows).matmul(ctx.ones([2, 3]));
    assert.deepEqual(product.toNested(), Array(9).fill([2, 2, 2]));
    const turned = ctx.ones([3, 9], { dist: 'bn' }).matmul(new DistArray(ctx, rows));
    assert.deepEqual(turned.toNested(), Array(3).fill([9, 9]));
  });

  it('stay where the factors are, and count what is broadcast', () => {
    const n = 6 * size;
    const a = ctx.ones([n, n], { dist: 'bn' });
    const b = ctx.ones([n, n], { dist: 'bn' });
    let before = ctx.stats.bytes;
    const c = a.matmul(b);
    assert.ok(c.distribution.isCompatible(a.distribution));
    assert.equal(total(ctx.stats.bytes - before), (size - 1) * n * n * 8);
    before = ctx.stats.bytes;
    ctx.ones([size, 3, 4]).matmul(ctx.ones([size, 4, 2]));
    a.matmul(
      ctx
        .ones([n])
        .sum()
        .mul(ctx.ones(Distribution.replicated([n], { size }))),
    );
    assert.equal(total(ctx.stats.bytes - before), 0);
    const grid = { dist: 'bb' };
    const square = ctx.ones([n, n], grid).matmul(ctx.ones([n, n], grid));
    assert.deepEqual(square.gridShape, ctx.distribution([n, n], grid).gridShape);
  });

  it('are methods with the names of NumPy, of arrays of any dtype', () => {
    const a = ctx.fromArray([
      [1, 2],
      [3, 4],
    ]);
    assert.deepEqual(a.matmul(a).toNested(), [
      [7, 10],
      [15, 22],
    ]);
    assert.deepEqual(a.tensordot(a, { axes: 1 }).toNested(), [
      [7, 10],
      [15, 22],
    ]);
    assert.equal(a.tensordot(a).item(), 30);
    assert.deepEqual(a.vecdot(a, { axis: 0 }).toNested(), [10, 20]);
    assert.equal(a.trace({ offset: 1 }).item(), 2);
    const z = ctx.fromArray([
      { re: 1, im: 2 },
      { re: 0, im: 1 },
    ]);
    assert.deepEqual(z.dot(z).item(), { re: -4, im: 4 });
    assert.deepEqual(z.vdot(z).item(), { re: 6, im: 0 });
    const bools = ctx.fromArray([
      [true, false],
      [false, false],
    ]);
    assert.deepEqual(bools.matmul(bools).toNested(), [
      [true, false],
      [false, false],
    ]);
    assert.equal(bools.trace().item(), 1n);
  });

  it('say what does not fit as NumPy does, on every process alike and before anything is sent', () => {
    const a = ctx.ones([2, 4], { dist: 'bb' });
    const b = ctx.ones([3, 5], { dist: 'bb' });
    const before = ctx.stats.messages;
    const refuse = (run: () => unknown, pattern: RegExp) => {
      assert.throws(run, (error: Error) => {
        assert.ok(error instanceof ArgumentRangeError, error.stack);
        assert.match(error.message, pattern);
        return true;
      });
    };
    refuse(
      () => a.matmul(b),
      /matmul: Input operand 1 has a mismatch in its core dimension 0 \(size 3 is different from 4\)/,
    );
    refuse(() => a.matmul(ctx.ones([])), /operand 1 does not have enough dimensions/);
    refuse(() => a.dot(b), /shapes \(2, 4\) and \(3, 5\) not aligned: 4 \(dim 1\) != 3 \(dim 0\)/);
    refuse(() => a.inner(ctx.ones([3])), /shapes \(2, 4\) and \(3,\) not aligned/);
    refuse(
      () => ctx.ones([2, 3, 4]).matmul(ctx.ones([3, 4, 2])),
      /broadcast together.*\(2\) \(3\)/,
    );
    refuse(() => a.tensordot(b), /shape-mismatch for sum/);
    refuse(() => a.tensordot(b, { axes: 3 }), /an integer in \[0, 2\]/);
    refuse(
      () =>
        a.tensordot(a, {
          axes: [
            [0, 0],
            [0, 1],
          ],
        }),
      /every axis once/,
    );
    refuse(() => a.vecdot(b), /vecdot: Input operand 1 has a mismatch/);
    refuse(() => vdot(a, b), /as many elements/);
    refuse(() => ctx.ones([3]).trace(), /at least two dimensions/);
    refuse(() => a.trace({ axis1: 1 }), /another axis/);
    assert.throws(() => a.matmul(2 as never), ArgumentTypeError);
    assert.throws(() => a.trace({ offset: 0.5 }), RangeError);
    assert.throws(() => a.matmul(new Context().ones([4, 2])), { code: 'ERR_CONTEXT' });
    assert.equal(ctx.stats.messages, before);
  });
});

/** The elements of a view in C order. */
function packed({ data, shape, strides, offset }: StridedView): Float64Array {
  const from = data as Float64Array;
  const result = new Float64Array(sizeOfShape(shape));
  for (let i = 0; i < shape[0]; i++) {
    for (let j = 0; j < shape[1]; j++) {
      result[i * shape[1] + j] = from[offset + i * strides[0] + j * strides[1]];
    }
  }
  return result;
}
