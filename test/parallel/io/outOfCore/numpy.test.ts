/** Lazy arrays give what NumPy gives for the array in memory, whatever the file, slice, function, memory and number of processes. */
import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { Context, type DistArray, Distribution } from '../../../../src/entry/index.ts';
import { skip } from '../../../launcher/skip.ts';
import { python, SharedDirectory } from '../../../support/files.ts';
import { Dice } from '../../../support/indexCases.ts';
import { anyDistribution } from '../../../support/maps.ts';
import { anyOutOfCoreCase } from '../../../support/outOfCoreCases.ts';
import { root } from '../../../support/runJob.ts';
import { sharedSeed } from '../../../support/sharedSeed.ts';

const ctx = new Context();
const directory = new SharedDirectory('lazy');
const CASES = 60;

/** All elements as numbers, real and imaginary parts one after the other. */
function numbersOf(array: DistArray): number[] {
  const { local } = array.distributeAs(Distribution.replicated(array.shape, { size: ctx.size }));
  return Array.from(local.toContiguous() as Iterable<number | bigint>, Number);
}

function assertClose(array: DistArray, file: string, hint: string): void {
  const expected = ctx.loadNpy(directory.path(file));
  assert.deepEqual([...array.shape], [...expected.shape], hint);
  assert.equal(array.dtype, expected.dtype, hint);
  const [found, wanted] = [numbersOf(array), numbersOf(expected)];
  const relative = ['float32', 'complex64'].includes(array.dtype) ? 1e-6 : 1e-9;
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
      assertClose(lazy.compute(), `${k}-whole.npy`, hint);
      const [distribution] = fc.sample(anyDistribution(lazy.shape, ctx.size), {
        seed: seed + k,
        numRuns: 1,
      });
      assertClose(lazy.compute(distribution), `${k}-whole.npy`, `${hint} as ${distribution}`);
      lazy.toNpy(directory.path('out.npy'));
      assertClose(ctx.loadNpy(directory.path('out.npy')), `${k}-whole.npy`, `${hint} in a file`);
      const { names, axis, keepdims } = reduction;
      const options = { axis, keepdims };
      const lost = names.filter((name) => missing.includes(`${k}-${name}`));
      for (const name of lost)
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
