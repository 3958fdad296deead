/** Broadcasting arrays to a shape. */
import { ArgumentRangeError } from '../../errors.ts';
import { checkShape, showShape } from '../../maps/shape.ts';
import { copyInto } from '../align.ts';
import { commonDistribution } from '../elementwise/commonDistribution.ts';
import { newArray } from '../newArray.ts';
import { type ArrayMeta, arrayOperation } from '../operation.ts';

/** What {@link broadcastToOperation} takes. */
export interface BroadcastParams {
  readonly shape: readonly number[];
}

/**
 * An array broadcast to a shape (`numpy.broadcast_to`). Unlike NumPy's it is no view but has memory of its own,
 * spread like the array: new dimensions are not distributed, repeated ones as those of one index were.
 */
export const broadcastToOperation = arrayOperation<BroadcastParams>('broadcastTo', {
  infer: inferBroadcast,
  run: ([array], params, environment) => {
    const { dtype, distribution } = inferBroadcast([array], params);
    const { comm } = environment;
    const result = newArray(distribution, { dtype, comm, zeroed: false });
    copyInto(result, array, environment);
    return result;
  },
});

function inferBroadcast([meta]: readonly ArrayMeta[], params: BroadcastParams): ArrayMeta {
  const shape = checkShape(params.shape);
  const from = meta.distribution.shape;
  const lead = shape.length - from.length;
  const fits =
    lead >= 0 && from.every((extent, axis) => extent === 1 || extent === shape[axis + lead]);
  if (fits) return { dtype: meta.dtype, distribution: commonDistribution([meta], shape) };
  const expected = `a shape that an array of shape ${showShape(from)} can be broadcast to`;
  throw new ArgumentRangeError('shape', expected, shape);
}
