/** What elementwise functions do beside NumPy's arithmetic: numbers, errors, what we define ourselves. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { elementwiseDocs, path } from '../../../scripts/elementwise-docs.ts';
import { DTYPE_NAMES, DTYPES, type Dtype, type TypedArrayOf } from '../../../src/dtype/dtype.ts';
import {
  ELEMENTWISE,
  ELEMENTWISE_NAMES,
  type ElementwiseName,
} from '../../../src/dtype/elementwise.ts';
import { type Resolution, resolveElementwise } from '../../../src/dtype/resolve.ts';
import type { Scalar } from '../../../src/dtype/scalar.ts';
import { DTYPE_NUMBERS, raw } from '../../../src/kernels/block.ts';
import { cast } from '../../../src/kernels/copy.ts';
import { newView, type StridedView, viewOf } from '../../../src/kernels/stridedView.ts';
import { elementwise } from '../../../src/ops/elementwise/elementwise.ts';

function view<D extends Dtype>(dtype: D, values: readonly (number | bigint)[]): StridedView<D> {
  const { arrayType, lanes } = DTYPES[dtype];
  const data = (arrayType as unknown as { from(from: unknown): TypedArrayOf<D> }).from(values);
  return viewOf(data, dtype, [values.length / lanes]);
}

const valuesOf = ({ data }: StridedView) => [...data];

/** The Array API standard's element-wise functions, version 2024.12. */
const ARRAY_API =
  'abs acos acosh add asin asinh atan atan2 atanh bitwise_and bitwise_left_shift bitwise_invert bitwise_or ' +
  'bitwise_right_shift bitwise_xor ceil clip conj copysign cos cosh divide equal exp expm1 floor floor_divide ' +
  'greater greater_equal hypot imag isfinite isinf isnan less less_equal log log1p log2 log10 logaddexp ' +
  'logical_and logical_not logical_or logical_xor maximum minimum multiply negative nextafter not_equal positive ' +
  'pow real reciprocal remainder round sign signbit sin sinh square sqrt subtract tan tanh trunc';

describe('large results', () => {
  it('are the same past the caches, wherever they begin', () => {
    const length = 2 ** 21 + 13;
    const x = Float64Array.from({ length: length + 2 }, (_, i) => (i % 1000) / 8);
    const memory = new Float64Array(length + 4).fill(-1);
    for (const [from, to] of [
      [0, 0],
      [1, 2],
      [2, 1],
    ]) {
      const input = viewOf(x.subarray(from, from + length), 'float64', [length]);
      const out = viewOf(memory.subarray(to, to + length), 'float64', [length]);
      elementwise('add', [input, 1], { out });
      assert.ok(out.data.every((value, i) => value === x[from + i] + 1));
      assert.equal(memory[to + length], -1);
      memory.fill(-1);
    }
    const rows = viewOf(x.subarray(0, 2 ** 21), 'float64', [2 ** 11, 2 ** 10]);
    const flags = newView('bool', [2 ** 11, 2 ** 10]);
    elementwise('less', [rows, 60], { out: flags });
    assert.ok(flags.data.every((flag, i) => flag === (x[i] < 60 ? 1 : 0)));
    const bytes = viewOf(new Int8Array(2 ** 24 + 100).fill(3), 'int8', [2 ** 24 + 100]);
    const sums = newView('int8', [2 ** 24 + 100]);
    elementwise('multiply', [bytes, bytes], { out: sums });
    assert.ok(sums.data.every((value) => value === 9));
  });

  it('may be one of the inputs', () => {
    const length = 2 ** 21 + 5;
    const x = viewOf(
      Float64Array.from({ length }, (_, i) => i),
      'float64',
      [length],
    );
    elementwise('add', [x, x], { out: x });
    assert.ok(x.data.every((value, i) => value === 2 * i));
  });
});

describe('the table of elementwise functions', () => {
  it('has all of the Array API standard', () => {
    const names = ARRAY_API.split(' ').map((name) =>
      name.replace(/_(\w)/g, (_, c) => c.toUpperCase()),
    );
    assert.equal(names.length, 67);
    assert.deepEqual(
      names.filter((name) => !ELEMENTWISE_NAMES.has(name)),
      [],
    );
  });

  it('gives no name to two functions', () => {
    const all = Object.entries(ELEMENTWISE).flatMap(([name, { aliases }]) => [name, ...aliases]);
    assert.equal(new Set(all).size, all.length);
  });

  it('is what docs/elementwise.md shows (scripts/elementwise-docs.ts writes it)', () => {
    assert.equal(readFileSync(path, 'utf8'), elementwiseDocs());
  });

  it('says of every function and dtype what the kernels do', () => {
    const operations = raw.operations();
    const numbers = Object.entries(DTYPE_NUMBERS);
    const nameOf = (number: number) => numbers.find(([, each]) => each === number)?.[0];
    for (const name of Object.keys(ELEMENTWISE) as ElementwiseName[]) {
      const operation = operations[name];
      assert.ok(operation, `a kernel for ${name}`);
      assert.equal(operation.inputs, ELEMENTWISE[name].arity, name);
      for (const dtype of DTYPE_NAMES) {
        let types: Resolution;
        try {
          types = resolveElementwise(name, [dtype]);
        } catch {
          continue;
        }
        assert.equal(
          nameOf(operation.loops[DTYPE_NUMBERS[types.compute]]),
          types.result,
          `${name} of ${dtype}`,
        );
      }
    }
    // Beside those for programs alone (kernels/loops/pairs.cc).
    const isPair = (name: string) => /^[a-z]+Then[A-Z]/.test(name);
    assert.deepEqual(
      Object.keys(operations).filter((name) => !(name in ELEMENTWISE || isPair(name))),
      ['where'],
    );
  });
});

describe('JavaScript numbers as operands', () => {
  it('keep the dtype of the array where they fit', () => {
    const sum = (dtype: Dtype, number: Scalar) =>
      elementwise('add', [
        view(
          dtype,
          DTYPES[dtype].itemsize === 8 && DTYPES[dtype].kind.endsWith('int') ? [1n] : [1],
        ),
        number,
      ]);
    assert.deepEqual([sum('int8', 2).dtype, valuesOf(sum('int8', 2))], ['int8', [3]]);
    assert.deepEqual([sum('int8', 2.5).dtype, valuesOf(sum('int8', 2.5))], ['float64', [3.5]]);
    assert.deepEqual(
      [sum('float32', 0.1).dtype, valuesOf(sum('float32', 0.1))],
      ['float32', [Math.fround(1 + Math.fround(0.1))]],
    );
    assert.deepEqual([sum('bool', 2).dtype, valuesOf(sum('bool', 2))], ['int64', [3n]]);
    assert.deepEqual([sum('bool', true).dtype, valuesOf(sum('bool', true))], ['bool', [1]]);
    assert.deepEqual(valuesOf(sum('int64', 2n ** 62n)), [2n ** 62n + 1n]);
    assert.deepEqual(valuesOf(sum('uint64', 2n ** 64n - 1n)), [0n]);
    assert.equal(sum('float32', { re: 0, im: 1 }).dtype, 'complex64');
    assert.deepEqual(valuesOf(sum('float64', { re: 0, im: 1 })), [1, 1]);
  });

  it('may come first', () => {
    assert.deepEqual(valuesOf(elementwise('subtract', [10, view('int16', [1, 2])])), [9, 8]);
    assert.deepEqual(valuesOf(elementwise('clip', [view('int16', [1, 5, 9]), 2, 6])), [2, 5, 6]);
    // Of an element and a limit that are equal the limit, as in NumPy.
    const zeros = valuesOf(elementwise('clip', [view('float64', [-0, 0, NaN]), 0, 0]));
    assert.deepEqual(zeros, [0, 0, NaN]);
    assert.deepEqual(valuesOf(elementwise('clip', [view('float64', [0]), -0, -0])), [-0]);
  });

  it('throw a RangeError where the integer dtype does not have them', () => {
    assert.throws(() => elementwise('add', [view('int8', [1]), 300]), {
      name: 'ArgumentRangeError',
      message: 'Expected an integer in [-128, 127], as int8 has for operand, but received 300',
    });
    assert.throws(() => elementwise('multiply', [view('uint8', [1]), -1]), RangeError);
    assert.throws(() => elementwise('multiply', [view('int64', [1n]), 2 ** 63]), RangeError);
  });

  it('are compared whether they fit or not', () => {
    const a = view('int8', [-128, 0, 127]);
    for (const [name, high, low] of [
      ['less', 1, 0],
      ['lessEqual', 1, 0],
      ['greater', 0, 1],
      ['greaterEqual', 0, 1],
      ['equal', 0, 0],
      ['notEqual', 1, 1],
    ] as const) {
      assert.deepEqual(valuesOf(elementwise(name, [a, 300])), [high, high, high], name);
      assert.deepEqual(valuesOf(elementwise(name, [a, -300n])), [low, low, low], name);
      assert.deepEqual(valuesOf(elementwise(name, [-300, a])), [high, high, high], name);
    }
    assert.deepEqual(valuesOf(elementwise('less', [a, 0.5])), [1, 1, 0]);
    const out = newView('bool', [3]);
    elementwise('less', [a, 300], { out, where: view('bool', [1, 0, 1]) });
    assert.deepEqual(valuesOf(out), [1, 0, 1]);
  });

  it('alone make no array', () => {
    assert.throws(() => elementwise('add', [1, 2]), /at least one view for operands/);
    assert.throws(
      () => elementwise('add', [view('int8', [1]), '2' as unknown as number]),
      TypeError,
    );
  });
});

describe('64-bit integers', () => {
  const big = 2n ** 63n - 1n;

  it('are exact and wrap around', () => {
    const a = view('int64', [big, -big, 2n ** 53n + 1n]);
    assert.deepEqual(valuesOf(elementwise('add', [a, 1])), [
      -(2n ** 63n),
      -big + 1n,
      2n ** 53n + 2n,
    ]);
    assert.deepEqual(valuesOf(elementwise('floorDivide', [a, 2])), [
      big / 2n,
      -(2n ** 62n),
      2n ** 52n,
    ]);
    assert.deepEqual(valuesOf(elementwise('power', [view('int64', [3n, -3n]), 39])), [
      3n ** 39n,
      -(3n ** 39n),
    ]);
    assert.deepEqual(valuesOf(elementwise('negative', [view('uint64', [1n])])), [2n ** 64n - 1n]);
  });

  it('are compared exactly, signed with unsigned ones too', () => {
    const signed = view('int64', [-1n, 0n, big, big]);
    const unsigned = view('uint64', [2n ** 64n - 1n, 0n, 2n ** 63n, 2n ** 63n - 1n]);
    assert.deepEqual(valuesOf(elementwise('less', [signed, unsigned])), [1, 0, 1, 0]);
    assert.deepEqual(valuesOf(elementwise('equal', [signed, unsigned])), [0, 1, 0, 1]);
    assert.deepEqual(valuesOf(elementwise('greater', [unsigned, signed])), [1, 0, 1, 0]);
    assert.deepEqual(valuesOf(elementwise('greaterEqual', [unsigned, signed])), [1, 1, 1, 1]);
    const small = view('int8', [-1]);
    assert.deepEqual(valuesOf(elementwise('lessEqual', [unsigned, small])), [0, 0, 0, 0]);
  });
});

describe('what no operation throws for', () => {
  it('integer division by zero is 0', () => {
    for (const name of ['floorDivide', 'remainder', 'fmod'] as const) {
      assert.deepEqual(
        valuesOf(elementwise(name, [view('int32', [7, -7, 0]), 0])),
        [0, 0, 0],
        name,
      );
    }
    assert.deepEqual(
      valuesOf(elementwise('reciprocal', [view('int8', [0, 1, -1, 2])])),
      [0, 1, -1, 0],
    );
    assert.deepEqual(valuesOf(elementwise('floorDivide', [view('int8', [-128]), -1])), [-128]);
    assert.deepEqual(valuesOf(elementwise('remainder', [view('int64', [-(2n ** 63n)]), -1])), [0n]);
  });

  it('negative powers of integers are 0 or ±1', () => {
    const bases = view('int32', [0, 1, -1, -1, 2, -3]);
    const exponents = view('int32', [-1, -5, -2, -3, -1, -2]);
    assert.deepEqual(valuesOf(elementwise('power', [bases, exponents])), [0, 1, 1, -1, 0, 0]);
  });

  it('shifts beyond the width push all bits out', () => {
    const a = view('int8', [1, -1, -128]);
    for (const count of [8, 100, -1]) {
      assert.deepEqual(valuesOf(elementwise('leftShift', [a, count])), [0, 0, 0]);
      assert.deepEqual(valuesOf(elementwise('rightShift', [a, count])), [0, -1, -1]);
    }
  });

  it('floats that no integer is become what is documented', () => {
    const floats = view('float64', [
      300.9,
      -1.9,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      2 ** 63,
      3e9,
      -(2 ** 63),
    ]);
    assert.deepEqual(valuesOf(cast(floats, 'int8')), [44, -1, 0, 0, 0, 0, 0]);
    assert.deepEqual(valuesOf(cast(floats, 'uint8')), [44, 255, 0, 0, 0, 0, 0]);
    assert.deepEqual(valuesOf(cast(floats, 'int32')), [300, -1, 0, 0, 0, 3e9 - 2 ** 32, 0]);
    const least = -(2n ** 63n);
    assert.deepEqual(valuesOf(cast(floats, 'int64')), [
      300n,
      -1n,
      least,
      least,
      least,
      3000000000n,
      least,
    ]);
    assert.deepEqual(
      valuesOf(cast(view('float64', [2 ** 63, 2 ** 64 - 2 ** 11, 2 ** 64, -1]), 'uint64')),
      [2n ** 63n, 2n ** 64n - 2n ** 11n, 2n ** 63n, 2n ** 64n - 1n],
    );
    assert.deepEqual(valuesOf(cast(view('complex64', [1.5, 7]), 'int16')), [1]);
    assert.deepEqual(
      valuesOf(cast(view('float32', [Number.NaN, 0, -0, 0.25]), 'bool')),
      [1, 0, 0, 1],
    );
  });
});

describe('complex numbers', () => {
  it('have a sign of length 1', () => {
    const z = view('complex128', [3, -4, 0, 0, -0, 2, Number.POSITIVE_INFINITY, 1]);
    assert.deepEqual(valuesOf(elementwise('sign', [z])), [0.6, -0.8, 0, 0, -0, 1, 1, 0]);
  });

  it('keep small logarithms of 1 + z', () => {
    // log(1 + z) = z − z²/2 + …
    const [re, im] = valuesOf(
      elementwise('log1p', [view('complex128', [1e-10, 2e-10])]),
    ) as number[];
    assert.ok(Math.abs(re - (1e-10 + 1.5e-20)) < 1e-25 && Math.abs(im - (2e-10 - 2e-20)) < 1e-25);
  });

  it('are cut where the sign of zero says', () => {
    const z = view('complex128', [-4, 0, -4, -0]);
    assert.deepEqual(valuesOf(elementwise('sqrt', [z])), [0, 2, 0, -2]);
    assert.deepEqual(valuesOf(elementwise('log', [z])), [
      Math.log(4),
      Math.PI,
      Math.log(4),
      -Math.PI,
    ]);
    const [, above, , below] = valuesOf(
      elementwise('arcsin', [view('complex128', [2, 0, 2, -0])]),
    ) as number[];
    assert.ok(above > 1.3 && below === -above);
  });
});

describe('bad operands', () => {
  const a = newView('float64', [2, 3]);

  it('are named with their shapes and dtypes', () => {
    assert.throws(() => elementwise('add', [a, newView('float64', [2])]), {
      name: 'ArgumentRangeError',
      message:
        'Expected shapes that can be broadcast together for operands, but received "(2, 3) (2)"',
    });
    assert.throws(() => elementwise('bitwiseAnd', [a, a]), {
      name: 'ArgumentTypeError',
      message: /arrays of kind bool, int for operands of bitwiseAnd.*"float64"/,
    });
    assert.throws(() => elementwise('add', [a]), /2 of add for operands/);
    assert.throws(
      () => elementwise('subtract', [newView('bool', [1]), newView('bool', [1])]),
      TypeError,
    );
  });

  it('that do not fit out are errors before anything is written', () => {
    assert.throws(
      () => elementwise('add', [a, 1], { out: newView('float64', [3]) }),
      /broadcast to \(3\) for operand.*\(2, 3\)/,
    );
    assert.throws(
      () => elementwise('add', [a, 1], { out: newView('int32', [2, 3]) }),
      /float64, the result of add.*"int32"|int32/,
    );
    const single = { ...newView('float64', [1]), shape: [2, 3], strides: [0, 0] };
    assert.throws(() => elementwise('add', [a, 1], { out: single }), /elements are all apart/);
    const none = { ...newView('float64', [0]), shape: [3, 0], strides: [0, 0] };
    assert.equal(elementwise('add', [none, 1], { out: none }), none);
    assert.throws(
      () => elementwise('add', [newView('complex64', [1]), 1], { dtype: 'float32' }),
      /can be cast to float32/,
    );
  });

  it('broadcast to out, which may be larger', () => {
    const out = newView('float64', [2, 3]);
    elementwise('add', [view('int8', [1, 2, 3]), 1], { out });
    assert.deepEqual(valuesOf(out), [2, 3, 4, 2, 3, 4]);
  });
});
