import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { source, target } from '../../../scripts/generate-local-functions.ts';

describe('src/ops/elementwise/localFunctions.ts', () => {
  it('is what the table of elementwise functions makes (scripts/generate-local-functions.ts)', () => {
    assert.equal(readFileSync(target, 'utf8'), source());
  });
});
