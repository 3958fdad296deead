import { strict as assert } from 'node:assert';
import { type ExpressionStatement, parse } from 'acorn';
import { freeNames } from '../../../../src/ops/functions/freeVariables.ts';

function freeOf(source: string) {
  const program = parse(`(${source})`, { ecmaVersion: 'latest' });
  return freeNames((program.body[0] as ExpressionStatement).expression);
}

/** What a function takes from around it, in the order of its uses. */
const namesOf = (source: string) => [...freeOf(source).names.keys()];

const CASES: Readonly<Record<string, readonly [source: string, names: readonly string[]]>> = {
  'parameters are its own': ['(a, b) => a + b', []],
  'other names are not': ['(a) => a * k + m', ['k', 'm']],
  'destructured parameters': [
    '({ a, b: { c = d }, ...rest }, [e, , f = a]) => [a, c, rest, e, f]',
    ['d'],
  ],
  'keys that are computed': ['({ [key]: value }) => value', ['key']],
  'default values see other parameters': ['(a, b = a, c = outside) => [a, b, c]', ['outside']],
  'default values of destructured variables': [
    '() => { const { a = x, [y]: b } = z; return a + b; }',
    ['x', 'y', 'z'],
  ],
  'properties are no names': ['(a) => a.k + a?.m', []],
  'but their objects are': ['() => k.a.b[c].d', ['k', 'c']],
  'keys of objects are no names': [
    '() => ({ a: 1, b, [c]: 2, d() {}, get e() { return 1; } })',
    ['b', 'c'],
  ],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of a template
  'names in templates': ['(a) => `${a} ${b}${tag`x${c}`}`', ['b', 'tag', 'c']],
  'var belongs to the whole function': [
    '() => { x = 1; if (x) { var x; for (var y of []) z; } return y; }',
    ['z'],
  ],
  'let belongs to its block': ['() => { { let x = 1; x; } return x; }', ['x']],
  'functions are there before they are declared': [
    '() => { return f(); function f() { return g; } }',
    ['g'],
  ],
  'functions of blocks belong to these': ['() => { { function f() {} f(); } return f; }', ['f']],
  'a function knows its own name': ['function f(n) { return n < 2 ? 1 : n * f(n - 1); }', []],
  'an arrow function has none': ['(n) => f(n - 1)', ['f']],
  'variables of loops': [
    '() => { for (let i = a; i < b; i++) i; for (const [k] of c) k; for (const n in d) n; return i; }',
    ['a', 'b', 'c', 'd', 'i'],
  ],
  'what is caught': [
    '() => { try { a(); } catch ({ message, [b]: c }) { return message + c; } return message; }',
    ['a', 'b', 'message'],
  ],
  'switches are blocks': [
    '(a) => { switch (a) { case b: let c = 1; return c; default: return c; } }',
    ['b'],
  ],
  labels: ['() => { outer: for (;;) { inner: for (;;) { continue outer; break inner; } } }', []],
  'classes and what they extend': [
    '() => { class A extends B { x = c; static y = A; #z = d; [e]() { return this.#z; } static { f; } } return A; }',
    ['B', 'c', 'd', 'e', 'f'],
  ],
  'a class knows its own name': ['class A { clone() { return new A(); } }', []],
  'typeof is a use as well': ['() => typeof k', ['k']],
  'assignments are uses': [
    '() => { k = 1; m++; [n.a, p] = q; ({ r, s: t } = u); }',
    ['k', 'm', 'n', 'p', 'q', 'r', 't', 'u'],
  ],
  'async functions and generators': [
    'async function* f(a) { for await (const x of a) yield await g(x); }',
    ['g'],
  ],
  'new.target is its own': ['function f() { return new.target; }', []],
  'imports at run time': ['async () => (await import(name)).x', ['name']],
  'nested functions': ['(a) => (b) => (c) => a + b + c + d', ['d']],
  shadowing: ['() => { const k = 1; return [1].map((k) => k) && k; }', []],
  'exponents of optional calls': ['(a) => a?.b?.(c) ?? d ** e', ['c', 'd', 'e']],
};

describe('names that functions take from around them', () => {
  for (const [title, [source, names]] of Object.entries(CASES)) {
    it(title, () => assert.deepEqual(namesOf(source), names));
  }

  it('tells those that are assigned to', () => {
    const { assigned } = freeOf(
      '() => { k = 1; m += n; p++; for (q of r); [s = t] = u; let v; v = 1; }',
    );
    assert.deepEqual([...assigned], ['k', 'm', 'p', 'q', 's']);
  });

  it('tells of what only properties are used', () => {
    const { names } = freeOf('() => [m.a, m.b.c, n.d, n, p["e"], q.f()]');
    assert.deepEqual(
      [...names].map(([name, used]) => [name, used && [...used]]),
      [
        ['m', ['a', 'b']],
        ['n', null],
        ['p', null],
        ['q', ['f']],
      ],
    );
  });

  it('tells of things that no text takes along', () => {
    const around = (source: string) => [...freeOf(source).surroundings];
    assert.deepEqual(around('() => this.x'), ['this']);
    assert.deepEqual(around('() => arguments[0]'), ['arguments']);
    assert.deepEqual(around('function f() { return () => this.x + arguments[0]; }'), []);
    assert.deepEqual(around('() => class { x = this; static { this.y; } }'), []);
    const program = parse('(() => import.meta.url)', {
      ecmaVersion: 'latest',
      sourceType: 'module',
    });
    assert.deepEqual([...freeNames(program).surroundings], ['import.meta']);
  });
});
