/** Checked by the TypeScript compiler only: what must and what must not compile. */
import ndarray from 'ndarray';
import {
  type ArraySummary,
  add,
  type Complex,
  Context,
  type DistArray,
  type Distribution,
  type Dtype,
  equal,
  LocalArray,
  type LocalNdArray,
  MPI,
  mean,
  sin,
  sum,
} from '../../src/entry/index.ts';

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function check<Holds extends true>(): Holds;
declare const ctx: Context;
declare const distribution: Distribution;

// What is made has the dtype of the option, of the values, of the memory.
const floats = ctx.zeros([4, 3], { dist: 'bc' });
check<Equal<typeof floats, DistArray<'float64'>>>();
const shorts = ctx.ones(distribution, { dtype: 'int16' });
check<Equal<typeof shorts, DistArray<'int16'>>>();
const wide = ctx.fromArray([[1n, 2n]]);
check<Equal<typeof wide, DistArray<'int64'>>>();
const flags = ctx.full([2], true);
check<Equal<typeof flags, DistArray<'bool'>>>();
const complex = ctx.fromArray([{ re: 1, im: 2 }]);
check<Equal<typeof complex, DistArray<'complex128'>>>();
const numbers = ctx.arange(10);
check<Equal<typeof numbers, DistArray<'float64'>>>();
const counted = ctx.arange(0n, 10n, 2n);
check<Equal<typeof counted, DistArray<'int64'>>>();
const single = ctx.fromArray(new Float32Array(3));
check<Equal<typeof single, DistArray<'float32'>>>();
const shaped = ctx.fromArray({ data: new Int32Array(6), shape: [2, 3] });
check<Equal<typeof shaped, DistArray<'int32'>>>();
const scijs = ctx.fromNdArray(ndarray(new Float64Array(6), [2, 3]));
check<Equal<typeof scijs, DistArray<'float64'>>>();
const pairs = ctx.fromArray(new Float64Array(6), { dtype: 'complex128' });
check<Equal<typeof pairs, DistArray<'complex128'>>>();
const like = ctx.zerosLike(shorts);
check<Equal<typeof like, DistArray<'int16'>>>();
const drawn = ctx.random.rand([3]);
check<Equal<typeof drawn, DistArray<'float64'>>>();

// Elements are what JavaScript has for the dtype.
const element = floats.get(0, 1);
check<Equal<typeof element, number>>();
const wideElement = wide.get(0);
check<Equal<typeof wideElement, bigint>>();
const elements = floats.get(flags);
check<Equal<typeof elements, DistArray<'float64'>>>();
check<Equal<ReturnType<typeof flags.item>, boolean>>();
check<Equal<ReturnType<typeof complex.item>, Complex>>();
floats.set(3, 0, 1).set(2n, -1, -1);
floats.valueOf() satisfies number;
for (const row of shorts) check<Equal<typeof row, DistArray<'int16'>>>();
floats.toJSON() satisfies ArraySummary;

// Brought to one process, the others have null.
const everywhere = wide.toArray();
check<Equal<typeof everywhere, LocalNdArray<'int64'>>>();
const onRoot = wide.toArray({ root: 0 });
check<Equal<typeof onRoot, LocalNdArray<'int64'> | null>>();
const ndOnRoot = floats.toNdArray({ root: 0 });
check<Equal<typeof ndOnRoot, LocalNdArray<'float64'> | null>>();
check<Equal<typeof floats.local, LocalArray<'float64'>>>();

// Slices and copies keep the dtype, casts and views have another.
const slice = wide.slice('1:-1, ::2').slice([0, { start: 1, step: -1 }, null, '...']);
check<Equal<typeof slice, DistArray<'int64'>>>();
const cast = wide.astype('float32').copy();
check<Equal<typeof cast, DistArray<'float32'>>>();
const bytes = wide.view('uint8');
check<Equal<typeof bytes, DistArray<'uint8'>>>();
const same = wide.view();
check<Equal<typeof same, DistArray<'int64'>>>();
const moved = shorts.distributeAs([12], { dist: 'c', stagingBytes: 2 ** 20 });
check<Equal<typeof moved, DistArray<'int16'>>>();
floats
  .assign(3)
  .assign([[1, 2, 3]])
  .assign(shorts);

// Elementwise functions: the dtype where the operands tell it, otherwise some dtype.
const total = floats.add(floats);
check<Equal<typeof total, DistArray<'float64'>>>();
const weak = add(2, single);
check<Equal<typeof weak, DistArray<'float32'>>>();
const waves = sin(complex);
check<Equal<typeof waves, DistArray<'complex128'>>>();
const sizes = complex.absolute();
check<Equal<typeof sizes, DistArray<'float64'>>>();
const mixed = shorts.add(floats);
check<Equal<typeof mixed, DistArray<Dtype>>>();
const tests = floats.less(3);
check<Equal<typeof tests, DistArray<'bool'>>>();
const equals = equal(1, shorts);
check<Equal<typeof equals, DistArray<'bool'>>>();
const into = add(floats, 1, { out: single, where: flags });
check<Equal<typeof into, DistArray<'float32'>>>();
const narrow = floats.multiply(2, { dtype: 'float32' });
check<Equal<typeof narrow, DistArray<'float32'>>>();

// Reductions: NumPy's dtypes.
const sums = shorts.sum({ axis: 0, keepdims: true });
check<Equal<typeof sums, DistArray<'int64'>>>();
const unsigned = sum(bytes, { axis: [0, -1] });
check<Equal<typeof unsigned, DistArray<'uint64'>>>();
const count = sum(flags);
check<Equal<typeof count, DistArray<'int64'>>>();
const means = mean(shorts);
check<Equal<typeof means, DistArray<'float64'>>>();
const spread = complex.std({ ddof: 1 });
check<Equal<typeof spread, DistArray<'float64'>>>();
const least = single.min();
check<Equal<typeof least, DistArray<'float32'>>>();
const place = floats.argmax({ axis: 1 });
check<Equal<typeof place, DistArray<'int64'>>>();
const anyTrue = floats.any();
check<Equal<typeof anyTrue, DistArray<'bool'>>>();
const asked = shorts.sum({ dtype: 'float32' });
check<Equal<typeof asked, DistArray<'float32'>>>();
const running = shorts.cumulativeSum({ axis: 1 });
check<Equal<typeof running, DistArray<'int64'>>>();
(+floats.sum()).toFixed(2);

// Functions next to the data get local arrays in the place of distributed ones.
const firsts = ctx.apply(
  (part, k, { other, label }) => {
    check<Equal<typeof part, LocalArray<'int64'>>>();
    check<Equal<typeof k, number>>();
    check<Equal<typeof other, LocalArray<'float64'>>>();
    check<Equal<typeof label, string>>();
    return part.get(0) * BigInt(k);
  },
  [wide, 2, { other: floats, label: 'x' }],
  { targets: [0] },
);
check<Equal<typeof firsts, bigint[]>>();

const more = ctx.register({
  localDouble: (part: LocalArray<'float64'>, by: number): LocalArray<'float32'> =>
    new LocalArray(part.distribution, { dtype: 'float32', data: new Float32Array(by) }),
  nothing(part: LocalArray): void {
    part.fill(0);
  },
  size: (part: LocalArray) => part.localSize,
  optional: ({ part, scale = 1 }: { part: LocalArray<'int64'>; scale?: number }) =>
    part.localSize * scale,
});
const doubled = more.localDouble(floats, 2);
check<Equal<typeof doubled, DistArray<'float32'>>>();
const nothing = more.nothing(floats);
check<Equal<typeof nothing, null>>();
const partSizes = more.optional({ part: wide });
check<Equal<typeof partSizes, number | number[]>>();
more.zeros([3]).dtype satisfies 'float64';
const subcomm = more.makeSubcomm([0, 1]);
check<Equal<typeof subcomm.size, number>>();
ctx.allclose(floats, 3, { rtol: 1e-3 }) satisfies boolean;
MPI.COMM_WORLD.size satisfies number;

// @ts-expect-error no such dtype
ctx.zeros([3], { dtype: 'float16' });
// @ts-expect-error a shape is a list
ctx.zeros(3);
// @ts-expect-error a function of two operands
add(floats);
// @ts-expect-error an operand is an array or a number, no list
floats.add([1, 2, 3]);
// @ts-expect-error an index is no function
floats.get(() => 1);
// @ts-expect-error no such reduction
floats.total();
// @ts-expect-error an axis is a number
floats.sum({ axis: 'x' });
// @ts-expect-error `where` is an array of bools
floats.sum({ where: floats });
// @ts-expect-error the root is a process
floats.toArray({ root: 'first' });
// @ts-expect-error an ndarray may be missing
floats.toArray({ root: 0 }).get(0, 0);
// @ts-expect-error arrays do not change their shape
floats.shape = [12];
// @ts-expect-error arrays are made by contexts, not like local ones
ctx.zerosLike(floats.local);
// @ts-expect-error the function wants a number
more.localDouble(floats, 'twice');
// @ts-expect-error the function wants an array of float64
more.localDouble(wide, 2);
// @ts-expect-error distributed arrays are given, not local ones
more.size(floats.local);
// @ts-expect-error no such method
ctx.localDouble(floats, 2);
// @ts-expect-error the function gets a local array, which has no context
ctx.apply((part) => part.context, [floats]);
// @ts-expect-error targets are process numbers
ctx.apply(() => 1, [], { targets: 'all' });

// Contexts on engines are contexts.
check<Equal<ReturnType<typeof Context.launch>, Promise<Context>>>();
check<Equal<ReturnType<typeof Context.attach>, Promise<Context>>>();
Context.launch({ engines: 2, mpi: 'mpich' });
Context.attach();
// @ts-expect-error how many engines must be said
Context.launch({});
// @ts-expect-error there are two MPIs
Context.launch({ engines: 2, mpi: 'lam' });
