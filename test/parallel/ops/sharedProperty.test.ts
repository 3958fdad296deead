// ranks: 2,3
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { MPI } from '../../../src/entry/mpi.ts';
import { sharedProperty } from '../../support/sharedProperty.ts';

const { rank, size } = MPI.COMM_WORLD;

describe('a property that fails on one rank', () => {
  it('is made smaller by all ranks together', () => {
    const checked = fc.check(
      sharedProperty(fc.integer({ min: 0, max: 1000 }), (n) => {
        MPI.COMM_WORLD.barrier();
        assert.ok(rank !== size - 1 || n < 17);
      }),
      { seed: 1 },
    );
    assert.equal(checked.failed, true);
    assert.deepEqual(checked.counterexample, [17]);
    MPI.COMM_WORLD.barrier();
  });
});
