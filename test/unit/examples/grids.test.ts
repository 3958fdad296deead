// timeLimit: 300
import { strict as assert } from 'node:assert';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { root } from '../../support/programs.ts';
import { distarray, flavours } from '../../support/runJob.ts';

type Grid = number[][];

const close = (actual: number, expected: number, relative: number) =>
  assert.ok(
    Math.abs(actual - expected) <= relative * Math.abs(expected),
    `${actual} ≉ ${expected}`,
  );

const sumOf = (grid: Grid) => grid.flat().reduce((sum, value) => sum + value, 0);

/** The grid after a step: a function of a point and its four neighbours inside, the edges as they are. */
function stepped(grid: Grid, point: (here: number, around: number) => number): Grid {
  const last = grid.length - 1;
  return grid.map((row, i) =>
    row.map((here, j) => {
      if (i === 0 || j === 0 || i === last || j === last) return here;
      return point(here, grid[i + 1][j] + grid[i - 1][j] + row[j + 1] + row[j - 1]);
    }),
  );
}

function diffused(size: number, time: number): { steps: number; grid: Grid } {
  const dx = 20 / size;
  const axis = Array.from({ length: size + 2 }, (_, i) => {
    if (i === 0 || i === size + 1) return 0;
    const x = -10 - dx + (i * (20 + 2 * dx)) / (size + 1);
    return 1 - Math.abs(1 - 4 * Math.abs(x / 20));
  });
  let grid = axis.map((a) => axis.map((b) => a * b));
  const steps = Math.floor(time / (0.25 * dx ** 2));
  for (let s = 0; s < steps; s++)
    grid = stepped(grid, (here, around) => here + 0.25 * (around - 4 * here));
  return { steps, grid };
}

describe('examples on grids', function () {
  this.timeout(120_000);
  let directory: string;

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'distarray-grids-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  const example = (name: string, flavour: string, n: number, ...args: string[]) =>
    distarray(['run', '-n', `${n}`, '--mpi', flavour, join(root, `examples/${name}.ts`), ...args]);

  for (const flavour of flavours) {
    for (const n of flavour === 'openmpi' ? [1, 2, 3, 4] : [3]) {
      it(`diffusion.ts on ${n} (${flavour}) comes to what loops come to, and draws`, async () => {
        const prefix = join(directory, `d${flavour}${n}`);
        const args = ['--size', '29', '--time', '5', '--every', '2', '--png', prefix, '--json'];
        const { code, stdout, stderr } = await example('diffusion', flavour, n, ...args);
        assert.equal(code, 0, stderr);
        const report = JSON.parse(stdout);
        const { steps, grid } = diffused(29, 5);
        assert.deepEqual(
          [report.example, report.ranks, report.size, report.steps, report.pictures],
          ['diffusion', n, 29, steps, 3],
        );
        close(report.sum, sumOf(grid), 1e-12);
        const files = readdirSync(directory).filter((file) => file.startsWith(`d${flavour}${n}-`));
        assert.deepEqual(
          files.sort(),
          ['00', '01', '02'].map((number) => `d${flavour}${n}-${number}.png`),
        );
        const [first, second] = files.map((file) =>
          PNG.sync.read(readFileSync(join(directory, file))),
        );
        assert.deepEqual([first.width, first.height], [31, 31]);
        const brightness = ({ data }: PNG, i: number, j: number) => data[4 * (31 * i + j)];
        // Peaks at a quarter and three quarters of both axes, which become lower; a valley in the middle fills.
        for (const [i, j] of [
          [8, 8],
          [8, 23],
          [23, 8],
          [23, 23],
        ]) {
          assert.ok(brightness(first, i, j) > 200);
          assert.ok(brightness(second, i, j) < brightness(first, i, j));
        }
        assert.ok(brightness(first, 15, 15) < 50);
        assert.ok(brightness(second, 15, 15) > brightness(first, 15, 15));
      });

      it(`laplace.ts on ${n} (${flavour}) takes the same steps to the solution, and draws`, async () => {
        const png = join(directory, `l${flavour}${n}.png`);
        const args = ['--size', '14', '--eps', '1e-7', '--png', png, '--json'];
        const { code, stdout, stderr } = await example('laplace', flavour, n, ...args);
        assert.equal(code, 0, stderr);
        const report = JSON.parse(stdout);
        let grid: Grid = Array.from({ length: 14 }, (_, i) =>
          Array.from({ length: 14 }, (_, j) => {
            const isEdge = i % 13 === 0 || j % 13 === 0;
            return isEdge ? (j / 13) ** 2 - (1 - i / 13) ** 2 : 0;
          }),
        );
        let steps = 0;
        let norm = 1;
        while (norm > 1e-7) {
          const next = stepped(grid, (_, around) => 0.25 * around);
          norm = Math.hypot(...next.flatMap((row, i) => row.map((value, j) => value - grid[i][j])));
          grid = next;
          steps++;
        }
        assert.deepEqual([report.ranks, report.size, report.steps], [n, 14, steps]);
        close(report.norm, norm, 1e-6);
        close(report.sum, sumOf(grid.map((row) => row.map(Math.abs))), 1e-12);
        assert.ok(report.error < 1e-6, `${report.error}`);
        const { width, height, data } = PNG.sync.read(readFileSync(png));
        assert.deepEqual([width, height], [14, 14]);
        // −1 at the top left, 1 at the bottom right.
        assert.ok(data[0] < 30 && data[4 * (14 * 14 - 1)] > 200);
      });
    }
  }

  it('says once what is wrong', async () => {
    for (const [name, args, message] of [
      [
        'diffusion',
        ['--size', '2.5'],
        /Expected a positive integer for --size, but received '2.5'/,
      ],
      ['diffusion', ['--time', '-1'], /--time/],
      ['laplace', ['--eps', 'small'], /Expected a positive number for --eps/],
      ['laplace', ['--size', '2'], /Expected at least 3 for --size/],
      ['laplace', ['--colour'], /--colour/],
    ] as const) {
      const { code, stderr } = await example(name, flavours[0], 2, ...args);
      assert.equal(code, 1, args.join(' '));
      const said = stderr.split('\n').filter((line) => line.startsWith(`${name}: `));
      assert.equal(said.length, 1, stderr);
      assert.match(said[0], message);
    }
  });

  it('prints what a person reads', async () => {
    const diffusion = await example('diffusion', flavours[0], 2, '--size', '9', '--time', '3');
    assert.match(diffusion.stdout, /9 × 9 points, 2 steps on 2 ranks/);
    const laplace = await example('laplace', flavours[0], 2, '--size', '8', '--steps', '3');
    assert.match(laplace.stdout, /8 × 8 points on 2 ranks: 3 steps/);
  });
});
