/** The map that a letter and a few options stand for. */

import { ArgumentRangeError } from '../errors.ts';
import { BlockMap } from './blockMap.ts';
import type { BlockPaddingOptions } from './blockPadding.ts';
import { CyclicMap } from './cyclicMap.ts';
import type { DimensionMap } from './dimensionMap.ts';
import type { DistLetter } from './normalizeDist.ts';
import { UndistributedMap } from './undistributedMap.ts';

/** What a regular map can have beside its letter. */
export interface RegularMapOptions extends BlockPaddingOptions {
  /** Indices per block of a cyclic map. */
  readonly blockSize?: number;
}

/**
 * Returns the regular map of `size` indices over `gridSize` processes: even blocks, cyclic
 * with block size 1 unless the options say otherwise, or undistributed.
 *
 * @param argument - the name that an error calls the options by
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}, also for the letter `'u'` and
 * for options that the kind of map does not have
 */
export function regularMap(
  letter: DistLetter,
  size: number,
  gridSize: number,
  options: RegularMapOptions = {},
  argument = 'options',
): DimensionMap {
  const { blockSize, ...padding } = options;
  const { commPadding, boundaryPadding, periodic } = padding;
  if (letter !== 'b') {
    refuse(
      letter,
      `${argument}.commPadding`,
      commPadding,
      commPadding === undefined || commPadding === 0,
    );
    const unbounded = boundaryPadding === undefined || boundaryPadding === 0;
    refuse(letter, `${argument}.boundaryPadding`, boundaryPadding, unbounded);
    refuse(letter, `${argument}.periodic`, periodic, periodic === undefined || periodic === false);
  }
  if (letter !== 'c') {
    refuse(letter, `${argument}.blockSize`, blockSize, blockSize === undefined || blockSize === 1);
  }
  switch (letter) {
    case 'b':
      return BlockMap.even(size, gridSize, padding, argument);
    case 'c':
      return new CyclicMap(size, gridSize, blockSize === undefined ? {} : { blockSize });
    case 'u': {
      const expected = "'b', 'c' or 'n' (an unstructured dimension needs its indices: fromMaps)";
      throw new ArgumentRangeError('options.dist', expected, letter);
    }
    case 'n':
      return new UndistributedMap(size);
  }
}

function refuse(letter: DistLetter, argument: string, value: unknown, isDefault: boolean): void {
  if (isDefault) return;
  throw new ArgumentRangeError(argument, `nothing for a dimension of kind '${letter}'`, value);
}
