/** Comparing DistArrays with what NumPy answers, part by part. */
import { strict as assert } from 'node:assert';
import { DTYPES } from '../../src/dtype/dtype.ts';
import type { Context, DistArray } from '../../src/entry/index.ts';
import { cast } from '../../src/kernels/copy.ts';
import type { StridedView } from '../../src/kernels/stridedView.ts';
import { flatIndices } from './maps.ts';
import { askNumpy } from './numpy.ts';

/** Asks NumPy on one rank, and tells all. @remarks Collective. */
export function ask<T>({ comm }: Context, jobs: readonly object[]): T[] {
  return comm.bcastObject(comm.rank === 0 ? askNumpy<T>(jobs) : null) as T[];
}

/** Checks shape and dtype, and this process's elements: of unstructured maps its own copies. */
export function assertHolds(array: DistArray, expected: StridedView, message: string): void {
  assert.deepEqual([...array.shape], [...expected.shape], message);
  const { local, distribution, dtype } = array;
  assert.equal(dtype, expected.dtype, message);
  const { lanes } = DTYPES[dtype];
  const all = cast(expected, dtype).data;
  const rank = distribution.rankOfTarget(local.comm.rank);
  const wanted = flatIndices(distribution, rank).flatMap((flat) =>
    Array.from({ length: lanes }, (_, lane) => all[flat * lanes + lane]),
  );
  assert.deepEqual(Array.from(local.toContiguous() as Iterable<number | bigint>), wanted, message);
}

/** Checks that what operations infer is what they make, while something runs. */
export function withCheckedInference({ session }: Context, run: () => void): void {
  const { execute } = session;
  session.execute = (operation, arrays, params) => {
    const inferred = operation.infer(arrays, params, session.size);
    const made = execute.call(session, operation, arrays, params as never);
    assert.equal(inferred.dtype, made.dtype, operation.name);
    const same = inferred.distribution.isCompatible(made.distribution);
    assert.ok(same, `${operation.name}: ${inferred.distribution} and ${made.distribution}`);
    return made;
  };
  try {
    run();
  } finally {
    session.execute = execute;
  }
}
