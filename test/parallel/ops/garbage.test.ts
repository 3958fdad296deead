/** Results that a program drops: their memory is used again, and V8 does not mark its heap for them. */
import { strict as assert } from 'node:assert';
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { add, fromFunction, type LocalArray, multiply } from '../../../src/entry/local.ts';
import { Distribution } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { raw } from '../../../src/mpi/command.ts';

const { size } = MPI.COMM_WORLD;
const CALLS = 120;

describe('results that replace each other', () => {
  const distribution = Distribution.fromShape([size * 2_000_000], { size });
  const x = fromFunction(() => 0.5, distribution);

  /** How often V8 has marked its heap while a loop ran, and in how many places its results were. */
  async function watch(step: (last: LocalArray) => LocalArray): Promise<[number, number]> {
    let last: LocalArray = x;
    for (let k = 0; k < 60; k++) last = step(last);
    await pause(20);
    let marked = 0;
    const count = (entry: object) => {
      const { kind } = (entry as { readonly detail: { readonly kind: number } }).detail;
      if (kind === constants.NODE_PERFORMANCE_GC_MAJOR) marked++;
    };
    const observer = new PerformanceObserver((list) => list.getEntries().forEach(count));
    observer.observe({ entryTypes: ['gc'] });
    const places = new Set<number>();
    for (let k = 0; k < CALLS; k++) {
      last = step(last);
      places.add(raw.addressOf(last.data));
    }
    // What was observed comes on a turn of the event loop.
    await pause(20);
    observer.disconnect();
    return [marked, places.size];
  }

  const cases: Readonly<Record<string, (last: LocalArray) => LocalArray>> = {
    'of an operand that stays': () => add(x, 1),
    'of the last one': (last) => add(last, x),
    'of an intermediate one': () => multiply(add(x, 1), x),
  };
  for (const [name, step] of Object.entries(cases)) {
    it(`${name}: take turns in a few places`, async () => {
      const [marked, places] = await watch(step);
      assert.ok(places < 40, `${places} places for ${CALLS} results of 16 MB`);
      // V8 would for every 64 MB by itself: 16 to 27 times where there are intermediate results.
      assert.ok(marked < 14, `marked ${marked} times`);
    });
  }
});
