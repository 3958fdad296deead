/** Checked by the TypeScript compiler only: dtypes of arrays of other shapes. */
import { type Context, concatenate, type DistArray, round, stack } from '../../src/entry/index.ts';

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function check<Holds extends true>(): Holds;
declare const ctx: Context;

const floats = ctx.zeros([2, 3]);
const wide = ctx.zeros([2, 3], { dtype: 'int64' });

const turned = wide.T.reshape([3, -1]).pad(1).roll(1, { axis: 0 });
check<Equal<typeof turned, DistArray<'int64'>>>();
const parts = wide.split(2, { axis: 1 });
check<Equal<typeof parts, DistArray<'int64'>[]>>();
const joined = concatenate([wide, wide.T]);
check<Equal<typeof joined, DistArray<'int64'>>>();
// What two dtypes are promoted to is known when they are joined.
const mixed = concatenate([wide, floats]);
check<Equal<typeof mixed, DistArray>>();
const told = stack([wide, floats], { axis: -1, dtype: 'float64' });
check<Equal<typeof told, DistArray<'float64'>>>();
const rounded = round(floats, 2);
check<Equal<typeof rounded, DistArray<'float64'>>>();
const clipped: DistArray = floats.clip(null, 1);
clipped.transpose(1, 0).transpose([0, 1]).transpose(null);

// @ts-expect-error: a view cannot be replaced
floats.T = floats;
// @ts-expect-error: there is no such mode
floats.pad(1, { mode: 'median' });
// @ts-expect-error: a new axis needs a place
floats.expandDims();
// @ts-expect-error: an array of arrays
concatenate(floats);
