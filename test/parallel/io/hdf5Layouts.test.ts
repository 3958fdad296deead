/** HDF5 files of arrays whose elements do not simply lie in C order: views, halos, unstructured maps. */
import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadHdf5, saveHdf5 } from '../../../src/entry/hdf5.ts';
import { fromFunction, type LocalArray, ndenumerate } from '../../../src/entry/local.ts';
import {
  CyclicMap,
  Distribution,
  UndistributedMap,
  UnstructuredMap,
} from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { broadcastText } from '../../../src/mpi/agreement.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;

let directory: string;
const path = (name: string) => join(directory, name);

before(() => {
  const made = rank === 0 ? mkdtempSync(join(tmpdir(), 'distarray-layouts-')) : '';
  directory = broadcastText(world, made, 0);
});

after(() => {
  world.barrier();
  if (rank === 0) rmSync(directory, { recursive: true });
});

const shape = [4 * size, 6];
const value = (i: number, j: number) => 10 * i + j;
const even = (dist: string) => Distribution.fromShape(shape, { dist, size });

/** Every process lists two indices and two of its neighbour's, out of order. */
const lists = Array.from({ length: size }, (_, r) =>
  [3, 0, 2, 1].map((k) => r + k * size).map((index) => (index + 1) % (4 * size)),
);

function assertValues(array: LocalArray, of: (i: number, j: number) => number): void {
  for (const [[i, j], element] of ndenumerate(array)) assert.equal(element, of(i, j), `${i}, ${j}`);
}

const layouts: Record<string, () => Distribution> = {
  blocks: () => even('bn'),
  'with a halo': () => Distribution.fromShape(shape, { size, commPadding: 1 }),
  'periodic with a halo': () =>
    Distribution.fromShape(shape, { size, commPadding: 1, periodic: true }),
  unstructured: () =>
    Distribution.fromMaps([
      UnstructuredMap.fromIndices(lists, { size: 4 * size, oneToOne: true }),
      new UndistributedMap(6),
    ]),
  'unstructured, each knows its own': () =>
    Distribution.fromMaps([
      UnstructuredMap.ofRank({
        size: 4 * size,
        gridSize: size,
        gridRank: rank,
        indices: lists[rank],
      }),
      new UndistributedMap(6),
    ]),
  'unstructured with indices of several': () =>
    Distribution.fromMaps([
      UnstructuredMap.fromIndices(
        lists.map((list, r) => (size > 1 ? [...list, lists[(r + 1) % size][1]] : list)),
        { size: 4 * size },
      ),
      new UndistributedMap(6),
    ]),
  'a copy on every process': () => Distribution.replicated(shape, { size }),
};

describe('HDF5 files of any layout', () => {
  for (const [from, makeFrom] of Object.entries(layouts)) {
    it(`are written from and read to: ${from}`, () => {
      const file = path(`${from}.h5`);
      saveHdf5(file, fromFunction(value, makeFrom(), { dtype: 'float32' }), { mode: 'w' });
      assertValues(loadHdf5(file, even('bn')), value);
      assertValues(loadHdf5(file, makeFrom()), value);
    });
  }

  it('are written from transposes, and read into them', () => {
    for (const distribution of [even('bb'), even('nc'), layouts['with a halo'](), even('bc')]) {
      const view = fromFunction(value, distribution).transpose();
      const file = path('transposed.h5');
      saveHdf5(file, view, { mode: 'w' });
      const turned = (i: number, j: number) => value(j, i);
      assertValues(loadHdf5(file, Distribution.fromShape(view.globalShape, { size })), turned);
      assertValues(loadHdf5(file, view.distribution), turned);
    }
  });

  it('are written from views, forwards and backwards', () => {
    const blockCyclic = Distribution.fromMaps([
      new CyclicMap(4 * size, size, { blockSize: 3 }),
      new UndistributedMap(6),
    ]);
    for (const distribution of [even('bn'), even('cn'), blockCyclic, layouts.unstructured()]) {
      const array = fromFunction(value, distribution);
      for (const [spec, of] of [
        ['1:-1, ::2', (i: number, j: number) => value(i + 1, 2 * j)],
        ['::-1, ::-1', (i: number, j: number) => value(4 * size - 1 - i, 5 - j)],
        ['::2, 3:', (i: number, j: number) => value(2 * i, j + 3)],
      ] as const) {
        const view = array.slice(spec);
        const file = path('view.h5');
        saveHdf5(file, view, { mode: 'w' });
        assertValues(loadHdf5(file, Distribution.fromShape(view.globalShape, { size })), of);
        assertValues(loadHdf5(file, view.distribution), of);
      }
    }
  });
});
