/** The same elements elsewhere, or as an array of another shape. */
import type { Distribution } from '../maps/distribution.ts';
import { arrayOperation } from './operation.ts';
import { redistribute } from './redistribute/redistribute.ts';
import { routeOf } from './redistribute/route.ts';

/** What {@link relocate} takes. */
export interface RelocateParams {
  readonly distribution: Distribution;
  readonly stagingBytes?: number;
}

/** A copy under another distribution, also one of another shape with as many elements. */
export const relocate = arrayOperation<RelocateParams>('distributeAs', {
  infer: ([{ dtype, distribution: from }], { distribution }) => {
    routeOf(from, distribution);
    return { dtype, distribution };
  },
  run: ([array], { distribution, stagingBytes }, { traffic }) =>
    redistribute(array, distribution, { traffic, stagingBytes }),
});
