/** The programs of docs/arrays.md and docs/kernels.md run, and their assertions hold. */
import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { distarray, root } from '../../support/runJob.ts';

for (const name of ['arrays', 'kernels']) {
  describe(`docs/${name}.md`, function () {
    this.timeout(60_000);

    it('is a program that runs on three ranks', async () => {
      const text = readFileSync(join(root, `docs/${name}.md`), 'utf8');
      const blocks = [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code);
      assert.ok(blocks.length >= 5);
      const entry = join(root, 'src/entry/index.ts');
      const program = blocks.join('\n').replace("from 'distarray'", `from '${entry}'`);
      const folder = mkdtempSync(join(root, `build/${name}-doc-`));
      try {
        const script = join(folder, 'program.ts');
        writeFileSync(script, `// @ts-nocheck\n${program}\nctx.print('end');\n`);
        const env = { DISTARRAY_CACHE: join(folder, 'cache') };
        const { code, stdout, stderr } = await distarray(['run', '-n', '3', script], { env });
        assert.equal(code, 0, stderr);
        assert.match(stdout, /end/);
        // console.assert says so on standard error.
        assert.doesNotMatch(stderr, /Assertion failed/);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });
}
