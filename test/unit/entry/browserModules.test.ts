import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { importsOf } from '../../fixtures/layering/imports.ts';

const dist = fileURLToPath(new URL('../../../dist/', import.meta.url));

/** The built modules that an entry reaches, by path within dist/. */
async function reachableFrom(entry: string): Promise<string[]> {
  const reached: string[] = [];
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.includes(file)) continue;
    reached.push(file);
    for (const { specifier } of importsOf(await readFile(join(dist, file), 'utf8'))) {
      assert.ok(specifier.startsWith('.'), `${file} imports '${specifier}'`);
      waiting.push(normalize(join(dirname(file), specifier)));
    }
  }
  return reached;
}

/** What a page would do: no Node globals, no addon, only the modules themselves. */
const page = `
for (const name of ['process', 'Buffer', 'require', 'global']) delete globalThis[name];
const { Distribution, intersection, makeGridShape } = await import('./entry/maps.js');
const d = Distribution.fromShape([100, 80], { dist: 'bc', size: 6 });
const view = d.slice('1:-1, ::-2');
const [run] = intersection(view.maps[0], 0, d.maps[0], 0);
console.log(JSON.stringify([makeGridShape([100, 80], 'bc', 6), view.shape, run.start, String(view)]));
`;

describe('distarray/maps in a browser', () => {
  it('imports nothing of Node and no package', async () => {
    const reached = await reachableFrom('entry/maps.js');
    assert.ok(reached.length > 20);
    assert.ok(!reached.includes('native.js'));
  });

  it('works where there are only its modules: no addon, no Node globals', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'distarray-maps-'));
    try {
      for (const file of await reachableFrom('entry/maps.js')) {
        await mkdir(dirname(join(folder, file)), { recursive: true });
        await copyFile(join(dist, file), join(folder, file));
      }
      await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
      await writeFile(join(folder, 'page.js'), page);
      const run = promisify(execFile);
      const { stdout } = await run(process.execPath, ['page.js'], { cwd: folder });
      const [gridShape, shape, start, text] = JSON.parse(stdout) as [
        number[],
        number[],
        number,
        string,
      ];
      assert.deepEqual(gridShape, [3, 2]);
      assert.deepEqual(shape, [98, 40]);
      assert.equal(start, 0);
      assert.match(text, /^Distribution of shape \[98, 40\]/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
