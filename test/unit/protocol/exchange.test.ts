import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import ndarray from 'ndarray';
import { DTYPE_NAMES, DTYPES, type Dtype } from '../../../src/dtype/dtype.ts';
import { Distribution } from '../../../src/entry/maps.ts';
import {
  type DimDict,
  type DistributedArrayStructure,
  decodeDistArray,
  encodeDistArray,
  exportDistArray,
  importDistArray,
  numOwnedIndices,
  structureOf,
  transferSizes,
  type UnstructuredDimDict,
  validate,
} from '../../../src/entry/protocol.ts';

const cyclic: DimDict = {
  dist_type: 'c',
  size: 7,
  proc_grid_size: 2,
  proc_grid_rank: 1,
  start: 2,
  block_size: 2,
};

const part = () => {
  const data = Float64Array.from({ length: 6 }, (_, k) => k);
  return { data, shape: [3, 2], dtype: 'float64' as Dtype, dimData: [cyclic, {}] };
};

describe('exportDistArray', () => {
  it('gives the three keys, over the same memory', () => {
    const { data, ...rest } = part();
    const structure = exportDistArray({ data, ...rest });
    assert.deepEqual(Object.keys(structure), ['__version__', 'buffer', 'dim_data']);
    assert.equal(structure.__version__, '0.10.0');
    assert.equal((structure.buffer as { data: unknown }).data, data);
    assert.deepEqual(validate(structure), { valid: true, message: '' });
  });

  it('speaks of undistributed dimensions as blocks on one process', () => {
    const d = Distribution.fromShape([4, 3], { dist: 'bn', size: 2 });
    const [, second] = exportDistArray({
      data: new Int8Array(6),
      shape: d.localShape(1),
      dtype: 'int8',
      dimData: d.dimData(1),
    }).dim_data;
    const grid = { proc_grid_size: 1, proc_grid_rank: 0 };
    assert.deepEqual(second, { dist_type: 'b', size: 3, ...grid, start: 0, stop: 3 });
  });

  it('exports every part of every regular distribution', () => {
    const extents = fc.array(fc.nat(9), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(extents, fc.integer({ min: 1, max: 8 }), fc.nat(), (shape, size, seed) => {
        const dist = shape.map((_, axis) => 'bcn'[(seed >> (2 * axis)) % 3]).join('');
        if (!/[bc]/.test(dist)) return;
        const d = Distribution.fromShape(shape, { dist, size });
        d.dimDataPerRank().forEach((dimData, rank) => {
          const local = d.localShape(rank);
          const count = local.reduce((product, extent) => product * extent, 1);
          const data = new Float32Array(count);
          const structure = exportDistArray({ data, shape: local, dtype: 'float32', dimData });
          const imported = importDistArray(structure);
          assert.equal(imported.data, data);
          assert.deepEqual(imported.globalShape, [...shape]);
          assert.deepEqual(imported.gridShape, [...d.gridShape]);
          assert.deepEqual(imported.gridCoords, d.coordsFromRank(rank));
          assert.deepEqual(imported.dimData.map(numOwnedIndices), [...local]);
        });
      }),
    );
  });

  it('makes integers of indices that maps keep as numbers', () => {
    const indicesOf = (indices: Float64Array | number[]) => {
      const u = { dist_type: 'u', size: 9, proc_grid_size: 1, proc_grid_rank: 0, indices } as const;
      const rest = { data: new Uint8Array(2), shape: [2], dtype: 'uint8' } as const;
      return (exportDistArray({ ...rest, dimData: [u] }).dim_data[0] as { indices: unknown })
        .indices;
    };
    assert.deepEqual(indicesOf([5, -1]), Int32Array.of(5, -1));
    assert.deepEqual(indicesOf(Float64Array.of(2 ** 40, 3)), BigInt64Array.of(2n ** 40n, 3n));
    assert.throws(() => indicesOf([0.5, 1]), {
      argument: 'parts',
      message: /indices for dimension 0/,
    });
  });

  it('refuses parts that do not fit', () => {
    const error = { name: 'ArgumentRangeError', argument: 'parts' };
    assert.throws(() => exportDistArray({ ...part(), shape: [4, 2] }), error);
    assert.throws(() => exportDistArray({ ...part(), dimData: [cyclic] }), error);
    assert.throws(() => exportDistArray({ ...part(), dtype: 'int8' }), error);
  });
});

describe('structureOf', () => {
  it('asks __distarray__, as a method', () => {
    const structure = exportDistArray(part());
    const object = {
      structure,
      __distarray__() {
        return this.structure;
      },
    };
    assert.equal(structureOf(object), structure);
    assert.equal(structureOf(structure), structure);
    for (const other of [null, undefined, 3, [1], { __distarray__: () => null }]) {
      assert.throws(() => structureOf(other), { name: 'ArgumentTypeError', argument: 'object' });
    }
  });
});

describe('importDistArray', () => {
  it('shares memory both ways', () => {
    const { data, ...rest } = part();
    const imported = importDistArray(exportDistArray({ data, ...rest }));
    assert.ok(imported.contiguous);
    data[3] = 30;
    assert.equal(imported.elements[3], 30);
    imported.elements[4] = 40;
    assert.equal(data[4], 40);
  });

  it('spells out empty dictionaries and defaults', () => {
    const { dimData } = importDistArray(exportDistArray(part()));
    assert.deepEqual(dimData[1], {
      dist_type: 'b',
      size: 2,
      proc_grid_size: 1,
      proc_grid_rank: 0,
      start: 0,
      stop: 2,
      padding: [0, 0],
      periodic: false,
    });
  });

  it('takes strided memory as it is, and packs it when asked for its elements', () => {
    const transposed = ndarray(Float64Array.from([0, 1, 2, 3, 4, 5]), [2, 3]).transpose(1, 0);
    const structure = { __version__: '0.10.0', buffer: transposed, dim_data: [cyclic, {}] };
    const imported = importDistArray(structure);
    assert.equal(imported.data, transposed.data);
    assert.deepEqual(imported.strides, [1, 3]);
    assert.equal(imported.contiguous, false);
    assert.deepEqual([...imported.elements], [0, 3, 1, 4, 2, 5]);
  });

  it('packs any strides as the elements lie', () => {
    const axis = fc.record({ extent: fc.nat(4), step: fc.integer({ min: -9, max: 9 }) });
    const complex = fc.boolean();
    fc.assert(
      fc.property(fc.array(axis, { maxLength: 4 }), complex, (axes, isComplex) => {
        const reach = axes.map(({ extent, step }) => (extent - 1) * step);
        const below = reach.filter((r) => r < 0).reduce((sum, r) => sum - r, 0);
        const above = reach.filter((r) => r > 0).reduce((sum, r) => sum + r, 0);
        const lanes = isComplex ? 2 : 1;
        const data = Float64Array.from({ length: (below + above + 1) * lanes }, (_, k) => k);
        const imported = importDistArray({
          __version__: '0.10.0',
          buffer: {
            data,
            shape: axes.map(({ extent }) => extent),
            strides: axes.map(({ step }) => step),
            offset: below,
            dtype: isComplex ? 'complex128' : 'float64',
          },
          dim_data: axes.map(() => ({})),
        });
        let places = [below];
        for (const { extent, step } of axes) {
          places = places.flatMap((at) => Array.from({ length: extent }, (_, i) => at + i * step));
        }
        const lanesOf = (at: number) => Array.from({ length: lanes }, (_, l) => at * lanes + l);
        assert.deepEqual([...imported.elements], places.flatMap(lanesOf));
      }),
    );
  });

  it('refuses what validate refuses, with its message', () => {
    const structure = { ...exportDistArray(part()), __version__: '2.0.0' };
    assert.throws(() => importDistArray(structure), {
      name: 'ArgumentRangeError',
      argument: 'structure',
      message: /__version__ "2.0.0" not supported/,
    });
  });

  it('needs an element for each index, also where the protocol leaves that open', () => {
    const buffer = new Float64Array(7);
    for (const dict of [
      { ...cyclic },
      {
        dist_type: 'u',
        size: 7,
        proc_grid_size: 1,
        proc_grid_rank: 0,
        indices: Int8Array.of(1, 0, 2),
      } as const,
    ]) {
      const structure = { __version__: '0.10.0', buffer, dim_data: [dict] };
      assert.equal(validate(structure).valid, true);
      assert.throws(() => importDistArray(structure), { message: /extent 3 of the buffer .* 0/ });
    }
  });
});

describe('numOwnedIndices', () => {
  it('adds up to the size over all processes', () => {
    const grid = fc.record({
      size: fc.nat(60),
      gridSize: fc.integer({ min: 1, max: 9 }),
      blockSize: fc.integer({ min: 1, max: 7 }),
    });
    fc.assert(
      fc.property(grid, ({ size, gridSize, blockSize }) => {
        const counts = Array.from({ length: gridSize }, (_, rank) => {
          let owned = 0;
          for (let i = 0; i < size; i++) {
            if (Math.floor(i / blockSize) % gridSize === rank) owned++;
          }
          const where = { proc_grid_size: gridSize, proc_grid_rank: rank };
          const start = rank * blockSize;
          const dict = { dist_type: 'c', size, ...where, start, block_size: blockSize } as const;
          assert.equal(numOwnedIndices(dict), owned);
          return owned;
        });
        assert.equal(
          counts.reduce((sum, count) => sum + count),
          size,
        );
      }),
    );
  });

  it('refuses what is no dictionary of a distribution', () => {
    for (const dict of [{}, { dist_type: 'n', size: 3 }, { ...cyclic, block_size: 0 }]) {
      assert.throws(() => numOwnedIndices(dict as DimDict), { argument: 'dimDict' });
    }
  });
});

describe('the JSON form', () => {
  const structures = DTYPE_NAMES.map((dtype) => {
    const { arrayType, lanes } = DTYPES[dtype];
    const data = new arrayType(6 * lanes);
    for (let k = 0; k < data.length; k++) {
      data[k] = (typeof data[0] === 'bigint' ? BigInt(k) : k % 2) as never;
    }
    const indices = BigInt64Array.of(2n ** 40n, -1n);
    const grid = { proc_grid_size: 2, proc_grid_rank: 0 };
    const u = { dist_type: 'u', size: 9, ...grid, indices, one_to_one: true } as const;
    return exportDistArray({ data, shape: [3, 2], dtype, dimData: [cyclic, u] });
  });

  for (const structure of structures) {
    const { dtype } = structure.buffer as { dtype: Dtype };
    it(`comes back as it was (${dtype})`, () => {
      const transfer = encodeDistArray(structure);
      assert.deepEqual(
        transferSizes(transfer.metadata),
        transfer.buffers.map(({ byteLength }) => byteLength),
      );
      const back = importDistArray(decodeDistArray(transfer));
      assert.deepEqual({ ...back, data: null }, { ...importDistArray(structure), data: null });
    });
  }

  it('leaves keys behind that the protocol does not know', () => {
    const structure = {
      __version__: '0.10.0',
      buffer: { data: new Float64Array(2), shape: [1, 2] },
      dim_data: [{}, { ...cyclic, note: 1n }],
    } as DistributedArrayStructure;
    const { dim_data } = decodeDistArray(encodeDistArray(structure));
    assert.deepEqual(dim_data, [{}, cyclic]);
  });

  it('keeps the shape of indices, of which several dimensions are refused', () => {
    const indices = Int32Array.of(4, 2, 1, 3);
    const u = { dist_type: 'u', size: 9, proc_grid_size: 2, proc_grid_rank: 0, indices } as const;
    const structure = exportDistArray({
      data: new Int8Array(4),
      shape: [4],
      dtype: 'int8',
      dimData: [u],
    });
    const { metadata, buffers } = encodeDistArray(structure);
    const [back] = decodeDistArray({ metadata, buffers }).dim_data;
    assert.deepEqual((back as UnstructuredDimDict).indices, {
      data: indices,
      shape: [4],
      dtype: 'int32',
    });
    const square = metadata.replace(
      /"dtype":"int32","shape":\[4\]/,
      '"dtype":"int32","shape":[2,2]',
    );
    assert.notEqual(square, metadata);
    assert.throws(() => decodeDistArray({ metadata: square, buffers }), {
      argument: 'metadata',
      message: /indices for dimension 0 have 2 dimensions instead of one/,
    });
  });

  it('copies nothing where elements lie in C order', () => {
    const { data, ...rest } = part();
    const transfer = encodeDistArray(exportDistArray({ data, ...rest }));
    assert.equal(transfer.buffers[0].buffer, data.buffer);
    data[5] = 55;
    assert.equal(importDistArray(decodeDistArray(transfer)).elements[5], 55);
  });

  it('copies buffers that lie askew', () => {
    const { metadata, buffers } = encodeDistArray(exportDistArray(part()));
    const askew = Buffer.alloc(49).subarray(1);
    askew.set(buffers[0]);
    const { elements } = importDistArray(decodeDistArray({ metadata, buffers: [askew] }));
    assert.deepEqual([...elements], [0, 1, 2, 3, 4, 5]);
  });

  it('turns the bytes of the other byte order', () => {
    const { metadata, buffers } = encodeDistArray(exportDistArray(part()));
    const swapped = Uint8Array.from(buffers[0]);
    for (let k = 0; k < swapped.length; k += 8) swapped.subarray(k, k + 8).reverse();
    const other = metadata.includes('"little"')
      ? metadata.replace('"little"', '"big"')
      : metadata.replace('"big"', '"little"');
    const { elements } = importDistArray(decodeDistArray({ metadata: other, buffers: [swapped] }));
    assert.deepEqual([...elements], [0, 1, 2, 3, 4, 5]);
  });

  it('is refused where text and buffers do not belong together', () => {
    const { metadata, buffers } = encodeDistArray(exportDistArray(part()));
    const decode =
      (text: string, raw = buffers) =>
      () =>
        decodeDistArray({ metadata: text, buffers: raw });
    assert.throws(decode('{'), { argument: 'metadata', expected: 'JSON' });
    assert.throws(decode('[]'), { argument: 'metadata' });
    assert.throws(decode(metadata, []), { argument: 'buffers', expected: '1 buffers' });
    assert.throws(decode(metadata, [new Uint8Array(40)]), { argument: 'buffers[0]' });
    assert.throws(decode(metadata.replace('float64', 'float16')), { argument: 'buffer.dtype' });
    assert.throws(decode(metadata.replace('"0.10.0"', '"0.9.0"')), {
      argument: 'metadata',
      message: /__version__ "0.9.0" not supported/,
    });
  });
});
