/** Checked by the TypeScript compiler only: what must and what must not compile. */
import { Context, type DistArray, nonzero, take, where } from '../../src/entry/index.ts';

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function check<Holds extends true>(): Holds;

const ctx = new Context();
const floats = ctx.zeros([4, 5]);
const integers = ctx.zeros([4, 5], { dtype: 'int64' });

// Integers alone name an element, anything else makes an array.
const element = floats.get(0, 1);
check<Equal<typeof element, number>>();
const wide = integers.get(0, 1);
check<Equal<typeof wide, bigint>>();
const rows = integers.get([0, 2], null);
check<Equal<typeof rows, DistArray<'int64'>>>();
const some = floats.get(floats.less(1));
check<Equal<typeof some, DistArray<'float64'>>>();
floats.get('1:', Int32Array.of(0, 1));
floats.get({ start: 1 }, integers, true);
// @ts-expect-error a function is no index
floats.get(() => 0);

floats.set(1, 0, 0).set(2, [0, 1]).set([1, 2], [0], [1, 2]).set(floats, floats.less(1));
// @ts-expect-error text is no value
floats.set('1', [0]);

const taken = take(integers, [1, 2], { axis: 1, mode: 'clip' });
check<Equal<typeof taken, DistArray<'int64'>>>();
// @ts-expect-error no such mode
take(integers, 1, { mode: 'round' });
const found = nonzero(floats);
check<Equal<typeof found, DistArray<'int64'>[]>>();
const indices = where(floats);
check<Equal<typeof indices, DistArray<'int64'>[]>>();
const chosen = where(floats, 1, 0);
chosen.add(1);
