/** Giving an array the elements of something else. */
import type { Dtype } from '../dtype/dtype.ts';
import { isScalar, type Scalar } from '../dtype/scalar.ts';
import { ArgumentTypeError } from '../errors.ts';
import { type ArrayInput, isArrayInput, readArrayInput } from '../local/arrayInput.ts';
import { assignArray, assignData, fillOperation } from '../ops/index/assign.ts';
import type { DistArray } from './distArray.ts';
import { isDistArray, sameContext } from './isDistArray.ts';

/** What can be assigned to an array: a number, data that every process has, an array. */
export type Assigned = Scalar | ArrayInput | DistArray<Dtype>;

/** Gives all elements of `target` those of `value`, broadcast. */
export function assign(target: DistArray<Dtype>, value: Assigned): void {
  const { session } = target.context;
  if (isScalar(value)) session.evaluate(fillOperation, [target.handle], value);
  else if (isDistArray(value)) {
    sameContext(target, value);
    session.evaluate(assignArray, [target.handle, value.handle], null);
  } else if (isArrayInput(value)) {
    session.evaluate(assignData, [target.handle], readArrayInput(value, undefined, 'value'));
  } else {
    throw new ArgumentTypeError('value', 'a number, data of an array, or a DistArray', value);
  }
}
