/** What can be wrong with local arrays and their arguments, beyond what every layer shares. */
import { ArgumentRangeError, tellErrorsOf } from '../errors.ts';

/**
 * Arrays whose parts cannot be combined element by element (DistArray 0.5's class of this name). The
 * `code` is `ERR_ARGUMENT_RANGE`.
 */
export class IncompatibleArrayError extends ArgumentRangeError {
  constructor(argument: string, expected: string, value: unknown) {
    super(argument, expected, value);
    this.name = 'IncompatibleArrayError';
  }
}

/** A dimension that an array has not (DistArray 0.5's class of this name). */
export class InvalidDimensionError extends ArgumentRangeError {
  constructor(argument: string, ndim: number, value: unknown) {
    const expected =
      ndim > 0 ? `an integer in [0, ${ndim - 1}]` : 'nothing (there is no dimension)';
    super(argument, expected, value);
    this.name = 'InvalidDimensionError';
  }
}

tellErrorsOf(IncompatibleArrayError);

tellErrorsOf(InvalidDimensionError);
