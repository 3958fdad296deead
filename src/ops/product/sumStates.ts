/** Sums of several processes' products. */
import type { Dtype } from '../../dtype/dtype.ts';
import { resolveReduction } from '../../dtype/reductions.ts';
import { States } from '../../kernels/reduction.ts';

/**
 * Returns states that sums of products of a dtype are added to: of integers 64 bits wide, of which what is wanted are
 * the lowest; of bools whether there is one.
 */
export function sumStates(dtype: Dtype, count: number): States {
  const { compute } = resolveReduction('sum', dtype, dtype);
  return new States(dtype === 'bool' ? 'any' : 'sum', compute, count);
}
