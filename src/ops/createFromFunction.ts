/** Making distributed arrays by functions of the program. */
import type { Dtype } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalar.ts';
import { fromFunction, fromIndexArrays, type IndexArrayFunction } from '../local/fromFunction.ts';
import { agree } from '../mpi/agreement.ts';
import type { CreationParams } from './creation.ts';
import { arrayOperation } from './operation.ts';

/** What {@link createFromFunction} takes: the function is called on the processes that have elements. */
export interface FromFunctionParams<Fn> extends CreationParams {
  readonly fn: Fn;
}

/** The function of the indices of an element. */
export type ElementFunction = (...index: number[]) => Scalar;

const infer = (_: unknown, { dtype, distribution }: CreationParams) => ({ dtype, distribution });

/** An array whose elements are a function of their indices; what goes wrong on one process all are told. */
export const createFromFunction = arrayOperation<FromFunctionParams<ElementFunction>>(
  'fromFunction',
  {
    infer,
    run: (_, { dtype, distribution, fn }, { comm }) =>
      agree(comm, () => fromFunction(fn, distribution, { dtype, comm })),
  },
);

/** An array that a function fills part by part; what goes wrong on one process all are told. */
export const createFromIndexArrays = arrayOperation<FromFunctionParams<IndexArrayFunction<Dtype>>>(
  'fromIndexArrays',
  {
    infer,
    run: (_, { dtype, distribution, fn }, { comm }) =>
      agree(comm, () => {
        const local = fromIndexArrays(fn, distribution, { dtype, comm });
        local.handOut();
        return local;
      }),
  },
);
