/** Files as memory. */
import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flushMemmap, formatNpyHeader, memmap } from '../../../src/entry/io.ts';

describe('memmap', () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'distarray-memmap-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
    new Uint8Array(buffer, byteOffset, byteLength);

  /** Writes elements behind a header, and returns the path. */
  function npy(name: string, header: Uint8Array, elements: ArrayBufferView): string {
    const path = join(directory, name);
    writeFileSync(path, Buffer.concat([header, bytesOf(elements)]));
    return path;
  }

  const numbers = Float64Array.from({ length: 12 }, (_, k) => k + 0.5);
  const threeByFour = (name: string) => npy(name, formatNpyHeader('float64', [3, 4]), numbers);

  it('shows the array of a .npy file, in C and Fortran order', () => {
    const a = memmap<'float64'>(threeByFour('c.npy'));
    assert.deepEqual(a.shape, [3, 4]);
    assert.equal(a.get(1, 2), 6.5);
    const f = memmap<'float64'>(npy('f.npy', formatNpyHeader('float64', [3, 4], true), numbers));
    assert.equal(f.get(1, 2), 7.5);
  });

  it('keeps what is written in memory, or brings it into the file', () => {
    const path = threeByFour('written.npy');
    const copy = memmap<'float64'>(path);
    copy.set(0, 0, -1);
    assert.equal(memmap<'float64'>(path).get(0, 0), 0.5);
    const inPlace = memmap<'float64'>(path, { mode: 'r+' });
    inPlace.set(2, 3, -2);
    flushMemmap(inPlace);
    assert.equal(readFileSync(path).readDoubleLE(128 + 8 * 11), -2);
    assert.equal(copy.get(0, 0), -1);
    assert.equal(memmap<'float64'>(path, { mode: 'r' }).get(2, 3), -2);
  });

  it('shows elements without a header, from an offset on', () => {
    const path = npy('raw', new Uint8Array(8), Int32Array.from([1, 2, 3, 4, 5, 6, 7]));
    const rest = memmap(path, { dtype: 'int32', offset: 8 });
    assert.deepEqual([...(rest.data as Int32Array)], [1, 2, 3, 4, 5, 6, 7]);
    const turned = memmap(path, { dtype: 'int32', offset: 12, shape: [2, 3], order: 'F' });
    assert.equal(turned.get(1, 0), 3);
    assert.deepEqual(memmap(path, { dtype: 'int32', offset: 36 }).shape, [0]);
    const parts = npy('complex', new Uint8Array(0), Float64Array.from([1, 2, 3, 4]));
    const complex = memmap(parts, { dtype: 'complex128', mode: 'r+' });
    complex.set(1, { re: 5, im: 6 });
    flushMemmap(complex);
    assert.deepEqual(complex.get(1), { re: 5, im: 6 });
    assert.equal(readFileSync(parts).readDoubleLE(24), 6);
  });

  it('maps no more than is looked at', () => {
    const path = join(directory, 'large');
    writeFileSync(path, '');
    // Sparse: there are no such bytes on the disk or in memory.
    truncateSync(path, 2 ** 31);
    const before = process.memoryUsage().rss;
    const a = memmap(path, { dtype: 'uint8', mode: 'r', shape: [2 ** 20, 2047] });
    assert.equal(a.get(2 ** 20 - 1, 2046), 0);
    assert.ok(process.memoryUsage().rss - before < 2 ** 26);
  });

  it('refuses what cannot be mapped', () => {
    const path = threeByFour('refused.npy');
    assert.throws(() => memmap(join(directory, 'none.npy')), { code: 'ENOENT' });
    assert.throws(() => memmap(path, { mode: 'w' as never }), { argument: 'options.mode' });
    assert.throws(() => memmap(path, { shape: [12] }), { argument: 'options.shape' });
    assert.throws(() => memmap(path, { dtype: 'float65' as never }), { argument: 'options.dtype' });
    assert.throws(() => memmap(path, { dtype: 'int8', offset: -1 }), {
      argument: 'options.offset',
    });
    assert.throws(() => memmap(path, { dtype: 'int8', shape: [-1] }), {
      argument: 'options.shape[0]',
    });
    assert.throws(() => memmap(path, { dtype: 'float64', offset: 4 }), { code: 'ERR_MEMMAP' });
    assert.throws(() => memmap(path, { dtype: 'int8', shape: [1000] }), {
      code: 'ERR_NPY_TRUNCATED',
    });
    assert.throws(() => memmap(path, { dtype: 'int8', offset: 1000 }), {
      code: 'ERR_NPY_TRUNCATED',
    });
    const big = Buffer.from(readFileSync(path).toString('latin1').replace('<f8', '>f8'), 'latin1');
    writeFileSync(path, big);
    assert.throws(() => memmap(path), { code: 'ERR_MEMMAP', message: /big-endian/ });
    truncateSync(path, 200);
    assert.throws(() => memmap(path), { code: 'ERR_MEMMAP' });
    writeFileSync(path, 'no header at all');
    assert.throws(() => memmap(path), { code: 'ERR_NPY_HEADER' });
    assert.throws(() => flushMemmap({ data: [] }), { code: 'ERR_ARGUMENT_TYPE' });
  });
});
