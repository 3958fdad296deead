import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { countTrue, findTrue } from '../../../src/kernels/findTrue.ts';

describe('true elements of masks', () => {
  const masks = fc.array(fc.constantFrom(0, 0, 0, 1, 255), { maxLength: 70 });

  it('are found wherever they are', () => {
    fc.assert(
      fc.property(masks, fc.nat(9), (bytes, begin) => {
        const mask = Uint8Array.from([...new Array(begin).fill(1), ...bytes, 1]);
        const expected = bytes.flatMap((byte, k) => (byte === 0 ? [] : [100 - 3 * k]));
        const out = new Float64Array(expected.length + 1).fill(-1);
        assert.equal(findTrue(mask, begin, bytes.length, 100, -3, out, 0), expected.length);
        assert.deepEqual([...out], [...expected, -1]);
        assert.equal(countTrue(mask), expected.length + begin + 1);
      }),
    );
  });

  it('go where there is room for them', () => {
    const out = new Float64Array(3);
    assert.equal(findTrue(Uint8Array.of(1, 0, 1), 0, 3, 0, 1, out, 1), 2);
    assert.deepEqual([...out], [0, 0, 2]);
    assert.equal(findTrue(Uint8Array.of(0, 0), 0, 2, 0, 1, out, 3), 0);
    assert.equal(countTrue(new Uint8Array(0)), 0);
  });
});
