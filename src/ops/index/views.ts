/** Views of distributed arrays: other arrays over the same memory. */
import type { Dtype } from '../../dtype/dtype.ts';
import { DTYPES, parseDtype } from '../../dtype/dtype.ts';
import { reinterpretedDistribution } from '../../local/reinterpret.ts';
import type { SliceSpec } from '../../maps/sliceSpec.ts';
import { agree } from '../../mpi/agreement.ts';
import { arrayOperation } from '../operation.ts';

/** A basic slice: a view, whatever the distribution. Sends nothing. */
export const sliceOperation = arrayOperation<SliceSpec>('slice', {
  infer: ([{ dtype, distribution }], spec) => ({ dtype, distribution: distribution.slice(spec) }),
  run: ([array], spec) => array.slice(spec),
});

/** The transposed array: a view, whatever the distribution; all axes in reverse order for null. Sends nothing. */
export const transposeOperation = arrayOperation<readonly number[] | null>('transpose', {
  infer: ([{ dtype, distribution }], axes) => ({
    dtype,
    distribution: distribution.transpose(axes),
  }),
  run: ([array], axes) => array.transpose(axes),
});

/**
 * The same bytes as elements of another dtype: a view (`ndarray.view`). Whether the elements of a slice lie one after
 * the other is asked for on all processes, as it may differ; nothing else is sent.
 */
export const viewOperation = arrayOperation<Dtype>('view', {
  infer: ([{ dtype, distribution }], wanted) => {
    return {
      dtype: parseDtype(wanted),
      distribution: reinterpretedDistribution(distribution, dtype, wanted),
    };
  },
  run: ([array], wanted, { comm }) => {
    const scales = DTYPES[parseDtype(wanted)].itemsize !== array.itemsize;
    return scales && array.base !== null
      ? agree(comm, () => array.view(wanted))
      : array.view(wanted);
  },
});

/** A copy as another dtype (`ndarray.astype`). Sends nothing. */
export const astypeOperation = arrayOperation<Dtype>('astype', {
  infer: ([{ distribution }], wanted) => ({ dtype: parseDtype(wanted), distribution }),
  run: ([array], wanted) => array.astype(parseDtype(wanted)),
});
