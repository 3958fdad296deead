import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as maps from '../../../src/entry/maps.ts';
import * as protocol from '../../../src/entry/protocol.ts';
import { PublicApi } from '../../fixtures/docs/publicApi.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const api = new PublicApi(root);

/** Public names of DistArray 0.5, by module. */
const { names }: { names: Record<string, string[]> } = JSON.parse(
  readFileSync(`${root}/test/data/distarrayNames.json`, 'utf8'),
);

/** The sources of the package's entries, by what programs import. */
const entries = new Map<string, string>();
const { exports } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
for (const [key, target] of Object.entries<{ types?: string }>(exports)) {
  const source = target.types?.match(/^\.\/dist\/(.*)\.d\.ts$/)?.[1];
  if (source !== undefined) entries.set(`distarray${key.slice(1)}`, `src/${source}.ts`);
}

interface Row {
  readonly module: string;
  readonly theirs: string;
  /** What the table says: our names in backquotes, or why there is none. */
  readonly here: string;
  readonly from: string;
}

const rows: Row[] = [];
/** Lines of tables that are no rows, which would go unchecked. */
const unread: string[] = [];
let module = '';
for (const line of readFileSync(`${root}/docs/names.md`, 'utf8').split('\n')) {
  if (line.startsWith('## ')) module = line.slice(3);
  const cells = line.match(/^\| `([\w.]+)` \| (.+) \| (?:`([\w/]+)`|—) \|$/);
  if (cells !== null) {
    const [, theirs = '', here = '', from = ''] = cells;
    rows.push({ module, theirs, here, from });
  } else if (
    line.startsWith('|') &&
    !/^\|(?: DistArray \| here \| import |---\|---\|---)\|$/.test(line)
  ) {
    unread.push(line);
  }
}

function quoted(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}

/**
 * What a name of DistArray would be called here: `BaseContext.load_npy` → `Context.loadNpy`; a `Random` would
 * be `Context.random`.
 */
function inCamelCase(name: string): string {
  const members = name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return members
    .replace(/^(?:Base|MPI)Context\b/, 'Context')
    .replace(/^Random\b.*/, 'Context.random');
}

describe("the table of DistArray's names", () => {
  it('has every public name once, in the section of its module', () => {
    assert.deepEqual(unread, []);
    const listed: Record<string, string[]> = {};
    for (const { module, theirs } of rows) {
      listed[module] ??= [];
      listed[module].push(theirs);
    }
    assert.deepEqual(Object.keys(listed), Object.keys(names));
    for (const [module, expected] of Object.entries(names)) {
      assert.deepEqual(listed[module]?.sort(), [...expected].sort(), module);
    }
  });

  it('names what the import beside it has', () => {
    const stale: string[] = [];
    for (const { module, theirs, here, from } of rows.filter(({ from }) => from !== '')) {
      const entry = entries.get(from);
      assert.ok(entry !== undefined, `${module} ${theirs}: no entry '${from}'`);
      const ours = quoted(here);
      assert.ok(ours.length > 0, `${module} ${theirs}: no name in '${here}'`);
      for (const name of ours) {
        if (!api.has(entry, name)) stale.push(`${module} ${theirs}: ${from} has no ${name}`);
      }
    }
    assert.deepEqual(stale, []);
  });

  it('says why where there is nothing', () => {
    for (const { module, theirs, here } of rows.filter(({ from }) => from === '')) {
      assert.match(here, /^(?:absent|not yet): [^`]{5,}$/, `${module} ${theirs}`);
    }
  });

  it('calls nothing missing that has come', () => {
    const come: string[] = [];
    for (const { module, theirs, here } of rows.filter(({ here }) => here.startsWith('not yet'))) {
      const name = inCamelCase(theirs);
      const from = [...entries].find(([, entry]) => api.has(entry, name))?.[0];
      if (from !== undefined) come.push(`${module} ${theirs} (${here}): ${from} has ${name}`);
    }
    assert.deepEqual(come, []);
  });
});

describe('the reading of exports from sources', () => {
  it('finds what modules that need no addon export when they run', () => {
    for (const [entry, namespace] of [
      ['src/entry/maps.ts', maps],
      ['src/entry/protocol.ts', protocol],
    ] as const) {
      const read = api.exportsOf(entry);
      for (const name of Object.keys(namespace)) assert.ok(read.has(name), `${entry}: ${name}`);
    }
  });

  it('finds the members of their classes', () => {
    for (const [name, value] of Object.entries(maps)) {
      const { prototype } = value as { prototype?: object };
      for (const member of Object.getOwnPropertyNames(prototype ?? {})) {
        if (member === 'constructor') continue;
        assert.ok(api.has('src/entry/maps.ts', `${name}.${member}`), `${name}.${member}`);
      }
    }
  });

  it('knows inherited members, merged interfaces, types and namespaces', () => {
    for (const name of [
      'Context.zeros',
      'Context.targets',
      'DistArray.sin',
      'DistArray.countNonzero',
      'DistArray.cumulativeSum',
      'LocalArray.globalShape',
      'MPI.COMM_WORLD',
      'Dtype',
      'var',
    ]) {
      assert.ok(api.has('src/entry/index.ts', name), name);
    }
  });

  it('does not find what is not there', () => {
    for (const name of ['nothing', 'DistArray.nothing', 'Nothing.zeros', 'Context.constructor']) {
      assert.ok(!api.has('src/entry/index.ts', name), name);
    }
    assert.ok(!api.has('src/entry/maps.ts', 'DistArray'));
  });
});
