import { strict as assert } from 'node:assert';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { coordinates, juliaCounts } from '../../../examples/julia/kernel.ts';
import { root } from '../../support/programs.ts';
import { distarray, flavours } from '../../support/runJob.ts';

interface JuliaCase {
  readonly resolution: number;
  readonly sum_numpy_kernel: number;
  readonly sum_cython_kernel: number;
  readonly counts_numpy_kernel?: readonly number[][];
  readonly counts_cython_kernel?: readonly number[][];
}

const golden: JuliaCase[] = JSON.parse(
  readFileSync(join(root, 'test/data/golden/julia.json'), 'utf8'),
).cases;
const sumOf = (counts: ArrayLike<number>) => Array.from(counts).reduce((sum, n) => sum + n, 0);

describe('the Julia kernels', () => {
  for (const expected of golden.filter(({ resolution }) => resolution <= 512)) {
    for (const kernel of ['cython', 'numpy'] as const) {
      it(`count as DistArray 0.5 does: ${expected.resolution}², ${kernel}`, () => {
        const n = expected.resolution;
        const axis = coordinates([...Array(n).keys()], n);
        const counts = new Int32Array(n * n);
        juliaCounts(axis, axis, counts, kernel);
        assert.equal(sumOf(counts), expected[`sum_${kernel}_kernel`]);
        const all = expected[`counts_${kernel}_kernel`];
        if (all) assert.deepEqual([...counts], all.flat());
      });
    }
  }
});

describe('examples/julia.ts', function () {
  this.timeout(120_000);
  let directory: string;

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'distarray-julia-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  const julia = (flavour: string, n: number, ...args: string[]) =>
    distarray(['run', '-n', String(n), '--mpi', flavour, join(root, 'examples/julia.ts'), ...args]);

  for (const flavour of flavours) {
    for (const [n, dist, kernel] of [
      [1, 'bn', 'cython'],
      [2, 'cn', 'numpy'],
      [3, 'bb', 'cython'],
      [4, 'cc', 'numpy'],
    ] as const) {
      it(`computes, writes, reads back and draws: ${dist} on ${n} (${flavour})`, async () => {
        const out = join(directory, 'julia.h5');
        const png = join(directory, 'julia.png');
        const args = ['--size', '128', '--dist', dist, '--kernel', kernel];
        const result = await julia(flavour, n, ...args, '--out', out, '--png', png, '--json');
        assert.equal(result.code, 0, result.stderr);
        const line = JSON.parse(result.stdout);
        const expected = golden.find(({ resolution }) => resolution === 128)!;
        assert.equal(line.sum, expected[`sum_${kernel}_kernel`]);
        assert.equal(line.ranks, n);
        assert.equal(line.perRank.length, n);
        const image = PNG.sync.read(readFileSync(png));
        assert.deepEqual([image.width, image.height], [128, 128]);
        assert.deepEqual(readdirSync(directory).sort(), ['julia.h5', 'julia.png']);
      });
    }
  }

  it('prints a table', async () => {
    const { code, stdout } = await julia(flavours[0], 2, '--size', '64');
    assert.equal(code, 0);
    assert.match(stdout, /64 × 64 points, dist cc, 2 ranks/);
    assert.match(stdout, /rank +local part +iterations +seconds +Mpoints\/s/);
    assert.match(stdout, /sum 129032, as DistArray 0\.5 has it/);
  });

  it('says once what is wrong, ends with an error, and leaves no file', async () => {
    const cases: [string[], RegExp][] = [
      [['--size', '0'], /Expected an integer ≥ 1 for --size, but received '0'/],
      [['--dist', 'xx'], /Expected one of bn, cn, bb, cc for --dist, but received 'xx'/],
      [['--kernel', 'rust'], /Expected one of cython, numpy for --kernel/],
      [['--colour'], /--colour/],
      [['--out', '/proc/no/julia.h5'], /ENOENT.*'\/proc\/no'/],
      [['--png', '/proc/no/julia.png'], /ENOENT.*'\/proc\/no'/],
    ];
    for (const [args, message] of cases) {
      const { code, stderr } = await julia(flavours[0], 2, '--size', '16', ...args);
      assert.equal(code, 1, args.join(' '));
      const said = stderr.split('\n').filter((line) => line.startsWith('julia: '));
      assert.equal(said.length, 1, stderr);
      assert.match(said[0], message);
    }
  });
});
