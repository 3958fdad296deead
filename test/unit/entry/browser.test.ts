import { strict as assert } from 'node:assert';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';

/** Bundles an entry for a browser and runs code that uses it where there is nothing of Node. */
async function inBrowser(entry: string, code: string): Promise<unknown> {
  const { outputFiles, metafile } = await build({
    entryPoints: [`src/entry/${entry}.ts`],
    bundle: true,
    format: 'iife',
    globalName: 'entry',
    platform: 'browser', // an import of node:… or of an addon is an error
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  for (const file of Object.keys(metafile.inputs)) {
    assert.match(file, /^src\/((errors|options)\.ts|(dtype|maps|protocol|entry)\/)/);
  }
  const context = createContext({});
  runInContext(outputFiles[0].text, context);
  return JSON.parse(String(runInContext(`JSON.stringify((() => { ${code} })())`, context)));
}

describe('in a browser', () => {
  it('distarray/protocol loads, and checks, exports and imports', async () => {
    const result = await inBrowser(
      'protocol',
      `const grid = { proc_grid_size: 2, proc_grid_rank: 1 };
       const dict = { dist_type: 'c', size: 5, ...grid, start: 1 };
       const parts = { data: new Float64Array([1, 3]), shape: [2], dtype: 'float64' };
       const structure = entry.exportDistArray({ ...parts, dimData: [dict] });
       const transfer = entry.encodeDistArray(structure);
       const { elements } = entry.importDistArray(entry.decodeDistArray(transfer));
       return [entry.validate(structure), entry.validate({}).valid, [...elements]];`,
    );
    assert.deepEqual(result, [{ valid: true, message: '' }, false, [1, 3]]);
  });

  it('distarray/maps loads, and distributes', async () => {
    const result = await inBrowser(
      'maps',
      "return entry.Distribution.fromShape([5, 9], { dist: 'bc', gridShape: [2, 2], size: 4 }).localShapes();",
    );
    assert.deepEqual(result, [
      [3, 5],
      [3, 4],
      [2, 5],
      [2, 4],
    ]);
  });
});
