// ranks: 2-4
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { CLIENT, type Incoming, Kind } from '../../../src/engine/channel.ts';
import { MpiChannel } from '../../../src/engine/mpiChannel.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { encode } from '../../../src/mpi/objects/encoding.ts';
import { Dice } from '../../support/indexCases.ts';
import { sharedProperty } from '../../support/sharedProperty.ts';
import { sharedSeed } from '../../support/sharedSeed.ts';

const { COMM_WORLD: world } = MPI;

/** What a process says to another, in order: small values and ones that MPI does not keep. */
function valuesOf(seed: number, from: number, to: number): unknown[] {
  const dice = new Dice(seed + 1000 * from + to);
  return Array.from({ length: dice.below(12) }, (_, k) => {
    const length = dice.oneOf([0, 3, 300, 3000, 70_000]);
    const elements = Float64Array.from({ length }, (_, at) => seed + at + k);
    return dice.chance(0.3) ? { k, text: 'x'.repeat(length) } : { k, elements };
  });
}

const kindOf = (k: number) => [Kind.record, Kind.reply, Kind.task][k % 3];

describe('channels over MPI', () => {
  it('keep order and content, with large values on all ways at once', () => {
    const channel = new MpiChannel(world);
    const { number, engines } = channel;
    const others = [...Array(engines + 1).keys()].filter((other) => other !== number);
    try {
      fc.assert(
        sharedProperty(fc.nat({ max: 1e6 }), (seed) => {
          const sent = others.map((to) => valuesOf(seed, number, to));
          const expected = new Map(others.map((from) => [from, valuesOf(seed, from, number)]));
          const come = new Map<number, unknown[]>(others.map((from) => [from, []]));
          const take = ({ from, kind, read }: Incoming) => {
            const list = come.get(from) as unknown[];
            assert.equal(kind, kindOf(list.length));
            list.push(read());
          };
          const most = Math.max(...sent.map(({ length }) => length));
          for (let k = 0; k < most; k++) {
            others.forEach((to, which) => {
              if (k < sent[which].length) {
                channel.send(to, kindOf(k), encode(sent[which][k], 'value'));
              }
            });
          }
          const isWhole = () =>
            others.every((from) => come.get(from)?.length === expected.get(from)?.length);
          while (!isWhole()) {
            const message = channel.poll();
            if (message !== null) take(message);
          }
          assert.deepEqual(come, expected);
          assert.equal(channel.poll(), null);
        }),
        { seed: sharedSeed(), numRuns: 25 },
      );
    } finally {
      channel.close();
    }
  });

  it('carry elements past values that nobody has taken', () => {
    const channel = new MpiChannel(world);
    const { number, engines } = channel;
    const length = 5_000_000;
    try {
      if (number === CLIENT) {
        for (let engine = 1; engine <= engines; engine++) {
          channel.send(engine, Kind.record, encode(new Float64Array(3000), 'value'));
        }
        // Last first: each has its own.
        for (let engine = engines; engine >= 1; engine--) {
          const elements = new Float64Array(length);
          let looks = 0;
          channel.receiveElements(engine, elements, () => {
            looks++;
          });
          assert.ok(looks >= 0);
          assert.deepEqual([elements[0], elements[length - 1]], [engine, engine + length - 1]);
          channel.dropElements(engine, 8 * length);
        }
      } else {
        const elements = Float64Array.from({ length }, (_, k) => number + k);
        channel.sendElements(CLIENT, elements);
        channel.sendElements(CLIENT, elements);
        let message = channel.poll();
        while (message === null) message = channel.poll();
        assert.deepEqual(message.read(), new Float64Array(3000));
      }
      assert.equal(channel.hasElements(number === CLIENT ? 1 : CLIENT), false);
    } finally {
      world.barrier();
      channel.close();
    }
  });
});
