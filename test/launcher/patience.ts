/** How many times as long as usual a test may take before it counts as one that hangs. */
export const PATIENCE = 'DISTARRAY_TEST_PATIENCE';

/** A machine that tests changes is often shared, and at times several times slower than a desk's. */
const CI_PATIENCE = 3;

/**
 * The factor that all time limits of tests are multiplied by: what `DISTARRAY_TEST_PATIENCE` says, else 3 where the
 * tests of a change run (`CI=true`), else 1. Limits are there to end what hangs; no test measures speed.
 */
export function patience(env: Readonly<Record<string, string | undefined>> = process.env): number {
  const given = Number(env[PATIENCE]);
  if (given > 0) return given;
  return env.CI === 'true' ? CI_PATIENCE : 1;
}
