/** Seeds of property tests that every rank runs. */
import { fromRoot, rank } from './mode.ts';

/**
 * Returns a seed that is the same on all ranks: that of `DISTARRAY_TEST_SEED`, or a new one, which is printed so that
 * a failure can be seen again.
 *
 * @remarks Collective.
 */
export function sharedSeed(): number {
  const given = process.env.DISTARRAY_TEST_SEED;
  const own = given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
  const seed = fromRoot(() => own);
  if (rank === null || rank === 0) console.log(`      DISTARRAY_TEST_SEED=${seed}`);
  return seed;
}
