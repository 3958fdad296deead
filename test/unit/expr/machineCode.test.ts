import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { DTYPES, type Dtype } from '../../../src/dtype/dtype.ts';
import { type Compiled, compileExpression } from '../../../src/expr/compile.ts';
import type { Constant } from '../../../src/expr/constants.ts';
import { LOOP_NAME } from '../../../src/expr/machineCode.ts';
import { parseExpression } from '../../../src/expr/parse.ts';
import type { Tree } from '../../../src/expr/tree.ts';
import { tryCompile } from '../../../src/jit/compile.ts';
import { runProgram, setProgramLoop } from '../../../src/kernels/program.ts';
import { newView, type StridedView } from '../../../src/kernels/stridedView.ts';

/** Enough for several blocks, and a rest. */
const LENGTH = 1300;

const VALUES = [0, -0, 1, -1, 0.5, -2.5, 3, 7, 100, -100, 1e-300, 1e300, Infinity, -Infinity, NaN];

function operandOf(dtype: Dtype, salt: number): StridedView {
  const view = newView(dtype, [LENGTH]);
  const { kind, itemsize } = DTYPES[dtype];
  const data = view.data as unknown as (number | bigint)[];
  for (let i = 0; i < LENGTH; i++) {
    const value = VALUES[(i * (salt + 2) + ((i / 16) | 0)) % VALUES.length];
    const whole = Number.isFinite(value) ? Math.trunc(value % 1e9) : 5;
    if (kind === 'float') data[i] = value;
    else if (kind === 'bool') data[i] = Number(whole !== 0);
    else data[i] = itemsize === 8 ? BigInt.asIntN(64, BigInt(whole)) : whole;
  }
  return view;
}

/** All NaNs are alike, but zeros have signs. */
function elementsOf({ data }: StridedView): string[] {
  return Array.from(data as Float64Array, (x) => (Object.is(x, -0) ? '-0' : String(x)));
}

function reversed(view: StridedView): StridedView {
  return { ...view, strides: [-1], offset: LENGTH - 1 };
}

const leaf = fc.constantFrom('$0', '$1', '$2', '2', '0.25', '-3');
const { tree } = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'expression' },
    leaf,
    fc
      .tuple(tie('tree'), fc.constantFrom('+', '-', '*', '/', '<', '>=', '!='), tie('tree'))
      .map(([a, sign, b]) => `(${a} ${sign} ${b})`),
    fc
      .tuple(
        fc.constantFrom('maximum', 'minimum', 'logical_and', 'logical_xor'),
        tie('tree'),
        tie('tree'),
      )
      .map(([name, a, b]) => `${name}(${a}, ${b})`),
    fc
      .tuple(fc.constantFrom('sqrt', 'abs', 'floor', 'isnan', 'logical_not', 'square'), tie('tree'))
      .map(([name, a]) => `${name}(${a})`),
    fc
      .tuple(tie('tree'), tie('tree'), tie('tree'))
      .map(([condition, a, b]) => `where(${condition}, ${a}, ${b})`),
  ),
}));

/** An expression over the arrays $0, $1 and $2, and its literals; null when the dtypes are not for it. */
function compiled(
  text: string,
  dtypes: readonly Dtype[],
): { compiled: Compiled; values: Constant['value'][] } | null {
  const holes = [...text.matchAll(/\$(\d)/g)].map(([, hole]) => Number(hole));
  const expression = parseExpression(text.split(/\$\d/));
  const constants = new Map<Tree, { number: number; constant: Constant }>();
  const visit = (node: Tree): void => {
    if (node.kind === 'literal') constants.set(node, { number: constants.size, constant: node });
    else if (node.kind === 'call') node.operands.forEach(visit);
  };
  visit(expression.tree);
  const values = [...constants.values()].map(({ constant }) => constant.value);
  const arrayAt = (place: number) => holes[expression.places[place].index];
  try {
    return { compiled: compileExpression(expression, arrayAt, dtypes, constants), values };
  } catch {
    return null;
  }
}

describe('machine code of expressions', () => {
  it('computes what the program does, bit by bit', function () {
    this.timeout(60_000);
    const isThere = tryCompile({ language: 'c', source: 'int one(void) { return 1; }\n' }) !== null;
    if (!isThere) this.skip();
    const dtype = fc.constantFrom<Dtype>('float64', 'float64', 'float32', 'int32', 'uint8', 'bool');
    let compared = 0;
    fc.assert(
      fc.property(tree, fc.tuple(dtype, dtype, dtype), (text, dtypes) => {
        const made = compiled(`where($0 == $0, ${text}, $0)`, dtypes);
        if (made === null || made.compiled.source === null) return;
        const { program, inputs, numbers, source, dtype: result } = made.compiled;
        const views = dtypes.map(operandOf);
        const operands = inputs.map((input) => {
          if ('array' in input) return views[input.array];
          return 'constant' in input ? made.values[input.constant] : input.fixed;
        });
        const [expected, found] = [0, 1].map(() => newView(result, [LENGTH]));
        try {
          runProgram(program, operands, expected);
        } catch {
          return; // a number that a dtype has not
        }
        const library = tryCompile({ language: 'c', source, flags: ['-fwrapv'] });
        assert.ok(library !== null, source);
        setProgramLoop(program, library.addressOf(LOOP_NAME), numbers);
        runProgram(program, operands, found);
        assert.deepEqual(elementsOf(found), elementsOf(expected), source);
        // Through other strides, too.
        const turned = operands.map((each) =>
          typeof each === 'object' && 'data' in each ? reversed(each) : each,
        );
        runProgram(program, turned, reversed(found));
        assert.deepEqual(elementsOf(found), elementsOf(expected), source);
        // And in rows, short ones as well, with gaps between them.
        for (const width of [61, 3]) {
          const rows = (view: StridedView) => ({
            ...view,
            shape: [13, width],
            strides: [100, 1],
            offset: 7,
          });
          const inRows = newView(result, [LENGTH]);
          const cut = operands.map((each) =>
            typeof each === 'object' && 'data' in each ? rows(each) : each,
          );
          runProgram(program, cut, rows(inRows));
          const untouched = elementsOf(newView(result, [LENGTH]));
          const wanted = elementsOf(expected).map((value, i) =>
            i % 100 >= 7 && i % 100 < 7 + width ? value : untouched[i],
          );
          assert.deepEqual(elementsOf(inRows), wanted, source);
        }
        compared++;
      }),
      { numRuns: 60 },
    );
    assert.ok(compared > 5, `only ${compared} were compared`);
  });
});
