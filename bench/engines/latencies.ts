/** Run as the client of engines: seconds of small operations and of whole arrays, as JSON in the last line. */
import { Context } from '../../dist/entry/index.js';

const REPETITIONS = 200;
const ctx = new Context();
const seconds: Record<string, number[]> = {};

/** Measures `code`, which does something `times` times. */
function measure(name: string, times: number, repetitions: number, code: () => void): void {
  for (let k = 0; k < 3; k++) code();
  seconds[name] = Array.from({ length: repetitions }, () => {
    const start = performance.now();
    code();
    return (performance.now() - start) / 1000 / times;
  });
}

const x = ctx.arange(10);
const y = ctx.ones([10]);
measure('tiny add, waited for', 1, REPETITIONS, () => {
  x.add(y).get(0);
});
measure('tiny add, one after the other', 500, REPETITIONS / 4, () => {
  for (let k = 0; k < 500; k++) x.add(y);
  x.get(0);
});
measure('tiny sum with its value', 1, REPETITIONS, () => {
  Number(x.sum());
});
measure('apply', 1, REPETITIONS, () => {
  ctx.apply((value: number) => value, [1]);
});
const data = new Float64Array(2000 * 2000).fill(1.5);
const whole = ctx.ones([2000, 2000]);
measure('fromArray, 2000²', 1, 15, () => {
  const made = ctx.fromArray({ data, shape: [2000, 2000] });
  made.get(0, 0);
  made.dispose();
});
measure('toArray, 2000²', 1, 15, () => {
  whole.toArray();
});
console.log(JSON.stringify({ engines: ctx.size, seconds }));
