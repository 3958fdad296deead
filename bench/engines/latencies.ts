/** Run as the client of engines: seconds of small operations and of whole arrays, as JSON in the last line. */
import { Context } from '../../dist/entry/index.js';

const REPETITIONS = 500;
/** Calls before those that are measured: V8 compiles what is called much. */
const WARM_UP = 2000;
const ctx = new Context();
const seconds: Record<string, number[]> = {};

/** Measures `code`, which does something `times` times. */
function measure(
  name: string,
  { times = 1, repetitions = REPETITIONS, warmUp = 4 },
  code: () => void,
): void {
  for (let k = 0; k < warmUp; k++) code();
  seconds[name] = Array.from({ length: repetitions }, () => {
    const start = performance.now();
    code();
    return (performance.now() - start) / 1000 / times;
  });
}

const x = ctx.arange(10);
const y = ctx.ones([10]);
measure('tiny add, waited for', { warmUp: WARM_UP }, () => {
  x.add(y).get(0);
});
measure('tiny add, one after the other', { times: 500, repetitions: 50 }, () => {
  for (let k = 0; k < 500; k++) x.add(y);
  x.get(0);
});
measure('tiny sum with its value', { warmUp: WARM_UP }, () => {
  Number(x.sum());
});
measure('apply', { warmUp: WARM_UP }, () => {
  ctx.apply((value: number) => value, [1]);
});
const data = new Float64Array(2000 * 2000).fill(1.5);
const whole = ctx.ones([2000, 2000]);
measure('fromArray, 2000²', { repetitions: 15 }, () => {
  const made = ctx.fromArray({ data, shape: [2000, 2000] });
  made.get(0, 0);
  made.dispose();
});
measure('toArray, 2000²', { repetitions: 40 }, () => {
  whole.toArray();
});
console.log(JSON.stringify({ engines: ctx.size, seconds }));
