// timeLimit: 120
import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { root } from '../../support/programs.ts';
import { distarray, flavours, isTaken } from '../../support/runJob.ts';

/** Sum of the counts, straight from the definition. */
function mandelbrotSum(size: number, most: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const [re, im] = [-2 + (3 * j) / size, 1.5 - (3 * i) / size];
      let [x, y] = [0, 0];
      for (let n = 0; n < most && x * x + y * y <= 4; n++) {
        [x, y] = [x * x - y * y + re, 2 * x * y + im];
        sum++;
      }
    }
  }
  return sum;
}

describe('examples with kernels', function () {
  this.timeout(60_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'distarray-kernels-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  async function run(flavour: string, ranks: number, name: string, ...args: string[]) {
    const script = join(root, 'examples', `${name}.ts`);
    const job = ['run', '-n', `${ranks}`, '--mpi', flavour, script, ...args, '--json'];
    const result = await distarray(job, { env: { DISTARRAY_CACHE: join(folder, 'cache') } });
    assert.equal(result.code, 0, result.stderr);
    return JSON.parse(result.stdout);
  }

  for (const flavour of flavours) {
    for (const [kernel, ranks, dist] of [
      ['js', 1, 'bn'],
      ['c', 2, 'cn'],
      ['c', 3, 'bb'],
    ] as const) {
      if (!isTaken(flavour, ranks)) continue;
      it(`draw the Mandelbrot set: ${kernel}, ${dist} on ${ranks} (${flavour})`, async () => {
        const png = join(folder, 'mandelbrot.png');
        const args = ['--size', '60', '--iterations', '50', '--dist', dist];
        const told = await run(
          flavour,
          ranks,
          'mandelbrot',
          ...args,
          '--kernel',
          kernel,
          '--png',
          png,
        );
        assert.deepEqual(
          [told.kernel, told.ranks, told.sum],
          [kernel, ranks, mandelbrotSum(60, 50)],
        );
        const image = PNG.sync.read(readFileSync(png));
        assert.deepEqual([image.width, image.height], [60, 60]);
        // The middle of the set, and a corner that escapes at once.
        const at = (row: number, column: number) => [
          ...image.data.subarray(4 * (60 * row + column)).subarray(0, 3),
        ];
        assert.deepEqual(at(30, 36), [6, 5, 22]);
        assert.notDeepEqual(at(0, 0), [6, 5, 22]);
      });
    }

    it(`sum the area under a curve (${flavour})`, async () => {
      for (const [kernel, ranks] of [
        ['js', 3],
        ['c', 2],
      ] as const) {
        const told = await run(flavour, ranks, 'auc', '--points', '1e5', '--kernel', kernel);
        // Of the left ends: half a step times the difference of the ends is missing.
        const exact = 8.175 + ((3 / 1e5) * (4 - 4.9)) / 2;
        assert.ok(Math.abs(told.area - exact) < 1e-9, `${told.area} ${exact}`);
      }
    });
  }
});
