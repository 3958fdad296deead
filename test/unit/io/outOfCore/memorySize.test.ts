import { strict as assert } from 'node:assert';
import { parseMemorySize, showMemorySize } from '../../../../src/io/outOfCore/memorySize.ts';

describe('amounts of memory', () => {
  it('are bytes, or text with a unit of 1000 or 1024', () => {
    const amounts: readonly (readonly [number | string, number])[] = [
      [65536, 65536],
      [1e6 + 0.5, 1e6],
      ['256MiB', 256 * 2 ** 20],
      ['256 mib', 256 * 2 ** 20],
      [' 1.5GiB ', 1.5 * 2 ** 30],
      ['100kB', 100_000],
      ['2GB', 2e9],
      ['1T', 1e12],
      ['1TiB', 2 ** 40],
      ['70000', 70000],
      ['70000B', 70000],
    ];
    for (const [text, bytes] of amounts) {
      assert.equal(parseMemorySize(text), bytes, String(text));
    }
  });

  it('are refused when they are none, or too small for anything', () => {
    for (const wrong of [null, undefined, {}, true, 10n]) {
      assert.throws(() => parseMemorySize(wrong), { code: 'ERR_ARGUMENT_TYPE' });
    }
    const words = ['', 'much', '256 MiBs', '-1GiB', '1e9', 'MiB', '1 2 MiB', '5iB', '0x10000'];
    for (const wrong of [
      ...words,
      '64k',
      '0',
      '65535',
      0,
      -1,
      Number.NaN,
      Number.POSITIVE_INFINITY,
    ]) {
      assert.throws(() => parseMemorySize(wrong), { code: 'ERR_ARGUMENT_RANGE' }, String(wrong));
    }
  });

  it('are shown as people read them', () => {
    assert.equal(showMemorySize(256 * 2 ** 20), '256 MiB');
    assert.equal(showMemorySize(1536 * 2 ** 20), '1.5 GiB');
    assert.equal(showMemorySize(100_000), '97.7 KiB');
    assert.equal(showMemorySize(10), '10 bytes');
  });
});
