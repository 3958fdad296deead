import { strict as assert } from 'node:assert';
import { LocalArray } from '../../../../src/entry/index.ts';
import { decode, encode } from '../../../../src/mpi/objects/encoding.ts';
import { CaptureError } from '../../../../src/ops/functions/functionErrors.ts';
import { moduleFunction, registerModule } from '../../../../src/ops/functions/references.ts';
import { type Capture, ShippedFunction } from '../../../../src/ops/shippedFunction.ts';

type Called = (...args: unknown[]) => unknown;

/** As it comes to another process: as bytes. */
function arrived(shipped: ShippedFunction): ShippedFunction {
  const { head, parts } = encode(shipped, 'fn');
  const decoder = decode(head);
  assert.ok(decoder);
  for (const [k, part] of decoder.parts.entries()) part.set(parts[k]);
  return decoder.finish() as ShippedFunction;
}

function shipped(fn: unknown, capture?: Capture): ShippedFunction {
  return ShippedFunction.of(fn, { argument: 'fn', travels: true, capture });
}

/** The function as another process has it. */
function there(fn: unknown, capture?: Capture): Called {
  return arrived(shipped(fn, capture)).compile() as Called;
}

/** The value of JavaScript that no compiler of this file sees. */
function ofSource(source: string) {
  return new Function(`return ${source};`)();
}

/** Something that a function of the program can take from around it. */
const k = 2;

describe('functions that travel', () => {
  it('do what they did, whatever they are written as', async () => {
    const key = 'computed';
    class Shapes {
      static area(a: number, b: number) {
        return a * b;
      }
      get size() {
        return 7;
      }
      [key](a: number) {
        return a + 1;
      }
      async later(a: number) {
        return a;
      }
      *both(a: number) {
        yield a;
        yield -a;
      }
      'a b'() {
        return 'quoted';
      }
      get() {
        return 'get';
      }
      async() {
        return 'async';
      }
    }
    const { prototype } = Shapes;
    const getter = Object.getOwnPropertyDescriptor(prototype, 'size')?.get;
    assert.equal(there((a: number) => a + 1)(1), 2);
    assert.equal(
      there(function fact(n: number): number {
        return n < 2 ? 1 : n * fact(n - 1);
      })(5),
      120,
    );
    assert.equal(
      there(
        ({ a, b: [c = 3] = [] }: { a: number; b?: number[] }, ...rest: number[]) =>
          a + c + rest.length,
      )({ a: 1 }, 9),
      5,
    );
    assert.equal(there(Shapes.area)(2, 3), 6);
    assert.equal(there(getter)(), 7);
    assert.equal(there(prototype[key])(1), 2);
    assert.equal(await there(prototype.later)(4), 4);
    assert.deepEqual([...(there(prototype.both)(4) as Iterable<number>)], [4, -4]);
    assert.equal(there(prototype['a b'])(), 'quoted');
    assert.equal(there(prototype.get)(), 'get');
    assert.equal(there(prototype.async)(), 'async');
    assert.equal(await there(async (a: number) => (await a) + 1)(1), 2);
    assert.deepEqual(
      [
        ...(there(function* (n: number) {
          yield n;
        })(3) as Iterable<number>),
      ],
      [3],
    );
    const Point = there(
      class {
        x = 1;
        #y = 2;
        sum() {
          return this.x + this.#y;
        }
      },
    ) as unknown as new () => { sum(): number };
    assert.equal(new Point().sum(), 3);
    // Compilers wrap inner functions in calls of __name.
    assert.equal(
      there((a: number) => {
        const inner = (b: number) => b * 2;
        return inner(a);
      })(4),
      8,
    );
  });

  it('take along what they declare', () => {
    const helper = (a: number) => a * 10;
    const table = { list: [1, 2], bytes: new Float64Array([1.5, 2.5]) };
    const fn = there((i: number) => helper(table.list[i]) + table.bytes[i], { helper, table });
    assert.equal(fn(1), 22.5);
    // What is captured and not used is not sent.
    assert.equal(there((a: number) => a, { fn: () => k })(1), 1);
  });

  it('survive that a compiler calls a captured variable otherwise', () => {
    const outer = k;
    const inside = () => {
      const k = 5;
      const [half] = [2];
      return there((a: number) => (a * k) / half, { k, half });
    };
    assert.equal(inside()(4), (4 * 5) / 2 + 0 * outer);
    const renamed = ofSource('(k2) => (a) => a * k2')(3);
    assert.equal(there(renamed, { k: 4 })(2), 8);
    // Two variables are two.
    assert.throws(
      () => there(ofSource('((k, k2) => (a) => a * k2 + k)(1, 2)'), { k: 4 }),
      CaptureError,
    );
  });

  it('survive imports that are compiled to CommonJS', () => {
    const compiled = ofSource('(import_x) => (a) => (0, import_x.twice)(a) + import_x.k')({});
    const twice = (a: number) => 2 * a;
    assert.equal(there(compiled, { twice, k: 1 })(4), 9);
    assert.throws(() => there(compiled, { twice }), { names: 'import_x' });
  });

  it('fail before they are sent when they use more, and name it', () => {
    const other = { a: 1 };
    assert.throws(
      () => shipped((a: number) => a * k + other.a),
      (error: Error) => {
        assert.ok(error instanceof CaptureError && error instanceof ReferenceError);
        assert.equal(error.names, 'k, other');
        assert.match(error.message, /\{ capture: \{ k, other \} \}/);
        return true;
      },
    );
    assert.throws(() => shipped((a: number) => a * k, {}), { code: 'ERR_CAPTURE', names: 'k' });
    assert.throws(
      () => ShippedFunction.of(() => k, { argument: 'value', capture: {} }),
      /for value uses k/,
    );
    const arrow = (n: number): number => (n < 2 ? 1 : n * arrow(n - 1));
    assert.throws(() => shipped(arrow), /function arrow\(…\)/);
    const owner = { x: 1, get: () => (() => 0) as Called };
    owner.get = function (this: { x: number }) {
      return () => this.x;
    };
    assert.throws(() => shipped(owner.get()), { names: 'this' });
    assert.throws(() => encode({ fn: ShippedFunction.of(() => k, { argument: 'fn' }) }, 'params'), {
      names: 'k',
    });
    const calls = (a: number) => helper(a);
    const told = { names: 'k', argument: 'options.capture' };
    assert.throws(() => shipped(calls, { helper: () => k }), told);
    // Also where they do not travel.
    const given = { argument: 'fn', capture: { helper: () => k } };
    assert.throws(() => ShippedFunction.of(calls, given), told);
    assert.throws(() => ShippedFunction.of(calls, given), /captures nothing itself/);
    function helper(a: number) {
      return a;
    }
  });

  it('know names that processes have also where they are captured', () => {
    const pushed = ofSource('(a) => a * pushedName');
    const known = new Set(['pushedName']);
    const given = { argument: 'fn', travels: true, known, capture: { pushed } };
    const fn = arrived(ShippedFunction.of((a: number) => pushed(a), given)).compile() as Called;
    Object.assign(globalThis, { pushedName: 3 });
    assert.equal(fn(2), 6);
    Reflect.deleteProperty(globalThis, 'pushedName');
  });

  it('know what every process has', () => {
    assert.equal(there(() => Math.max(1, Number('2')) + new URL('a:b').href.length)(), 5);
    assert.equal(
      there(() => typeof process.pid + typeof setTimeout + typeof Buffer)(),
      'numberfunctionfunction',
    );
    assert.equal(there(() => LocalArray.name)(), 'LocalArray');
    const known = new Set(['named']);
    const fn = ofSource('() => named + 1');
    ShippedFunction.of(fn, { argument: 'fn', travels: true, known });
    assert.throws(() => shipped(fn), { names: 'named' });
    // A variable of the program in globalThis is none of theirs.
    Object.assign(globalThis, { mine: 1 });
    assert.throws(() => shipped(ofSource('() => mine')), { names: 'mine' });
    Reflect.deleteProperty(globalThis, 'mine');
  });

  it('travel as names when they are JavaScript’s, distarray’s or of a registered module', async () => {
    assert.equal(there(Math.max), Math.max);
    assert.equal(there(parseInt), parseInt);
    assert.equal(there(ofSource('(a) => largest(a, 4)'), { largest: Math.max })(3), 4);
    assert.equal(there(LocalArray), LocalArray);
    const url = new URL('../../../fixtures/functions/kernels.ts', import.meta.url);
    const kernels = await import(url.href);
    assert.throws(() => shipped(kernels.scaled), { names: 'factor' });
    registerModule(url, kernels);
    assert.equal(there(kernels.scaled), kernels.scaled);
    // What is captured may be what has to be imported.
    const scaledTwice = ofSource('(a) => scaled(scaled(a))');
    assert.ok(shipped(scaledTwice, { scaled: kernels.scaled }).needsModule);
    assert.ok(!shipped(ofSource('(a) => a * by'), { by: 2 }).needsModule);
    const scaled = await moduleFunction<(a: number) => number>(url, 'scaled');
    assert.equal(scaled, kernels.scaled);
    await assert.rejects(moduleFunction(url, 'gone'), { argument: 'name' });
    await assert.rejects(moduleFunction(new URL('./gone.ts', url), 'scaled'), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
    assert.throws(() => registerModule('./kernels.ts', {}), { argument: 'url' });
  });

  it('import modules where these are not', async () => {
    const { href } = new URL('../../../fixtures/functions/lateKernels.ts', import.meta.url);
    const late = ShippedFunction.deserialize({
      kind: 'reference',
      reference: { module: href, name: 'tripled' },
    });
    const loading = late.load();
    assert.ok(loading instanceof Promise);
    await loading;
    assert.equal(late.load(), undefined);
    assert.equal((late.compile() as Called)(2), 6);
    const gone = ShippedFunction.deserialize({
      kind: 'reference',
      reference: { module: href, name: 'gone' },
    });
    assert.throws(() => gone.compile(), { code: 'ERR_FUNCTION' });
    const inside = ShippedFunction.deserialize({
      kind: 'text',
      text: '(a) => f(a)',
      values: {
        f: ShippedFunction.deserialize({
          kind: 'reference',
          reference: { module: `${href}?2`, name: 'tripled' },
        }),
      },
    });
    await inside.load();
    assert.equal((inside.compile() as Called)(3), 9);
  });

  it('are refused when they have no text', () => {
    const bound = ((a: number) => a).bind(null);
    assert.throws(() => shipped(bound), { code: 'ERR_ARGUMENT_TYPE', argument: 'fn' });
    assert.throws(() => shipped([].map.bind([])), /bound or native/);
    assert.throws(() => shipped(3), { code: 'ERR_ARGUMENT_TYPE' });
    assert.throws(() => shipped(() => 1, 3 as never), { argument: 'options.capture' });
    assert.throws(() => shipped(() => 1, { 'a b': 1 }), { argument: 'options.capture' });
    assert.throws(() => shipped(() => 1, { class: 1 }), { argument: 'options.capture' });
    const secret = class {
      #x = 1;
      get() {
        return this.#x;
      }
    }.prototype.get;
    assert.throws(() => shipped(secret), /strict mode/);
    assert.throws(
      () =>
        encode(
          shipped(() => unsent, { unsent: { deep: [Symbol('x')] } }),
          'fn',
        ),
      {
        argument: 'fn (a distarray.ShippedFunction).values.unsent.deep[0]',
      },
    );
    function unsent() {}
  });

  it('are themselves where they are not sent', () => {
    let calls = 0;
    const count = () => ++calls;
    const own = ShippedFunction.of(count, { argument: 'fn' });
    assert.equal(own.compile(), count);
    assert.equal(own.keptAs('key').compile(), count);
    // Without values around them they are made once.
    assert.equal(
      there(() => 'same'),
      there(() => 'same'),
    );
  });
});
