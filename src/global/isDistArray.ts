/** Telling arrays from other values, and whether they belong together. */
import type { Dtype } from '../dtype/dtype.ts';
import { LocalPart } from '../local/localPart.ts';
import { Distribution } from '../maps/distribution.ts';
import type { DistArray } from './distArray.ts';
import { ContextError } from './errors.ts';

/** Whether a value is a DistArray. */
export function isDistArray(value: unknown): value is DistArray<Dtype> {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value as { distribution?: unknown }).distribution instanceof Distribution &&
    'handle' in value &&
    !(value instanceof LocalPart)
  );
}

/** @throws {@link ContextError} unless both arrays are of one context */
export function sameContext(first: DistArray<Dtype>, second: DistArray<Dtype>): void {
  if (first.context !== second.context) throw otherContext(first.context, second.context);
}

/** Returns the error that says that arrays are of two contexts. */
export function otherContext(first: object, second: object): ContextError {
  return new ContextError(
    `Expected arrays of one context, but these are of ${first} and ${second}`,
  );
}
