import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatDnpyHeader, parseDnpyHeader } from '../../../src/entry/io.ts';
import { readDnpy } from '../../../src/io/dnpyFile.ts';
import type { DimDict } from '../../../src/protocol/structure.ts';
import { root } from '../../support/programs.ts';

interface Local {
  readonly file: string;
  readonly dim_data: readonly DimDict[];
  readonly buffer: { readonly shape: readonly number[]; readonly data: readonly unknown[] };
  readonly npy_offset: number;
}

const folder = join(root, 'test/data/golden');
const { cases } = JSON.parse(readFileSync(join(folder, 'dnpy_manifest.json'), 'utf8'));
const locals: Local[] = cases.flatMap(({ locals }: { locals?: Local[] }) => locals ?? []);

describe('headers of .dnpy files', () => {
  it('are those that DistArray writes, byte by byte', () => {
    assert.ok(locals.length > 40);
    for (const { file, dim_data, npy_offset } of locals) {
      const written = readFileSync(join(folder, 'dnpy', file)).subarray(0, npy_offset);
      assert.deepEqual(Buffer.from(formatDnpyHeader(dim_data)), written, file);
    }
  });

  it('say what DistArray has written', () => {
    for (const { file, dim_data, npy_offset } of locals) {
      const bytes = readFileSync(join(folder, 'dnpy', file));
      const expected = { version: 1, dimData: dim_data, npyOffset: npy_offset };
      assert.deepEqual(parseDnpyHeader(bytes), expected, file);
    }
  });

  it('begin files whose elements are read whatever their order', () => {
    for (const { file, buffer } of locals) {
      const { shape, data, dtype } = readDnpy(join(folder, 'dnpy', file), true);
      assert.deepEqual(shape, buffer.shape);
      if (dtype.startsWith('complex')) continue;
      assert.deepEqual(Array.from(data as Float64Array, Number), buffer.data.map(Number), file);
    }
  });

  it('fill up to 16 bytes with at least one space', () => {
    for (let size = 1; size < 10 ** 16; size *= 10) {
      const dict = {
        dist_type: 'b',
        size,
        proc_grid_rank: 0,
        proc_grid_size: 1,
        start: 0,
        stop: size,
      };
      const bytes = formatDnpyHeader([dict as DimDict]);
      assert.equal(bytes.length % 16, 0);
      assert.match(Buffer.from(bytes).toString('latin1'), /\), } {1,16}\n$/);
    }
  });

  const unstructured = { dist_type: 'u', size: 7, proc_grid_rank: 0, proc_grid_size: 2 } as const;

  it('have indices as a list, which DistArray reads', () => {
    const dict = { ...unstructured, indices: Int32Array.of(5, 0, 3), one_to_one: true };
    const bytes = formatDnpyHeader([dict]);
    const text = Buffer.from(bytes).toString('latin1');
    assert.match(text, /'proc_grid_size': 2, 'indices': \[5, 0, 3\], 'one_to_one': True},\), }/);
    assert.deepEqual(parseDnpyHeader(bytes).dimData, [dict]);
  });

  it('read what DistArray itself writes for indices, and Python 2 literals', () => {
    for (const indices of [
      'array([5, 0, 3])',
      'array([5, 0,\n       3], dtype=int64)',
      "array([5L, 0L, 3L], dtype='<i8')",
      '(5, 0, 3)',
    ]) {
      const literal =
        `{u'dim_data': [{u'proc_grid_size': 2L, 'indices': ${indices}, b'dist_type': u'u', ` +
        `'size': 7L, 'proc_grid_rank': 0}], '__version__': u'0.10.0'}`;
      assert.deepEqual(parseDnpyHeader(dnpy(literal)).dimData, [
        { ...unstructured, indices: Int32Array.of(5, 0, 3) },
      ]);
    }
  });

  it('have room for any number of indices, in version 2.0', () => {
    const indices = Int32Array.from({ length: 100_000 }, (_, k) => 3 * k);
    const bytes = formatDnpyHeader([{ ...unstructured, size: 300_000, indices }]);
    const { version, dimData } = parseDnpyHeader(bytes);
    assert.equal(version, 2);
    assert.deepEqual((dimData[0] as { indices: Int32Array }).indices, indices);
    const wide = BigInt64Array.of(2n ** 40n, 3n);
    const { dimData: back } = parseDnpyHeader(
      formatDnpyHeader([{ ...unstructured, indices: wide }]),
    );
    assert.deepEqual((back[0] as { indices: BigInt64Array }).indices, wide);
  });

  for (const [what, bytes] of [
    ['the magic of a .npy file', readFileSync(join(folder, 'dnpy/corrupt_magic_0.dnpy'))],
    ['a cut header', readFileSync(join(folder, 'dnpy/m_bb_0.dnpy')).subarray(0, 30)],
    ['another version', dnpy("{'__version__': '0.9.0', 'dim_data': ()}")],
    ['no version', dnpy("{'dim_data': ()}")],
    ['dictionaries that are none', dnpy("{'__version__': '0.10.0', 'dim_data': (1,)}")],
    [
      'indices that NumPy has cut short',
      dnpy("{'__version__': '0.10.0', 'dim_data': ({'indices': array([0, 1, ..., 9])},)}"),
    ],
    [
      'indices that are no integers',
      dnpy("{'__version__': '0.10.0', 'dim_data': ({'indices': ['a']},)}"),
    ],
  ] as const) {
    it(`refuse ${what}`, () => {
      assert.throws(() => parseDnpyHeader(bytes), { code: 'ERR_DNPY_HEADER' });
    });
  }
});

function dnpy(literal: string): Buffer {
  const start = Buffer.from('\x93DARRY\x01\x00..', 'latin1');
  start.writeUInt16LE(literal.length, 8);
  return Buffer.concat([start, Buffer.from(literal)]);
}
