/** Puts the elementwise functions on arrays as methods. */
import { ELEMENTWISE_NAMES } from '../../dtype/elementwise.ts';
import { DistArray } from '../distArray.ts';
import * as functions from './functions.ts';

type AnyFunction = (...operands: unknown[]) => unknown;
const byName = functions as unknown as Readonly<Record<string, AnyFunction>>;

for (const name of ELEMENTWISE_NAMES.keys()) {
  const call = byName[name];
  // Few parameters instead of a list of them: small arrays are to cost little.
  const value = function (this: DistArray, y?: unknown, z?: unknown, options?: unknown) {
    return call(this, y, z, options);
  };
  Object.defineProperty(DistArray.prototype, name, { value, writable: true, configurable: true });
}
