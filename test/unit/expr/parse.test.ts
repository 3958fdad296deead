/** Reading expressions: Python's precedence and numbers, NumPy's slices, errors that tell the column. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { ELEMENTWISE, type ElementwiseName } from '../../../src/dtype/elementwise.ts';
import type { Scalar } from '../../../src/dtype/scalar.ts';
import { evaluateConstant } from '../../../src/expr/constants.ts';
import { ExpressionError } from '../../../src/expr/expressionError.ts';
import { parseExpression } from '../../../src/expr/parse.ts';
import type { Tree } from '../../../src/expr/tree.ts';
import { needNumpy } from '../../support/numpy.ts';

const PYTHON = `
import ast, json, sys
SIGNS = {ast.Add: '+', ast.Sub: '-', ast.Mult: '*', ast.Div: '/', ast.FloorDiv: '//', ast.Mod: '%', ast.Pow: '**',
  ast.BitAnd: '&', ast.BitOr: '|', ast.BitXor: '^', ast.LShift: '<<', ast.RShift: '>>', ast.USub: '-', ast.UAdd: '+',
  ast.Invert: '~', ast.Lt: '<', ast.LtE: '<=', ast.Gt: '>', ast.GtE: '>=', ast.Eq: '==', ast.NotEq: '!='}
ARITY = {'sin': 1, 'where': 3, 'maximum': 2, 'arctan2': 2}
def show(node):
  if isinstance(node, ast.BinOp):
    return ['binary', SIGNS[type(node.op)], show(node.left), show(node.right)]
  if isinstance(node, ast.UnaryOp):
    return ['unary', SIGNS[type(node.op)], show(node.operand)]
  if isinstance(node, ast.Compare):
    if len(node.ops) > 1: return 'chained'
    return ['binary', SIGNS[type(node.ops[0])], show(node.left), show(node.comparators[0])]
  if isinstance(node, ast.Call):
    if ARITY.get(getattr(node.func, 'id', None)) != len(node.args): raise SyntaxError
    return ['call', node.func.id] + [show(each) for each in node.args]
  if not isinstance(node, ast.Name): raise SyntaxError
  return node.id
def read(text):
  try: text = json.dumps(show(ast.parse(text, mode='eval').body))
  except SyntaxError: return None
  return 'chained' if 'chained' in text else json.loads(text)
def number(text):
  try: value = eval(text, {}, {})
  except SyntaxError: return None
  except (ZeroDivisionError, NameError, AttributeError, TypeError): return 'other'
  if not isinstance(value, (int, float, complex)): return 'other'
  if isinstance(value, complex): return ['complex', repr(value.real), repr(value.imag)]
  return [type(value).__name__, str(value) if isinstance(value, int) else repr(float(value))]
import warnings
warnings.simplefilter('ignore')
job = json.load(sys.stdin)
json.dump([{'read': read, 'number': number}[job['kind']](text) for text in job['texts']], sys.stdout)
`;

function askPython(kind: 'read' | 'number', texts: readonly string[]): unknown[] {
  const input = JSON.stringify({ kind, texts });
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', PYTHON], {
    input,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

const BINARY = '+ - * / // % ** & | ^ << >> < <= > >= == !='.split(' ');
const NAMES: { readonly [sign: string]: string } = {
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
  floorDivide: '//',
  remainder: '%',
  power: '**',
  bitwiseAnd: '&',
  bitwiseOr: '|',
  bitwiseXor: '^',
  leftShift: '<<',
  rightShift: '>>',
  less: '<',
  lessEqual: '<=',
  greater: '>',
  greaterEqual: '>=',
  equal: '==',
  notEqual: '!=',
};
const UNARY: { readonly [sign: string]: string } = { negative: '-', positive: '+', invert: '~' };

/** A text with `a`, `b`, … for holes, read. */
function read(text: string) {
  return parseExpression(text.split(/(?<!\w)[a-c](?!\w)/));
}

/** The tree in the form that Python shows; the holes by their letters. */
function shown(text: string): unknown {
  const letters = [...text.matchAll(/(?<!\w)[a-c](?!\w)/g)].map(([letter]) => letter);
  const { tree, places } = read(text);
  const show = (each: Tree): unknown => {
    if (each.kind === 'literal') return String(each.value);
    if (each.kind === 'hole') return letters[places[each.place].index];
    const operands = each.operands.map(show);
    if (each.name in NAMES) return ['binary', NAMES[each.name], ...operands];
    if (each.name in UNARY) return ['unary', UNARY[each.name], ...operands];
    return ['call', each.name === 'where' ? 'where' : ELEMENTWISE[each.name].numpy, ...operands];
  };
  return show(tree);
}

/** Texts of operators and parentheses, many of them no expressions. */
const anyText = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c') },
      { weight: 8, arbitrary: fc.constantFrom(...BINARY) },
      { weight: 2, arbitrary: fc.constantFrom('-', '~', '+', '- -', '(', ')') },
      { weight: 1, arbitrary: fc.constantFrom('sin(', 'where(a,', 'maximum(b ,', ')', ',') },
    ),
    { maxLength: 11 },
  )
  .map((words) => words.join(' '));

/** Texts that are expressions. */
const anyExpression = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'b', 'c'),
    fc.tuple(tie('tree'), fc.constantFrom(...BINARY), tie('tree')).map((parts) => parts.join(' ')),
    fc.tuple(fc.constantFrom('-', '+', '~'), tie('tree')).map((parts) => parts.join('')),
    tie('tree').map((inner) => `(${inner})`),
    fc
      .tuple(fc.constantFrom('sin', 'arctan2'), tie('tree'))
      .map(([name, inner]) => (name === 'sin' ? `sin(${inner})` : `arctan2(a, ${inner})`)),
  ),
})).tree;

function failure(text: string): ExpressionError {
  try {
    read(text);
  } catch (error) {
    assert.ok(error instanceof ExpressionError, String(error));
    return error;
  }
  throw new Error(`'${text}' was read`);
}

describe('reading expressions', function () {
  this.timeout(30_000);
  before(function () {
    needNumpy(this);
  });

  it('groups operators as Python does, and refuses what Python refuses', () => {
    const texts = [
      ...fc.sample(anyExpression, 800),
      ...fc.sample(anyText, 800),
      'a ** -b ** c',
      '-a ** b',
      'a < b & c',
      '~a ** b',
      'a - b - c',
      'a ** b ** c',
      'a << b + c',
    ];
    const answers = askPython('read', texts);
    texts.forEach((text, k) => {
      const expected = answers[k];
      if (expected === null || expected === 'chained') {
        // A comma makes tuples of what Python reads.
        assert.throws(() => read(text), ExpressionError, text);
        return;
      }
      assert.deepEqual(shown(text), expected, text);
    });
  });

  it('reads numbers as Python does', () => {
    const characters = fc.constantFrom(...'0123456789'.split(''), ...'._eEjJxXobaf+-'.split(''));
    const texts = [
      ...fc
        .sample(fc.array(characters, { minLength: 1, maxLength: 7 }), 3000)
        .map((all) => all.join('')),
      ...'1_000 0x_ff 0xff 0b1_01 0o17 2.0 2 3j 1e3 1_0.0_1e1_0 9007199254740993 00 007 007. 0e0 .5 5. 1__0 1_ 0x'.split(
        ' ',
      ),
      ...'1e400 123456789012345678901234567890 0b2 0o8 1.e3 1.5.2 1..2 0_0 08.5j 1E5J 2**70 -7//2 -7%3 7%-3'.split(
        ' ',
      ),
      ...'2**-1 10**30*3 (1<<70)>>3 -5>>1 ~7 6/4 4/2 2**0.5 -2**63 1-2**64 2*3.0 7//-2 5^3|8&12 +3 -0.0 -0'.split(
        ' ',
      ),
      ...['3 - 3', '(2**53 + 1) * 2', '1e300 * 1e10', '1j - 2j', '2 * 3j'],
    ].filter((text) => !/\dn|[a-df-wyz](?![\da-f])(?<!\d[ob])/i.test(text) || /^0x/i.test(text));
    const answers = askPython('number', texts);
    texts.forEach((text, k) => {
      const expected = answers[k] as null | 'other' | readonly string[];
      const names = /(?<![\w.])[_a-zA-Z]/.test(text);
      if (expected === 'other' || names) return;
      if (expected === null) {
        assert.throws(() => read(text), ExpressionError, text);
        return;
      }
      const { value, weak } = constantOf(text);
      const [kind, ...parts] = expected;
      assert.equal(weak, kind, text);
      if (kind === 'int') assert.equal(String(value), parts[0], text);
      else if (kind === 'float') assert.ok(Object.is(value, floatOf(parts[0])), text);
      else {
        const { re, im } = value as { re: number; im: number };
        assert.ok(re === floatOf(parts[0]) && im === floatOf(parts[1]), text);
      }
    });
  });

  it('takes bigints, constants and bools', () => {
    assert.deepEqual(constantOf('12n'), { kind: 'literal', value: 12, weak: 'int' });
    assert.equal(constantOf('9007199254740993n').value, 9007199254740993n);
    assert.equal(constantOf('pi').value, Math.PI);
    assert.equal(constantOf('-inf').value, -Infinity);
    assert.equal(constantOf('True').value, true);
    assert.deepEqual(constantOf('True + 1'), { value: 2, weak: 'int' });
    assert.deepEqual(constantOf('5 // 0'), { value: 0, weak: 'int' });
    assert.deepEqual(constantOf('1 / 0'), { value: Infinity, weak: 'float' });
  });

  it('takes whole numbers of the program that are beyond 2^53 as floats among others', () => {
    const { tree } = parseExpression(['2 * ', '']);
    const scalar: Scalar = 6.022e23;
    assert.deepEqual(
      evaluateConstant(tree, () => scalar, ''),
      { value: 2 * scalar, weak: 'float' },
    );
    assert.deepEqual(
      evaluateConstant(tree, () => 10n ** 30n, ''),
      {
        value: 2n * 10n ** 30n,
        weak: 'int',
      },
    );
  });

  it('refuses integers that would fill the memory', () => {
    for (const text of ['9**9**9', '1 << 10**9', '(10**1000)**1000', '(2**4000)*(2**4000)']) {
      assert.throws(() => constantOf(text), { code: 'ERR_EXPRESSION' }, text);
    }
  });

  it('knows every function by our names and NumPy’s', () => {
    for (const name of Object.keys(ELEMENTWISE) as ElementwiseName[]) {
      const { arity, numpy, aliases } = ELEMENTWISE[name];
      for (const each of [name, numpy, ...aliases]) {
        const { tree } = read(`${each}(${['a', 'b', 'c'].slice(0, arity).join(', ')})`);
        assert.ok(tree.kind === 'call' && tree.name === name, each);
      }
    }
  });

  it('tells places by hole and slice', () => {
    const { places, tree } = read('a[1:, ::2] + a[1:,::2] * b[-1] - c[..., None]');
    // Holes are numbered as they come: the second is the same array, but not the same hole.
    assert.deepEqual(
      places.map(({ shown: text }) => text),
      ['1:, ::2', '1:, ::2', '-1', '..., None'],
    );
    assert.equal(tree.kind, 'call');
  });

  it('reads reductions around the whole', () => {
    const of = (text: string) => read(text).reduction;
    assert.deepEqual(of('sum(a*b, axis=(0, -1), keepdims=True)'), {
      name: 'sum',
      axis: [0, -1],
      keepdims: true,
    });
    assert.deepEqual(of('std(a, ddof=1)'), { name: 'std', ddof: 1 });
    assert.deepEqual(of('count_nonzero(a > 0, axis=None)'), { name: 'countNonzero', axis: null });
    assert.deepEqual(of('amax(a)'), { name: 'max' });
    assert.equal(of('a + b'), null);
  });

  it('points at what is wrong', () => {
    const cases: readonly (readonly [text: string, column: number, problem: RegExp])[] = [
      ['', 1, /found the end/],
      ['a +', 6, /found the end/],
      ['a b', 5, /Expected an operator or the end, found '\$\{\}'/],
      ['a + * b', 7, /found '\*'/],
      ['(a + b', 11, /Expected '\)'/],
      ['a)', 4, /found '\)'/],
      ['a $ b', 5, /No expression has '\$'/],
      ['a = b', 5, /found '='/],
      ['a and b', 5, /found 'and'/],
      ['x + a', 1, /'x' is no function/],
      ['1 + sin', 8, /'\('/],
      ['foo(a)', 1, /no function 'foo'/],
      ['sin(a, b)', 1, /takes 1 operand, not 2/],
      ['where(a)', 1, /takes 3 operands, not 1/],
      ['1 + sum(a)', 5, /must be around the whole expression/],
      ['sum(a) * 2', 1, /must be around the whole expression/],
      ['sum(a, 0)', 10, /axis=, keepdims= or ddof=/],
      ['sum(a, axis=1.5)', 15, /an integer/],
      ['sum(a, keepdims=1)', 19, /True or False/],
      ['sum(a, dtype=1)', 10, /axis=, keepdims= or ddof=/],
      ['a < b < c', 11, /cannot be chained/],
      ['a[1:2:0]', 9, /a step that is not 0/],
      ['a[1.5]', 5, /an integer/],
      ['a[x]', 5, /an integer/],
      ['a[]', 5, /an index or a range/],
      ['a[1:b]', 7, /slices are written out/],
      ['a[1', 6, /found the end/],
      ['(a)[1]', 6, /Only arrays can be sliced/],
      ['2[1]', 2, /Only arrays can be sliced/],
      ['1_ + a', 1, /no number '1_'/],
      ['a + 2pi', 7, /no number '2pi'/],
    ];
    for (const [text, column, problem] of cases) {
      const error = failure(text);
      assert.equal(error.column, column, `${text}: ${error.message}`);
      assert.match(error.message, problem, text);
      assert.equal(error.code, 'ERR_EXPRESSION');
      const [, line, mark] = error.message.split('\n');
      assert.equal(mark.indexOf('^') - 2, column - 1, line);
    }
  });

  it('shows the line of the text', () => {
    const error = failure('a +\n\tb ? 2');
    assert.equal(error.column, 12);
    assert.ok(error.message.endsWith(`\n  \t$\{} ? 2\n  \t    ^`), error.message);
  });

  it('has a limit to depth, and none to length but memory', () => {
    assert.match(failure(`${'('.repeat(501)}a${')'.repeat(501)}`).message, /within one another/);
    assert.match(failure(`${'-'.repeat(100_000)}a`).message, /within one another/);
    assert.match(failure(`a${'+a'.repeat(600)}`).message, /within one another/);
    assert.match(failure('('.repeat(100_000)).message, /within one another/);
    read(`a${'+a'.repeat(400)}`);
    const balanced = (depth: number): string =>
      depth === 0 ? 'a' : `(${balanced(depth - 1)}*${balanced(depth - 1)})`;
    read(balanced(10));
  });

  it('answers any text with a tree or an ExpressionError', () => {
    const pieces = fc.constantFrom(
      ...'abc01._:,[]()+-*/<>=!~^&|%\n\t $#"\\'.split(''),
      'sum(',
      'sin(',
      '...',
      'axis=',
      '0x',
      '**',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), (all) => {
        const text = all.join('');
        try {
          read(text);
        } catch (error) {
          assert.ok(error instanceof ExpressionError, `${text}: ${error}`);
          assert.ok(error.column >= 1);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

function floatOf(text: string): number {
  return text === 'inf' ? Infinity : text === '-inf' ? -Infinity : Number(text);
}

function constantOf(text: string) {
  return evaluateConstant(read(text).tree, () => 0, text);
}
