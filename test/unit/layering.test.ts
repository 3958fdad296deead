import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { importsOf } from '../fixtures/layering/imports.ts';
import { findViolations, LAYERS, type SourceTree } from '../fixtures/layering/rules.ts';

function readTree(): SourceTree {
  const files: Record<string, string> = {};
  for (const name of readdirSync('src', { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.ts')) files[`src/${name}`] = readFileSync(`src/${name}`, 'utf8');
  }
  return { files, packageJson: JSON.parse(readFileSync('package.json', 'utf8')) };
}

/** A tree that obeys every rule, with some files put in. */
function treeWith(files: Record<string, string>, exports: unknown = {}): SourceTree {
  return {
    files: {
      'src/errors.ts': 'export class E extends Error {}\n',
      'src/native.ts': "import load from 'node-gyp-build';\nexport const raw = load('.');\n",
      'src/mpi/comm.ts': "import { raw } from '../native.ts';\nexport const comm = raw;\n",
      'src/maps/map.ts': "import { E } from '../errors.ts';\nexport const map = E;\n",
      'src/local/array.ts': "import type { map } from '../maps/map.ts';\nexport type L = map;\n",
      'src/entry/index.ts': "export { comm } from '../mpi/comm.ts';\n",
      ...files,
    },
    packageJson: { name: 'distarray', exports },
  };
}

describe('layering', () => {
  it('holds in src', () => {
    assert.deepEqual(findViolations(readTree()), []);
  });

  it('has the layers in the order of docs/architecture.md', () => {
    assert.equal(LAYERS[0], 'errors.ts');
    assert.ok(LAYERS.indexOf('ops') < LAYERS.indexOf('global'));
    assert.equal(LAYERS.at(-1), 'entry');
  });
});

describe('layering checker', () => {
  it('accepts a tree that obeys the rules', () => {
    assert.deepEqual(findViolations(treeWith({})), []);
    const exports = { '.': { types: './dist/entry/index.d.ts', default: './dist/entry/index.js' } };
    assert.deepEqual(findViolations(treeWith({}, exports)), []);
  });

  const upward = 'imports src/entry/index.ts, but entry lies above mpi';
  for (const [kind, statement] of [
    ['a static import', "import { comm } from '../entry/index.ts';"],
    ['an import for its effect', "import '../entry/index.ts';"],
    ['a namespace import', "import * as all from '../entry/index.ts';"],
    [
      'an import over several lines',
      "import {\n  // why not\n  comm,\n} from '../entry/index.ts';",
    ],
    ['a type import', "import type { comm } from '../entry/index.ts';"],
    ['a type in place', "type C = import('../entry/index.ts').Comm;"],
    ['a dynamic import', "const m = await import('../entry/index.ts');"],
    ['a dynamic import by a template', 'const m = await import(`../entry/index.ts`);'],
    ['a re-export', "export { comm } from '../entry/index.ts';"],
    ['a re-export of everything', "export * from '../entry/index.ts';"],
    ['a re-export of types', "export type { Comm } from '../entry/index.ts';"],
    ['a require', "const m = require('../entry/index.ts');"],
    ['an import by the package name', "import { comm } from 'distarray';"],
  ] as const) {
    it(`catches ${kind} that points upward`, () => {
      assert.deepEqual(findViolations(treeWith({ 'src/mpi/x.ts': `${statement}\n` })), [
        `src/mpi/x.ts:1: ${upward}`,
      ]);
    });
  }

  for (const [rule, file, source, message] of [
    [
      'a pure layer that imports Node',
      'src/maps/x.ts',
      "import os from 'node:os';",
      "src/maps/x.ts:1: imports 'node:os', but maps imports no package",
    ],
    [
      'a pure layer that imports MPI',
      'src/dtype/x.ts',
      "import { comm } from '../mpi/comm.ts';",
      'src/dtype/x.ts:1: imports src/mpi/comm.ts, but dtype imports only errors.ts, options.ts, dtype, maps, protocol',
    ],
    [
      'a pure layer that imports the addon',
      'src/protocol/x.ts',
      "import { raw } from '../native.ts';",
      'src/protocol/x.ts:1: imports src/native.ts, but protocol imports only errors.ts, options.ts, dtype, maps, protocol',
    ],
    [
      'a second file that loads the addon',
      'src/ops/x.ts',
      "import load from 'node-gyp-build';",
      'src/ops/x.ts:1: loads an addon, which only src/native.ts may',
    ],
    [
      'an addon loaded by its path',
      'src/io/x.ts',
      "import { createRequire } from 'node:module';\nconst a = createRequire(import.meta.url)('../build/Release/distarray.node');",
      'src/io/x.ts: loads an addon, which only src/native.ts may',
    ],
    [
      'an addon loaded by process.dlopen',
      'src/io/x.ts',
      "process.dlopen(module, './distarray.node');",
      'src/io/x.ts: loads an addon, which only src/native.ts may',
    ],
    [
      'a folder that is not a layer',
      'src/helpers/x.ts',
      'export {};',
      'src/helpers/x.ts: its folder src/helpers is not on the list of layers',
    ],
    [
      'a file beside the layers',
      'src/misc.ts',
      'export {};',
      'src/misc.ts: its file is not on the list of layers',
    ],
    [
      'a file that is too long',
      'src/mpi/x.ts',
      'export {};\n'.repeat(451),
      'src/mpi/x.ts: 451 lines, more than 450',
    ],
    [
      'an import from outside src',
      'src/cli/x.ts',
      "import { bench } from '../../bench/run.ts';",
      'src/cli/x.ts:1: imports bench/run.ts, outside src',
    ],
    [
      'an import of a file that is not there',
      'src/cli/x.ts',
      "import { gone } from './gone.ts';",
      'src/cli/x.ts:1: imports src/cli/gone.ts, which does not exist',
    ],
  ] as const) {
    it(`catches ${rule}`, () => {
      const violations = findViolations(treeWith({ [file]: source }));
      assert.ok(violations.includes(message), violations.join('\n'));
    });
  }

  it('catches import cycles', () => {
    const violations = findViolations(
      treeWith({
        'src/mpi/a.ts': "import { b } from './b.ts';",
        'src/mpi/b.ts': "import { type C } from './c.ts';",
        'src/mpi/c.ts': "export * from './a.ts';",
      }),
    );
    assert.deepEqual(violations, [
      'import cycle: src/mpi/a.ts → src/mpi/b.ts → src/mpi/c.ts → src/mpi/a.ts',
    ]);
  });

  it('permits classes of one layer that name each other in types only', () => {
    const files = {
      'src/mpi/a.ts': "import type { B } from './b.ts';",
      'src/mpi/b.ts': "import { A } from './a.ts';",
    };
    assert.deepEqual(findViolations(treeWith(files)), []);
  });

  it('catches exports of package.json that are no entry files', () => {
    const exports = {
      '.': { types: './dist/entry/index.d.ts', default: './dist/mpi/comm.js' },
      './gone': './dist/entry/gone.js',
      './package.json': './package.json',
    };
    assert.deepEqual(findViolations(treeWith({}, exports)), [
      'package.json: exports ./dist/mpi/comm.js, which is no entry file',
      'package.json: exports ./dist/entry/gone.js, but src/entry/gone.ts does not exist',
    ]);
  });
});

describe('import scanner', () => {
  const specifiers = (source: string) => importsOf(source).map(({ specifier }) => specifier);

  it('passes over comments, strings, templates and regular expressions', () => {
    const source = [
      "// import a from 'comment';",
      "/* import('block') */",
      'const text = "import b from \'string\'";',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of a template
      "const t = `import('template') ${f(`import('inner')`, { a: 1 })} import('rest')`;",
      "const quote = /['\"`]/g.test(t) ? 6 / 2 / 1 : /import\\('x'\\)/;",
      "import real from 'real';",
    ].join('\n');
    assert.deepEqual(importsOf(source), [{ specifier: 'real', line: 6, typeOnly: false }]);
  });

  it('finds imports inside the substitutions of templates', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of a template
    assert.deepEqual(specifiers("const t = `a ${await import('inside')} b`;"), ['inside']);
  });

  it('tells imports that are only of types', () => {
    const typeOnly = (source: string) => importsOf(source)[0]?.typeOnly;
    assert.equal(typeOnly("import type { A } from 'a';"), true);
    assert.equal(typeOnly("export type { A } from 'a';"), true);
    assert.equal(typeOnly("import { type A } from 'a';"), false); // the import itself stays
    assert.equal(typeOnly("import type from 'a';"), false);
    assert.equal(typeOnly("import type, { b } from 'a';"), false);
  });

  it('is not misled by members and by import.meta', () => {
    assert.deepEqual(specifiers("loader.import('x'); import.meta.resolve('y');"), []);
    assert.deepEqual(specifiers("export const from = 'x';\nexport default 'y';"), []);
    assert.deepEqual(specifiers("export class A { from = 'x' }\nexport const a = { b }"), []);
  });
});
