import { strict as assert } from 'node:assert';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { distarray } from '../../support/runJob.ts';

describe('distarray cache', function () {
  this.timeout(60_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'distarray-cache-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('says what there is, and removes it and nothing else', async () => {
    const key = '0123456789abcdef'.repeat(2);
    for (const name of [`${key}.so`, `${key}.sum`, 'notes.txt']) {
      writeFileSync(join(folder, name), Buffer.alloc(2 ** 19));
    }
    const env = { DISTARRAY_CACHE: folder };
    const told = await distarray(['cache'], { env });
    assert.equal(told.stdout, `${folder}: 1 libraries, 1.0 MiB\n`, told.stderr);
    const cleared = await distarray(['cache', '--clear'], { env });
    assert.equal(cleared.stdout, `${folder}: 1 libraries, 1.0 MiB, removed\n`);
    assert.deepEqual(readdirSync(folder), ['notes.txt']);
    const wrong = await distarray(['cache', '--burn'], { env });
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--burn/);
  });
});
