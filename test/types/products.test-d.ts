/** Checked by the TypeScript compiler only: what must and what must not compile. */
import { type DistArray, matmul, trace } from '../../src/entry/index.ts';

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function check<Holds extends true>(): Holds;
declare const floats: DistArray<'float64'>;
declare const bytes: DistArray<'int8'>;

const product = floats.matmul(floats);
check<Equal<typeof product, DistArray<'float64'>>>();
const narrow = matmul(bytes, bytes);
check<Equal<typeof narrow, DistArray<'int8'>>>();
const mixed = bytes.dot(floats);
check<Equal<typeof mixed, DistArray>>();
const sum = trace(bytes);
check<Equal<typeof sum, DistArray<'int64'>>>();
const asked = bytes.trace({ dtype: 'float32', offset: 1 });
check<Equal<typeof asked, DistArray<'float32'>>>();
floats.tensordot(bytes, { axes: [0, [1]] });
// @ts-expect-error a number is no array
floats.matmul(2);
// @ts-expect-error pairs of axes are two lists
floats.tensordot(floats, { axes: [0] });
// @ts-expect-error vecdot goes along one axis
floats.vecdot(floats, { axis: [0] });
