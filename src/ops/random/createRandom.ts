/** Making arrays of random numbers. Every process makes its own part; nothing is sent. */
import { type Dtype, parseDtype } from '../../dtype/dtype.ts';
import type { LocalArray } from '../../local/localArray.ts';
import type { CreationParams } from '../creation.ts';
import { newArray } from '../newArray.ts';
import { arrayOperation } from '../operation.ts';
import { checkDraw, type RandomMethod } from './parameters.ts';
import { type DrawUnit, type RandomState, RandomStream } from './randomStream.ts';

/** What {@link createRandom} takes: the distribution of the numbers, and where the stream is. */
export interface RandomParams extends CreationParams {
  readonly method: RandomMethod;
  readonly parameters: readonly (number | bigint | undefined)[];
  readonly state: RandomState;
}

/** How far a fill moves the stream: {@link RandomStream} has the rule. */
export function drawUnit(method: RandomMethod, dtype: Dtype): DrawUnit {
  return method === 'uniform' && dtype === 'float64' ? 1 : 4;
}

/** An array of random numbers (`numpy.random.Generator`). */
export const createRandom = arrayOperation<RandomParams>('random', {
  infer: (_, { dtype: given, distribution, method, parameters }) => {
    const dtype = parseDtype(given, 'options.dtype');
    checkDraw(method, { dtype, shape: distribution.shape }, parameters);
    return { dtype, distribution };
  },
  run: (_, { dtype, distribution, method, parameters, state }, { comm }) => {
    const array = newArray(distribution, {
      dtype: parseDtype(dtype, 'options.dtype'),
      comm,
      zeroed: false,
    });
    const stream = new RandomStream(comm, { seed: 0 }).setState(state);
    // Each method checks its parameters and the dtype itself.
    const fill = stream[method] as (
      this: RandomStream,
      array: LocalArray,
      ...parameters: readonly (number | bigint | undefined)[]
    ) => LocalArray;
    return fill.call(stream, array, ...parameters);
  },
});
