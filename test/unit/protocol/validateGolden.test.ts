import { strict as assert } from 'node:assert';
import {
  type DimDict,
  numOwnedIndices,
  validate,
  validateDimDict,
} from '../../../src/entry/protocol.ts';
import { decodeGolden, golden } from './goldenStructures.ts';

/**
 * Where our verdict is not that of the reference validator: its holes, which docs/protocol.md lists,
 * and what JavaScript cannot tell apart.
 */
const DIFFERENCES: Readonly<Record<string, { readonly valid: boolean; readonly why: RegExp }>> = {
  // The reference looks at neither.
  'buffer length not stop-start: not checked': { valid: false, why: /stop - start \(10 - 0\)/ },
  'buffer bytes': { valid: false, why: /stop - start \(10 - 0\)/ },
  'buffer bytearray': { valid: false, why: /stop - start \(10 - 0\)/ },
  'periodic 1 (int)': { valid: false, why: /periodic for dimension 0 has non-boolean/ },
  'cyclic no size': { valid: false, why: /'size' missing for dimension 0/ },
  'unstructured duplicates: not checked': { valid: false, why: /indices .* 1 comes twice/ },
  'unstructured float indices: not checked': { valid: false, why: /non-integer dtype float64/ },
  // Arrays stand for tuples and lists.
  'padding list': { valid: true, why: /^$/ },
  'dim_data list': { valid: true, why: /^$/ },
  // 0.0 and 0 are one number.
  'block float start': { valid: true, why: /^$/ },
  'cyclic float start': { valid: true, why: /^$/ },
  'cyclic block_size float': { valid: true, why: /^$/ },
  'padding float': { valid: true, why: /^$/ },
};

/** Messages of the reference that show Python's types or spell a Python tuple. */
const IN_PYTHON_WORDS =
  /type <class|is not a tuple|not of length|missing|buffer interface|!= start/;

describe('validate on the golden structures', () => {
  golden.validate.forEach((recorded, number) => {
    const { name, structure, valid = false, message } = recorded;
    const listsAsPadding = message !== undefined && /^padding \(\[.* is not a tuple/.test(message);
    const known = listsAsPadding ? DIFFERENCES['padding list'] : DIFFERENCES[name];
    it(`${number} ${name}: ${(known?.valid ?? valid) ? 'valid' : 'not valid'}`, () => {
      const verdict = validate(decodeGolden(structure));
      assert.equal(verdict.valid, known?.valid ?? valid, verdict.message);
      if (known !== undefined) assert.match(verdict.message, known.why);
      else if (message !== undefined && !IN_PYTHON_WORDS.test(message)) {
        assert.equal(verdict.message, message);
      }
      assert.equal(verdict.message === '', verdict.valid);
    });
  });

  it('differs from the reference only where it says so', () => {
    const names = new Set(golden.validate.map(({ name }) => name));
    for (const name of Object.keys(DIFFERENCES)) assert.ok(names.has(name), name);
  });
});

describe('validateDimDict on the golden dictionaries', () => {
  golden.validate_dim_dict_index_3.forEach(({ dim_dict, valid = false, raises }, number) => {
    it(`${number}: ${valid ? 'valid' : 'not valid'}`, () => {
      const verdict = validateDimDict(3, decodeGolden(dim_dict));
      assert.equal(verdict.valid, valid, verdict.message);
      if (!valid) assert.match(verdict.message, /3/);
      if (raises?.message === "'size'") {
        assert.equal(verdict.message, "keys 'size' missing for dimension 3.");
      }
    });
  });
});

describe('numOwnedIndices on the golden dictionaries', () => {
  golden.num_owned_indices.forEach(({ name, dim_dict, num_owned_indices, result }, number) => {
    it(`${number} ${name}`, () => {
      const dict = decodeGolden(dim_dict) as DimDict;
      // The reference gives the trailing partial block to process 0: 5 of 7 in blocks of 2 over 2.
      const wrong = dict.dist_type === 'c' && dict.size === 7 && dict.block_size === 2;
      assert.equal(numOwnedIndices(dict), wrong ? 4 : (num_owned_indices ?? result));
    });
  });
});
