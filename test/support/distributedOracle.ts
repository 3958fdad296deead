/** Comparing DistArrays with what NumPy answers, part by part. */
import { strict as assert } from 'node:assert';
import { DTYPES, type TypedArray } from '../../src/dtype/dtype.ts';
import type { Context, DistArray } from '../../src/entry/index.ts';
import { cast } from '../../src/kernels/copy.ts';
import type { StridedView } from '../../src/kernels/stridedView.ts';
import { collectParts } from '../../src/ops/collectParts.ts';
import { flatIndices } from './maps.ts';
import { fromRoot, isClient } from './mode.ts';
import { askNumpy } from './numpy.ts';

/** Asks NumPy on one process, and tells all. @remarks Collective. */
export function ask<T>(jobs: readonly object[]): T[] {
  return fromRoot(() => askNumpy<T>(jobs));
}

/**
 * Checks shape and dtype, and this process's elements, in a client those of all processes: of unstructured maps the
 * process's own copies.
 */
export function assertHolds(array: DistArray, expected: StridedView, message: string): void {
  assert.deepEqual([...array.shape], [...expected.shape], message);
  const { distribution, dtype } = array;
  assert.equal(dtype, expected.dtype, message);
  const { lanes } = DTYPES[dtype];
  const all = cast(expected, dtype).data;
  for (const { rank, elements } of partsOf(array)) {
    const wanted = flatIndices(distribution, rank).flatMap((flat) =>
      Array.from({ length: lanes }, (_, lane) => all[flat * lanes + lane]),
    );
    assert.deepEqual(Array.from(elements as Iterable<number | bigint>), wanted, message);
  }
}

/** This process's part of an array, in a client all that have elements. */
function partsOf(array: DistArray): readonly { rank: number; elements: TypedArray }[] {
  const { context, distribution, handle } = array;
  if (isClient) return context.session.evaluate(collectParts, [handle], null);
  const { local } = array;
  return [
    {
      rank: distribution.rankOfTarget(local.comm.rank),
      elements: local.toContiguous() as TypedArray,
    },
  ];
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
