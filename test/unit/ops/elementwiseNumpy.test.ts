/** Values and dtypes of all elementwise functions, against NumPy. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DTYPE_NAMES, DTYPES, type Dtype } from '../../../src/dtype/dtype.ts';
import {
  ELEMENTWISE,
  ELEMENTWISE_NAMES,
  type ElementwiseName,
} from '../../../src/dtype/elementwise.ts';
import { numpyName, parseNumpyName } from '../../../src/dtype/numpyNames.ts';
import { type Resolution, resolveElementwise } from '../../../src/dtype/resolve.ts';
import { cast } from '../../../src/kernels/copy.ts';
import type { StridedView } from '../../../src/kernels/stridedView.ts';
import { elementwise } from '../../../src/ops/elementwise/elementwise.ts';
import {
  allPairs,
  contiguousCopy,
  fewElements,
  firstDifference,
  specials,
  type Tolerance,
} from '../../support/elements.ts';
import { askNumpy, decode, type Encoded, encode, needNumpy } from '../../support/numpy.ts';
import { root } from '../../support/programs.ts';

const NAMES = Object.keys(ELEMENTWISE) as ElementwiseName[];

/** Functions that round: NumPy's own vector code is up to 4 ulp off, so longdouble is the reference. */
const ROUNDING = new Set<string>(
  'arccos arccosh arcsin arcsinh arctan arctan2 arctanh cbrt cos cosh exp exp2 expm1 hypot log log10 log1p log2 logaddexp power sin sinh tan tanh'.split(
    ' ',
  ),
);

/** Where we follow NumPy 2 and not NumPy 1.24, or define what NumPy leaves open. */
const NUMPY2 = {
  /** NumPy 2: integers stay integers (1.24: floats). */
  integral: new Set(['floor', 'ceil', 'trunc']),
  /** NumPy 2: z / |z| (1.24: the sign of the real part). NumPy loses log1p's digits near 0. */
  complex: new Set(['sign', 'log1p']),
};

function resolved(name: ElementwiseName, ...dtypes: Dtype[]): Resolution | undefined {
  try {
    return resolveElementwise(name, dtypes);
  } catch {
    return undefined;
  }
}

/** Whether NumPy would throw or give what the processor makes of it. */
function isUndefined(name: ElementwiseName, kind: string, b: number | bigint | undefined): boolean {
  if (kind !== 'int' && kind !== 'uint') return false;
  if (name === 'power') return Number(b) < 0;
  return false;
}

/** Operands of one dtype: all special elements, or all pairs of them. */
function operandsOf(name: ElementwiseName, dtype: Dtype): StridedView[] {
  const all = specials(dtype);
  const { arity } = ELEMENTWISE[name];
  if (arity === 1) {
    if (name !== 'reciprocal' || !DTYPES[dtype].kind.endsWith('int')) return [all];
    return [keep(all, (value) => value !== 0)];
  }
  if (arity === 3) return [...allPairs(all, all), { ...all, shape: [1], offset: all.shape[0] - 1 }];
  const { kind } = DTYPES[dtype];
  const seconds = keep(all, (value) => !isUndefined(name, kind, value));
  return allPairs(all, seconds);
}

function keep(view: StridedView, wanted: (value: number) => boolean): StridedView {
  if (DTYPES[view.dtype].lanes === 2) return view;
  const data = (view.data as Float64Array).filter((value) => wanted(Number(value)));
  return { ...view, data, shape: [data.length] } as StridedView;
}

interface Case {
  readonly name: ElementwiseName;
  readonly operands: readonly StridedView[];
  readonly types: Resolution;
}

function jobOf({ name, operands, types }: Case): object {
  const { kind } = DTYPES[types.compute];
  const precise = ROUNDING.has(name) && kind === 'float';
  return {
    job: 'apply',
    fn: ELEMENTWISE[name].numpy,
    operands: operands.map((view) => encode(contiguousCopy(view))),
    compute: numpyName(types.compute),
    precision: precise ? 'longdouble' : null,
    result: numpyName(types.result),
  };
}

/** How far results may be apart. */
function tolerance(name: ElementwiseName, { compute }: Resolution): Tolerance {
  const { kind } = DTYPES[compute];
  // NumPy's vector code takes either zero.
  if (['maximum', 'minimum', 'clip'].includes(name)) return { loose: true };
  // The sum of two numbers of opposite sign: what the logarithm is off by weighs more.
  if (name === 'logaddexp') return { ulps: 8 };
  if (name === 'rad2deg' || name === 'deg2rad') return { ulps: 1 };
  // NumPy fuses multiplications and additions where the processor does.
  if (kind === 'complex' && (name === 'multiply' || name === 'square')) return { ulps: 1 };
  const approximate = ROUNDING.has(name) || ['abs', 'divide', 'reciprocal', 'sqrt'].includes(name);
  if (kind === 'complex') return { ulps: approximate ? 4 : 0 };
  return { ulps: ROUNDING.has(name) ? 1 : 0 };
}

function check(cases: readonly Case[]): void {
  const answers = askNumpy<Encoded>(cases.map(jobOf));
  const failures: string[] = [];
  cases.forEach((each, i) => {
    const { name, operands, types } = each;
    const ours = elementwise(name, operands);
    const difference = firstDifference(
      contiguousCopy(ours),
      decode(answers[i]),
      tolerance(name, types),
    );
    if (difference === undefined) return;
    const index = Number(/^element (\d+)/.exec(difference)?.[1]);
    const { lanes } = DTYPES[operands[0].dtype];
    const values = operands.map((view) => {
      const { data } = contiguousCopy({
        ...view,
        shape: ours.shape,
        strides: ours.shape.map((_, d) => view.strides[d] ?? 0),
      });
      return `${data.slice(index * lanes, (index + 1) * lanes)}`;
    });
    failures.push(
      `${name}(${operands.map(({ dtype }) => dtype)})(${values.join('; ')}): ${difference}`,
    );
  });
  assert.deepEqual(failures, []);
}

describe('elementwise functions and NumPy', function () {
  this.timeout(60_000);
  before(function () {
    needNumpy(this);
  });

  it('give the same dtypes, but for float16 and what NumPy 2 has changed', () => {
    const cases = NAMES.filter((name) => name !== 'clip').flatMap((name) => {
      const pairs: Dtype[][] =
        ELEMENTWISE[name].arity === 1
          ? DTYPE_NAMES.map((dtype) => [dtype])
          : DTYPE_NAMES.flatMap((a) => DTYPE_NAMES.map((b) => [a, b]));
      return pairs.map((dtypes) => ({ name, dtypes }));
    });
    const answers = askNumpy<string | null>(
      cases.map(({ name, dtypes }) => ({
        job: 'result_dtype',
        fn: ELEMENTWISE[name].numpy,
        dtypes,
      })),
    );
    const wrong = cases.flatMap(({ name, dtypes }, i) => {
      const ours = resolved(name, ...dtypes)?.result;
      const { kind } = DTYPES[dtypes[0]];
      if (NUMPY2.integral.has(name) && ['bool', 'int', 'uint'].includes(kind)) return [];
      const numpy = answers[i]?.replace('<f2', '<f4') ?? null;
      const theirs = numpy === null ? undefined : parseNumpyName(numpy).dtype;
      return ours === theirs ? [] : [`${name}(${dtypes}): ${ours}, not ${theirs}`];
    });
    assert.deepEqual(wrong, []);
  });

  it('give the same values for special elements of every dtype', () => {
    const cases = NAMES.flatMap((name) =>
      DTYPE_NAMES.flatMap((dtype): Case[] => {
        const types = resolved(name, dtype);
        if (types === undefined) return [];
        if (NUMPY2.complex.has(name) && DTYPES[dtype].kind === 'complex') return [];
        if (NUMPY2.integral.has(name) && DTYPES[dtype].kind !== 'float') return [];
        return [{ name, operands: operandsOf(name, dtype), types }];
      }),
    );
    check(cases);
  });

  it('give the same values for every pair of dtypes', () => {
    const cases = NAMES.filter((name) => ELEMENTWISE[name].arity === 2).flatMap((name) =>
      DTYPE_NAMES.flatMap((a) =>
        DTYPE_NAMES.flatMap((b): Case[] => {
          const types = resolved(name, a, b);
          if (types === undefined) return [];
          const kind = DTYPES[types.compute].kind;
          const second = keep(fewElements(b), (value) => !isUndefined(name, kind, value));
          return [{ name, operands: allPairs(fewElements(a), second), types }];
        }),
      ),
    );
    check(cases);
  });
});

describe('elementwise functions and the golden cases of DistArray 0.5', () => {
  interface Golden {
    readonly unary: readonly {
      op: string;
      dtype: string;
      input: unknown[];
      numpy?: GoldenArray;
    }[];
    readonly binary: readonly {
      op: string;
      dtypes: [string, string];
      numpy?: GoldenArray;
    }[];
    readonly unary_names: readonly string[];
    readonly binary_names: readonly string[];
  }
  interface GoldenArray {
    readonly dtype: string;
    readonly data: readonly unknown[];
  }

  const golden: Golden = JSON.parse(
    readFileSync(join(root, 'test/data/golden/ufuncs.json'), 'utf8'),
  );
  const INPUT = [1, 2, 3, 5, 7, 120];
  const BOOLS = [1, 0, 1, 1, 0, 1];

  /** arctan2, bitwise_and → arctan2, bitwiseAnd, and then our own name. */
  function nameOf(op: string): ElementwiseName {
    const name = ELEMENTWISE_NAMES.get(op.replace(/_(\w)/g, (_, letter) => letter.toUpperCase()));
    assert.ok(name, op);
    return name;
  }

  function input(
    dtype: string,
    values: readonly number[] = dtype === 'bool' ? BOOLS : INPUT,
  ): StridedView {
    const complex = values.length > 6;
    const data = Float64Array.from(values);
    const from = complex ? 'complex128' : 'float64';
    const view = { data, dtype: from, shape: [6], strides: [1], offset: 0 } as StridedView;
    return cast(view, parseNumpyName(dtype).dtype);
  }

  function reversed(view: StridedView): StridedView {
    return { ...view, strides: [-1], offset: 5 };
  }

  function plain(value: unknown): number[] {
    if (typeof value !== 'object' || value === null) return [Number(value)];
    const { complex, float } = value as { complex?: unknown[]; float?: string };
    return complex !== undefined ? complex.flatMap(plain) : [Number(float)];
  }

  function compare(op: string, operands: StridedView[], wanted: GoldenArray | undefined): void {
    const name = nameOf(op);
    const label = `${op}(${operands.map(({ dtype }) => dtype)})`;
    if (wanted === undefined) {
      assert.throws(() => elementwise(name, operands), TypeError, label);
      return;
    }
    const result = elementwise(name, operands);
    const half = wanted.dtype === '<f2';
    assert.equal(numpyName(result.dtype), half ? '<f4' : wanted.dtype, label);
    const digits = half
      ? 2e-3
      : result.dtype === 'float32' || result.dtype === 'complex64'
        ? 1e-6
        : 1e-14;
    const values = wanted.data.flatMap(plain);
    [...result.data].forEach((element, i) => {
      const [x, y] = [Number(element), values[i]];
      if (Object.is(x, y) || x === y || (Number.isNaN(x) && Number.isNaN(y))) return;
      if (half && Math.abs(x) > 65504 && Math.abs(y) === Number.POSITIVE_INFINITY) return;
      assert.ok(
        Math.abs(x - y) <= digits * Math.max(1e-4, Math.abs(y)),
        `${label}[${i}]: ${x}, not ${y}`,
      );
    });
  }

  it('have all its functions', () => {
    assert.equal(golden.unary_names.length + golden.binary_names.length, 49);
    for (const op of [...golden.unary_names, ...golden.binary_names]) nameOf(op);
  });

  it('agree on all unary functions', () => {
    for (const { op, dtype, input: values, numpy } of golden.unary) {
      compare(op, [input(dtype, values.flatMap(plain))], numpy);
    }
  });

  it('agree on all binary functions', () => {
    for (const { op, dtypes, numpy } of golden.binary) {
      compare(op, [input(dtypes[0]), reversed(input(dtypes[1]))], numpy);
    }
  });
});
