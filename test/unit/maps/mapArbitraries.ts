/** Random maps of all kinds over 1 to 64 processes, for property tests. */

import fc from 'fast-check';
import { BlockMap } from '../../../src/maps/blockMap.ts';
import { CyclicMap } from '../../../src/maps/cyclicMap.ts';
import type { DimensionMap } from '../../../src/maps/dimensionMap.ts';
import type { AffineSlice } from '../../../src/maps/slicedMap.ts';
import { sliceMap } from '../../../src/maps/sliceMap.ts';
import { UndistributedMap } from '../../../src/maps/undistributedMap.ts';
import { UnstructuredMap } from '../../../src/maps/unstructuredMap.ts';

const size = fc.nat({ max: 200 });

const evenBlocks = (gridSize: fc.Arbitrary<number>) =>
  fc.tuple(size, gridSize).map(([n, p]) => BlockMap.even(n, p));

const boundedBlocks = (gridSize: fc.Arbitrary<number>) =>
  gridSize
    .chain((p) => fc.array(fc.nat({ max: 9 }), { minLength: p, maxLength: p }))
    .map((sizes) => {
      const bounds = [0];
      for (const n of sizes) bounds.push(bounds[bounds.length - 1] + n);
      return BlockMap.fromBounds(bounds);
    });

const cyclic = (gridSize: fc.Arbitrary<number>) =>
  fc
    .tuple(size, gridSize, fc.integer({ min: 1, max: 12 }))
    .map(([n, p, blockSize]) => new CyclicMap(n, p, { blockSize }));

/** Unstructured maps where every index has one owner, in any local order. */
const oneToOne = (gridSize: fc.Arbitrary<number>) =>
  fc
    .tuple(fc.nat({ max: 60 }), gridSize)
    .chain(([n, p]) =>
      fc.tuple(
        fc.shuffledSubarray([...Array(n).keys()], { minLength: n, maxLength: n }),
        fc.array(fc.nat({ max: p - 1 }), { minLength: n, maxLength: n }),
        fc.constant(p),
      ),
    )
    .map(([indices, owners, p]) => {
      const lists: number[][] = Array.from({ length: p }, () => []);
      indices.forEach((index, i) => {
        lists[owners[i]].push(index);
      });
      return UnstructuredMap.fromIndices(lists, { oneToOne: true });
    });

/** Maps of every regular kind over 1 … `mostProcesses` processes. */
export const regularMapOver = (mostProcesses: number): fc.Arbitrary<DimensionMap> => {
  const gridSize = fc.integer({ min: 1, max: mostProcesses });
  return fc.oneof(
    evenBlocks(gridSize),
    boundedBlocks(gridSize),
    cyclic(gridSize),
    size.map((n) => new UndistributedMap(n)),
  );
};

/** Maps of every kind over 1 … `mostProcesses` processes; every index has one owner. */
export const anyMapOver = (mostProcesses: number): fc.Arbitrary<DimensionMap> =>
  fc.oneof(
    { weight: 4, arbitrary: regularMapOver(mostProcesses) },
    { weight: 1, arbitrary: oneToOne(fc.integer({ min: 1, max: mostProcesses })) },
  );

/** Slices that exist of `n` indices. */
export const sliceOf = (n: number): fc.Arbitrary<AffineSlice> =>
  fc
    .tuple(fc.integer({ min: -30, max: 30 }), fc.nat({ max: Math.max(0, n - 1) }), fc.nat())
    .map(([drawn, start, drawnCount]) => {
      const step = drawn === 0 ? 1 : drawn;
      const most = step > 0 ? Math.ceil((n - start) / step) : Math.floor(start / -step) + 1;
      return { start, step, count: n === 0 ? 0 : drawnCount % (most + 1) };
    });

/** Views of maps, and views of those, over 1 … `mostProcesses` processes. */
export const anyViewOver = (mostProcesses: number): fc.Arbitrary<DimensionMap> => {
  const view = (map: DimensionMap) => sliceOf(map.size).map((slice) => sliceMap(map, slice));
  return anyMapOver(mostProcesses).chain((map) =>
    fc.oneof(fc.constant(map), view(map), view(map).chain(view)),
  );
};

/** Regular maps of every kind over 1 … 64 processes. */
export const anyMap = regularMapOver(64);

/** Maps of every kind and views of them over 1 … 64 processes. */
export const anyView = anyViewOver(64);
