/** Random maps of all kinds over 1 to 64 processes, for property tests. */

import fc from 'fast-check';
import { BlockMap } from '../../../src/maps/blockMap.ts';
import { CyclicMap } from '../../../src/maps/cyclicMap.ts';
import type { DimensionMap } from '../../../src/maps/dimensionMap.ts';
import { UndistributedMap } from '../../../src/maps/undistributedMap.ts';

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

/** Maps of every kind over 1 … `mostProcesses` processes. */
export const anyMapOver = (mostProcesses: number): fc.Arbitrary<DimensionMap> => {
  const gridSize = fc.integer({ min: 1, max: mostProcesses });
  return fc.oneof(
    evenBlocks(gridSize),
    boundedBlocks(gridSize),
    cyclic(gridSize),
    size.map((n) => new UndistributedMap(n)),
  );
};

/** Maps of every kind over 1 … 64 processes. */
export const anyMap = anyMapOver(64);
