/** Arrays whose elements a function of the program computes, on the processes that hold them. */

import type { Dtype } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalar.ts';
import { fromFunction, fromIndexArrays, type IndexArrayFunction } from '../local/fromFunction.ts';
import { agree } from '../mpi/agreement.ts';
import type { CreationParams } from './creation.ts';
import { arrayOperation } from './operation.ts';
import type { ShippedFunction } from './shippedFunction.ts';

/** What {@link createComputed} takes. */
export interface ComputedParams extends CreationParams {
  readonly fn: ShippedFunction;
  /** Whether the function fills the part of a process as a whole; otherwise it is called once an element. */
  readonly byParts: boolean;
}

/** The array that a function computes: what it throws on one process all are told. */
export const createComputed = arrayOperation<ComputedParams>('fromFunction', {
  infer: (_, { dtype, distribution }) => ({ dtype, distribution }),
  run: (_, { fn, byParts, distribution, dtype }, { comm }) =>
    agree(comm, () => {
      const compiled: unknown = fn.compile();
      const options = { dtype, comm };
      if (!byParts) {
        return fromFunction(compiled as (...index: number[]) => Scalar, distribution, options);
      }
      const local = fromIndexArrays(compiled as IndexArrayFunction<Dtype>, distribution, options);
      local.handOut();
      return local;
    }),
});
