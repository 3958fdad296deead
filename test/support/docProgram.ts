/** Programs in the documentation: they run, and their assertions hold. */
import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeArguments, root } from './programs.ts';
import { distarray, runProcess } from './runJob.ts';

/**
 * Runs the blocks of JavaScript of a page, in a folder of their own, one after the other as one program: on three ranks, as
 * the client of three engines, or by node alone.
 */
export async function runPage(
  page: string,
  leastBlocks: number,
  mode: 'spmd' | 'client' | 'node' = 'spmd',
): Promise<void> {
  const text = readFileSync(join(root, 'docs', page), 'utf8');
  const blocks = [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code);
  assert.ok(blocks.length >= leastBlocks);
  const program = blocks
    .join('\n')
    .replace(
      /from 'distarray(?:\/(\w+))?'/g,
      (_, name = 'index') => `from '${join(root, 'src/entry', name)}.ts'`,
    );
  const folder = mkdtempSync(join(root, 'build/doc-'));
  try {
    const script = join(folder, 'program.ts');
    writeFileSync(script, `// @ts-nocheck\n${program}\nconsole.log('end');\n`);
    const env = { DISTARRAY_CACHE: join(folder, 'cache') };
    const settings = { cwd: folder, env };
    const options = mode === 'client' ? ['--client'] : [];
    const { code, stdout, stderr } =
      mode === 'node'
        ? await runProcess(process.execPath, nodeArguments(script), settings)
        : await distarray(['run', ...options, '-n', '3', script], settings);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /end/);
    // console.assert says so on standard error.
    assert.doesNotMatch(stderr, /Assertion failed/);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
