import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bindings } from '../../../scripts/elementwise-bindings.ts';
import { root } from '../../support/programs.ts';

/** Without what a formatter may change. */
const words = (text: string) => text.replace(/[\s,]+/g, '').replace(/[|]/g, '');

describe('functions and methods made from the table of elementwise functions', () => {
  for (const [file, text] of Object.entries(bindings())) {
    it(`${file} is what scripts/elementwise-bindings.ts writes`, () => {
      assert.equal(words(readFileSync(join(root, file), 'utf8')), words(text));
    });
  }
});
