/**
 * The area under y = 0.7 x³ − 2 x² + 4 from 0 to 3, which is 8.175, by a sum over many points:
 *
 *   distarray run -n 4 examples/auc.ts --points 3e8 --kernel c
 *
 * Each process sums its share of the points, in JavaScript or by a kernel in C.
 */
import { parseArgs } from 'node:util';
import { Context, MPI } from 'distarray';
import { areas, WIDTH } from './auc/kernel.ts';

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '1e7' },
    kernel: { type: 'string', default: 'c' },
    json: { type: 'boolean', default: false },
  },
});
const points = Number(values.points);
const language = values.kernel === 'js' ? 'js' : 'c';

const ctx = new Context();
if (language === 'c') areas.c.compile(ctx);

/** This process's part of the sum, and how long it took. */
function share(): { area: number; seconds: number } {
  const [begin, end] = [ctx.comm.rank, ctx.comm.rank + 1].map((rank) =>
    Math.floor((points * rank) / ctx.size),
  );
  const start = MPI.wtime();
  const area = areas[language](begin, end, WIDTH / points);
  return { area, seconds: MPI.wtime() - start };
}

const shares = ctx.apply(share);
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
