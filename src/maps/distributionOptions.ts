/** The options that distributions are made with. */

import { ArgumentRangeError, checkInteger } from '../errors.ts';
import { optionNames } from '../options.ts';
import type { DistLetter, DistSpec } from './normalizeDist.ts';
import type { RegularMapOptions } from './regularMap.ts';
import { Targets } from './targets.ts';

/** Which processes a distribution uses. */
export interface TargetOptions {
  /**
   * The processes to use, in any order; rank r is the r-th smallest. Those that the grid does
   * not need are left out. None given: processes 0, 1, 2, … Whether they exist is for the
   * context to check.
   */
  readonly targets?: readonly number[];
}

/** Options of `Distribution.fromShape`. */
export interface FromShapeOptions extends TargetOptions {
  /** How each dimension is distributed; by default the first is `'b'`, the rest `'n'`. */
  readonly dist?: DistSpec;
  /** Processes along each dimension, padded with 1; by default `makeGridShape` picks. */
  readonly gridShape?: readonly number[];
  /** Number of processes there are; by default as many as `targets`, otherwise 1. */
  readonly size?: number;
  /** Communication padding of the block dimensions; see {@link BlockPaddingOptions}. */
  readonly commPadding?: number | readonly (number | readonly number[])[];
  /** Boundary padding of the block dimensions; see {@link BlockPaddingOptions}. */
  readonly boundaryPadding?: number | readonly (number | readonly [number, number])[];
  /** Whether the block dimensions are periodic. */
  readonly periodic?: boolean | readonly boolean[];
  /** Block size of the cyclic dimensions. */
  readonly blockSize?: number | readonly number[];
}

/** The names of {@link TargetOptions}. */
export const TARGET_OPTIONS = optionNames<TargetOptions>({ targets: true });

/** The options of arrays by shape, but for the number of processes: what contexts leave to choose. */
export const DISTRIBUTION_OPTIONS = Object.freeze({
  dist: true,
  gridShape: true,
  targets: true,
  commPadding: true,
  boundaryPadding: true,
  periodic: true,
  blockSize: true,
} as const);

/** The names of {@link FromShapeOptions}. */
export const FROM_SHAPE_OPTIONS = optionNames<FromShapeOptions>({
  ...DISTRIBUTION_OPTIONS,
  size: true,
});

/** The names of the options of `Distribution.replicated`. */
export const REPLICATED_OPTIONS = optionNames<TargetOptions & { readonly size?: number }>({
  targets: true,
  size: true,
});

const NOTHING: RegularMapOptions = Object.freeze({});

/** The options that hold for one dimension: one for all that have it, or one a dimension. */
export function optionsOfAxis(
  options: FromShapeOptions,
  letter: DistLetter,
  axis: number,
  ndim: number,
): RegularMapOptions {
  const { commPadding, boundaryPadding, periodic, blockSize } = options;
  if ((commPadding ?? boundaryPadding ?? periodic ?? blockSize) === undefined) return NOTHING;
  const pick = <T>(name: string, value: T | readonly T[] | undefined, kind: DistLetter) => {
    if (value === undefined) return undefined;
    // One value for all is for the dimensions that have such a thing.
    if (!Array.isArray(value)) return letter === kind ? (value as T) : undefined;
    if (value.length !== ndim) {
      throw new ArgumentRangeError(`options.${name}`, `${ndim} entries, one a dimension`, value);
    }
    return value[axis] as T;
  };
  const picked = {
    commPadding: pick('commPadding', commPadding, 'b'),
    boundaryPadding: pick('boundaryPadding', boundaryPadding, 'b'),
    periodic: pick('periodic', periodic, 'b'),
    blockSize: pick('blockSize', blockSize, 'c'),
  };
  const given = Object.entries(picked).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as RegularMapOptions;
}

/** Returns the processes that a distribution by shape may use. */
export function availableTargets(options: FromShapeOptions): Targets {
  const { size } = options;
  if (size !== undefined) checkInteger('options.size', size, 1);
  const targets = givenTargets(options);
  if (targets === undefined) return Targets.firstOf(size ?? 1);
  if (size !== undefined && targets.count > size) {
    const expected = `at most ${size} targets (options.size)`;
    throw new ArgumentRangeError('options.targets', expected, options.targets);
  }
  return targets;
}

/**
 * Returns the processes that the options name, or as many as are needed.
 *
 * @param argument - what needs them
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when they name fewer
 */
export function enoughTargets(options: TargetOptions, needed: number, argument: string): Targets {
  const targets = givenTargets(options) ?? Targets.firstOf(needed);
  if (targets.count >= needed) return targets;
  const expected = `at least ${needed} targets (processes of ${argument})`;
  throw new ArgumentRangeError('options.targets', expected, options.targets);
}

/** Returns the targets that the options name; undefined when they name none. */
function givenTargets({ targets }: TargetOptions): Targets | undefined {
  return targets === undefined ? undefined : Targets.someOf(targets, 'options.targets');
}
