// ranks: 1
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MPI } from '../../../src/entry/mpi.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Names of mpi4py's module, by class, those of the module itself under ''. */
const { names }: { names: Record<string, string[]> } = JSON.parse(
  readFileSync(`${root}/test/data/golden/mpi4py-names.json`, 'utf8'),
);

/** Rows of the tables: the class of the heading, mpi4py's names, and the text beside them. */
const rows: { of: string; theirs: string[]; ours: string }[] = [];
let heading = '';
for (const line of readFileSync(`${root}/docs/mpi4py.md`, 'utf8').split('\n')) {
  if (line.startsWith('## ')) heading = line === '## Functions and constants' ? '' : line.slice(3);
  const cells = line.match(/^\| (`.*) \| (.*) \|$/);
  if (cells) rows.push({ of: heading, theirs: quoted(cells[1]), ours: cells[2] });
}

function quoted(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
}

describe('the table of mpi4py', () => {
  it('has every public name of it once', () => {
    for (const [of, expected] of Object.entries(names)) {
      const listed = rows.filter((row) => row.of === of).flatMap(({ theirs }) => theirs);
      assert.deepEqual(listed.sort(), [...expected].sort(), of);
    }
    assert.ok(rows.length > 100);
  });

  it('names what exists, or says why there is nothing', () => {
    const exported = MPI as unknown as Record<string, { prototype?: object } | undefined>;
    for (const { theirs, ours } of rows) {
      const members = quoted(ours).filter((name) => /^\w+\.\w+$/.test(name));
      assert.ok(members.length > 0 || /^absent: |^words|^classes/.test(ours), `${theirs}: ${ours}`);
      for (const name of members) {
        const [owner, member] = name.split('.');
        if (owner === 'process') continue;
        const found =
          owner === 'MPI'
            ? member in exported
            : member in (exported[owner]?.prototype ?? {}) || member in (exported[owner] ?? {});
        assert.ok(found, `${name}, for ${theirs}`);
      }
    }
  });
});
