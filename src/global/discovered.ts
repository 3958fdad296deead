/** Arrays of which only those who make them know what they are, such as arrays in files. */
import type { Dtype } from '../dtype/dtype.ts';
import type { LocalArray } from '../local/localArray.ts';
import { takeKept } from '../ops/keptValues.ts';
import type { ValueOperation } from '../ops/operation.ts';
import type { Context } from './context.ts';
import { DistArray } from './distArray.ts';
import type { ArrayHandle } from './session.ts';

/** Carries out an operation that makes an array. */
export function discovered<Params, D extends Dtype = Dtype>(
  context: Context,
  operation: ValueOperation<Params, LocalArray>,
  params: Params,
  handles: readonly ArrayHandle[] = [],
): DistArray<D> {
  return new DistArray<D>(context, context.session.discover(operation, handles, params));
}

/** Returns the array that an operation has kept under a number. */
export function taken<D extends Dtype = Dtype>(context: Context, number: number): DistArray<D> {
  return discovered(context, takeKept, number);
}
