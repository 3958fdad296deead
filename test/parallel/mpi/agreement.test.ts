import { strict as assert } from 'node:assert';
import { ArgumentRangeError, ArgumentTypeError, DistArrayError } from '../../../src/errors.ts';
import { ContextError } from '../../../src/global/errors.ts';
import { agree, broadcastText, checkSame, onRoot } from '../../../src/mpi/agreement.ts';
import { COMM_WORLD as world } from '../../../src/mpi/communicator.ts';
import { MPIError } from '../../../src/mpi/errors.ts';

const { rank, size } = world;

describe('agree', () => {
  it('returns what the step returned when no rank failed', () => {
    assert.equal(
      agree(world, () => rank * 2),
      rank * 2,
    );
  });

  it('throws the same error on every rank when one failed', () => {
    const failing = size - 1;
    assert.throws(
      () =>
        agree(world, () => {
          if (rank === failing) throw new DistArrayError('ERR_FULL', 'größer als die Platte');
        }),
      (error: DistArrayError) => {
        assert.equal(error.code, 'ERR_FULL');
        assert.equal(error.message, 'größer als die Platte');
        assert.equal(error.cause, undefined);
        return true;
      },
    );
  });

  class OfTheProgram extends TypeError {}

  for (const [what, thrown, expected] of [
    ['an ArgumentTypeError', new ArgumentTypeError('dtype', 'a dtype', 7), null],
    ['an ArgumentRangeError', new ArgumentRangeError('axis', 'an axis', 7), null],
    ['a ContextError', new ContextError('closed'), null],
    ['an MPIError', new MPIError('MPI_Send', 'MPI_ERR_RANK', 6, 0, 'no such rank'), null],
    ['a TypeError', new TypeError('x is not a function'), null],
    ['an Error', new Error('boom'), null],
    ['an error of the system', Object.assign(new Error('no'), { code: 'ENOENT', errno: -2 }), null],
    ['a class of the program', new OfTheProgram('mine'), new DistArrayError('ERR_UNKNOWN', 'mine')],
    ['no error', 'text', new DistArrayError('ERR_UNKNOWN', 'text')],
  ] as const) {
    it(`throws one class with the same fields on every rank: ${what}`, () => {
      let caught: unknown;
      try {
        agree(world, () => {
          if (rank === size - 1) throw thrown;
        });
      } catch (error) {
        caught = error;
      }
      const wanted = expected ?? (thrown as Error);
      assert.ok(caught instanceof Error);
      assert.equal(caught.constructor, wanted.constructor);
      assert.equal(caught.name, wanted.name);
      assert.equal(caught.message, wanted.message);
      assert.deepEqual({ ...caught }, { ...wanted });
      assert.ok(caught.stack?.startsWith(`${wanted.name}`));
      if (expected !== null && rank === size - 1) assert.equal(caught.cause, thrown);
    });
  }

  it('takes the error of the lowest rank when several failed', () => {
    assert.throws(
      () =>
        agree(world, () => {
          throw new Error(`rank ${rank}`);
        }),
      { message: 'rank 0' },
    );
  });
});

describe('checkSame', () => {
  it('passes when all ranks have the same', () => {
    checkSame(world, { name: 'file', mode: 'w' });
    checkSame(world, {});
  });

  it('names the first argument that differs, on every rank', () => {
    if (size === 1) return;
    assert.throws(() => checkSame(world, { name: 'file', mode: rank === 0 ? 'w' : 'a' }), {
      argument: 'mode',
      message: /Expected the same value on every rank for mode, but received "[wa]"/,
    });
  });
});

describe('onRoot', () => {
  it('does its work on one rank and tells all', () => {
    const done: string[] = [];
    const text = onRoot(world, () => {
      done.push('here');
      return 'π';
    });
    assert.equal(text, 'π');
    assert.equal(done.length, rank === 0 ? 1 : 0);
    assert.equal(broadcastText(world, rank === size - 1 ? 'end' : '', size - 1), 'end');
  });
});
