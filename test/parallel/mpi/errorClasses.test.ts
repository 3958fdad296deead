// ranks: 1-2
import { strict as assert } from 'node:assert';
import { MPI } from '../../../src/entry/mpi.ts';

describe('the environment', () => {
  it('knows the version of the standard', () => {
    assert.deepEqual(MPI.getVersion(), MPI.flavour() === 'openmpi' ? [3, 1] : [4, 0]);
  });

  it('knows how often the clock ticks', () => {
    assert.ok(MPI.wtick() > 0 && MPI.wtick() < 1e-3);
  });
});

describe('error classes', () => {
  it('have numbers and texts', () => {
    const { MPI_SUCCESS, MPI_ERR_TRUNCATE, MPI_ERR_COMM } = MPI.errorClasses;
    assert.equal(MPI_SUCCESS, 0);
    assert.notEqual(MPI_ERR_TRUNCATE, MPI_ERR_COMM);
    assert.match(MPI.errorString(MPI_ERR_TRUNCATE), /truncate/i);
  });

  it('can be added, with codes and texts', () => {
    const ownClass = MPI.addErrorClass();
    assert.ok(!Object.values(MPI.errorClasses).includes(ownClass));
    const code = MPI.addErrorCode(ownClass);
    assert.notEqual(code, MPI.addErrorCode(ownClass));
    MPI.addErrorString(ownClass, 'own class');
    MPI.addErrorString(code, 'own code');
    assert.equal(MPI.errorString(ownClass), 'own class');
    assert.equal(MPI.errorString(code), 'own code');
  });

  it('refuse texts for codes of MPI, and texts that are too long', () => {
    assert.throws(() => MPI.addErrorString(MPI.errorClasses.MPI_ERR_COMM, 'x'), MPI.MPIError);
    const code = MPI.addErrorCode(MPI.addErrorClass());
    assert.throws(() => MPI.addErrorString(code, 'x'.repeat(10_000)), { class: 'MPI_ERR_ARG' });
    assert.throws(() => MPI.errorString(-1), MPI.ArgumentRangeError);
    assert.throws(() => MPI.addErrorString(code, 3 as unknown as string), MPI.ArgumentTypeError);
  });
});
