import { Context } from 'distarray';

const ctx = new Context();
const cells = 1_000_000;
const x = ctx.arange(cells, { dist: 'c' }).add(0.5).div(cells);
const heights = x.square().add(1).reciprocal().mul(4);
ctx.print(`${ctx.size} ranks: π ≈ ${heights.mean().item().toFixed(10)}`);
ctx.print(heights.slice('::250000'));
ctx.print(`cells of each rank: ${heights.localShapes()}`);
