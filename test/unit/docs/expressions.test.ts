/** The program of docs/expressions.md runs, and its assertions hold. */
import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { distarray, root } from '../../support/runJob.ts';

describe('docs/expressions.md', function () {
  this.timeout(60_000);

  it('is a program that runs on three ranks', async () => {
    const text = readFileSync(join(root, 'docs/expressions.md'), 'utf8');
    const blocks = [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code);
    assert.ok(blocks.length >= 7);
    const entry = join(root, 'src/entry/index.ts');
    const program = blocks.join('\n').replace("from 'distarray'", `from '${entry}'`);
    const folder = mkdtempSync(join(root, 'build/expressions-doc-'));
    try {
      const script = join(folder, 'program.ts');
      writeFileSync(script, `// @ts-nocheck\n${program}\nctx.print('end');\n`);
      const { code, stdout, stderr } = await distarray(['run', '-n', '3', script]);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /end/);
      // console.assert says so on standard error.
      assert.doesNotMatch(stderr, /Assertion failed/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
