/** Programs: what is none is refused, operands lie anywhere, memory is given back. */
import { strict as assert } from 'node:assert';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { DTYPE_NAMES } from '../../../src/dtype/dtype.ts';
import { raw } from '../../../src/kernels/block.ts';
import { Program, runProgram, type Step } from '../../../src/kernels/program.ts';
import { newView, type StridedView, viewOf } from '../../../src/kernels/stridedView.ts';
import { offsetsOf } from '../../support/elements.ts';

const operations = raw.operations();
const F64 = DTYPE_NAMES.indexOf('float64');
const F32 = DTYPE_NAMES.indexOf('float32');
const add = operations.add.number;

/** Input 0 twice as large. */
const doubled = [1, F64, 0, 1, add, F64, 0, 0, -1, -1];

const create = (code: readonly number[]) => raw.createProgram(Int32Array.from(code));

describe('programs', function () {
  this.timeout(60_000);

  it('are refused unless every number of them makes sense', () => {
    raw.freeProgram(create(doubled));
    for (let length = 0; length < doubled.length; length++) {
      assert.throws(() => create(doubled.slice(0, length)), /not a program/);
    }
    assert.throws(() => create([...doubled, 0]), /not a program/);
    const wrong: readonly (readonly [place: number, value: number])[] = [
      [0, 24],
      [0, -1],
      [1, 13],
      [2, 25],
      [2, -1],
      [3, 0],
      [3, 2],
      [4, 100_000],
      [4, -14],
      [5, 13],
      [6, -1],
      [6, 1],
      [7, -1],
      [8, 0],
      [9, 0],
    ];
    for (const [place, value] of wrong) {
      assert.throws(() => create(doubled.with(place, value)), /program/, `${place}: ${value}`);
    }
    assert.throws(() => raw.createProgram([1, 2] as never), TypeError);
    assert.throws(() => (raw.createProgram as unknown as () => void)(), TypeError);
  });

  it('read values only in the dtype that they have, and once they are there', () => {
    const double = [add, F64, 0, 0, -1];
    assert.throws(() => create([1, F32, 0, 1, ...double, -1]), /another dtype/);
    // A temporary that no step has made.
    assert.throws(() => create([1, F64, 1, 1, add, F64, 0, 1, -1, -1]), /another dtype/);
    // Inputs are not written to.
    assert.throws(() => create([1, F64, 1, 2, ...double, 0, ...double, -1]), /not a program/);
    // float32 → float64 in place.
    const cast = [-1 - F64, F32, 1, -1, -1];
    const code = (output: number) => [
      ...[1, F32, 2, 3],
      ...[add, F32, 0, 0, -1, 1],
      ...[...cast, output],
      ...[add, F64, output, output, -1, -1],
    ];
    assert.throws(() => create(code(1)), /in place/);
    raw.freeProgram(create(code(2)));
  });

  it('are never crashed by random numbers', () => {
    const number = fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: -14, max: 30 }) },
      { weight: 1, arbitrary: fc.integer() },
    );
    const mutated = fc
      .array(fc.tuple(fc.nat({ max: 30 }), number), { minLength: 1, maxLength: 4 })
      .map((changes) => {
        const code = [
          2,
          F64,
          F64,
          3,
          3,
          add,
          F64,
          0,
          1,
          -1,
          2,
          add,
          F64,
          2,
          2,
          -1,
          3,
          add,
          F64,
          3,
          0,
          -1,
          -1,
        ];
        for (const [place, value] of changes) code[place % code.length] = value;
        return code;
      });
    fc.assert(
      fc.property(fc.oneof(fc.array(number, { maxLength: 40 }), mutated), (code) => {
        let address: number | null = null;
        try {
          address = create(code);
        } catch (error) {
          assert.match((error as Error).message, /program|loop|dtype|in place/);
        }
        if (address !== null) raw.freeProgram(address);
      }),
      { numRuns: 8000 },
    );
  });

  it('take operands that lie anywhere and overlap the result in any way', () => {
    const steps: Step[] = [
      { operation: 'multiply', compute: 'float64', inputs: [0, 1], output: 3 },
      { operation: 'cast', compute: 'int32', to: 'float64', inputs: [2], output: 4 },
      { operation: 'subtract', compute: 'float64', inputs: [3, 4], output: -1 },
    ];
    const program = new Program(['float64', 'float64', 'int32'], 2, steps);
    const outline = (shape: readonly number[], size: number) =>
      fc
        .tuple(
          ...shape.map(() => fc.constantFrom(-7, -3, -1, 0, 1, 2, 5, 31)),
          fc.nat({ max: size - 1 }),
        )
        .map((numbers) => ({
          strides: numbers.slice(0, -1) as number[],
          offset: numbers[shape.length] as number,
        }));
    const SIZE = 4000;
    const cases = fc
      .array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom(64, 65, 130)), {
        maxLength: 3,
      })
      .filter((shape) => shape.reduce((size, extent) => size * extent, 1) < 3000)
      .chain((shape) =>
        fc.tuple(
          fc.constant(shape),
          outline(shape, SIZE),
          outline(shape, SIZE),
          outline(shape, SIZE),
          outline(shape, SIZE),
        ),
      );
    let ran = 0;
    fc.assert(
      fc.property(cases, ([shape, first, second, third, target]) => {
        const data = Float64Array.from({ length: SIZE }, (_, k) => ((k * 37) % 101) / 4);
        const integers = Int32Array.from(data);
        const views = [first, second].map(
          (each) => ({ data, dtype: 'float64', shape, ...each }) as StridedView,
        );
        const third32 = { data: integers, dtype: 'int32', shape, ...third } as StridedView;
        const out = { data, dtype: 'float64', shape, ...target } as StridedView;
        const places = [...views, third32, out].map(offsetsOf);
        if (places.some((all) => all.some((place) => place < 0 || place >= SIZE))) return;
        if (new Set(places[3]).size < places[3].length) return;
        const expected = [...data];
        places[3].forEach((place, k) => {
          expected[place] = data[places[0][k]] * data[places[1][k]] - integers[places[2][k]];
        });
        runProgram(program, [...views, third32], out);
        assert.deepEqual([...data], expected);
        ran++;
      }),
      { numRuns: 2000 },
    );
    assert.ok(ran > 100, `${ran}`);
  });

  it('take elements at odd addresses', () => {
    const program = new Program(['float64'], 0, [
      { operation: 'negative', compute: 'float64', inputs: [0], output: -1 },
    ]);
    // A field of records of 12 bytes: half of the elements are not aligned.
    const bytes = new Float32Array(3 * 700);
    const records = new DataView(bytes.buffer);
    for (let k = 0; k < 700; k++) records.setFloat64(12 * k, k, true);
    const out = newView('float64', [700]);
    // Strides count elements, so that rows of 3 halves cannot be told; every second record can.
    const every = {
      data: new Float64Array(bytes.buffer, 0, 1050),
      dtype: 'float64',
      shape: [350],
      strides: [3],
      offset: 0,
    } as StridedView;
    runProgram(program, [every], { ...out, shape: [350] });
    for (let k = 0; k < 350; k++) assert.equal(out.data[k], -2 * k || (k === 0 ? -0 : 0));
  });

  it('of dtypes of the result are cast on the way out', () => {
    const program = new Program(['float64'], 0, [
      { operation: 'sqrt', compute: 'float64', inputs: [0], output: -1 },
    ]);
    const out = newView('complex64', [5]);
    runProgram(program, [viewOf(Float64Array.of(0, 1, 4, 9, 16), 'float64', [5])], out);
    assert.deepEqual([...out.data], [0, 0, 1, 0, 2, 0, 3, 0, 4, 0]);
  });

  it('give their memory back', async () => {
    const { gc } = globalThis as { gc?: () => void };
    const collect = gc ?? (await gcOf());
    const make = () => {
      for (let k = 0; k < 20_000; k++) {
        new Program(
          ['float64'],
          2,
          Array.from(
            { length: 40 },
            (_, step): Step => ({
              operation: 'add',
              compute: 'float64',
              inputs: [step === 0 ? 0 : 1, 0],
              output: step === 39 ? -1 : 1,
            }),
          ),
        );
      }
    };
    const settle = async () => {
      for (let k = 0; k < 10; k++) {
        collect();
        await setImmediate();
      }
    };
    make();
    await settle();
    const before = process.memoryUsage.rss();
    for (let k = 0; k < 5; k++) {
      make();
      await settle();
    }
    // 100,000 programs of more than 1600 bytes each.
    const grown = process.memoryUsage.rss() - before;
    assert.ok(grown < 80e6, `${grown} bytes`);
  });
});

async function gcOf(): Promise<() => void> {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
