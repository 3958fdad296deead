import { strict as assert } from 'node:assert';
import { CLIENT } from '../../../src/engine/channel.ts';
import { childrenOf } from '../../../src/engine/tree.ts';

describe('the way of records', () => {
  it('reaches every engine once, in few steps', () => {
    for (let engines = 0; engines <= 100; engines++) {
      const steps = new Map<number, number>([[CLIENT, 0]]);
      for (const [number, step] of steps) {
        for (const child of childrenOf(number, engines)) {
          assert.ok(!steps.has(child), `${child} of ${engines} twice`);
          steps.set(child, step + 1);
        }
      }
      const reached = [...steps.keys()].filter((number) => number !== CLIENT);
      assert.deepEqual(
        reached.sort((a, b) => a - b),
        Array.from({ length: engines }, (_, k) => k + 1),
      );
      assert.ok(Math.max(...steps.values()) <= Math.ceil(Math.log2(engines + 1)));
    }
  });

  it('takes as much of every process: the client tells one, an engine two at most', () => {
    for (let number = 0; number <= 50; number++) {
      assert.ok(childrenOf(number, 50).length <= (number === CLIENT ? 1 : 2));
    }
  });
});
