/**
 * Skips the running test, or from a `before` hook its whole suite, and says why in the report.
 * In CI, a skip that `allowed-skips.json` does not permit fails.
 *
 * @example
 * it('spawns workers', function () {
 *   if (flavour === 'mpich') skip(this, 'MPICH 4.0 fails in MPI_Comm_spawn');
 * });
 */
export function skip(context: Mocha.Context, reason: string): never {
  const runnable = context.currentTest ?? context.test;
  const isHook = (runnable as { type?: string } | undefined)?.type === 'hook';
  const owner = isHook ? runnable?.parent : runnable;
  if (owner !== undefined) reasons.set(owner, reason);
  return context.skip();
}

/** Begins the reasons of tests that are for programs that every process runs. */
const SPMD_ONLY = 'SPMD only: ';

/**
 * Skips the running test, or from a `before` hook its suite, in a client: it needs what only the processes have that hold
 * the elements. Such skips are counted, and need no permission.
 *
 * @param reason - what it needs
 *
 * @example
 * it('share memory', function () {
 *   spmdOnly(this, 'looks at memory');
 * });
 */
export function spmdOnly(context: Mocha.Context, reason: string): void {
  if (process.execArgv.includes('--title=distarray-client')) skip(context, SPMD_ONLY + reason);
}

/** Whether a test was skipped since it is not for clients. */
export function isSpmdOnly(reason: string): boolean {
  return reason.startsWith(SPMD_ONLY);
}

/*
 * Shared across module instances: the reporter and the tests may be loaded by different loaders.
 */
const shared = globalThis as { [key: symbol]: WeakMap<object, string> | undefined };
const key = Symbol.for('distarray.test.skipReasons');
shared[key] ??= new WeakMap();
const reasons: WeakMap<object, string> = shared[key];

/** The reason given for a skipped test, its own or that of a suite around it. */
export function skipReasonOf(test: Mocha.Runnable): string {
  let owner: Mocha.Runnable | Mocha.Suite | undefined = test;
  while (owner !== undefined) {
    const reason = reasons.get(owner);
    if (reason !== undefined) return reason;
    owner = owner.parent;
  }
  return 'no reason given';
}
