/** Arrays as text: the same as NumPy's. */
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { DTYPES, type Dtype, type TypedArray } from '../../../src/dtype/dtype.ts';
import { type StridedView, viewOf } from '../../../src/kernels/stridedView.ts';
import { arrayText, shownPositions } from '../../../src/local/format/layout.ts';
import {
  getPrintOptions,
  type PrintOptions,
  setPrintOptions,
  withOptions,
} from '../../../src/local/format/printOptions.ts';
import { askNumpy, encode, needNumpy } from '../../support/numpy.ts';

/** An array of ours as text; only what is shown is handed over, as a caller would. */
function textOf({ data, dtype, shape }: StridedView, options: Partial<PrintOptions> = {}): string {
  const all = withOptions(options);
  const positions = shownPositions(shape, all);
  const { lanes } = DTYPES[dtype];
  const shown: (number | bigint)[] = [];
  const walk = (axis: number, offset: number): void => {
    if (axis === shape.length) {
      for (let lane = 0; lane < lanes; lane++) shown.push(data[offset * lanes + lane]);
    } else for (const i of positions[axis]) walk(axis + 1, offset * shape[axis] + i);
  };
  if (!shape.includes(0)) walk(0, 0);
  const elements = DTYPES[dtype].arrayType as unknown as { from(list: unknown[]): TypedArray };
  return arrayText({ shape, dtype, elements: elements.from(shown) }, all);
}

/** NumPy's names of the options. */
function numpyOptions(options: Partial<PrintOptions>): object {
  const { edgeItems, lineWidth, nanStr, infStr, floatMode, ...same } = options;
  return {
    ...same,
    edgeitems: edgeItems,
    linewidth: lineWidth,
    nanstr: nanStr,
    infstr: infStr,
    floatmode: floatMode,
  };
}

const shapes = fc.oneof(
  fc.constant([]),
  fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 1 }),
  fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 2 }),
  fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 3, maxLength: 4 }),
);

const numbers = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }),
  fc.integer({ min: -1000, max: 1000 }).map((n) => n / 8),
  fc.float({ noNaN: true, min: -100, max: 100 }),
  fc.double({ noNaN: true, min: 0.001, max: 1 }),
  fc.double(),
  fc.constantFrom(0, -0, 1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.1),
);

/** One kind of numbers an array, so that not every array has an exponent. */
const kinds = fc.constantFrom<fc.Arbitrary<number>>(
  fc.integer({ min: -1000, max: 1000 }),
  fc.integer({ min: -(2 ** 20), max: 2 ** 20 }).map((n) => n / 2 ** 10),
  fc.double({ noNaN: true, min: -10, max: 10 }),
  fc.constantFrom(0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  numbers,
);

const dtypes = fc.constantFrom<Dtype>(
  'float64',
  'float64',
  'float32',
  'complex64',
  'complex128',
  'bool',
  'int8',
  'uint16',
  'int64',
  'uint64',
);

const arrays = fc.tuple(shapes, dtypes, kinds).chain(([shape, dtype, kind]) => {
  const size = shape.reduce((product, extent) => product * extent, 1) * DTYPES[dtype].lanes;
  return fc.array(kind, { minLength: size, maxLength: size }).map((list) => {
    const data = new DTYPES[dtype].arrayType(size) as TypedArray;
    list.forEach((value, k) => {
      const integer = Number.isFinite(value) ? Math.trunc(value) % 2 ** 40 : 7;
      const big = data instanceof BigInt64Array || data instanceof BigUint64Array;
      (data as { [k: number]: unknown })[k] =
        dtype === 'bool' ? (value > 0 ? 1 : 0) : big ? BigInt(Math.abs(integer)) : value;
    });
    return viewOf(data, dtype, shape) as StridedView;
  });
});

const options: fc.Arbitrary<Partial<PrintOptions>> = fc.record(
  {
    precision: fc.integer({ min: 0, max: 12 }),
    threshold: fc.constantFrom(0, 5, 20, 1000),
    edgeItems: fc.integer({ min: 1, max: 3 }),
    lineWidth: fc.integer({ min: 5, max: 100 }),
    suppress: fc.boolean(),
    nanStr: fc.constantFrom('nan', 'missing'),
    infStr: fc.constantFrom('inf', 'Infinity'),
    sign: fc.constantFrom('-', '+', ' '),
    floatMode: fc.constantFrom('maxprec', 'maxprec_equal', 'fixed', 'unique'),
  },
  { requiredKeys: [] },
);

describe('arrays as text', () => {
  it('have the words, widths, lines and ellipses of NumPy', function () {
    needNumpy(this);
    this.timeout(60_000);
    const cases = fc.sample(fc.tuple(arrays, options), { numRuns: 500, seed: 20_251_125 });
    const texts = askNumpy<string>(
      cases.map(([array, given]) => ({
        job: 'text',
        array: encode(array),
        options: numpyOptions(given),
      })),
    );
    cases.forEach(([array, given], k) => {
      const what = JSON.stringify([array.dtype, array.shape, given]);
      assert.equal(textOf(array, given), texts[k], `case ${k}: ${what}`);
    });
  });

  it('show the ends of large ones', () => {
    const data = Float64Array.from({ length: 2000 }, (_, i) => i);
    assert.equal(
      textOf(viewOf(data, 'float64', [2000])),
      '[0.000e+00 1.000e+00 2.000e+00 ... 1.997e+03 1.998e+03 1.999e+03]',
    );
    assert.equal(
      textOf(viewOf(data, 'float64', [1000, 2]), { edgeItems: 1 }),
      '[[0.000e+00 1.000e+00]\n ...\n [1.998e+03 1.999e+03]]',
    );
  });

  it('go by the options that were set, and by those of the call', () => {
    const view = viewOf(Float64Array.of(1 / 3, 2), 'float64', [2]);
    const before = getPrintOptions();
    setPrintOptions({ precision: 2 });
    try {
      assert.equal(textOf(view), '[0.33 2.  ]');
      assert.equal(textOf(view, { precision: 3 }), '[0.333 2.   ]');
      assert.equal(getPrintOptions().precision, 2);
    } finally {
      setPrintOptions(before);
    }
    assert.equal(textOf(view), '[0.33333333 2.        ]');
    assert.equal(
      textOf(view, { formatter: (x) => `<${x}>`, lineWidth: 20 }),
      '[<0.3333333333333333>\n <2>]',
    );
  });

  it('refuse options that do not exist', () => {
    assert.throws(() => setPrintOptions({ precison: 3 } as object), {
      argument: 'options',
      message: /one of the options precision, threshold/,
    });
    assert.throws(() => setPrintOptions({ precision: -1 }), { argument: 'options.precision' });
    assert.throws(() => setPrintOptions({ floatMode: 'max' as 'fixed' }), {
      argument: 'options.floatMode',
      code: 'ERR_ARGUMENT_RANGE',
    });
    assert.throws(() => setPrintOptions(null as unknown as object), { argument: 'options' });
  });
});
