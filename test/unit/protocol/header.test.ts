import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { DTYPE_NAMES, DTYPES } from '../../../src/dtype/dtype.ts';
import { Distribution } from '../../../src/entry/maps.ts';
import { type DimDict, numOwnedIndices, PROTOCOL_VERSION } from '../../../src/entry/protocol.ts';
import { skip } from '../../launcher/skip.ts';
import { root } from '../../support/programs.ts';
import { anyMapOver } from '../maps/mapArbitraries.ts';

const warnings = ['-Wall', '-Wextra', '-Wpedantic', '-Wshadow', '-Wconversion', '-Werror'];
const include = ['-I', join(root, 'native/include')];

for (const [language, compiler, options] of [
  ['C99', 'cc', ['-std=c99', '-x', 'c']],
  ['C++17', 'c++', ['-std=c++17', '-x', 'c++', '-Wno-missing-field-initializers']],
] as const) {
  describe(`distarray_protocol.h in ${language}`, function () {
    this.timeout(30_000);
    let directory: string;
    let program: string;

    before(function () {
      if (spawnSync(compiler, ['--version']).status !== 0) skip(this, `no compiler '${compiler}'`);
      directory = mkdtempSync(join(tmpdir(), 'distarray-header-'));
      program = join(directory, 'header');
      const source = join(root, 'test/fixtures/protocol_header.c');
      const args = [...options, ...warnings, ...include, source, '-o', program];
      const { status, stderr } = spawnSync(compiler, args, { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
    });

    after(() => {
      if (directory) rmSync(directory, { recursive: true });
    });

    function run(dicts: readonly DimDict[]): string[] {
      const input = dicts.map((dict) => {
        const { size, proc_grid_size, proc_grid_rank } = dict;
        const { start = 0, stop = 0 } = dict as { start?: number; stop?: number };
        const { padding = [0, 0] } = dict as { padding?: readonly number[] };
        const { block_size = 1 } = dict as { block_size?: number };
        const count = dict.dist_type === 'u' ? (dict.indices as Int32Array).length : 0;
        const grid = [size, proc_grid_size, proc_grid_rank];
        return [dict.dist_type, ...grid, start, stop, ...padding, block_size, count].join(' ');
      });
      const { stdout, status } = spawnSync(program, { input: input.join('\n'), encoding: 'utf8' });
      assert.equal(status, 0);
      return stdout.trim().split('\n');
    }

    it('has our version, dtypes and layout, and finds elements by strides', () => {
      const [version, sizes, itemsizes, sums] = run([]);
      assert.equal(version, PROTOCOL_VERSION);
      assert.equal(sizes, '88 80');
      const expected = DTYPE_NAMES.map((name) => DTYPES[name].itemsize);
      assert.equal(itemsizes, [...expected, 0].join(' '));
      // Elements 0 … 5 times 10 i + j: in C order element 3 i + j, transposed element i + 2 j.
      const places = [0, 1].flatMap((i) => [0, 1, 2].map((j) => [i, j] as const));
      const sumOf = (element: (i: number, j: number) => number) =>
        places.reduce((sum, [i, j]) => sum + element(i, j) * (10 * i + j), 0);
      assert.equal(sums, `${sumOf((i, j) => 3 * i + j)} ${sumOf((i, j) => i + 2 * j)}`);
    });

    it('counts owned indices as we do', () => {
      const maps = fc.array(anyMapOver(9), { minLength: 30, maxLength: 30 });
      const [drawn] = fc.sample(maps, { numRuns: 1, seed: 7 });
      const dicts = drawn.flatMap((map) =>
        Distribution.fromMaps([map])
          .dimDataPerRank()
          .map(([dict]) => dict)
          .filter((dict) => dict.dist_type !== 'n'),
      );
      const padded = Distribution.fromGlobalDimData([
        { dist_type: 'b', bounds: [0, 6, 14, 20], comm_padding: 2, boundary_padding: [1, 3] },
      ]);
      dicts.push(...padded.dimDataPerRank().map(([dict]) => dict as never));
      assert.deepEqual(run(dicts).slice(4).map(Number), dicts.map(numOwnedIndices));
    });
  });
}
