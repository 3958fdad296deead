import { strict as assert } from 'node:assert';
import { MPI } from '../../../src/entry/mpi.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;

describe('MINLOC and MAXLOC', () => {
  it('find a value and where it is', () => {
    const value = (rank * 7) % 5;
    const values = Array.from({ length: size }, (_, r) => (r * 7) % 5);
    const smallest = Math.min(...values);
    const largest = Math.max(...values);
    const pair = { value, index: rank };
    assert.deepEqual(world.allreduce(pair, { op: MPI.MINLOC }), {
      value: smallest,
      index: values.indexOf(smallest),
    });
    assert.deepEqual(world.allreduce(pair, { op: MPI.MAXLOC }), {
      value: largest,
      index: values.indexOf(largest),
    });
  });

  it('take the smallest index of equal values', () => {
    const result = world.allreduce({ value: -2.5, index: size - rank }, { op: MPI.MAXLOC });
    assert.deepEqual(result, { value: -2.5, index: 1 });
  });

  it('take indices that are int32s, and only pairs', () => {
    const max = { op: MPI.MAXLOC };
    assert.throws(() => world.allreduce({ value: 1, index: 0.5 }, max), {
      argument: 'value.index',
    });
    assert.throws(() => world.allreduce({ value: 1, index: 0 }, { op: MPI.SUM }), {
      class: 'MPI_ERR_OP',
    });
  });

  const layouts: [string, MPI.Datatype, number, (view: DataView, value: number) => void][] = [
    ['DOUBLE_INT', MPI.DOUBLE_INT, 8, (view, value) => view.setFloat64(0, value, true)],
    ['FLOAT_INT', MPI.FLOAT_INT, 4, (view, value) => view.setFloat32(0, value, true)],
    ['INT_INT', MPI.INT_INT, 4, (view, value) => view.setInt32(0, value, true)],
    ['LONG_INT', MPI.LONG_INT, 8, (view, value) => view.setBigInt64(0, BigInt(value), true)],
    ['SHORT_INT', MPI.SHORT_INT, 4, (view, value) => view.setInt16(0, value, true)],
  ];
  for (const [name, datatype, indexAt, setValue] of layouts) {
    it(`reduce arrays of ${name} as they are documented`, () => {
      const make = (pairs: [number, number][]) => {
        const data = new DataView(new ArrayBuffer(datatype.size * pairs.length));
        for (const [k, [value, index]] of pairs.entries()) {
          const pair = new DataView(data.buffer, k * datatype.size, datatype.size);
          setValue(pair, value);
          pair.setInt32(indexAt, index, true);
        }
        return data;
      };
      const read = (data: DataView, k: number) => data.getInt32(k * datatype.size + indexAt, true);
      const mine = make([
        [rank, 100 + rank],
        [-rank, 200 + rank],
      ]);
      const result = make([
        [0, 0],
        [0, 0],
      ]);
      world.allreduce({ data: mine, datatype }, { data: result, datatype }, { op: MPI.MAXLOC });
      assert.deepEqual([read(result, 0), read(result, 1)], [100 + size - 1, 200]);
      const expected = make([[size - 1, 0]]);
      for (let byte = 0; byte < Math.min(indexAt, name === 'SHORT_INT' ? 2 : 8); byte++) {
        assert.equal(result.getUint8(byte), expected.getUint8(byte));
      }
    });
  }
});
