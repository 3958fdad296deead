// ranks: 4
/** Elementwise functions of DistArray 0.5 on 4 processes; differences are in docs/differences.md. */
import { strict as assert } from 'node:assert';
import { numpyName } from '../../../../src/dtype/numpyNames.ts';
import type { Dtype } from '../../../../src/entry/index.ts';
import * as distarray from '../../../../src/entry/index.ts';
import {
  described,
  describedGolden,
  type GoldenArray,
  type GoldenOutcome,
  type GoldenValue,
  inputOf,
  readExactly,
  sameOutcome,
  wanted,
} from '../../../support/goldenArrays.ts';
import { agreesWithGolden, outcome } from '../../../unit/maps/golden/golden.ts';

const { Context, Distribution, UnstructuredMap } = distarray;
type DistArray = distarray.DistArray;

interface Operator extends GoldenOutcome {
  readonly op: string;
  readonly operands?: string;
}

const golden = readExactly<{
  readonly unary: readonly (GoldenOutcome & { op: string; dtype: Dtype; input: GoldenValue[] })[];
  readonly binary: readonly (GoldenOutcome & { op: string; dtypes: [Dtype, Dtype] })[];
  readonly operators: readonly Operator[];
  readonly errors: readonly (GoldenOutcome & { case: string })[];
  readonly unary_names: readonly string[];
  readonly binary_names: readonly string[];
}>('ufuncs');

const ctx = new Context();

/** What Python's operators are called: in module `operator`, and here. */
const OPERATORS: Record<string, string> = {
  add: 'add',
  sub: 'subtract',
  mul: 'multiply',
  truediv: 'divide',
  floordiv: 'floorDivide',
  mod: 'remainder',
  pow: 'power',
  lshift: 'leftShift',
  rshift: 'rightShift',
  and_: 'bitwiseAnd',
  or_: 'bitwiseOr',
  xor: 'bitwiseXor',
  lt: 'less',
  le: 'lessEqual',
  eq: 'equal',
  ne: 'notEqual',
  gt: 'greater',
  ge: 'greaterEqual',
  neg: 'negative',
  abs: 'absolute',
  inv: 'invert',
  invert: 'invert',
  pos: 'positive',
};
/** Names of functions that are two here, or have another one. */
const RENAMED: Record<string, string> = { mod: 'remainder', true_divide: 'divide' };

/** What DistArray lacks, and other tests are about. */
const BEYOND = new Set(['da.T', 'fancy index', 'matmul']);

/** What a case wants; a local array stands for one that is known everywhere. */
function wantedOf(one: Operator): unknown {
  const { value } = (one.result ?? {}) as { value?: { ndarray: GoldenArray } };
  return value === undefined ? wanted(one) : describedGolden(value.ndarray);
}

/** bitwise_and → bitwiseAnd */
function nameOf(op: string): string {
  const camel = op.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return RENAMED[op] ?? camel;
}

/** Calls a method of an array, or the function where a number comes first. */
function call(name: string, x: unknown, ...more: unknown[]): DistArray {
  type Calls = Record<string, (...args: unknown[]) => DistArray>;
  if (x instanceof distarray.DistArray) return (x as unknown as Calls)[name](...more);
  return (distarray as unknown as Calls)[name](x, ...more);
}

function vector(dtype: Dtype, data: readonly GoldenValue[]): DistArray {
  const { input } = inputOf({ dtype: numpyName(dtype), shape: [data.length], data });
  return ctx.fromArray(input, { dtype });
}

/** The second operand is the first one backwards, as in the golden script. */
const INPUT = [1, 2, 3, 5, 7, 120];
const BOOLS = [true, false, true, true, false, true];
function numbers(dtype: Dtype): GoldenValue[] {
  if (dtype === 'bool') return BOOLS;
  return dtype.startsWith('complex') ? INPUT.map((re) => ({ complex: [re, 0] })) : INPUT;
}

/** Half floats have 3 digits, and overflow. */
function sameUfunc(half: boolean) {
  return (ours: unknown, theirs: unknown) => sameOutcome(ours, theirs, half ? 2e-3 : undefined);
}

function isHalf({ numpy }: GoldenOutcome): boolean {
  return numpy?.dtype === '<f2';
}

describe('functions and golden cases', () => {
  it('have all names of DistArray', () => {
    for (const op of [...golden.unary_names, ...golden.binary_names]) {
      assert.equal(typeof (distarray as Record<string, unknown>)[nameOf(op)], 'function', op);
    }
  });

  for (const half of [false, true]) {
    const suffix = half ? ' of half floats' : '';
    agreesWithGolden(
      `ufuncs.json: unary${suffix}`,
      golden.unary
        .map((one, i) => ({ one, name: String(i) }))
        .filter(({ one }) => isHalf(one) === half)
        .map(({ one, name }) => ({
          name,
          golden: wanted(one),
          ours: () => outcome(() => described(call(nameOf(one.op), vector(one.dtype, one.input)))),
        })),
      sameUfunc(half),
    );

    agreesWithGolden(
      `ufuncs.json: binary${suffix}`,
      golden.binary
        .map((one, i) => ({ one, name: String(i) }))
        .filter(({ one }) => isHalf(one) === half)
        .map(({ one, name }) => ({
          name,
          golden: wanted(one),
          ours: () => {
            const [first, second] = one.dtypes;
            const x = vector(first, numbers(first));
            const y = vector(second, numbers(second)).slice('::-1').copy();
            return outcome(() => described(call(nameOf(one.op), x, y)));
          },
        })),
      sameUfunc(half),
    );
  }

  const x = ctx.fromArray([1n, 2n, 3n, 4n, 5n, 6n]);
  const y = ctx.fromArray([2n, 2n, 3n, 3n, 1n, 1n]);
  const operands: Record<string, readonly unknown[]> = {
    DA: [x],
    'DA,DA': [x, y],
    'int,DA': [2, y],
    'DA,int': [x, 2],
    'float,DA': [2.5, y],
    'DA,float': [x, 2.5],
    'DA,ndarray': [x, { data: new Float64Array(6), shape: [6] }],
    'DA,None': [x, null],
    'DA,0-d ndarray': [x, { data: new Float64Array(1), shape: [] }],
  };
  const others: Record<string, () => unknown> = {
    'pos returns the same object': () => x.positive() === x,
    'len(da)': () => (x as unknown as { length?: number }).length ?? 'refused',
    'iter 2-D row': () =>
      [
        ...ctx.fromArray([
          [0, 1],
          [2, 3],
        ]),
      ].map((row) => row.toNested()),
    hash: () => (new Map([[x, 1]]).has(x) ? 'an object' : 'refused'),
    str: () => String(x),
    global_size: () => ctx.zeros([3, 4]).globalSize,
    'itemsize of zeros default dtype': () => ctx.zeros([3]).itemsize,
    'dtype of zeros': () => numpyName(ctx.zeros([3]).dtype),
    'np.sin(da)': () => described(x.sin()),
    astype: () => described(x.astype('float32')),
    iadd: () => {
      const sum = x.copy();
      return described(sum.add(1, { out: sum }));
    },
    'context.allclose': () => ctx.allclose(x, x),
    'context.allclose incompatible': () => ctx.allclose(x, x.distributeAs([6], { dist: 'c' })),
    argmax: () => described(x.argmax()),
    cumsum: () => described(x.cumulativeSum()),
  };
  agreesWithGolden(
    'ufuncs.json: operators',
    golden.operators.flatMap((one, i) => {
      if (BEYOND.has(one.op)) return [];
      return [{ name: String(i), golden: wantedOf(one), ours: () => outcome(ours) }];
      function ours(): unknown {
        if (one.operands === undefined) return others[one.op]();
        const [first, ...more] = operands[one.operands];
        return described(call(OPERATORS[one.op], first, ...more));
      }
    }),
    sameOutcome,
  );

  const unstructured = UnstructuredMap.fromIndices([
    [0, 2],
    [1, 3],
  ]);
  const u = ctx.ones(Distribution.fromMaps([unstructured]));
  const errors: Record<string, () => unknown> = {
    'incompatible distributions': () => ctx.ones([8]).add(ctx.ones([8], { dist: 'c' })),
    'broadcast (4,5)+(5,)': () => ctx.ones([4, 5]).add(ctx.ones([5])),
    'different contexts': () => ctx.ones([4]).add(new Context().ones([4])),
    'unary on scalar': () => distarray.sin(1),
    'list operand': () => ctx.ones([3]).add([1, 2, 3] as never),
    'kwargs dtype': () => ctx.ones([3]).add(ctx.ones([3]), { dtype: 'float32' }),
    'unary invert on float': () => ctx.ones([3]).invert(),
    'c*c': () => ctx.ones([5], { dist: 'c' }).add(ctx.ones([5], { dist: 'c' })),
    'u+u same distribution object': () => u.add(u),
    'sliced + shifted slice': () => x.slice('1:').add(x.slice(':-1')),
    '0-d + 0-d': () => x.slice([0]).add(x.slice([1])),
  };
  agreesWithGolden(
    'ufuncs.json: errors',
    golden.errors.map((one, i) => ({
      name: String(i),
      golden: wanted(one),
      ours: () => outcome(() => described(errors[one.case]() as DistArray)),
    })),
    sameOutcome,
  );
});
