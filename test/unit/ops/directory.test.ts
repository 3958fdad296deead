import { strict as assert } from 'node:assert';
import { Directory, type Questions } from '../../../src/ops/directory.ts';

describe('the questions to a directory', () => {
  it('are checked before anything is sent', () => {
    const bad: [unknown, string, string][] = [
      [[1.5], 'indices[0]', 'ArgumentRangeError'],
      [[0, 2 ** 53], 'indices[1]', 'ArgumentRangeError'],
      [Float64Array.of(3, Number.NaN), 'indices[1]', 'ArgumentRangeError'],
      [[0, '1'], 'indices[1]', 'ArgumentTypeError'],
      [[1n], 'indices[0]', 'ArgumentTypeError'],
      [7, 'indices', 'ArgumentTypeError'],
      [undefined, 'indices', 'ArgumentTypeError'],
    ];
    for (const [indices, argument, name] of bad) {
      // Without a communicator: whatever is sent before the check would be a TypeError.
      const ask = () => Directory.prototype.owners.call({} as Directory, indices as Questions);
      assert.throws(ask, { argument, name });
    }
  });
});
