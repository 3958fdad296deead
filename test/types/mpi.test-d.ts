import { LocalArray, zeros } from '../../src/entry/local.ts';
import { Distribution } from '../../src/entry/maps.ts';
import { MPI } from '../../src/entry/mpi.ts';

const world = MPI.COMM_WORLD;
const f64 = new Float64Array(1);

// A number or bigint in, the same out; buffers in, nothing out.
const sum: number = world.allreduce(1);
const big: bigint = world.allreduce(1n, { op: MPI.MAX });
const nothing = world.allreduce(f64, f64, { op: MPI.SUM });
const status: MPI.Status = world.recv(f64);
const { source, dest }: MPI.CartShift = world.createCart([2]).shift(0);
void [sum, big, nothing, status, source, dest];

// @ts-expect-error: an allreduce of buffers needs a place for the result
world.allreduce(f64);
// @ts-expect-error: operations are values, not names
world.allreduce(1, { op: 'sum' });
// @ts-expect-error: plain arrays have no element type
world.send([1, 2, 3], 0);
// @ts-expect-error: a bare ArrayBuffer has no element type either
world.send(new ArrayBuffer(8), 0);
// @ts-expect-error: the receiver is needed
world.send(f64);
// @ts-expect-error: sendrecv has two tags, so that none is called just tag
world.sendrecv(f64, 0, f64, 0, { tag: 1 });
// @ts-expect-error: in place is no buffer to send from
world.send(MPI.IN_PLACE, 0);
// @ts-expect-error: ranks are read only
world.rank = 3;

const distribution = Distribution.fromShape([4]);
const ints = new LocalArray(distribution, { dtype: 'int64' });
const one: bigint = ints.data[0];
const set: bigint = ints.ndarray.set(0, 5n);
const pair = new LocalArray(distribution, { dtype: 'complex64' });
const { re, im } = pair.ndarray.get(0);
const real: number = zeros(distribution).ndarray.get(0);
void [one, set, re, im, real];

// @ts-expect-error: no such dtype
new LocalArray(distribution, { dtype: 'float16' });
// @ts-expect-error: a float32 array is kept in a Float32Array
new LocalArray(distribution, { dtype: 'float32', data: f64 });
// @ts-expect-error: 64-bit integers are bigints
ints.ndarray.set(0, 5);
