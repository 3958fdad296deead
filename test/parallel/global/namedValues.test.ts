// modes: spmd
import { strict as assert } from 'node:assert';
import {
  Context,
  ExecuteError,
  LocalArray,
  MPI,
  proxyize,
  ValueProxy,
} from '../../../src/entry/index.ts';

const { rank, size } = MPI.COMM_WORLD;
const everyone = Array.from({ length: size }, (_, target) => target);
const last = size - 1;

/** What every process gives, when all give the same. */
const each = <T>(value: T): T[] => Array(size).fill(value);

describe('values with names on processes', () => {
  const ctx = new Context();
  after(() => ctx.close());

  it('are pushed, pulled and deleted', () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const { three } = ctx.push({ three: 3, table: { bytes, list: [1n, 'x'] } });
    assert.ok(three instanceof ValueProxy);
    assert.deepEqual([three.name, three.typeString], ['three', 'number']);
    assert.deepEqual(ctx.pull('three'), each(3));
    assert.deepEqual(ctx.pull(['three', 'table']), each([3, { bytes, list: [1n, 'x'] }]));
    assert.deepEqual(ctx.pull(three, { targets: [last] }), [3]);
    assert.deepEqual(ctx.keys(), each(['table', 'three']));
    ctx.deleteKey('table');
    assert.deepEqual(ctx.keys(), each(['three']));
    assert.throws(() => ctx.pull('table'), { code: 'ERR_KEY', message: /table: it has three/ });
    ctx.deleteKey(three);
    assert.deepEqual(ctx.keys(), each([]));
  });

  it('may be on some processes only', () => {
    ctx.push({ mine: 'last' }, { targets: [last] });
    assert.deepEqual(ctx.pull('mine', { targets: [last] }), ['last']);
    assert.deepEqual(
      ctx.keys(),
      everyone.map((target) => (target === last ? ['mine'] : [])),
    );
    if (size > 1) {
      assert.throws(() => ctx.pull('mine'), { code: 'ERR_KEY', message: /Rank 0 .*mine/ });
      assert.throws(() => ctx.deleteKey('mine'), { code: 'ERR_KEY' });
    }
    assert.deepEqual(ctx.pull('mine', { targets: [last] }), ['last']);
    ctx.deleteKey('mine', { targets: [last] });
  });

  it('are variables of code and of functions that travel', () => {
    ctx.push({ factor: 4 });
    const scale = (a: number) => a * factor;
    assert.deepEqual(ctx.apply(scale, [2], { capture: {} }), each(8));
    ctx.pushFunction('scale', scale, { capture: {} });
    assert.deepEqual(ctx.apply('scale', [3]), each(12));
    ctx.execute('answer = scale(5)');
    assert.deepEqual(ctx.pull('answer'), each(20));
    const { factor: proxy } = ctx.push({ factor: 5 });
    assert.deepEqual(
      ctx.apply((a) => a + 1, [proxy]),
      each(6),
    );
    assert.deepEqual(ctx.apply('scale', [3]), each(15));
    assert.throws(() => ctx.apply('factor', []), { code: 'ERR_ARGUMENT_TYPE' });
    assert.throws(() => ctx.apply('nothing', []), { code: 'ERR_KEY' });
    assert.throws(() => ctx.pull('scale'), { code: 'ERR_ARGUMENT_TYPE', argument: 'scale' });
    ctx.deleteKey(['factor', 'scale', 'answer']);
    assert.throws(() => ctx.apply(scale, [2], { capture: {} }), { names: 'factor' });
  });

  it('must be data that can be sent, with names that are free', () => {
    assert.throws(() => ctx.push({ a: { b: [1, () => 1] } }), { argument: 'values.a.b[1]' });
    assert.throws(() => ctx.push({ a: Promise.resolve(1) }), { argument: 'values.a' });
    assert.throws(() => ctx.push({ f: () => 1 }), /pushFunction/);
    for (const name of ['a b', 'class', 'process', 'Math', '__distarray__1', '']) {
      assert.throws(() => ctx.push({ [name]: 1 }), { argument: 'values' }, name);
      assert.throws(() => ctx.pushFunction(name, () => 1), { argument: 'name' }, name);
    }
    assert.throws(() => ctx.push(3 as never), { argument: 'values' });
    assert.throws(() => ctx.push({ a: 1 }, { targets: [size] }), { argument: 'options.targets' });
    assert.throws(() => ctx.push({ a: 1 }, { targets: [] }), { argument: 'options.targets' });
    assert.throws(() => ctx.pull('a', { targets: [-1] }), { code: 'ERR_ARGUMENT_RANGE' });
    assert.throws(() => ctx.pull('a', { target: [0] } as never), /perhaps targets/);
    assert.throws(() => ctx.pull(7 as never), { argument: 'name' });
    assert.throws(() => ctx.pushFunction('f', 3 as never), { argument: 'fn' });
    const outside = rank;
    assert.throws(() => ctx.pushFunction('f', () => outside, { capture: {} }), {
      names: 'outside',
    });
    assert.deepEqual(ctx.keys(), each([]));
  });
});

declare const factor: number;

describe('code that runs on processes', () => {
  const ctx = new Context();
  after(() => ctx.close());

  it('leaves what it declares', () => {
    ctx.execute(`
      const a = 1, { b, c: [d = 4] } = { b: 2, c: [] };
      let e;
      var f = a + b;
      function twice(x) { return 2 * x; }
      class Pair { constructor(x) { this.x = x; } }
      for (var i = 0; i < 3; i++) { const inner = i; f += inner; }
      for (var key in { only: 1 });
      if (f) { var g = twice(f); let local = 1; h = local; }
      const pair = { ...new Pair(a) };
    `);
    const names = ['a', 'b', 'd', 'e', 'f', 'g', 'h', 'i', 'key', 'pair'];
    const values = [1, 2, 4, undefined, 6, 12, 1, 3, 'only', { x: 1 }];
    assert.deepEqual(ctx.pull(names), each(values));
    ctx.execute('const a = twice(b); let z\n(c => c)(a)');
    assert.deepEqual(ctx.pull('a'), each(4));
    assert.deepEqual(ctx.keys()[0], ['Pair', ...names, 'twice', 'z']);
    ctx.execute('var f, n = [a, f].length');
    assert.deepEqual(ctx.pull(['f', 'n']), each([6, 2]));
    ctx.deleteKey(ctx.keys()[0]);
  });

  it('tells rank and line of what it throws', () => {
    const code = `const x = 1;
if (x) {
  missing(x);
}`;
    assert.throws(
      () => ctx.execute(code, { targets: [last] }),
      (error: Error) => {
        assert.ok(error instanceof ExecuteError);
        assert.deepEqual([error.rank, error.line, error.code], [last, 3, 'ERR_EXECUTE']);
        assert.match(
          error.message,
          /^rank \d, line 3: ReferenceError: missing is not defined\n +3 \| +missing/,
        );
        return true;
      },
    );
    ctx.deleteKey('x', { targets: [last] });
    assert.throws(() => ctx.execute('1;\nconst = 2'), {
      code: 'ERR_CODE',
      line: 2,
      message: /2 \| const = 2/,
    });
    assert.throws(() => ctx.execute("import fs from 'fs'"), /await import/);
    assert.throws(() => ctx.execute('Math = 1'), { argument: 'code' });
    assert.throws(() => ctx.execute('function fetch() {}'), { argument: 'code' });
    assert.throws(() => ctx.execute(3 as never), { argument: 'code' });
    assert.throws(() => ctx.execute('throw 7'), /rank 0: 7/);
    assert.throws(() => ctx.execute('1', { targets: [size] }), { argument: 'options.targets' });
    assert.deepEqual(ctx.keys(), each([]));
  });

  it('may await, where the program can', async () => {
    const code = `const { basename } = await import('node:path');
name = basename('/a/b');`;
    assert.throws(() => ctx.execute(code), { code: 'ERR_ASYNC', message: /executeAsync/ });
    await ctx.executeAsync(code);
    assert.deepEqual(ctx.pull('name'), each('b'));
    const failing = ctx.executeAsync('\nawait null; nothing;', { targets: [last] });
    await assert.rejects(failing, { code: 'ERR_EXECUTE', line: 2, rank: last });
    await assert.rejects(ctx.executeAsync('('), { code: 'ERR_CODE' });
    ctx.deleteKey(['basename', 'name']);
  });
});

describe('objects that stay where they are', () => {
  const ctx = new Context();
  after(() => ctx.close());

  it('are behind proxies of one name on all processes (DistArray 0.5)', () => {
    const results = ctx.apply((a: number) => proxyize({ sum: a + rank }), [10]);
    assert.equal(results.length, size);
    const [first] = results;
    assert.ok(results.every(({ name }) => name === first.name));
    assert.match(first.name, /^__distarray__/);
    assert.equal(first.typeString, 'Object');
    assert.deepEqual(
      ctx.apply((object) => object.sum, [first]),
      everyone.map((target) => 10 + target),
    );
    assert.deepEqual(first.dereference(), { sum: 10 + rank });
    assert.deepEqual(
      ctx.pull(first),
      everyone.map((target) => ({ sum: 10 + target })),
    );
    const nested = ctx.apply(
      ({ inside }, [one]) => [inside === one, proxyize(inside)] as const,
      [{ inside: first }, [first]],
    );
    assert.ok(nested.every(([same, proxy]) => same && proxy instanceof ValueProxy));
    first.cleanup();
    assert.throws(() => first.dereference(), { code: 'ERR_KEY' });
    assert.throws(() => ctx.apply((object) => object, [first]), { code: 'ERR_KEY' });
    assert.throws(() => proxyize(1), { code: 'ERR_PROXY' });
    ctx.deleteKey(nested[0][1]);
  });

  it('are arrays that functions return, when that is asked for', () => {
    const a = ctx.arange(3 * size);
    const double = (part: LocalArray<'float64'>) => {
      const data = part.toContiguous().map((value) => 2 * value);
      return new LocalArray(part.distribution, { comm: part.comm, data });
    };
    assert.throws(() => ctx.apply(double, [a]), /autoproxyize/);
    const proxies = ctx.apply(double, [a], { autoproxyize: true });
    assert.ok(proxies.every(({ typeString }) => typeString === 'LocalArray'));
    const doubled = ctx.fromLocalArrays(proxies[0]);
    assert.ok(ctx.allclose(doubled, a.mul(2)));
    const sums = ctx.apply((part) => part.toContiguous()[0], [proxies[0]]);
    assert.deepEqual(
      sums,
      everyone.map((target) => 6 * target),
    );
    proxies[0].cleanup();
    assert.throws(() => ctx.fromLocalArrays(proxies[0]), { argument: 'local' });
    assert.equal(+doubled.sum(), +a.sum() * 2);
  });

  it('are forgotten with their context', () => {
    const own = new Context();
    const [proxy] = own.apply(() => proxyize('kept'));
    assert.equal(proxy.dereference(), 'kept');
    const [other] = ctx.apply(() => proxyize('stays'));
    own.close();
    assert.throws(() => proxy.dereference(), { code: 'ERR_KEY' });
    assert.equal(other.dereference(), 'stays');
    for (const call of [
      () => own.apply(() => 1),
      () => own.push({ a: 1 }),
      () => own.pull('a'),
      () => own.keys(),
      () => own.execute('1'),
      () => own.deleteKey('a'),
      () => own.pushFunction('f', () => 1),
    ]) {
      assert.throws(call, { code: 'ERR_CONTEXT' });
    }
  });

  it('have names of their own in contexts of other processes', () => {
    const half = MPI.COMM_WORLD.split(rank % 2);
    const own = new Context({ comm: half });
    const [first] = own.apply(() => proxyize(`half ${rank}`));
    const [second] = ctx.apply(() => proxyize(`all ${rank}`));
    assert.notEqual(first.name, second.name);
    assert.equal(first.dereference(), `half ${rank}`);
    assert.equal(second.dereference(), `all ${rank}`);
    own.close();
    half.free();
  });
});
