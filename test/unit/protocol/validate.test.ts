import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import ndarray from 'ndarray';
import {
  BlockMap,
  CyclicMap,
  type DimensionMap,
  Distribution,
  sliceMap,
  UnstructuredMap,
} from '../../../src/entry/maps.ts';
import { validate, validateDimData, validateDimDict } from '../../../src/entry/protocol.ts';

type Dict = Record<string, unknown>;

const block: Dict = {
  dist_type: 'b',
  size: 50,
  proc_grid_size: 2,
  proc_grid_rank: 0,
  start: 0,
  stop: 10,
};
const cyclic: Dict = { dist_type: 'c', size: 7, proc_grid_size: 3, proc_grid_rank: 1, start: 1 };
const unstructured: Dict = {
  dist_type: 'u',
  size: 50,
  proc_grid_size: 2,
  proc_grid_rank: 1,
  indices: Int32Array.of(7, -3, 2),
};

const structure = (changes: Dict = {}) => ({
  __version__: '0.10.0',
  buffer: new Float64Array(10),
  dim_data: [block],
  ...changes,
});

function assertValid(value: unknown): void {
  assert.deepEqual(validate(value), { valid: true, message: '' });
}

function assertMessage(value: unknown, message: string): void {
  assert.deepEqual(validate(value), { valid: false, message });
}

describe('validate: the structure', () => {
  it('needs its three keys and no others', () => {
    assertValid(structure());
    assertValid(Object.assign(Object.create(null), structure()));
    assertMessage([1, 2], 'non-dictionary object of type Array.');
    assertMessage(null, 'non-dictionary object of type null.');
    assertMessage(new Map(), 'non-dictionary object of type Map.');
    assertMessage({}, "keys '__version__', 'buffer', 'dim_data' missing.");
    assertMessage(structure({ buffer: undefined }), "keys 'buffer' missing.");
    assertMessage(
      structure({ shape: [10], strides: [1] }),
      "extra keys 'shape', 'strides' present.",
    );
  });

  for (const version of ['0.10.0', '0.10', '0.10.0a1', '0.10.0b2', '0.10a1']) {
    it(`takes version ${version}`, () => assertValid(structure({ __version__: version })));
  }

  for (const version of ['0.9.0', '1.0.0', '0.10.1', '0.11.0', '10.0.0', '0.1.0']) {
    it(`does not support version ${version}`, () =>
      assertMessage(
        structure({ __version__: version }),
        `__version__ "${version}" not supported by this checker.`,
      ));
  }

  for (const version of [
    'v1.0.0alpha',
    '',
    '0',
    '0.10.0.0',
    '0.10.0rc1',
    '0.10.0-1',
    ' 0.10.0',
    '-0.10',
  ]) {
    it(`does not know the version '${version}'`, () =>
      assertMessage(structure({ __version__: version }), `__version__ "${version}" not valid.`));
  }

  it('wants the version to be a string', () => {
    assertMessage(structure({ __version__: 10 }), '__version__ has non-string type number.');
    assertMessage(structure({ __version__: null }), '__version__ has non-string type null.');
    assertMessage(structure({ __version__: ['0.10.0'] }), '__version__ has non-string type Array.');
  });
});

describe('validate: the buffer', () => {
  const ten = { data: new Float64Array(10), shape: [10] };

  for (const [name, buffer] of [
    ['typed array', new Float64Array(10)],
    ['64-bit integers', new BigInt64Array(10)],
    ['Node buffer', Buffer.alloc(10)],
    ['array buffer, as bytes', new ArrayBuffer(10)],
    ['shared memory, as bytes', new SharedArrayBuffer(10)],
    ['data view, as bytes', new DataView(new ArrayBuffer(16), 6)],
    ['scijs ndarray', ndarray(new Float32Array(10))],
    ['strided scijs ndarray', ndarray(new Float32Array(20), [10], [2], 1)],
    ['strided buffer in C order', ten],
    ['strided buffer that runs backwards', { ...ten, strides: [-1], offset: 9 }],
    ['complex buffer', { data: new Float32Array(20), shape: [10], dtype: 'complex64' }],
    ['bool buffer', { data: new Uint8Array(10), shape: [10], dtype: 'bool' }],
  ] as const) {
    it(`may be a ${name}`, () => assertValid(structure({ buffer })));
  }

  for (const [name, buffer, message] of [
    ['an array', [1, 2], 'buffer: [1, 2] is not a buffer.'],
    ['null', null, 'buffer: null is not a buffer.'],
    ['a string', 'abc', 'buffer: "abc" is not a buffer.'],
    ['a shape alone', { shape: [10] }, 'buffer: an object of type Object is not a buffer.'],
    [
      'an untyped ndarray',
      ndarray([1, 2, 3]),
      `buffer: an object of type ${ndarray([1, 2]).constructor.name} is not a buffer.`,
    ],
    [
      'a shape with holes',
      { ...ten, shape: new Array(1) },
      'buffer: its shape ([undefined]) is not an array of integers ≥ 0.',
    ],
    [
      'a negative extent',
      { ...ten, shape: [-1] },
      'buffer: its shape ([-1]) is not an array of integers ≥ 0.',
    ],
    [
      'a dtype that is stored otherwise',
      { ...ten, dtype: 'float32' },
      'buffer: its dtype ("float32") does not fit its Float64Array.',
    ],
    [
      'strides of another number',
      { ...ten, strides: [1, 1] },
      'buffer: its strides ([1, 1]) are not 1 integers.',
    ],
    ['a negative offset', { ...ten, offset: -1 }, 'buffer: its offset (-1) is not an integer ≥ 0.'],
    [
      'more elements than memory',
      { ...ten, strides: [2] },
      'buffer: its shape, strides and offset reach beyond its memory of 10 elements.',
    ],
    [
      'complex elements beyond the memory',
      { ...ten, dtype: 'complex128' },
      'buffer: its shape, strides and offset reach beyond its memory of 5 elements.',
    ],
  ] as const) {
    it(`may not be ${name}`, () => assertMessage(structure({ buffer }), message));
  }

  it('has as many dimensions as there are dictionaries', () => {
    assertMessage(
      structure({ dim_data: [] }),
      'len(dim_data) == 0, which is not equal to buffer.ndim == 1.',
    );
    assertValid(structure({ buffer: { data: new Float64Array(1), shape: [] }, dim_data: [] }));
  });

  it('has the extent of start and stop in block dimensions, padding included', () => {
    const padded = { ...block, stop: 27, padding: [1, 2] };
    assertValid(structure({ buffer: new Int8Array(27), dim_data: [padded] }));
    assertMessage(
      structure({ buffer: new Int8Array(25), dim_data: [padded] }),
      'stop - start (27 - 0) for dimension 0 is not equal to buffer.shape[0] (25).',
    );
    const second = { data: new Float64Array(30), shape: [3, 10] };
    assertMessage(
      structure({ buffer: second, dim_data: [{}, { ...block, stop: 9 }] }),
      'stop - start (9 - 0) for dimension 1 is not equal to buffer.shape[1] (10).',
    );
  });

  it('may have any extent where the dictionary is empty', () => {
    assertValid(structure({ dim_data: [{}] }));
    assertValid(structure({ buffer: new Uint8Array(0), dim_data: [{}] }));
  });
});

describe('validate: dim_data', () => {
  it('is an array of dictionaries', () => {
    assert.equal(validateDimData([]).valid, true);
    assert.equal(validateDimData([block, {}, cyclic]).valid, true);
    assert.equal(validateDimData(block).message, 'dim_data (type Object) is not an array.');
    assert.equal(
      validateDimData([block, [block]]).message,
      'dim_data for dimension 1 (type Array) is not a dictionary.',
    );
    assert.equal(
      // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested
      validateDimData([block, , block]).message,
      'dim_data for dimension 1 (type undefined) is not a dictionary.',
    );
  });

  it('tells the dimension that is wrong', () => {
    const { message } = validateDimData([block, { ...cyclic, start: 0 }]);
    assert.equal(message, 'proc_grid_rank * block_size != start (1 * 1 != 0) for dimension 1.');
  });
});

describe('validate: a dimension dictionary', () => {
  const dicts = { b: block, c: cyclic, u: unstructured };
  const own = { b: ['start', 'stop'], c: ['start'], u: ['indices'] };
  const optional = { b: ['padding', 'periodic'], c: ['block_size'], u: ['one_to_one'] };
  const integers = ['size', 'proc_grid_size', 'proc_grid_rank', 'start', 'stop', 'block_size'];

  for (const type of ['b', 'c', 'u'] as const) {
    const dict = dicts[type];
    const required = ['dist_type', 'size', 'proc_grid_size', 'proc_grid_rank', ...own[type]];

    it(`'${type}' is valid with its required keys, and may have others`, () => {
      assert.deepEqual(validateDimDict(3, dict), { valid: true, message: '' });
      assert.equal(validateDimDict(3, { ...dict, note: 'x' }).valid, true);
    });

    for (const key of required) {
      it(`'${type}' needs ${key}`, () => {
        const { [key]: _, ...rest } = dict;
        for (const missing of [rest, { ...dict, [key]: undefined }]) {
          const { valid, message } = validateDimDict(3, missing);
          assert.equal(valid, false);
          assert.match(message, new RegExp(`${key}.* dimension 3\\.$`));
        }
      });
    }

    for (const key of [...required, ...optional[type]]) {
      it(`'${type}' wants ${key} to be of its type`, () => {
        const wrong = [null, 'x', 1.5, Number.NaN, {}, [1], 2n, Symbol('s'), () => 1];
        for (const value of wrong) {
          const { valid, message } = validateDimDict(3, { ...dict, [key]: value });
          assert.equal(valid, false, `${key}: ${String(value)}`);
          assert.match(message, new RegExp(`${key}.* (dimension|index) 3|index 3.*${key}`));
        }
        if (integers.includes(key)) {
          assert.match(
            validateDimDict(3, { ...dict, [key]: '1' }).message,
            /for dimension 3 has non-integer type string\.$/,
          );
        }
      });
    }
  }

  for (const [name, dict, message] of [
    ['a size below 0', { ...cyclic, size: -1 }, 'size for dimension 3 has negative value -1.'],
    [
      'a grid of no processes',
      { ...block, proc_grid_size: 0 },
      'proc_grid_size for dimension 3 has value 0 and is less than one.',
    ],
    [
      'a rank beyond the grid',
      { ...block, proc_grid_rank: 2 },
      'proc_grid_rank (value 2) >= proc_grid_size (value 2) for dimension 3.',
    ],
    [
      'a rank below 0',
      { ...unstructured, proc_grid_rank: -1 },
      'proc_grid_rank for dimension 3 has negative value -1.',
    ],
    ['a start below 0', { ...block, start: -1 }, 'start for dimension 3 has negative value -1.'],
    [
      'a stop before the start',
      { ...block, start: 10, stop: 9 },
      'stop (9) for dimension 3 is less than start (10).',
    ],
    [
      'a stop beyond the size',
      { ...block, stop: 51 },
      'stop (51) for dimension 3 is greater than size (50).',
    ],
    [
      'a first block that starts later',
      { ...block, start: 2 },
      'start should be zero, but has value 2 for dimension 3 with proc_grid_rank == 0.',
    ],
    [
      'padding of one number',
      { ...block, padding: [1] },
      'padding ([1]) for dimension 3 is not of length 2.',
    ],
    [
      'padding below 0',
      { ...block, padding: [0, -1] },
      'padding element 1 (-1) for dimension 3 is negative.',
    ],
    [
      'padding wider than the part',
      { ...block, padding: [0, 11] },
      'padding ([0, 11]) for dimension 3 is wider than start:stop (0:10).',
    ],
    [
      'boundary padding wider than the part',
      { ...block, padding: [11, 0] },
      'padding ([11, 0]) for dimension 3 is wider than start:stop (0:10).',
    ],
    [
      'boundary padding that meets in one part',
      { ...block, size: 10, proc_grid_size: 1, padding: [6, 5] },
      'padding ([6, 5]) for dimension 3 is wider than start:stop (0:10).',
    ],
    [
      'periodic that is a number',
      { ...block, periodic: 1 },
      'periodic for dimension 3 has non-boolean type number.',
    ],
    [
      'a block size of 0',
      { ...cyclic, block_size: 0 },
      'block_size (0) for dimension 3 is less than one.',
    ],
    [
      'a cyclic start that is not its turn',
      { ...cyclic, block_size: 2 },
      'proc_grid_rank * block_size != start (1 * 2 != 1) for dimension 3.',
    ],
    [
      'indices that are an array',
      { ...unstructured, indices: [1, 2] },
      'indices for distributed dimension 3: [1, 2] is not a buffer.',
    ],
    [
      'indices that are floats',
      { ...unstructured, indices: new Float64Array(1) },
      'indices for dimension 3 have non-integer dtype float64.',
    ],
    [
      'indices that are a matrix',
      { ...unstructured, indices: { data: new Int32Array(4), shape: [2, 2] } },
      'indices for dimension 3 have 2 dimensions instead of one.',
    ],
    [
      'an index twice',
      { ...unstructured, indices: BigInt64Array.of(5n, -1n, 5n) },
      'indices for dimension 3 are not unique: 5 comes twice.',
    ],
    [
      'one_to_one that is a number',
      { ...unstructured, one_to_one: 1 },
      'one_to_one for dimension 3 has non-boolean type number.',
    ],
    [
      'the type of no distribution',
      { dist_type: 'n', size: 3 },
      "dimension dict at index 3 should have dist_type of 'b', 'c', or 'u' (given 'n')",
    ],
  ] as [string, Dict, string][]) {
    it(`may not have ${name}`, () =>
      assert.deepEqual(validateDimDict(3, dict), { valid: false, message }));
  }

  for (const [name, dict] of [
    ['an empty block in the middle', { ...block, proc_grid_rank: 1, start: 7, stop: 7 }],
    ['an empty block at the end', { ...block, proc_grid_rank: 1, start: 50, stop: 50 }],
    ['no elements at all', { ...block, size: 0, stop: 0 }],
    [
      'an empty cyclic part at its turn',
      { ...cyclic, size: 3, proc_grid_size: 6, proc_grid_rank: 5, start: 5 },
    ],
    [
      'an empty cyclic part at the size',
      { ...cyclic, size: 3, proc_grid_size: 6, proc_grid_rank: 5, start: 3 },
    ],
    ['a partial block', { ...cyclic, block_size: 2, start: 2 }],
    ['no indices', { ...unstructured, indices: new Int32Array(0) }],
    ['indices as bytes', { ...unstructured, indices: Uint8Array.of(4, 3, 2) }],
    ['boundary padding as wide as the part', { ...block, proc_grid_rank: 0, padding: [10, 0] }],
    [
      'padding and periodicity on one process',
      { ...block, size: 10, proc_grid_size: 1, padding: [2, 2], periodic: true },
    ],
    ['truth values as 0 and 1', { ...block, start: false, padding: [true, false] }],
  ] as [string, Dict][]) {
    it(`may have ${name}`, () =>
      assert.deepEqual(validateDimDict(0, dict), { valid: true, message: '' }));
  }
});

describe('validate: the dictionaries of maps', () => {
  it('are valid for views in descending order and beyond 32 bits', () => {
    const far = 2 ** 40;
    const descending = { start: far - 1, step: -1, count: far };
    const listed = UnstructuredMap.fromIndices([[far, 3]]);
    const turns = new CyclicMap(far, far / 2);
    const cases: [DimensionMap, BigInt64Array | Int32Array][] = [
      [
        sliceMap(BlockMap.fromBounds([0, 2, far]), descending),
        BigInt64Array.of(BigInt(far - 2), BigInt(far - 1)),
      ],
      [sliceMap(turns, { start: 1, step: 1, count: far - 1 }), BigInt64Array.of(2n ** 39n - 1n)],
      [listed, BigInt64Array.of(BigInt(far), 3n)],
      [sliceMap(listed, { start: 1, step: 1, count: 1 }), Int32Array.of()],
    ];
    for (const [map, indices] of cases) {
      const dict = map.dimData(0);
      assert.deepEqual(dict.dist_type === 'u' && dict.indices, indices);
      assert.deepEqual(validateDimData([dict]), { valid: true, message: '' });
    }
    const turned = Distribution.fromShape([10], { size: 2 }).slice('::-1');
    assert.deepEqual(turned.dimData(0)[0], {
      dist_type: 'u',
      size: 10,
      proc_grid_size: 2,
      proc_grid_rank: 0,
      indices: Int32Array.of(5, 6, 7, 8, 9),
      one_to_one: true,
    });
  });
});

describe('validate: whatever comes', () => {
  const keys = [
    '__version__',
    'buffer',
    'dim_data',
    'dist_type',
    'size',
    'proc_grid_size',
    'proc_grid_rank',
    'start',
    'stop',
    'padding',
    'periodic',
    'block_size',
    'indices',
    'one_to_one',
    'data',
    'shape',
  ];
  const odd = fc.oneof(
    fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
    }),
    fc.constantFrom<unknown>(
      Symbol('s'),
      () => 1,
      Number.NaN,
      -0,
      2 ** 53,
      'b',
      'c',
      'u',
      '0.10.0',
      true,
      Object.defineProperty({}, 'size', { enumerable: true, get: () => assert.fail('got') }),
      new Proxy({}, { ownKeys: () => assert.fail('listed'), getPrototypeOf: () => null }),
      class {},
      new (class Odd {})(),
      new WeakMap(),
      new Error('e'),
    ),
  );
  const dictionary = (value: fc.Arbitrary<unknown>) =>
    fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 9 });

  it('never throws, and says something exactly when it says no', () => {
    const values = fc.oneof(odd, dictionary(fc.oneof(odd, fc.array(dictionary(odd)))));
    fc.assert(
      fc.property(values, (value) => {
        for (const verdict of [
          validate(value),
          validateDimData(value),
          validateDimDict(2, value),
        ]) {
          assert.equal(verdict.valid, verdict.message === '');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('says so when a value cannot even be looked at', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const value of [proxy, structure({ buffer: proxy }), structure({ dim_data: [proxy] })]) {
      const { valid, message } = validate(value);
      assert.equal(valid, false);
      assert.match(message, /^the structure cannot be read: .*revoked/);
    }
    assert.equal(validateDimDict(0, { ...unstructured, indices: proxy }).valid, false);
  });

  it('names dimension and key of whatever is wrong in a valid structure', () => {
    const dimData = [block, cyclic, unstructured];
    const buffer = { data: new Int16Array(60), shape: [10, 2, 3] };
    assertValid(structure({ buffer, dim_data: dimData }));
    fc.assert(
      fc.property(fc.nat(2), fc.constantFrom(...keys.slice(3, 14)), odd, (axis, key, value) => {
        const changed = dimData.map((dict, k) => (k === axis ? { ...dict, [key]: value } : dict));
        const { valid, message } = validate(structure({ buffer, dim_data: changed }));
        if (valid || /cannot be read/.test(message)) return;
        assert.match(message, new RegExp(`(dimension|index) ${axis}\\b`));
        // A size, say, may also show as a stop beyond it.
        assert.match(message, new RegExp(keys.join('|')));
      }),
      { numRuns: 500 },
    );
  });

  it('says yes to what the rules make', () => {
    const blocks = fc
      .tuple(fc.nat(40), fc.nat(40), fc.nat(40), fc.integer({ min: 2, max: 5 }), fc.nat(3))
      .map(([a, b, c, grid, wide]) => {
        const [start, stop, size] = [a, a + b + wide, a + b + wide + c];
        const where = { proc_grid_size: grid, proc_grid_rank: 1, start, stop, size };
        return { dist_type: 'b', ...where, padding: [Math.min(wide, b + wide), 0] };
      });
    fc.assert(fc.property(blocks, (dict) => validateDimDict(0, dict).valid));
  });
});
