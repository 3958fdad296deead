// timeLimit: 240
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { skip } from '../../launcher/skip.ts';
import { root } from '../../support/programs.ts';
import { distarray, flavours } from '../../support/runJob.ts';

/** Compares what the example has computed with what NumPy does. */
const CHECK = `
import sys, numpy as np, h5py
with h5py.File(sys.argv[1], 'r') as f:
    v = f['volume'][...]
    assert v.dtype == np.float32 and v.shape == (24, 20, 48), (v.dtype, v.shape)
    w = v.astype(np.float64)
    for name in 'min', 'max', 'mean', 'var', 'std':
        assert np.allclose(f[name][...], getattr(w, name)(axis=2), rtol=1e-5, atol=1e-6), name
    m = (w[:-2] + w[1:-1] + w[2:]) / 3
    m = (m[:, :-2] + m[:, 1:-1] + m[:, 2:]) / 3
    assert np.allclose(f['mean3'][...], m, rtol=1e-5, atol=1e-6)
    assert np.array_equal(f['max3'][...], np.maximum(np.maximum(v[..., :-2], v[..., 1:-1]), v[..., 2:]))
    # The strongest reflections stand out from the noise.
    assert 0.7 < m.max() < 1.3 and -1 < m.min() < -0.5, (m.min(), m.max())
print('the same')
`;

describe('examples/seismic-volume.ts', function () {
  this.timeout(120_000);
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'distarray-example-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  const script = join(root, 'examples/seismic-volume.ts');
  const sizes = ['--lines', '24', '--traces', '20', '--samples', '48'];
  let expected: Record<string, number> | undefined;

  for (const flavour of flavours) {
    for (const start of flavour === 'openmpi'
      ? ['-n 1', '-n 3', '-n 4', '--client -n 2']
      : ['-n 2']) {
      const n = Number(start.slice(-1));
      it(`makes, stores, filters and draws with ${start} (${flavour})`, async function () {
        const dir = join(directory, `${flavour}${start.replaceAll(' ', '')}`);
        const job = ['run', ...start.split(' '), '--mpi', flavour, script];
        const { code, stdout, stderr } = await distarray([
          ...job,
          ...sizes,
          '--dir',
          dir,
          '--json',
        ]);
        assert.equal(code, 0, stderr);
        const { sums, files, seconds, ...line } = JSON.parse(stdout);
        assert.deepEqual(line, { example: 'seismic-volume', ranks: n, shape: [24, 20, 48] });
        expected ??= sums;
        assert.deepEqual(sums, expected);
        assert.ok(Object.values<number>(seconds).every((time) => time > 0));
        assert.deepEqual(readdirSync(dir).sort(), [...files].sort());
        const sizesOf = (name: string) => {
          const { width, height } = PNG.sync.read(readFileSync(join(dir, name)));
          return [width, height];
        };
        assert.deepEqual(sizesOf('line.png'), [20, 48]);
        assert.deepEqual(sizesOf('line-mean3.png'), [18, 48]);
        assert.deepEqual(sizesOf('line-max3.png'), [20, 46]);
        assert.deepEqual(sizesOf('depth.png'), [18, 22]);
        assert.deepEqual(sizesOf('std.png'), [18, 22]);
        const python = spawnSync('/usr/bin/python3', ['-c', CHECK, join(dir, 'volume.h5')], {
          encoding: 'utf8',
        });
        if (/No module named/.test(python.stderr ?? '')) {
          skip(this, 'h5py is not installed for /usr/bin/python3');
        }
        assert.equal(python.stdout, 'the same\n', python.stderr);
      });
    }
  }
});
