import { strict as assert } from 'node:assert';
import {
  ArgumentRangeError,
  ArgumentTypeError,
  checkInteger,
  describeValue,
} from '../../src/errors.ts';

describe('argument errors', () => {
  it('name the argument, what was expected and what came', () => {
    assert.throws(() => checkInteger('root', 9, 0, 3), {
      name: 'ArgumentRangeError',
      code: 'ERR_ARGUMENT_RANGE',
      argument: 'root',
      message: 'Expected an integer in [0, 3] for root, but received 9',
    });
    assert.throws(() => checkInteger('root', '9'), {
      name: 'ArgumentTypeError',
      message: 'Expected an integer for root, but received type string ("9")',
    });
    assert.throws(() => checkInteger('n', 0, 1), /Expected an integer ≥ 1 for n, but received 0/);
    assert.throws(() => checkInteger('n', Number.NaN), ArgumentRangeError);
  });

  it('are the errors that JavaScript has for it', () => {
    assert.ok(new ArgumentRangeError('a', 'b', 1) instanceof RangeError);
    assert.ok(new ArgumentTypeError('a', 'b', 1) instanceof TypeError);
  });

  it('describe any value shortly', () => {
    assert.equal(describeValue([1, 'a', null]), '[1, "a", null]');
    assert.equal(describeValue(5n), '5n');
    assert.equal(describeValue(new Map()), 'an instance of Map');
    assert.equal(describeValue({}), 'an object');
    assert.ok(describeValue('x'.repeat(500)).length < 100);
    assert.equal(describeValue(undefined), 'undefined');
  });
});
