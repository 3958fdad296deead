import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { DTYPE_NAMES, type Dtype } from '../../../src/dtype/dtype.ts';
import { numpyName } from '../../../src/dtype/numpyNames.ts';
import { formatNpyHeader, parseNpyHeader } from '../../../src/entry/io.ts';
import { needNumpy } from '../../support/numpy.ts';

const shapes = [[], [0], [7], [12345678], [2, 0, 3], [4, 5], [1, 2, 3, 4, 5], Array(32).fill(1)];

/** A header of these bytes before the literal and this literal. */
function header(version: number, literal: string, encoding: BufferEncoding = 'latin1'): Uint8Array {
  const text = Buffer.from(literal, encoding);
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) length.writeUInt16LE(text.length);
  else length.writeUInt32LE(text.length);
  return Buffer.concat([
    Buffer.from([0x93]),
    Buffer.from('NUMPY'),
    Buffer.from([version, 0]),
    length,
    text,
  ]);
}

describe('headers of .npy files', () => {
  it('are those that numpy.save writes, byte by byte', function () {
    this.timeout(30_000);
    needNumpy(this);
    const cases = DTYPE_NAMES.flatMap((dtype) => shapes.map((shape) => ({ dtype, shape })));
    const script = `
import io, json, sys
import numpy.lib.format as f
import numpy as np
answers = []
for dtype, shape in json.loads(sys.stdin.read()):
    out = io.BytesIO()
    f.write_array_header_1_0(out, {'descr': dtype, 'fortran_order': False, 'shape': tuple(shape)})
    answers.append(out.getvalue().hex())
print(json.dumps(answers))`;
    const input = JSON.stringify(cases.map(({ dtype, shape }) => [numpyName(dtype), shape]));
    const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', script], {
      input,
      encoding: 'utf8',
    });
    const answers = JSON.parse(stdout || `"${stderr}"`);
    cases.forEach(({ dtype, shape }, k) => {
      const ours = formatNpyHeader(dtype, shape);
      assert.equal(Buffer.from(ours).toString('hex'), answers[k], `${dtype} ${shape}`);
    });
  });

  for (const dtype of DTYPE_NAMES) {
    it(`say what they were made of: ${dtype}`, () => {
      for (const shape of shapes) {
        const bytes = formatNpyHeader(dtype, shape);
        assert.equal(bytes.length % 64, 0);
        const parsed = parseNpyHeader(bytes);
        const byteOrder = numpyName(dtype).startsWith('|') ? 'none' : 'little';
        const expected = { version: 1, dtype, byteOrder, fortranOrder: false, shape };
        assert.deepEqual(parsed, { ...expected, dataOffset: bytes.length });
      }
    });
  }

  it('are read in every form that Python writes', () => {
    const plain = { dtype: 'float64', byteOrder: 'little', fortranOrder: false, shape: [3, 4] };
    for (const [version, literal, changes] of [
      [1, "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }   \n", {}],
      [2, "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }\n", {}],
      [3, "{'shape': (3, 4), 'descr': '<f8', 'fortran_order': False}\n", {}],
      [1, "{'descr': u'<f8', 'fortran_order': False, 'shape': (3L, 4L)}", {}],
      [1, '{"descr": b"<f8", "fortran_order": False, "shape": [3, 4,]}', {}],
      [1, "{'descr': '\\x3cf8', 'fortran_order': False, 'shape': (3, 4)}", {}],
      [
        1,
        "{'descr': '>c16', 'fortran_order': True, 'shape': (3, 4)}",
        { dtype: 'complex128', byteOrder: 'big', fortranOrder: true },
      ],
      [
        1,
        "{'descr': '|b1', 'fortran_order': False, 'shape': (3L,)}",
        { dtype: 'bool', byteOrder: 'none', shape: [3] },
      ],
      [
        1,
        "{'descr': '?', 'fortran_order': False, 'shape': ()}",
        { dtype: 'bool', byteOrder: 'none', shape: [] },
      ],
      [
        1,
        "{'descr': '>i2', 'fortran_order': False, 'shape': (0,)}\n\n",
        { dtype: 'int16', byteOrder: 'big', shape: [0] },
      ],
    ] as const) {
      const bytes = header(version, literal);
      const expected = { version, ...plain, ...changes, dataOffset: bytes.length };
      assert.deepEqual(parseNpyHeader(bytes), expected, literal);
    }
  });

  for (const [what, bytes, code] of [
    ['nothing', new Uint8Array(0), 'ERR_NPY_HEADER'],
    ['text', Buffer.from('no .npy file at all'), 'ERR_NPY_HEADER'],
    ['a DistArray file', Buffer.from('\x93DARRY\x01\x00\x02\x00{}', 'latin1'), 'ERR_NPY_HEADER'],
    ['version 4', header(4, '{}'), 'ERR_NPY_HEADER'],
    ['a cut header', header(1, "{'descr': '<f8', ").subarray(0, 20), 'ERR_NPY_HEADER'],
    [
      'a header of 4 GiB',
      Buffer.from('\x93NUMPY\x02\x00\xff\xff\xff\xff{}', 'latin1'),
      'ERR_NPY_HEADER',
    ],
    ['a list', header(1, '[1, 2]'), 'ERR_NPY_HEADER'],
    ['a missing key', header(1, "{'descr': '<f8', 'shape': ()}"), 'ERR_NPY_HEADER'],
    [
      'one key more',
      header(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (), 'x': 1}"),
      'ERR_NPY_HEADER',
    ],
    [
      'a negative extent',
      header(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}"),
      'ERR_NPY_HEADER',
    ],
    [
      'an extent beyond 2^53',
      header(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (9007199254740993,)}"),
      'ERR_NPY_HEADER',
    ],
    [
      'an extent of a thousand digits',
      header(1, `{'descr': '<f8', 'fortran_order': False, 'shape': (${'9'.repeat(1000)},)}`),
      'ERR_NPY_HEADER',
    ],
    [
      'a call',
      header(1, "{'descr': __import__('os').system('id'), 'fortran_order': False, 'shape': ()}"),
      'ERR_NPY_HEADER',
    ],
    ['brackets without end', header(1, '('.repeat(60000)), 'ERR_NPY_HEADER'],
    ['a string without end', header(3, `{'${'a\\'.repeat(300000)}`, 'utf8'), 'ERR_NPY_HEADER'],
    ['bytes that are no UTF-8', header(3, "{'descr': '\xff'}", 'latin1'), 'ERR_NPY_HEADER'],
    [
      'objects',
      header(1, "{'descr': '|O', 'fortran_order': False, 'shape': (3,)}"),
      'ERR_NPY_DTYPE',
    ],
    [
      'texts',
      header(1, "{'descr': '<U5', 'fortran_order': False, 'shape': (3,)}"),
      'ERR_NPY_DTYPE',
    ],
    [
      'float16',
      header(1, "{'descr': '<f2', 'fortran_order': False, 'shape': (3,)}"),
      'ERR_NPY_DTYPE',
    ],
    [
      'dates',
      header(1, "{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (3,)}"),
      'ERR_NPY_DTYPE',
    ],
    [
      'records',
      header(
        1,
        "{'descr': [('x', '<f8'), ('y', '<i4', (2,))], 'fortran_order': False, 'shape': (3,)}",
      ),
      'ERR_NPY_DTYPE',
    ],
  ] as const) {
    it(`refuse ${what} (${code})`, () => {
      assert.throws(() => parseNpyHeader(bytes), { code });
    });
  }

  it('leave an attribute called __proto__ alone', () => {
    const bytes = header(
      1,
      "{'__proto__': 1, 'descr': '<f8', 'fortran_order': False, 'shape': ()}",
    );
    assert.throws(() => parseNpyHeader(bytes), { code: 'ERR_NPY_HEADER' });
    assert.equal(({} as { x?: Dtype }).x, undefined);
  });
});
