/** Whether local parts of several arrays belong together element by element. */
import { ArgumentTypeError } from '../errors.ts';
import { IncompatibleArrayError } from './errors.ts';
import { LocalPart } from './localPart.ts';

/**
 * Returns whether every process has the same global indices of both arrays, in the same local order, so
 * that their parts can be combined element by element (DistArray 0.5 `arecompatible`).
 *
 * @remarks Local: known from the distributions, and the same on every process. Unlike DistArray's hash of
 * shape, letters and grid it looks at bounds, block sizes and indices.
 */
export function areCompatible(first: LocalPart, second: LocalPart): boolean {
  checkPart(first, 'first');
  checkPart(second, 'second');
  return (
    (first.distribution === second.distribution ||
      first.distribution.isCompatible(second.distribution)) &&
    (first.comm === second.comm || sameProcesses(first, second))
  );
}

/** @throws {@link IncompatibleArrayError} unless {@link areCompatible} */
export function checkCompatible(first: LocalPart, second: LocalPart, argument: string): void {
  checkPart(second, argument);
  if (areCompatible(first, second)) return;
  const expected = `an array that is distributed as ${first.distribution}`;
  throw new IncompatibleArrayError(argument, expected, String(second.distribution));
}

function sameProcesses({ comm: a }: LocalPart, { comm: b }: LocalPart): boolean {
  const comparison = a.compare(b);
  return comparison === 'identical' || comparison === 'congruent';
}

function checkPart(value: unknown, argument: string): asserts value is LocalPart {
  if (!(value instanceof LocalPart)) throw new ArgumentTypeError(argument, 'a LocalArray', value);
}
