/** Kernels of one process. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompileError, type Complex, kernel } from '../../../src/entry/index.ts';
import {
  cacheContents,
  clearCache,
  isWhole,
  openCache,
  pruneCache,
} from '../../../src/jit/cache.ts';
import { checksum } from '../../../src/jit/checksum.ts';
import { compile, compileEntry, startCompile, tryCompile } from '../../../src/jit/compile.ts';
import { findCompiler } from '../../../src/jit/compiler.ts';
import { loadNative } from '../../../src/native.ts';
import { patience } from '../../launcher/patience.ts';
import { needsFortran } from '../../support/fortran.ts';
import { nodeArguments, root } from '../../support/programs.ts';

/** The source of a library whose function adds a number, and no other test's. */
const adding = (number: number, text = '') => `
  __attribute__((visibility("default"))) const char* add(void** a) {
    *(double*)a[0] += ${number}; return 0;
  } ${text}`;

describe('kernels', function () {
  this.timeout(60_000);
  const environment = { ...process.env };
  let cache: string;

  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'distarray-kernels-'));
    process.env.DISTARRAY_CACHE = cache;
  });
  afterEach(() => {
    rmSync(cache, { recursive: true, force: true });
    for (const name of ['DISTARRAY_CACHE', 'DISTARRAY_CC', 'CC', 'PATH', 'XDG_CACHE_HOME']) {
      if (environment[name] === undefined) delete process.env[name];
      else process.env[name] = environment[name];
    }
  });

  describe('calls', () => {
    it('pass every kind of number, and return one', () => {
      const numbers = kernel.c<{
        all(
          a: number,
          b: number,
          c: number | bigint,
          d: boolean,
          e: number,
          out: Float64Array,
        ): void;
        largest(x: bigint): bigint;
        isOdd(n: number): boolean;
        times(z: Complex, w: Float32Array): Complex;
        small(n: number): number;
      }>`
        void all(float a, int8_t b, int64_t c, bool d, uint32_t e, double* out) {
          out[0] = a; out[1] = b; out[2] = c; out[3] = d; out[4] = e;
        }
        uint64_t largest(uint64_t x) { return x; }
        bool isOdd(int n) { return n % 2; }
        float _Complex times(float _Complex z, const float _Complex* w) { return z * *w; }
        int8_t small(int n) { return (int8_t)n; }`;
      const out = new Float64Array(5);
      numbers.all(0.1, -3, 2n ** 40n, true, 4e9, out);
      assert.deepEqual([...out], [Math.fround(0.1), -3, 2 ** 40, 1, 4e9]);
      numbers.all(1, 2, -3, false, 4, out);
      assert.deepEqual([...out], [1, 2, -3, 0, 4]);
      assert.equal(numbers.largest(2n ** 64n - 1n), 2n ** 64n - 1n);
      assert.deepEqual([numbers.isOdd(3), numbers.isOdd(4), numbers.small(-7)], [true, false, -7]);
      assert.deepEqual(numbers.times({ re: 1, im: 2 }, Float32Array.of(0, 1)), { re: -2, im: 1 });
    });

    it('check arguments before anything is written', () => {
      const f = kernel.c`void f(double* out, int8_t n) { out[0] = n; }`;
      const out = new Float64Array(1);
      const cases: [unknown[], RegExp][] = [
        [[out], /Expected 2, as f\(float64\[\] out, int8 n\) has, for the number of arguments/],
        [[out, 300], /Expected an integer in \[-128, 127\].* for n/],
        [[out, 1.5], /Expected an integer.* for n/],
        [[new Float32Array(1), 1], /Expected a Float64Array, as float64 has for out/],
        [[[1], 1], /Expected a Float64Array.* for out/],
        [[null, 1], /Expected a Float64Array.* for out/],
      ];
      for (const [args, message] of cases) assert.throws(() => f(...(args as [])), message);
      const z = kernel.c`void z(float _Complex* z) { z[0] = 1; }`;
      assert.throws(() => z(new Float32Array(3)), /pairs \(re, im\)/);
      structuredClone(out, { transfer: [out.buffer] });
      assert.throws(() => f(out, 1), /memory that is still there/);
    });

    it('take numbers and arrays for scalars of Fortran', function () {
      needsFortran(this);
      const f = kernel.fortran`
subroutine f(a, k, last, n) bind(c)
  use iso_c_binding
  integer(c_int), value :: n
  real(c_double), intent(inout) :: a(n)
  real(c_double), intent(in) :: k
  real(c_double), intent(out) :: last
  a = a * k * ${0.1}
  last = a(n)
end subroutine`;
      const a = Float64Array.of(1, 2, 3);
      const last = new Float64Array(1);
      f(a, 2, last, 3);
      assert.deepEqual(
        [...a],
        [1, 2, 3].map((x) => x * 2 * 0.1),
      );
      f(a, Float64Array.of(10), last, 3);
      assert.equal(last[0], 3 * 2 * 0.1 * 10 * 0.1);
      assert.throws(() => f(a, 2, 5, 3), /Float64Array.* for last/);
      assert.throws(() => f(a, 2, new Float64Array(0), 3), /at least one element/);
    });

    it('keep exceptions of C++ in the kernel', () => {
      const f = kernel.cpp`
        #include <vector>
        double f(int n) { std::vector<double> v(3, 1.5); return v.at(n); }
        void g() { throw 3; }`;
      const { f: at, g } = f as unknown as { f(n: number): number; g(): void };
      assert.equal(at(2), 1.5);
      assert.throws(() => at(7), {
        code: 'ERR_KERNEL',
        message: /The kernel f has thrown: vector/,
      });
      assert.throws(() => g(), /an exception of another kind/);
      assert.throws(
        () => (f as unknown as () => void)(),
        /a call of one of the kernel's functions, f, g/,
      );
    });

    it('are of the kernel’s functions, whatever node has of the same name', () => {
      // Both are functions of libc; the second one calls the first.
      const f = kernel.c<{ getpid(): number; twice(): number }>`
        int getpid(void) { return -5; }
        int twice(void) { return 2 * getpid(); }`;
      assert.equal(f.twice(), -10);
    });
  });

  describe('templates', () => {
    it('take numbers as literals', function () {
      needsFortran(this);
      const values = [3, -2, 0.1, 1e300, 5e-324, 2 ** 53 - 1, 1e21, -0];
      const out = new Float64Array(1);
      for (const value of values) {
        kernel.c`void f(double* out) { out[0] = ${value}; }`(out);
        assert.ok(Object.is(out[0], value), `${value} in C`);
        kernel.fortran`
subroutine f(a) bind(c)
  use iso_c_binding
  real(c_double) :: a(1)
  a(1) = ${value}
end subroutine`(out);
        assert.equal(out[0], value, `${value} in Fortran`);
      }
      const half = kernel.c<() => number>`double half() { return 1 / ${2}; }`;
      assert.equal(half(), 0);
      for (const value of ['x', Number.NaN, Infinity, 3n, null]) {
        assert.throws(
          () => kernel.c`void f(double* out) { out[0] = ${value as number}; }`,
          /a finite number for value 1/,
        );
      }
    });

    it('keep their backslashes, and make one kernel for each place and values', () => {
      const make = (k: number) => kernel.c<() => number>`int f(void) { return "a\n\\"[${k}]; }`;
      assert.equal(make(1)(), 10);
      assert.equal(make(2)(), 92);
      assert.equal(make(1), make(1));
      assert.notEqual(make(1), make(2));
    });

    it('must have a function, options that are some, and say what they include', () => {
      assert.throws(() => kernel.c`int x;`, /a function in C such as void f\(const double\* a/);
      assert.throws(() => kernel.c`void f(char* a) { }`, /received "f: its parameter/);
      assert.throws(
        () => kernel.c({ flags: '-O2' as never }),
        /an array of strings for options\.flags/,
      );
      assert.throws(() => kernel.c(3 as never), /an object such as \{ flags \}/);
      assert.throws(
        () => kernel.c`
          #include "own.h"
          void f(void) { }`,
        /the files that the source includes, such as 'own\.h', for options\.depends/,
      );
      assert.throws(() => kernel.c`void map(void) { } void g(void) { }`, /"map"/);
      assert.throws(
        () => kernel.cpp`void f(double* a) { } void f(float* a) { }`,
        /functions with different names.*"f"/,
      );
      const chosen = kernel.c<() => number>`
        #ifdef NOWHERE
        int f(void) { return 1; }
        #else
        int f(void) { return 2; }
        #endif`;
      assert.equal(chosen(), 2);
    });

    it('are compiled anew when a file changes that they include, and with flags', () => {
      const file = join(cache, 'own.h');
      const make = () =>
        kernel.c<() => number>({ depends: [file], flags: ['-DADD=3'] } as never) as never as (
          strings: TemplateStringsArray,
        ) => () => number;
      for (const value of [1, 2]) {
        writeFileSync(file, `#define OWN ${value}\n`);
        // Each evaluation of a template in a function of its own is a kernel of its own.
        const tag = make();
        const f =
          value === 1
            ? tag`
          #include "own.h"
          int f(void) { return OWN + ADD; }`
            : tag`
          #include "own.h"
          int f(void) { return OWN + ADD; }`;
        assert.equal(f(), value + 3);
      }
      rmSync(file);
      const gone = make()`
          #include "own.h"
          int f(void) { return OWN + ADD; }`;
      assert.throws(() => gone(), /files that can be read for options\.depends/);
    });
  });

  describe('that do not compile', () => {
    it('say what the compiler says, with the lines of the program', () => {
      const f = kernel.c`
        void f(double* a) {
          a[0] = notThere + 1;
          unknown(3);
        }`;
      const lines = readFileSync(join(root, 'test/unit/jit/kernel.test.ts'), 'utf8').split('\n');
      const line = lines.findIndex((text) => text.includes('a[0] = notThere')) + 1;
      assert.throws(
        () => (f as (a: Float64Array) => void)(new Float64Array(1)),
        (error: CompileError) => {
          assert.ok(error instanceof CompileError);
          assert.equal(error.code, 'ERR_COMPILE');
          const [first, ...rest] = error.message.split('\n');
          assert.match(
            first,
            /^The C kernel at test\/unit\/jit\/kernel\.test\.ts:\d+ does not compile:$/,
          );
          assert.deepEqual(rest.slice(0, 3), [
            `test/unit/jit/kernel.test.ts:${line}:18: error: 'notThere' undeclared (first use in this function)`,
            `${String(line).padStart(6)} |           a[0] = notThere + 1;`,
            '       |                  ^',
          ]);
          const errors = error.messages.filter(({ severity }) => severity === 'error');
          assert.deepEqual(
            errors.map((message) => [message.line, message.column]),
            [
              [3, 18],
              [4, 11],
            ],
          );
          return true;
        },
      );
      // Once more, and again: it is no kernel that became one.
      assert.throws(() => f.compile(), CompileError);
      assert.deepEqual(
        readdirSync(cache).filter((name) => !name.endsWith('.version')),
        [],
      );
    });

    it('say what the linker says', () => {
      const f = kernel.c`extern double elsewhere(double); double f(double x) { return elsewhere(x); }`;
      assert.throws(() => f(1), /undefined reference to `elsewhere'/);
    });

    it('say so in C++ and Fortran, too', function () {
      needsFortran(this);
      const cpp = kernel.cpp`void f(double* a) { a[0] = std::nothing; }`;
      assert.throws(
        () => cpp.compile(),
        /The C\+\+ kernel at .*:\d+:\d+: error: 'nothing' is not a member/s,
      );
      const fortran = kernel.fortran`
subroutine f(a) bind(c)
  use iso_c_binding
  real(c_double) :: a(3)
  a(1) = b +
end subroutine`;
      assert.throws(
        () => fortran.compile(),
        /The Fortran kernel at .*error: Syntax error.* \| +a\(1\) = b \+/s,
      );
    });
  });

  describe('compilers', () => {
    it('are those that the environment names, else the first on PATH', () => {
      const { path, version } = findCompiler('c');
      assert.match(version, /\d+\.\d+/);
      process.env.CC = `${path} -DTHREE=3`;
      assert.deepEqual(findCompiler('c').args, ['-DTHREE=3']);
      const f = kernel.c<() => number>`int f(void) { return THREE; }`;
      assert.equal(f(), 3);
      process.env.CC = '/nowhere/cc';
      assert.throws(() => findCompiler('c'), {
        code: 'ERR_NO_COMPILER',
        message: /CC is '\/nowhere\/cc', but there is no such program/,
      });
      process.env.DISTARRAY_CC = path;
      assert.equal(findCompiler('c').path, path);
      process.env.DISTARRAY_CC = 'none';
      assert.throws(() => findCompiler('c'), /DISTARRAY_CC is 'none'/);
      process.env.DISTARRAY_CC = '/bin/false';
      assert.throws(() => findCompiler('c'), /false does not run/);
    });

    it('are asked for their version once', () => {
      const { path, version } = findCompiler('c');
      const elsewhere = () => {
        process.env.PATH += ':'; // no process has looked there yet
        return findCompiler('c').version;
      };
      assert.equal(elsewhere(), version);
      const [file] = readdirSync(cache);
      assert.match(file, /^[0-9a-f]{32}\.version$/);
      writeFileSync(join(cache, file), 'another one\n');
      assert.equal(elsewhere(), 'another one');
      writeFileSync(join(cache, file), 'torn');
      assert.equal(elsewhere(), version);
      assert.equal(readFileSync(join(cache, file), 'utf8'), `${version}\n`);
      // What starts others is asked by each process.
      rmSync(join(cache, file));
      const script = join(cache, 'cc');
      writeFileSync(script, `#!/bin/sh\nexec ${path} "$@"\n`, { mode: 0o755 });
      process.env.DISTARRAY_CC = script;
      assert.equal(findCompiler('c').version, version);
      assert.deepEqual(readdirSync(cache), ['cc']);
    });

    it('that are missing are an error of users, and none of tryCompile', () => {
      const request = { language: 'c', source: adding(1) } as const;
      delete process.env.CC;
      process.env.PATH = cache;
      assert.throws(() => kernel.c`void f(void) { }`.compile(), {
        code: 'ERR_NO_COMPILER',
        message:
          'There is no C compiler: none of cc, gcc, clang is on PATH; install one (gcc), or name it by DISTARRAY_CC.',
      });
      assert.equal(tryCompile(request), null);
      assert.equal(startCompile(request), null);
      process.env.PATH = environment.PATH;
      assert.equal(tryCompile({ language: 'c', source: 'nonsense' }), null);
      assert.ok(tryCompile(request)!.addressOf('add') > 0);
    });
  });

  describe('the cache', () => {
    it('has checksums as cksum makes them', () => {
      for (const bytes of [Buffer.alloc(0), Buffer.from('distarray\n'), Buffer.alloc(70_000, 7)]) {
        const told = execFileSync('cksum', { input: bytes, encoding: 'utf8' });
        assert.equal(checksum(bytes), told.trim());
      }
    });

    it('is asked before the compiler, and depends on source, flags and compiler', () => {
      const entry = compileEntry({ language: 'c', source: adding(2) });
      const first = readFileSync(`${entry}.so`);
      assert.equal(compileEntry({ language: 'c', source: adding(2) }), entry);
      const others = [
        compileEntry({ language: 'c', source: adding(3) }),
        compileEntry({ language: 'c', source: adding(2), flags: ['-O1'] }),
        compileEntry({ language: 'c++', source: adding(2, '') }),
      ];
      assert.equal(new Set([entry, ...others]).size, 4);
      assert.deepEqual(readFileSync(`${entry}.so`), first);
      assert.equal(cacheContents().count, 4);
      // A process that finds it needs no compiler but its version.
      const program = nodeArguments('test/fixtures/jobs/kernelFromCache.ts');
      const run = () => execFileSync(process.execPath, program, { encoding: 'utf8' }).trim();
      assert.equal(run(), 'compiled 42');
      assert.equal(run(), 'found 42');
    });

    it('compiles anew what is not whole', () => {
      for (const [k, damage] of [
        (so: string) => truncateSync(so, 5000),
        (so: string) => truncateSync(so, 0),
        (so: string) => rmSync(so),
        (so: string) => rmSync(so.replace('.so', '.sum')),
        (so: string) => writeFileSync(so.replace('.so', '.sum'), '1 2'),
        (so: string) => {
          const bytes = readFileSync(so);
          bytes[bytes.length - 100] ^= 1;
          writeFileSync(so, bytes);
        },
      ].entries()) {
        // Not loaded here, since what is loaded stays.
        const request = { language: 'c', source: adding(100 + k) } as const;
        const { entry } = startCompile(request)!;
        const limit = Date.now() + 30_000 * patience();
        while (!existsSync(`${entry}.sum`) && Date.now() < limit);
        damage(`${entry}.so`);
        assert.equal(isWhole(entry), false, `case ${k}`);
        assert.ok(compile(request).addressOf('add') > 0);
        assert.equal(isWhole(entry), true, `case ${k}`);
        clearCache();
      }
    });

    it('is made for its owner alone, and refused where others may write', () => {
      process.env.DISTARRAY_CACHE = join(cache, 'a', 'b');
      assert.equal(openCache(), join(cache, 'a', 'b'));
      chmodSync(openCache(), 0o777);
      const error = {
        code: 'ERR_CACHE',
        message: /Others may write.*its mode is 777.*Set DISTARRAY_CACHE/,
      };
      assert.throws(() => openCache(), error);
      assert.throws(() => compile({ language: 'c', source: adding(4) }), error);
      assert.equal(tryCompile({ language: 'c', source: adding(4) }), null);
      process.env.DISTARRAY_CACHE = '/proc/nowhere/at/all';
      assert.throws(() => openCache(), { code: 'ERR_CACHE', message: /cannot be made/ });
      delete process.env.DISTARRAY_CACHE;
      process.env.XDG_CACHE_HOME = cache;
      assert.equal(openCache(), join(cache, 'distarray'));
    });

    it('keeps what was used last', () => {
      const entries = [5, 6, 7].map((k) => compileEntry({ language: 'c', source: adding(k) }));
      const [bytes] = entries.map((entry) => readFileSync(`${entry}.so`).length);
      assert.equal(isWhole(entries[0]), true); // used again, hence the youngest
      pruneCache(cache, 1.5 * bytes);
      assert.deepEqual(entries.map(isWhole), [true, false, false]);
      writeFileSync(join(cache, 'another file'), '');
      clearCache();
      assert.deepEqual(readdirSync(cache), ['another file']);
    });

    it('gets libraries while the program goes on', () => {
      const request = { language: 'c', source: adding(8) } as const;
      const pending = startCompile(request)!;
      assert.equal(pending.ready, false);
      const limit = Date.now() + 30_000 * patience();
      while (!pending.ready && !pending.hasFailed && Date.now() < limit);
      assert.ok(pending.library!.addressOf('add') > 0);
      assert.throws(() => pending.library!.addressOf('sub'), { code: 'ERR_LIBRARY' });
      assert.equal(startCompile(request)!.ready, true);
      const failing = startCompile({ language: 'c', source: 'nonsense' })!;
      while (!failing.hasFailed && Date.now() < limit);
      assert.equal(failing.hasFailed, true);
      assert.equal(failing.library, null);
      assert.deepEqual(
        readdirSync(cache).filter((name) => name.startsWith('tmp-')),
        [],
      );
    });
  });

  it('have the same block in C++ and in TypeScript', () => {
    const header = readFileSync(join(root, 'native/jit/jit_block.h'), 'utf8');
    const source = readFileSync(join(root, 'src/jit/block.ts'), 'utf8');
    const [, body] = header.match(/enum JitSlot : int \{(.*?)\};/s)!;
    let next = 0;
    const native = [...body.replace(/\/\/.*/g, '').matchAll(/kJit(\w+)(?:\s*=\s*(\d+))?/g)].map(
      ([, name, value]) => {
        next = value === undefined ? next : Number(value);
        return [`JIT_${name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase()}`, next++];
      },
    );
    const ours = [...source.matchAll(/^export const (JIT_\w+) = (\d+);/gm)];
    assert.deepEqual(
      ours.map(([, name, value]) => [name, Number(value)]),
      native,
    );
    assert.equal(
      /kMaxArguments = (\d+)/.exec(header)?.[1],
      /MAX_ARGUMENTS = (\d+)/.exec(source)?.[1],
    );
    assert.deepEqual(Object.keys(loadNative().jit).sort(), [
      'block',
      'call',
      'find',
      'message',
      'open',
    ]);
  });
});
