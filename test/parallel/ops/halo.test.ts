// ranks: 1-6
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { Dtype } from '../../../src/dtype/dtype.ts';
import {
  addHalo,
  exchangeHalo,
  type HaloOptions,
  LocalArray,
  startHaloExchange,
} from '../../../src/entry/local.ts';
import {
  BlockMap,
  CyclicMap,
  type DimensionMap,
  Distribution,
  UndistributedMap,
} from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { sharedProperty } from '../../support/sharedProperty.ts';

const comm = MPI.COMM_WORLD;
const { size } = comm;

/** A cell of a part with its halo: its index in the whole array, and along how many axes it is halo. */
interface Cell {
  readonly index: readonly number[];
  readonly outside: number;
}

/** The cells of this process's padded part, in C order of the memory. */
function cellsOf({ distribution, rank }: LocalArray): Cell[] {
  if (rank < 0) return [];
  const coords = distribution.coordsFromRank(rank);
  let cells: Cell[] = [{ index: [], outside: 0 }];
  distribution.maps.forEach((map, axis) => {
    const coord = coords[axis];
    const along: [index: number, outside: number][] = [];
    if (map instanceof BlockMap) {
      for (let i = map.paddedStart(coord); i < map.paddedStop(coord); i++) {
        const owned = map.start(coord) <= i && i < map.stop(coord);
        along.push([(i + map.size) % map.size, owned ? 0 : 1]);
      }
    } else for (const i of map.globalIndices(coord)) along.push([i, 0]);
    cells = cells.flatMap(({ index, outside }) =>
      along.map(([i, more]) => ({ index: [...index, i], outside: outside + more })),
    );
  });
  return cells;
}

const valueAt = (index: readonly number[]) => index.reduce((value, i) => value * 50 + i, 1);

/** An array whose owned elements are a function of their index, and whose halo is −1. */
function filled(distribution: Distribution): LocalArray<'float64'> {
  const array = new LocalArray(distribution, { dtype: 'float64' });
  cellsOf(array).forEach(({ index, outside }, k) => {
    array.data[k] = outside > 0 ? -1 : valueAt(index);
  });
  return array;
}

function assertFresh(array: LocalArray<'float64'>, { stencil }: HaloOptions = {}): void {
  const reach = stencil === 'star' ? 1 : array.ndim;
  const expected = cellsOf(array).map(({ index, outside }) =>
    outside <= reach ? valueAt(index) : -1,
  );
  assert.deepEqual([...array.data], expected);
}

/** Blocks of uneven sizes, padded at each edge by a width of its own as far as the neighbours hold it. */
const padded = (gridSize: number): fc.Arbitrary<BlockMap> =>
  fc
    .record({
      sizes: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: gridSize, maxLength: gridSize }),
      widths: fc.array(fc.nat(3), { minLength: gridSize, maxLength: gridSize }),
      boundaries: fc.tuple(fc.nat(1), fc.nat(1)),
      periodic: fc.boolean(),
    })
    .map(({ sizes, widths, boundaries, periodic }) => {
      const bounds = [0];
      for (const extent of sizes) bounds.push(bounds[bounds.length - 1] + extent);
      const ends = [sizes[0], sizes[gridSize - 1]];
      const inner = widths
        .slice(1)
        .map((width, edge) => Math.min(width, sizes[edge], sizes[edge + 1]));
      const commPadding = periodic ? [...inner, Math.min(widths[0], ...ends)] : inner;
      const fits = gridSize === 1 ? ends[0] > 1 : Math.min(...ends) > 0;
      const boundaryPadding = fits && !periodic ? boundaries : 0;
      return BlockMap.fromBounds(bounds, { commPadding, boundaryPadding, periodic });
    });

const anyAxis = (gridSize: number): fc.Arbitrary<DimensionMap> =>
  fc.oneof(
    { weight: 4, arbitrary: padded(gridSize) },
    { weight: 1, arbitrary: fc.constant(new CyclicMap(5, gridSize)) },
  );

/** Process grids of up to three dimensions on some or all of the processes. */
const gridShapes = fc
  .array(fc.integer({ min: 1, max: size }), { minLength: 1, maxLength: 3 })
  .filter((shape) => shape.reduce((product, n) => product * n, 1) <= size);

const anyDistribution = gridShapes
  .chain((shape) => fc.tuple(...shape.map(anyAxis)))
  .map((maps) => Distribution.fromMaps(maps));

const anyStencil = fc.constantFrom<HaloOptions>({}, { stencil: 'star' }, { stencil: 'box' });

describe('exchangeHalo', () => {
  it('gives every halo cell the value of the element that it stands for', () => {
    fc.assert(
      sharedProperty(anyDistribution, anyStencil, (distribution, options) => {
        const array = filled(distribution);
        exchangeHalo(array, options);
        assertFresh(array, options);
      }),
      { numRuns: 60, seed: 20140315, endOnFailure: true },
    );
  });

  it('goes around periodic dimensions with one or two processes', () => {
    for (const gridSize of [1, Math.min(2, size)]) {
      const map = BlockMap.even(4 * gridSize, gridSize, { commPadding: 3, periodic: true });
      const around = Distribution.fromMaps([map, new UndistributedMap(2)]);
      for (const _ of ['first', 'again']) {
        const array = filled(around);
        exchangeHalo(array);
        assertFresh(array);
      }
    }
  });

  it('is as wide as the neighbours hold, and no wider', () => {
    const map = BlockMap.even(2 * size, size, { commPadding: 2 });
    const array = filled(Distribution.fromMaps([map]));
    exchangeHalo(array);
    assertFresh(array);
    assert.throws(() => BlockMap.even(2 * size + 2, size + 1, { commPadding: 3 }), {
      argument: 'options.commPadding',
    });
  });

  it('leaves boundary padding to the program', () => {
    const map = BlockMap.even(4 * size, size, { commPadding: 1, boundaryPadding: 2 });
    const array = filled(Distribution.fromMaps([map]));
    const cells = cellsOf(array);
    exchangeHalo(array);
    assertFresh(array);
    assert.equal(cells.filter(({ outside }) => outside === 0).length, array.localSize);
  });

  it('moves elements of every size', () => {
    const map = BlockMap.even(3 * size, size, { commPadding: 1, periodic: true });
    const distribution = Distribution.fromMaps([map]);
    for (const dtype of ['bool', 'int16', 'float32', 'int64', 'complex128'] as Dtype[]) {
      const array = new LocalArray(distribution, { dtype });
      array.fill(dtype === 'int64' ? 1n : 1);
      exchangeHalo(array);
      const numbers = Array.from(array.data as Iterable<number | bigint>, Number);
      const lanes = numbers.length / (array.localSize + 2);
      assert.deepEqual(
        numbers,
        numbers.map((_, k) => (k % lanes === 0 ? 1 : 0)),
      );
    }
  });

  it('works on a subset of the processes, and on memory with strides of its own', () => {
    const map = BlockMap.even(6, 1, { commPadding: 2, periodic: true });
    const distribution = Distribution.fromMaps([map], { targets: [size - 1] });
    const here = distribution.rankOfTarget(comm.rank) >= 0;
    const data = new Float64Array(here ? 21 : 0).fill(-1);
    const shape = here ? [10] : [0];
    const array = new LocalArray(distribution, { data: { data, shape, stride: [2], offset: 1 } });
    for (let k = 0; here && k < 6; k++) array.set(k, k);
    exchangeHalo(array);
    if (!here) return;
    const seen = Array.from({ length: 10 }, (_, k) => data[1 + 2 * k]);
    assert.deepEqual(seen, [4, 5, 0, 1, 2, 3, 4, 5, 0, 1]);
    assert.ok(data.every((value, k) => k % 2 === 1 || value === -1));
  });

  it('does nothing where there is no padding', () => {
    const array = filled(Distribution.fromShape([9, 4], { dist: 'bc', size }));
    exchangeHalo(array);
    assertFresh(array);
  });

  it('refuses views, other stencils and what is no array', () => {
    const map = BlockMap.even(3 * size, size, { commPadding: 1 });
    const array = filled(Distribution.fromMaps([map]));
    assert.throws(() => exchangeHalo(array.slice('1:')), { argument: 'array' });
    assert.throws(() => exchangeHalo(array, { stencil: 'cross' as never }), {
      argument: 'options.stencil',
    });
    assert.throws(() => exchangeHalo({} as LocalArray), { argument: 'array' });
  });
});

describe('startHaloExchange', () => {
  const map = BlockMap.even(4 * size, size, { commPadding: 2, periodic: true });
  const distribution = Distribution.fromMaps([map, new UndistributedMap(3)]);

  it('lets work go on until the halo is waited for', () => {
    const array = filled(distribution);
    const exchange = startHaloExchange(array);
    const inner = array.padded.pick(3, null);
    assert.equal(inner.shape[0], 3);
    exchange.wait();
    assert.equal(exchange.isComplete, true);
    exchange.wait();
    assertFresh(array);
  });

  it('can be awaited, and looked at', async () => {
    const array = filled(distribution);
    await startHaloExchange(array);
    assertFresh(array);
    const other = filled(distribution);
    const exchange = startHaloExchange(other);
    while (!exchange.test()) await new Promise(setImmediate);
    assertFresh(other);
  });

  it('has several under way, of the same distribution and of others', () => {
    const arrays = Array.from({ length: 3 }, () => filled(distribution));
    const exchanges = arrays.map((array) => startHaloExchange(array));
    for (const exchange of exchanges.reverse()) exchange.wait();
    for (const array of arrays) assertFresh(array);
  });

  it('meets no receive of the program', () => {
    const caught = comm.irecv(new Float64Array(64), MPI.ANY_SOURCE, { tag: MPI.ANY_TAG });
    const array = filled(distribution);
    exchangeHalo(array);
    assertFresh(array);
    comm.send(new Float64Array(1), comm.rank, { tag: 7 });
    assert.equal(caught.wait().tag, 7);
    comm.barrier();
  });

  it('gives its messages back with the communicator', () => {
    const copy = comm.dup();
    const array = new LocalArray(distribution, { comm: copy });
    exchangeHalo(array);
    copy.free();
  });
});

describe('addHalo', () => {
  it('adds the halos to the elements that they stand for', () => {
    fc.assert(
      sharedProperty(anyDistribution, anyStencil, (distribution, options) => {
        const array = new LocalArray(distribution, { dtype: 'float64' });
        const cells = cellsOf(array);
        const reach = options.stencil === 'star' ? 1 : array.ndim;
        const counted = new Float64Array(5 ** 6 * 2);
        const place = (index: readonly number[]) =>
          index.reduce((at, i, axis) => at * distribution.shape[axis] + i, 0);
        cells.forEach(({ index, outside }, k) => {
          array.data[k] = outside === 0 ? 1000 : outside;
          if (outside > 0 && outside <= reach) counted[place(index)] += outside;
        });
        comm.allreduce(MPI.IN_PLACE, counted);
        const halos = [...array.data];
        addHalo(array, options);
        const expected = cells.map(({ index, outside }, k) =>
          outside === 0 ? 1000 + counted[place(index)] : halos[k],
        );
        assert.deepEqual([...array.data], expected);
      }),
      { numRuns: 40, seed: 20140316, endOnFailure: true },
    );
  });

  it('refuses bools', () => {
    const map = BlockMap.even(3 * size, size, { commPadding: 1 });
    const array = new LocalArray(Distribution.fromMaps([map]), { dtype: 'bool' });
    assert.throws(() => addHalo(array), { argument: 'array' });
  });
});
