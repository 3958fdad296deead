/** Products of matrices by the kernel. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { gemm } from '../../../src/kernels/gemm.ts';
import { newView } from '../../../src/kernels/stridedView.ts';
import { nodeArguments } from '../../support/programs.ts';

interface Report {
  readonly instructionSet: string;
  readonly blas: string;
  readonly compared: number;
  readonly failures: readonly string[];
}

/** Products of all dtypes, of all strides and sizes that end somewhere in a tile, against loops in JavaScript. */
function check(env: Record<string, string>): Report {
  const program = nodeArguments('test/fixtures/kernels/products.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, program, {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

describe('gemm', function () {
  this.timeout(60_000);

  for (const instructionSet of ['baseline', 'avx2', 'avx512']) {
    it(`multiplies matrices of every dtype, strides and size with ${instructionSet}`, () => {
      const { compared, failures } = check({
        DISTARRAY_SIMD: instructionSet,
        DISTARRAY_BLAS: 'none',
      });
      assert.ok(compared > 500);
      assert.deepEqual(failures, []);
    });
  }

  it('does so by OpenBLAS, where that can be loaded', () => {
    const { failures } = check({ DISTARRAY_BLAS: 'openblas' });
    assert.deepEqual(failures, []);
  });

  it('leaves sums of many numbers of one kind hardly less exact than short ones', () => {
    const count = 1_000_000;
    const row = newView('float32', [1, count]);
    row.data.fill(0.1);
    const column = { ...row, shape: [count, 1], strides: [1, 0] };
    const sum = newView('float32', [1, 1]);
    gemm(sum, row, column);
    const expected = count * Math.fround(0.1) ** 2;
    assert.ok(Math.abs(sum.data[0] - expected) / expected < 1e-6, `${sum.data[0]}`);
  });

  it('broadcasts factors over a stack', () => {
    const c = newView('int32', [2, 3, 2, 2]);
    const a = newView('int32', [2, 1, 2, 1]);
    const b = newView('int32', [3, 1, 2]);
    a.data.set([1, 2, 3, 4]);
    b.data.set([1, 10, 2, 20, 3, 30]);
    gemm(c, a, b);
    const expected = [1, 3].flatMap((first) =>
      [1, 2, 3].flatMap((k) => [first * k, first * 10 * k, (first + 1) * k, (first + 1) * 10 * k]),
    );
    assert.deepEqual([...c.data], expected);
  });

  it('refuses factors that do not fit', () => {
    const c = newView('float64', [2, 2]);
    assert.throws(
      () => gemm(c, newView('float64', [2, 3]), newView('float64', [2, 2])),
      RangeError,
    );
    assert.throws(
      () => gemm(c, newView('float64', [3, 2]), newView('float64', [2, 2])),
      RangeError,
    );
    assert.throws(() => gemm(c, newView('float32', [2, 2]), newView('float64', [2, 2])), TypeError);
    const beyond = { ...newView('float64', [2, 2]), strides: [3, 1] };
    assert.throws(() => gemm(c, beyond, newView('float64', [2, 2])), RangeError);
  });
});
