// ranks: 2-4
// modes: spmd
import { strict as assert } from 'node:assert';
import { ArgumentRangeError, ArgumentTypeError, Context } from '../../../src/entry/index.ts';
import { rank, size } from '../../support/mode.ts';

const ctx = new Context();
const fails = rank === size - 1;

/** All processes throw the error of the last one, and can go on. */
function allThrow(
  call: () => unknown,
  errorClass: new (...args: never[]) => Error,
  message: RegExp,
) {
  assert.throws(call, (error: Error) => {
    assert.equal(error.constructor, errorClass, error.message);
    assert.match(error.message, message);
    return true;
  });
  assert.equal(+ctx.ones([size]).sum(), size);
}

describe('what is wrong on one process only', () => {
  it('is an error on all: of functions that are called', () => {
    const broken = () => {
      if (fails) throw new TypeError('no number');
      return 1;
    };
    allThrow(() => ctx.fromFunction(broken, [2 * size]), TypeError, /no number/);
    allThrow(() => ctx.fromIndexArrays(broken, [2 * size]), TypeError, /no number/);
    allThrow(() => ctx.apply(broken), TypeError, /no number/);
    const named = new Context().register({ broken: (_part: unknown) => broken() });
    allThrow(() => named.broken(named.ones([size]) as never), TypeError, /no number/);
  });

  it('is an error on all: of arguments of what calls functions', () => {
    const one = () => 1;
    const value = fails ? (7 as never) : one;
    allThrow(() => ctx.fromFunction(value, [2]), ArgumentTypeError, /for value/);
    const shape = fails ? [-1] : [2];
    allThrow(() => ctx.fromFunction(one, shape), ArgumentRangeError, /for shape/);
    const options = fails ? ({ dytpe: 'int8' } as never) : {};
    allThrow(() => ctx.fromFunction(one, [2], options), ArgumentRangeError, /perhaps dtype/);
  });

  it('is an error on all: of data', () => {
    const ragged = fails
      ? [[1, 2], [3]]
      : [
          [1, 2],
          [3, 4],
        ];
    allThrow(() => ctx.fromArray(ragged), ArgumentRangeError, /nested arrays/);
    const options = fails ? { dist: 'x' as never } : {};
    allThrow(() => ctx.fromArray([1, 2], options), ArgumentRangeError, /dist/);
    const other = fails ? { dist: 'c' } : { dist: 'b' };
    allThrow(() => ctx.fromArray([1, 2, 3], other), ArgumentRangeError, /for options/);
    const root = fails ? { root: 0 } : {};
    allThrow(() => ctx.fromArray([1, 2], root), ArgumentRangeError, /for options.root/);
    const data = fails ? ('text' as never) : [1, 2];
    allThrow(() => ctx.fromArray(data, { root: size - 1 }), ArgumentTypeError, /for array/);
    const misspelt = fails ? ({ dits: 'b' } as never) : {};
    allThrow(() => ctx.fromArray([1, 2], misspelt), ArgumentRangeError, /perhaps dist/);
  });
});

describe('ndarrays of bools', () => {
  it('are arrays of bools again, but not when another dtype is asked for', () => {
    const a = ctx.fromArray([true, false, true, true], { dist: 'c' });
    assert.equal(ctx.fromArray(a.toArray()).dtype, 'bool');
    assert.deepEqual(ctx.fromArray(a.slice('::-1').toArray()).toNested(), [
      true,
      true,
      false,
      true,
    ]);
    assert.equal(ctx.fromArray(a.toArray(), { dtype: 'uint8' }).dtype, 'uint8');
    assert.equal(ctx.fromArray(a.astype('uint8').toArray()).dtype, 'uint8');
    assert.equal(ctx.fromArray(a.toArray().data).dtype, 'uint8');
    const told = ctx.fromArray(a.toArray({ root: 1 }), { root: 1 });
    assert.equal(told.dtype, 'bool');
    assert.deepEqual(told.toNested(), [true, false, true, true]);
  });
});
