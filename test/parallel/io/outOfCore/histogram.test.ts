// modes: spmd, client
/** Histograms of files are those of numpy.histogram. */
import { strict as assert } from 'node:assert';
import { Context } from '../../../../src/entry/index.ts';
import { skip } from '../../../launcher/skip.ts';
import { failsAlike, python, SharedDirectory } from '../../../support/files.ts';
import { rank } from '../../../support/mode.ts';

const ctx = new Context();
const directory = new SharedDirectory('histogram');
const DTYPES = ['float64', 'float32', 'int16', 'uint8', 'int64', 'bool'];
/** What NumPy is told; null where the range is left out. */
const CALLS: readonly {
  bins: number | readonly number[];
  range: readonly [number, number] | null;
}[] = [
  { bins: 10, range: null },
  { bins: 7, range: [0, 1] },
  { bins: 100, range: [-0.3, 0.7] },
  { bins: 3, range: [0, 0] },
  { bins: [-1, 0, 0.25, 0.5, 0.5, 1], range: null },
  { bins: [0, 5, 100], range: null },
];

describe('histogram', () => {
  const open = (dtype: string) => ctx.openNpy(directory.path(`${dtype}.npy`), { memory: 2 ** 16 });

  it('is that of NumPy', function () {
    const program = `
import json, sys
import numpy as np
folder = sys.argv[1]
random = np.random.default_rng(5)
answers = {}
for dtype in ${JSON.stringify(DTYPES)}:
    x = random.normal(size=(300, 67)) * (1 if dtype.startswith('f') else 40)
    x[::3] = np.round(x[::3] * 10) / 10  # on the edges of bins
    a = (x > 0 if dtype == 'bool' else x).astype(dtype)
    np.save(f'{folder}/{dtype}.npy', a)
    # NumPy makes numbers of bools, with a warning.
    b = a.astype('uint8') if dtype == 'bool' else a
    answers[dtype] = []
    for call in json.loads(${JSON.stringify(JSON.stringify(CALLS))}):
        counts, edges = np.histogram(b, call['bins'], call['range'])
        answers[dtype].append([counts.tolist(), edges.tolist()])
print(json.dumps(answers))`;
    const { ok, text } = python(program, directory.path());
    if (!ok && text.includes('No module'))
      skip(this, 'NumPy is not installed for /usr/bin/python3');
    assert.ok(ok, text);
    const answers = JSON.parse(text);
    for (const dtype of DTYPES) {
      CALLS.forEach(({ bins, range }, k) => {
        const { counts, edges } = open(dtype).histogram(bins, range ?? undefined);
        const [wanted, limits] = answers[dtype][k];
        const hint = `${dtype} ${JSON.stringify(CALLS[k])}`;
        assert.equal(counts.dtype, 'int64');
        assert.deepEqual((counts.toNested() as bigint[]).map(Number), wanted, hint);
        assert.deepEqual(edges.toNested(), limits, hint);
      });
    }
  });

  it('counts what is computed, and no NaN', () => {
    const roots = open('float64').sqrt();
    const { counts } = roots.histogram(4, [0, 8]);
    const total = (counts.toNested() as bigint[]).map(Number).reduce((a, b) => a + b, 0);
    assert.equal(total, Number(open('float64').greaterEqual(0).countNonzero().item()));
    failsAlike(() => roots.histogram(4), 'ERR_ARGUMENT_RANGE');
  });

  it('refuses bins and ranges that are none', () => {
    const lazy = open('float64');
    for (const bins of [0, 1.5, -3, 2 ** 30, [1], [2, 1], [Number.NaN, 1]]) {
      failsAlike(() => lazy.histogram(bins), 'ERR_ARGUMENT_RANGE');
    }
    for (const bins of ['10', null, {}, [1, '2'], 5n])
      failsAlike(() => lazy.histogram(bins as never), 'ERR_ARGUMENT_TYPE');
    for (const range of [
      [1, 0],
      [0, Number.POSITIVE_INFINITY],
      [Number.NaN, 1],
    ])
      failsAlike(() => lazy.histogram(5, range as never), 'ERR_ARGUMENT_RANGE');
    for (const range of [3, [1], ['0', 1]])
      failsAlike(() => lazy.histogram(5, range as never), 'ERR_ARGUMENT_TYPE');
    failsAlike(() => lazy.astype('complex64').histogram(), 'ERR_ARGUMENT_TYPE');
    if (rank !== null && ctx.size > 1) {
      assert.throws(() => lazy.histogram(5 + (rank ?? 0)), { argument: 'bins' });
    }
  });
});
