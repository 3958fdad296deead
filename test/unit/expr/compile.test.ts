/** Compiled expressions: dtypes, shared parts, temporaries, limits. */
import { strict as assert } from 'node:assert';
import { DTYPE_NAMES, DTYPES, type Dtype } from '../../../src/dtype/dtype.ts';
import { ELEMENTWISE, type ElementwiseName } from '../../../src/dtype/elementwise.ts';
import { resultType } from '../../../src/dtype/promotion.ts';
import { resolveElementwise } from '../../../src/dtype/resolve.ts';
import { type Scalar, weakKindOf } from '../../../src/dtype/scalar.ts';
import { inputsOf } from '../../../src/expr/evaluate.ts';
import { ExpressionError } from '../../../src/expr/expressionError.ts';
import { pairSteps } from '../../../src/expr/pairs.ts';
import { parseExpression } from '../../../src/expr/parse.ts';
import { planOf } from '../../../src/expr/plan.ts';
import { allocateTemporaries } from '../../../src/expr/temporaries.ts';
import { runProgram, type Step } from '../../../src/kernels/program.ts';
import { broadcastShapes, newView, type StridedView } from '../../../src/kernels/stridedView.ts';
import { elementwise } from '../../../src/ops/elementwise/elementwise.ts';
import { firstDifference, specials } from '../../support/elements.ts';

/** Compiles a text with `a`, `b`, … for operands, and computes it. */
function plan(text: string, operands: readonly (StridedView | Scalar)[]) {
  const expression = parseExpression(text.split(/(?<!\w)[a-e](?!\w)/));
  const letters = [...text.matchAll(/(?<!\w)[a-e](?!\w)/g)].map(([letter]) => letter);
  const views: StridedView[] = [];
  const scalars: Scalar[] = [];
  const places = expression.places.map(({ index }) => {
    const operand = operands['abcde'.indexOf(letters[index])];
    if (typeof operand !== 'object' || !('data' in operand)) return -scalars.push(operand);
    const known = views.indexOf(operand);
    return known >= 0 ? known : views.push(operand) - 1;
  });
  return { views, ...planOf(expression, places, views, views.length, scalars) };
}

function compute(text: string, ...operands: readonly (StridedView | Scalar)[]): StridedView {
  const { views, ...made } = plan(text, operands);
  const out = newView(made.compiled.dtype, broadcastShapes(views.map(({ shape }) => shape)));
  runProgram(made.compiled.program, inputsOf(made, views), out);
  return out;
}

const elementsOf = ({ data }: StridedView) => [...(data as Iterable<number | bigint>)];

/** Number of elements that does not fill the last block. */
const LENGTH = 1300;

function ramp<D extends Dtype>(dtype: D): StridedView<D> {
  const view = newView(dtype, [LENGTH]);
  const lanes = DTYPES[dtype].lanes;
  const isWide = DTYPES[dtype].itemsize === 8 && DTYPES[dtype].kind.endsWith('int');
  for (let k = 0; k < LENGTH * lanes; k++) {
    const value = dtype === 'bool' ? k % 2 : 1 + (k % 11);
    (view.data as unknown as (number | bigint)[])[k] = isWide ? BigInt(value) : value;
  }
  return view;
}

describe('compiled expressions', function () {
  this.timeout(30_000);

  it('have the dtypes of functions of one operand and two, numbers among them', () => {
    const scalars: readonly Scalar[] = [true, 1, 0.5, 2n, { re: 0, im: 1 }];
    for (const name of Object.keys(ELEMENTWISE) as ElementwiseName[]) {
      const { arity } = ELEMENTWISE[name];
      const seconds: readonly (Dtype | Scalar)[] =
        arity === 1 ? ['bool'] : [...DTYPE_NAMES, ...scalars];
      for (const first of DTYPE_NAMES) {
        for (const second of seconds) {
          const isDtype = typeof second === 'string';
          const other = isDtype ? newView(second, [1]) : second;
          const more = arity === 1 ? [] : isDtype ? [second] : [];
          const weak = isDtype || arity === 1 ? undefined : weakKindOf(second);
          const text = `${name}(${['a', 'b', 'b'].slice(0, arity).join(', ')})`;
          const label = `${text} of ${first}, ${String(second)}`;
          let expected: Dtype | undefined;
          try {
            expected = resolveElementwise(name, [first, ...more], weak).result;
          } catch {
            assert.throws(() => plan(text, [newView(first, [1]), other]), ExpressionError, label);
            continue;
          }
          const { compiled } = plan(text, [newView(first, [1]), other]);
          assert.equal(compiled.dtype, expected, label);
        }
      }
    }
  });

  it('tell 2.0 from 2, and choose as where does', () => {
    const bytes = ramp('int8');
    assert.equal(compute('a * 2', bytes).dtype, 'int8');
    assert.equal(compute('a * 2.0', bytes).dtype, 'float64');
    assert.equal(compute('a * (4 / 2)', bytes).dtype, 'float64');
    assert.equal(compute('a * (4 // 2)', bytes).dtype, 'int8');
    assert.equal(compute('a + 1j', ramp('float32')).dtype, 'complex64');
    assert.equal(compute('where(a > 3, a, 0)', bytes).dtype, 'int8');
    assert.equal(compute('where(a > 3, a, 0.0)', bytes).dtype, 'float64');
    assert.equal(compute('where(a > 3, 1, 2)', bytes).dtype, resultType(1, 2));
    assert.equal(compute('where(a, a, a)', ramp('complex64')).dtype, 'complex64');
  });

  it('mix dtypes of all sizes without reading what was written over', () => {
    // Parts of small elements end where those of large ones are made, and the other way round.
    for (const first of DTYPE_NAMES) {
      for (const second of DTYPE_NAMES) {
        for (const text of ['(a + a) + (b + b) * b', '(b + (a + a)) + (a + (b + b))']) {
          const [a, b] = [ramp(first), ramp(second)];
          const add = (x: StridedView, y: StridedView) => elementwise('add', [x, y]);
          const [aa, bb] = [add(a, a), add(b, b)];
          const expected = text.startsWith('(a')
            ? add(aa, elementwise('multiply', [bb, b]))
            : add(add(b, aa), add(a, bb));
          const difference = firstDifference(compute(text, a, b), expected);
          assert.equal(difference, undefined, `${text} of ${first} and ${second}`);
        }
        const chosen = compute('where((a + a) == a, b + b, a + b)', ramp(first), ramp(second));
        const [a, b] = [ramp(first), ramp(second)];
        const sums = [elementwise('add', [b, b]), elementwise('add', [a, b])];
        const equal = elementsOf(elementwise('equal', [elementwise('add', [a, a]), a]));
        const lanes = DTYPES[chosen.dtype].lanes;
        const both = sums.map((sum) =>
          elementsOf(elementwise('add', [sum, newView(chosen.dtype, [1])])),
        );
        const expected = equal.flatMap((isTrue, k) =>
          both[isTrue ? 0 : 1].slice(k * lanes, (k + 1) * lanes),
        );
        assert.deepEqual(elementsOf(chosen), expected, `where of ${first} and ${second}`);
      }
    }
  });

  it('compare integers with numbers and dtypes beyond their range', () => {
    for (const dtype of DTYPE_NAMES.filter((each) => DTYPES[each].kind.endsWith('int'))) {
      const a = specials(dtype);
      for (const limit of [300, -300, 2n ** 70n, -(2n ** 70n), 0, 1, 127]) {
        for (const sign of ['<', '<=', '>', '>=', '==', '!=']) {
          const holds = (x: number | bigint) =>
            ({
              '<': x < limit,
              '<=': x <= limit,
              '>': x > limit,
              '>=': x >= limit,
              '!=': Number(x) !== Number(limit),
            })[sign] ?? Number(x) === Number(limit);
          const expected = elementsOf(a).map((x) => Number(holds(x)));
          assert.deepEqual(
            elementsOf(compute(`a ${sign} b`, a, limit)),
            expected,
            `${dtype} ${sign} ${limit}`,
          );
        }
      }
    }
    const [signed, unsigned] = [specials('int64'), specials('uint64')];
    const pairs = [{ ...signed, shape: [signed.shape[0], 1], strides: [1, 0] }, unsigned] as const;
    for (const [sign, name] of [
      ['<', 'less'],
      ['==', 'equal'],
      ['>=', 'greaterEqual'],
    ] as const) {
      assert.equal(
        firstDifference(compute(`a ${sign} b`, ...pairs), elementwise(name, pairs)),
        undefined,
      );
    }
  });

  it('end with the result, also where a part before it is the same', () => {
    const a = ramp('int8');
    a.data[0] = 0;
    // Both comparisons are true of every int8, whatever the operand.
    const always = elementsOf(compute('where(a < 300, a, a) < 300', a));
    assert.ok(always.every((each) => each === 1));
    assert.deepEqual(
      elementsOf(compute('(a + a) * 0 + (a + a)', a)),
      elementsOf(compute('2 * a', a)),
    );
  });

  it('compute equal parts once', () => {
    const inputs = (text: string) => {
      const operands = [ramp('float64'), ramp('float64')];
      return plan(text, operands).compiled.inputs.length;
    };
    assert.equal(inputs('(a + b) * (a + b) + (a + b)'), 2);
    assert.equal(inputs('a * b - b * a'), 2);
    // Numbers, too: 2, 2.0, 1 + 1 and 4.0.
    assert.equal(inputs('2 * a + 2 * b - 2.0 + (1 + 1) * 2.0 * (a + (1 + 1))'), 6);
  });

  it('name their limits', () => {
    const letters = Array.from({ length: 24 }, () => ramp('float64'));
    const sumOf = (count: number) => {
      const expression = parseExpression(['', ...new Array(count - 1).fill('+'), '']);
      const places = expression.places.map((_, k) => k);
      return planOf(expression, places, letters.slice(0, count), count, []);
    };
    const { compiled } = sumOf(23);
    const out = newView('float64', [LENGTH]);
    runProgram(compiled.program, letters.slice(0, 23), out);
    assert.equal(out.data[3], 23 * 4);
    assert.throws(() => sumOf(24), {
      code: 'ERR_EXPRESSION',
      message: /at most 23 different operands, found 24/,
    });
    assert.throws(() => runProgram(compiled.program, letters.slice(0, 22), out), {
      code: 'ERR_ARGUMENT_RANGE',
    });
  });

  it('keep few parts at a time', () => {
    const balanced = (depth: number): string =>
      depth === 0
        ? 'a'
        : `(${balanced(depth - 1)} ${depth % 2 ? '*' : '+'} (${balanced(depth - 1)} + ${depth}))`;
    const a = ramp('float64');
    assert.equal(compute(balanced(6), a).shape[0], LENGTH);
    assert.equal(compute('a * 2 + (a + 2) * 2 + 2.0', a).data[0], 10);
    const chain = `${'a * ('.repeat(200)}a${')'.repeat(200)}`;
    assert.equal(compute(chain, { ...a, data: a.data.map(() => 1) } as StridedView).data[7], 1);
    // Many parts that are wanted again at the end.
    const shares = Array.from({ length: 30 }, (_, k) => `(a ** ${k + 3}.5)`);
    const product = shares.join(' * ');
    assert.throws(
      () => compute(`(${product}) + (${shares.toReversed().join(' - ')})`, a),
      ExpressionError,
    );
  });

  it('do two of + - * in one step, each rounded, where the first one is for the second alone', () => {
    const operation = (operation: Step['operation'], inputs: number[], output: number): Step => ({
      operation,
      compute: 'float64',
      inputs,
      output,
    });
    const paired = (...steps: Step[]) =>
      pairSteps(steps, 10).map(({ operation, inputs }) => [operation, ...inputs]);
    assert.deepEqual(
      paired(
        operation('square', [0], 10),
        operation('square', [1], 11),
        operation('add', [10, 11], 12),
        operation('multiply', [0, 1], 13),
        operation('subtract', [12, 13], 14),
      ),
      [
        ['square', 1],
        ['multiplyThenAdd', 0, 0, 11],
        ['multiplyThenSubtractFrom', 0, 1, 12],
      ],
    );
    const shared = [operation('add', [0, 1], 10), operation('multiply', [10, 10], 11)];
    assert.deepEqual(paired(...shared), [
      ['add', 0, 1],
      ['multiply', 10, 10],
    ]);
    // Values that differ much: what is rounded once only differs.
    const values = ['float64', 'float32'].map((dtype) =>
      ['+', '-', '*'].flatMap((first) =>
        ['+', '-', '*'].map((second) => {
          const [a, b, c] = [3, 5, 7].map((seed) => {
            const view = newView(dtype as 'float64', [LENGTH]);
            return {
              ...view,
              data: view.data.map((_, k) => Math.sin(k * seed) * 10 ** (k % seed)),
            };
          });
          const one = compute(`a ${first} b`, a, b);
          for (const [pair, apart] of [
            [`(a ${first} b) ${second} c`, compute(`a ${second} b`, one, c)],
            [`c ${second} (a ${first} b)`, compute(`a ${second} b`, c, one)],
          ] as const) {
            assert.equal(
              firstDifference(compute(pair, a, b, c), apart),
              undefined,
              `${dtype} ${pair}`,
            );
          }
          return one.dtype;
        }),
      ),
    );
    assert.deepEqual([...new Set(values.flat())], ['float64', 'float32']);
  });

  it('use a temporary again only for elements of its size', () => {
    const first = 2 ** 16;
    const steps: Step[] = [
      { operation: 'add', compute: 'float32', inputs: [0, 0], output: first },
      { operation: 'cast', compute: 'float32', to: 'float64', inputs: [first], output: first + 1 },
      { operation: 'sqrt', compute: 'float64', inputs: [first + 1], output: first + 2 },
      { operation: 'isnan', compute: 'float64', inputs: [first + 2], output: first + 3 },
    ];
    const placed = allocateTemporaries(steps, 1, first);
    assert.equal(placed.count, 2);
    assert.deepEqual(
      placed.steps.map(({ inputs, output }) => [...inputs, output]),
      [
        [0, 0, 1],
        [1, 2],
        [2, 2],
        [2, -1],
      ],
    );
  });
});
