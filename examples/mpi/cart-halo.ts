/**
 * Each rank has a cell of a closed 2-D grid and gets the values of its four neighbours:
 *
 *   distarray run -n 4 examples/mpi/cart-halo.ts
 */
import { parseArgs } from 'node:util';
import { MPI } from 'distarray/mpi';

const world = MPI.COMM_WORLD;
const { values: options } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

const dims = MPI.dimsCreate(world.size, 2);
using cart = world.createCart(dims, { periods: [true, true] });

let wrong = 0;
for (const dimension of [0, 1]) {
  for (const step of [1, -1]) {
    const { source, dest } = cart.shift(dimension, step);
    const halo = new Float64Array(1);
    cart.sendrecv(Float64Array.of(cart.rank), dest, halo, source);
    const coords = cart.coords();
    coords[dimension] -= step;
    if (halo[0] !== cart.rankOf(coords)) wrong++;
  }
}
wrong = cart.allreduce(wrong);
if (cart.rank === 0) {
  const report = { ranks: world.size, dims, wrong };
  console.log(options.json ? JSON.stringify(report) : `grid ${dims.join(' × ')}: ${wrong} wrong`);
}
