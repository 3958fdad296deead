/** The map that a letter alone stands for. */

import { BlockMap } from './blockMap.ts';
import { CyclicMap } from './cyclicMap.ts';
import type { DimensionMap } from './dimensionMap.ts';
import type { DistLetter } from './normalizeDist.ts';
import { UndistributedMap } from './undistributedMap.ts';

/**
 * Returns the regular map of `size` indices over `gridSize` processes: even blocks, cyclic with
 * block size 1, or undistributed.
 */
export function regularMap(letter: DistLetter, size: number, gridSize: number): DimensionMap {
  switch (letter) {
    case 'b':
      return BlockMap.even(size, gridSize);
    case 'c':
      return new CyclicMap(size, gridSize);
    case 'n':
      return new UndistributedMap(size);
  }
}
