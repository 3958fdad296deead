/** Checked by the TypeScript compiler only: what must and what must not compile. */
import {
  add,
  applyLocally,
  clip,
  fromFunction,
  LocalArray,
  type LocalNdArray,
  ndenumerate,
  sin,
  zeros,
  zerosLike,
} from '../../src/entry/local.ts';
import type { Distribution } from '../../src/entry/maps.ts';

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function check<Holds extends true>(): Holds;
declare const distribution: Distribution;

const floats = zeros(distribution);
check<Equal<typeof floats, LocalArray<'float64'>>>();
const wide = zeros(distribution, { dtype: 'int64' });
const value = wide.get(0);
check<Equal<typeof value, bigint>>();
const flag = zeros(distribution, { dtype: 'bool' }).globalIndex.checkedGetitem([0]);
check<Equal<typeof flag, boolean | null>>();
const complex = wide.astype('complex64');
check<Equal<typeof complex, LocalArray<'complex64'>>>();
complex.ndarray.set(0, 1, { re: 1, im: 2 });
const local = wide.localView('float32');
check<Equal<typeof local, LocalNdArray<'float32'>>>();
const sliced = wide.slice('1:-1');
check<Equal<typeof sliced, LocalArray<'int64'>>>();
const same = zerosLike(wide);
check<Equal<typeof same, LocalArray<'int64'>>>();
for (const [index, element] of ndenumerate(complex)) {
  check<Equal<typeof index, number[]>>();
  element.re satisfies number;
}

const out = zeros(distribution, { dtype: 'float32' });
const sum = add(floats, 1, { out });
check<Equal<typeof sum, LocalArray<'float32'>>>();
sin(floats).dtype satisfies string;
clip(floats, 0, 1);
fromFunction((i, j) => i + j, distribution);
new LocalArray(distribution, { data: new Float32Array(4) });
new LocalArray(distribution, { data: { data: new Float32Array(4), shape: [4] } });

// @ts-expect-error a function of two arrays
add(floats);
// @ts-expect-error no such function
applyLocally('plus', [floats, floats]);
// @ts-expect-error no such dtype
zeros(distribution, { dtype: 'float16' });
// @ts-expect-error elements of an int64 array are bigints in its memory
wide.assignContiguous(new Float64Array(4));
// @ts-expect-error arrays are immutable but for their elements
floats.distribution = distribution;
