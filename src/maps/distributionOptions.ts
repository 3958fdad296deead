/** The options that distributions are made with. */

import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import type { DistSpec } from './normalizeDist.ts';
import { Targets } from './targets.ts';

/** Which processes a distribution uses. */
export interface TargetOptions {
  /**
   * The processes to use, in any order; rank r is the r-th smallest. Those that the grid does
   * not need are left out. None given or `[]`: processes 0, 1, 2, … Whether they exist is for
   * the context to check.
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

/** Returns the targets that the options name; as in DistArray an empty list names none. */
export function givenTargets(options: TargetOptions): Targets | undefined {
  if (options.targets === undefined) return undefined;
  const targets = Targets.fromList(options.targets, 'options.targets');
  return targets.count > 0 ? targets : undefined;
}

/** Checks that `options` is an object. */
export function checkOptions(options: unknown): void {
  if (typeof options !== 'object' || options === null) {
    throw new ArgumentTypeError('options', 'an object', options);
  }
}
