// modes: spmd, client
/** Lazy arrays give what NumPy gives for the array in memory, whatever the file, slice, function, memory and number of processes. */
import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { DTYPES, type Dtype, type TypedArrayOf } from '../../../../src/dtype/dtype.ts';
import { Context, type DistArray, type Scalar } from '../../../../src/entry/index.ts';
import { parseNpyHeader } from '../../../../src/entry/io.ts';
import { normalizeReductionAxes } from '../../../../src/entry/maps.ts';
import { stridesInOrder } from '../../../../src/io/slabs.ts';
import { cast } from '../../../../src/kernels/copy.ts';
import { skip } from '../../../launcher/skip.ts';
import { python, SharedDirectory } from '../../../support/files.ts';
import { Dice } from '../../../support/indexCases.ts';
import { anyDistribution } from '../../../support/maps.ts';
import { program as processes } from '../../../support/mode.ts';
import { anyOutOfCoreCase } from '../../../support/outOfCoreCases.ts';
import { root } from '../../../support/programs.ts';
import { sharedSeed } from '../../../support/sharedSeed.ts';

const ctx = new Context();
const directory = new SharedDirectory('lazy');
const CASES = 60;

/** What a .npy file has, read by each process for itself, in C order and in the memory's byte order. */
function readNpy(name: string): { shape: readonly number[]; dtype: Dtype; elements: number[] } {
  const bytes = readFileSync(directory.path(name));
  const { shape, dtype, dataOffset, fortranOrder } = parseNpyHeader(bytes);
  const data = new DTYPES[dtype].arrayType(Uint8Array.from(bytes.subarray(dataOffset)).buffer);
  const strides = stridesInOrder(shape, fortranOrder ? 'F' : 'C');
  const view = { data: data as TypedArrayOf<Dtype>, dtype, shape, strides, offset: 0 };
  const elements = Array.from(cast(view, dtype).data as Iterable<number | bigint>, Number);
  return { shape, dtype, elements };
}

/** All elements as numbers, real and imaginary parts one after the other. */
function numbersOf(array: DistArray): number[] {
  const scalars = array.reshape([array.size]).toNested() as unknown as Scalar[];
  return scalars.flatMap((one) => (typeof one === 'object' ? [one.re, one.im] : [Number(one)]));
}

function assertClose(array: DistArray, file: string, hint: string): void {
  const { shape, dtype } = array;
  assertSame({ shape, dtype, elements: numbersOf(array) }, readNpy(file), hint);
}

function assertSame(
  { shape, dtype, elements: found }: ReturnType<typeof readNpy>,
  expected: ReturnType<typeof readNpy>,
  hint: string,
): void {
  assert.deepEqual([...shape], [...expected.shape], hint);
  assert.equal(dtype, expected.dtype, hint);
  const wanted = expected.elements;
  const relative = ['float32', 'complex64'].includes(dtype) ? 1e-6 : 1e-9;
  found.forEach((value, k) => {
    if (Object.is(value, wanted[k]) || value === wanted[k]) return;
    const isClose = Math.abs(value - wanted[k]) <= 1e-7 + relative * Math.abs(wanted[k]);
    assert.ok(isClose, `${hint}: ${value} at ${k} instead of ${wanted[k]}`);
  });
}

describe('lazy arrays', function () {
  this.timeout(60_000);

  it('are what NumPy computes', function () {
    const seed = sharedSeed();
    const dice = new Dice(seed);
    const cases = Array.from({ length: CASES }, () => anyOutOfCoreCase(ctx, dice));
    const list = directory.path('cases.json');
    if (ctx.isRoot) writeFileSync(list, JSON.stringify(cases.map(({ numpy }) => numpy)));
    const program = `exec(open(${JSON.stringify(join(root, 'test/fixtures/numpy/out_of_core.py'))}).read())`;
    const { ok, text } = python(program, directory.path(), list);
    if (!ok && text.includes('No module'))
      skip(this, 'NumPy is not installed for /usr/bin/python3');
    assert.ok(ok, text);
    const missing: readonly string[] = JSON.parse(text);
    cases.forEach((one, k) => {
      const { shape, dtype, memory, numpy, reduction } = one;
      const { order, byteorder } = numpy;
      const hint = `case ${k}: ${one.text} of ${dtype} [${shape}] ${order}${byteorder}, memory ${memory}`;
      const lazy = one.lazy(ctx.openNpy(directory.path(`${k}-in.npy`), { memory }));
      const whole = lazy.compute();
      assertClose(whole, `${k}-whole.npy`, hint);
      // What is computed may differ from NumPy's in the last bit, and then another element is the least.
      for (const axis of lazy.size === 0 ? [] : [null, ...lazy.shape.keys()]) {
        for (const name of ['argmin', 'argmax'] as const) {
          const [found, expected] = [lazy, whole].map((each) => each[name]({ axis }));
          const what = `${hint}: ${name} along ${axis}`;
          assert.deepEqual([found.shape, found.dtype], [expected.shape, 'int64'], what);
          assert.deepEqual(numbersOf(found), numbersOf(expected), what);
        }
      }
      const [distribution] = fc.sample(anyDistribution(lazy.shape, ctx.size), {
        seed: seed + k,
        numRuns: 1,
      });
      assertClose(lazy.compute(distribution), `${k}-whole.npy`, `${hint} as ${distribution}`);
      if (k % 4 === 0) {
        lazy.toNpy(directory.path('out.npy'));
        assertSame(readNpy('out.npy'), readNpy(`${k}-whole.npy`), `${hint} in a file`);
        processes.barrier();
      }
      const { names, axis, keepdims } = reduction;
      const options = { axis, keepdims };
      const lost = names.filter((name) => missing.includes(`${k}-${name}`));
      // NumPy refuses an extreme of no elements also where there is nothing to be given for it.
      const axes = normalizeReductionAxes(axis, lazy.ndim);
      const isNothing = lazy.shape.some((extent, each) => extent === 0 && !axes.includes(each));
      for (const name of isNothing ? [] : lost)
        assert.throws(() => lazy[name](options), RangeError, `${hint} ${name}`);
      if (lost.length === 0) {
        const results = lazy.reductions(names, options);
        for (const name of names) {
          const what = `${hint}: ${name} ${JSON.stringify(options)}`;
          assertClose(results[name], `${k}-${name}.npy`, what);
        }
      }
    });
  });
});
