// ranks: 1-4
// timeLimit: 60
import { strict as assert } from 'node:assert';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Context, kernel, type LocalArray, MPI } from '../../../src/entry/index.ts';
import { compileTogether, startCompileTogether } from '../../../src/jit/compileTogether.ts';
import { anyDistribution } from '../../support/maps.ts';
import { sharedSeed } from '../../support/sharedSeed.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;

/** A cache that all ranks share and that is empty. */
function newCache(): string {
  const made = rank === 0 ? mkdtempSync(join(tmpdir(), 'distarray-kernels-')) : '';
  return world.bcastObject(made) as string;
}

describe('kernels', function () {
  this.timeout(60_000);
  const outerCache = process.env.DISTARRAY_CACHE;
  let cache: string;
  const ctx = new Context();

  before(() => {
    cache = newCache();
    process.env.DISTARRAY_CACHE = cache;
  });
  after(() => {
    world.barrier();
    if (rank === 0) rmSync(cache, { recursive: true, force: true });
    if (outerCache === undefined) delete process.env.DISTARRAY_CACHE;
    else process.env.DISTARRAY_CACHE = outerCache;
  });

  const names = (suffix: string) => readdirSync(cache).filter((name) => name.endsWith(suffix));

  describe('that every rank compiles for itself', () => {
    it('start cold on all ranks at once, and leave one library and nothing else', () => {
      const f = kernel.c<(x: number) => number>`double f(double x) { return x + 1; }`;
      world.barrier();
      assert.equal(f(rank), rank + 1);
      world.barrier();
      assert.equal(names('.so').length, 1);
      assert.deepEqual(
        readdirSync(cache).filter((name) => name.startsWith('tmp-')),
        [],
      );
      world.barrier();
    });
  });

  describe('called with local parts', () => {
    const axpy = kernel.c<(k: number, x: LocalArray, y: LocalArray, n: number) => void>`
      void axpy(double k, const double* x, double* y, size_t n) {
        for (size_t i = 0; i < n; i++) y[i] += k * x[i];
      }`;

    it('write to the arrays', () => {
      const x = ctx.arange(7);
      const y = ctx.ones([7]);
      ctx.apply((a, b) => axpy(2, a, b, a.localSize), [x, y]);
      assert.deepEqual(y.toNested(), [1, 3, 5, 7, 9, 11, 13]);
    });

    it('get copies of parts that do not lie one element after the other, and these are copied back', () => {
      for (const dist of ['bn', 'cn', 'bb', 'nc']) {
        const x = ctx.fromFunction((i, j) => 10 * i + j, [5, 6], { dist });
        const y = ctx.zeros([5, 6], { dist });
        const [views, targets] = [x.slice(':, ::2'), y.slice(':, ::2')];
        ctx.apply((a, b) => axpy(1, a, b, a.localSize), [views, targets]);
        assert.deepEqual(targets.toNested(), views.toNested(), dist);
        assert.deepEqual(+y.sum(), +views.sum(), dist);
        const t = ctx.zeros([6, 5], { dist });
        ctx.apply((a, b) => axpy(1, a, b, a.localSize), [t.T.add(1), t.T]);
        assert.equal(+t.sum(), 30, dist);
      }
    });

    it('refuse an array of another dtype on all ranks', () => {
      const x = ctx.zeros([4], { dtype: 'float32' });
      assert.throws(
        () => ctx.apply((a) => axpy(1, a, a, a.localSize), [x]),
        /Expected a LocalArray of dtype float64 for x/,
      );
    });
  });

  describe('mapped over arrays', () => {
    const hypotenuse = kernel.c`
      void hypotenuse(const double* a, double scale, const double* b, double* out, size_t n) {
        for (size_t i = 0; i < n; i++) out[i] = scale * sqrt(a[i] * a[i] + b[i] * b[i]);
      }`;
    const expected = (a: number, b: number) => 2 * Math.sqrt(a * a + b * b);

    for (const dist of ['bn', 'cc', 'nb', 'bc']) {
      it(`bring them together, broadcast and cast: ${dist}`, () => {
        const a = ctx.fromFunction((i, j) => i + j, [5, 7], { dist });
        const b = ctx.arange(7, { dtype: 'int32' });
        const c = hypotenuse.map(a, 2, b);
        assert.deepEqual(
          [c.dtype, c.distribution.toString()],
          ['float64', a.distribution.toString()],
        );
        const nested = Array.from({ length: 5 }, (_, i) =>
          Array.from({ length: 7 }, (_, j) => expected(i + j, j)),
        );
        assert.deepEqual(c.toNested(), nested);
      });
    }

    it('take numbers for arrays, and write into one', () => {
      const a = ctx.arange(9);
      const out = ctx.zeros([9], { dist: 'c' });
      assert.equal(hypotenuse.map(a, 2, 3, { out }), out);
      assert.deepEqual(
        out.toNested(),
        Array.from({ length: 9 }, (_, i) => expected(i, 3)),
      );
      // Into an operand, shifted by one: as if all operands were read first.
      const line = ctx.arange(6);
      const increment = kernel.c`void increment(const double* a, double* out, int8_t n) {
        for (int i = 0; i < n; i++) out[i] = a[i] + 1;
      }`;
      increment.map(line.slice(':-1'), { out: line.slice('1:') });
      assert.deepEqual(line.toNested(), [0, 1, 2, 3, 4, 5]);
      // More elements than an int8_t can count.
      const long = ctx.arange(1000 * size);
      assert.equal(+increment.map(long).sub(long).sum(), 1000 * size);
    });

    it('take complex numbers, bools and integers', () => {
      const z = ctx.arange(5).add({ re: 0, im: 1 });
      const norms = kernel.cpp`
        void norms(const std::complex<double>* z, const bool* where, int64_t* out, size_t n) {
          for (size_t i = 0; i < n; i++) out[i] = where[i] ? std::llround(std::norm(z[i])) : -1;
        }`;
      const picked = ctx.arange(5).greater(1);
      assert.deepEqual(norms.map(z, picked).toNested(), [-1n, -1n, 5n, 10n, 17n]);
    });

    it('refuse wrong operands on all ranks, before anything moves', () => {
      const a = ctx.arange(4);
      const { bytes } = ctx.stats;
      assert.throws(() => hypotenuse.map(a, 2), /3 operands \(a, scale, b\)/);
      assert.throws(() => hypotenuse.map(a, a, a), /a number for scale/);
      assert.throws(() => hypotenuse.map(1, 2, 3), /at least one DistArray/);
      assert.throws(() => hypotenuse.map(a, 2, ctx.zeros([3])), RangeError);
      const complex = ctx.zeros([4], { dtype: 'complex128' });
      assert.throws(() => hypotenuse.map(a, 2, complex), /what can be cast to float64 for b/);
      assert.throws(() => hypotenuse.map(a, 2, a, { out: ctx.zeros([5]) }), RangeError);
      assert.throws(
        () => hypotenuse.map(a, 2, a, { out: ctx.zeros([4], { dtype: 'int32' }) }),
        /options\.out/,
      );
      assert.throws(() => hypotenuse.map(a, 2, [1] as never), /DistArray/);
      const sum = kernel.c`double sum(const double* a, size_t n) { return n > 0 ? a[0] : 0; }`;
      assert.throws(() => sum.map(a), /of the form f\(const double\* a/);
      assert.equal(ctx.stats.bytes, bytes);
      assert.throws(() => hypotenuse.map(a, 2, new Context().zeros([4])), { code: 'ERR_CONTEXT' });
    });

    it('throw what a rank throws on all of them', () => {
      const checked = kernel.cpp`
        #include <stdexcept>
        void checked(const double* a, double* out, size_t n) {
          for (size_t i = 0; i < n; i++) {
            if (a[i] > ${size - 1.5}) throw std::domain_error("too large");
            out[i] = a[i];
          }
        }`;
      assert.throws(() => checked.map(ctx.arange(size)), {
        code: 'ERR_KERNEL',
        message: 'The kernel checked has thrown: too large',
      });
    });
  });

  describe('over any distribution', () => {
    const shape = [4, 5];
    const values = (k: number) => ({
      data: Float64Array.from({ length: 20 }, (_, i) => (k * i) % 7),
      shape,
    });
    const anyPair = fc.tuple(anyDistribution(shape, size), anyDistribution(shape, size));

    it('compute what elementwise functions do', () => {
      const scaled = kernel.c`void scaled(const double* a, const double* b, double k, double* out, size_t n) {
        for (size_t i = 0; i < n; i++) out[i] = a[i] + k * b[i];
      }`;
      fc.assert(
        fc.property(
          anyPair,
          fc.integer({ min: -3, max: 3 }),
          fc.boolean(),
          ([first, second], k, hasOut) => {
            const a = ctx.fromArray(values(3), { distribution: first });
            const b = ctx.fromArray(values(5), { distribution: second });
            const options = hasOut ? { out: ctx.zeros(second) } : {};
            const result = scaled.map(a, b, k, options);
            assert.deepEqual(result.toNested(), a.add(b.mul(k)).toNested());
          },
        ),
        { seed: sharedSeed(), numRuns: 40, endOnFailure: true },
      );
    });

    it('write to local parts as fill does', () => {
      const negate = kernel.c`void negate(double* a, size_t n) {
        for (size_t i = 0; i < n; i++) a[i] = -a[i];
      }`;
      fc.assert(
        fc.property(anyDistribution(shape, size), (distribution) => {
          const a = ctx.fromArray(values(3), { distribution });
          const expected = a.negative().toNested();
          ctx.apply((part) => void negate(part, part.localSize), [a]);
          assert.deepEqual(a.toNested(), expected);
        }),
        { seed: sharedSeed(), numRuns: 40, endOnFailure: true },
      );
    });
  });

  describe('compiled together', () => {
    it('are compiled by one rank of a host', () => {
      const compilers = process.env.DISTARRAY_CC;
      // Only the first rank of the host has a compiler.
      if (rank > 0) process.env.DISTARRAY_CC = 'none';
      try {
        const f = kernel.c<(x: number) => number>`double f(double x) { return x + ${size}; }`;
        f.compile(ctx);
        assert.equal(f(1), 1 + size);
      } finally {
        if (compilers === undefined) delete process.env.DISTARRAY_CC;
        else process.env.DISTARRAY_CC = compilers;
      }
    });

    it('fail on all ranks alike', () => {
      const wrong = kernel.c`
        void wrong(const double* a, double* out, size_t n) {
          out[0] = missing;
        }`;
      for (const attempt of [() => wrong.map(ctx.arange(3)), () => wrong.compile(world)]) {
        assert.throws(attempt, (error: Error & { code?: string }) => {
          const told = world.allgatherObjects([error.name, error.code, error.message]);
          for (const each of told) assert.deepEqual(each, told[0]);
          assert.equal(error.code, 'ERR_COMPILE');
          assert.match(error.message, /kernel\.test\.ts:\d+:\d+: error: 'missing' undeclared/);
          return true;
        });
      }
    });

    it('fail on all ranks alike without a compiler, or a cache that can be trusted', () => {
      const [PATH, cc] = [process.env.PATH, process.env.CC];
      process.env.PATH = '/nowhere';
      delete process.env.CC;
      try {
        const f = kernel.c`double f(double x) { return x - ${size}; }`;
        assert.throws(() => f.compile(ctx), { code: 'ERR_NO_COMPILER' });
      } finally {
        process.env.PATH = PATH;
        if (cc !== undefined) process.env.CC = cc;
      }
      process.env.DISTARRAY_CACHE = '/proc/nowhere';
      try {
        const f = kernel.c`double f(double x) { return x - ${size} - 1; }`;
        assert.throws(() => f.compile(ctx), { code: 'ERR_CACHE' });
      } finally {
        process.env.DISTARRAY_CACHE = cache;
      }
    });

    if (size > 1) {
      it('refuse sources that differ between ranks', () => {
        const source = `double f(double x) { return x * ${rank}; }`;
        assert.throws(() => compileTogether(world, { language: 'c', source }), /the same value/);
      });
    }

    it('appear on all ranks while these go on', () => {
      const source = `
        __attribute__((visibility("default"))) const char* twice(void** a) {
          *(double*)a[0] *= ${size + 40}; return 0;
        }`;
      const pending = startCompileTogether(world, { language: 'c', source });
      assert.notEqual(pending, null);
      const limit = Date.now() + 30_000;
      // No turn of the event loop: the child process is not heard of.
      while (!pending!.ready && !pending!.hasFailed && Date.now() < limit);
      assert.equal(pending!.ready, true);
      assert.ok(pending!.library!.addressOf('twice') > 0);
      world.barrier();
    });
  });
});
