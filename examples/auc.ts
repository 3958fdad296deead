/**
 * The area under y = 0.7 x³ − 2 x² + 4 from 0 to 3, which is 8.175, by a sum over many points:
 *
 *   distarray run -n 4 examples/auc.ts --points 3e8 --kernel c
 *
 * Each process sums its share of the points, in JavaScript or by a kernel in C. With `--client` the processes are engines,
 * and the program runs once.
 */
import { parseArgs } from 'node:util';
import { Context, registerModule } from 'distarray';
import * as parts from './auc/part.ts';

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '1e7' },
    kernel: { type: 'string', default: 'c' },
    json: { type: 'boolean', default: false },
  },
});
const points = Number(values.points);
const language: 'js' | 'c' = values.kernel === 'js' ? 'js' : 'c';

const ctx = new Context();
// Engines of a client import it.
registerModule(new URL('./auc/part.ts', import.meta.url), parts);

// An element each, by which the processes know their shares.
const everyone = ctx.zeros([ctx.size]);
const shares = ctx.apply(parts.share, [everyone, points, language]);
const area = shares.reduce((sum, each) => sum + each.area, 0);
const seconds = Math.max(...shares.map((each) => each.seconds));
if (!values.json) {
  ctx.print(`The area is ${area.toFixed(6)} (${points} points, ${language})`);
  ctx.print(`${seconds.toFixed(4)} s on ${ctx.size} processes`);
} else if (ctx.isRoot) {
  console.log(
    JSON.stringify({ example: 'auc', ranks: ctx.size, points, kernel: language, area, seconds }),
  );
}
