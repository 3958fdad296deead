/** Checked by the TypeScript compiler only: what must and what must not compile. */

import {
  allocate,
  type Complex,
  DTYPES,
  type Dtype,
  dtypeOf,
  type ScalarOf,
  type TypedArrayOf,
} from '../../src/dtype/dtype.ts';
import {
  BlockMap,
  CyclicMap,
  type DimensionMap,
  type DistLetter,
  Distribution,
  type LocalSelection,
  makeGridShape,
  newaxis,
  positivify,
  SlicedMap,
  type SliceRange,
  sanitizeIndices,
  UndistributedMap,
} from '../../src/entry/maps.ts';

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function check<Holds extends true>(): Holds;

// dtypes name their storage and their scalars
check<Equal<TypedArrayOf<'float64'>, Float64Array>>();
check<Equal<TypedArrayOf<'bool'>, Uint8Array>>();
check<Equal<TypedArrayOf<'int64'>, BigInt64Array>>();
check<Equal<TypedArrayOf<'complex64'>, Float32Array>>();
check<Equal<TypedArrayOf<'int8' | 'uint32'>, Int8Array | Uint32Array>>();
check<Equal<ScalarOf<'float32'>, number>>();
check<Equal<ScalarOf<'uint64'>, bigint>>();
check<Equal<ScalarOf<'bool'>, boolean>>();
check<Equal<ScalarOf<'complex128'>, Complex>>();
check<Equal<(typeof DTYPES)['int64']['name'], 'int64'>>();
const doubles: Float64Array = allocate('float64', 3);
const counts: BigUint64Array = allocate('uint64', 3);
const dtype: Dtype = dtypeOf(doubles);
// @ts-expect-error: there is no float16
allocate('float16', 3);
// @ts-expect-error: int64 is stored as bigints
const wrongStorage: Float64Array = allocate('int64', 3);
// @ts-expect-error: a plain array has no dtype
dtypeOf([1, 2, 3]);
// @ts-expect-error: the table cannot be changed
DTYPES.float64 = DTYPES.float32;
// @ts-expect-error: nor its entries
DTYPES.float64.itemsize = 4;

// distributions
const d = Distribution.fromShape([10, 20], { dist: 'bc', gridShape: [2, 2], size: 4 });
Distribution.fromShape([10, 20] as const, { dist: ['b', 'n'], targets: [1, 2] });
Distribution.fromShape([10, 20], { dist: { 1: 'c' } });
const letters: readonly DistLetter[] = d.dist;
const maps: readonly DimensionMap[] = d.maps;
const gridShape: readonly number[] = makeGridShape([10, 20], 'bb', 4);
Distribution.fromMaps([BlockMap.even(5, 2), new CyclicMap(9, 2), new UndistributedMap(3)]);
Distribution.fromGlobalDimData([
  { dist_type: 'b', bounds: [0, 2, 5] },
  { dist_type: 'c', size: 9, proc_grid_size: 2 },
  { dist_type: 'n', size: 3 },
]);
Distribution.fromShape([10, 20], { dist: 'bc', commPadding: [1, 0], periodic: true, blockSize: 2 });
Distribution.fromGlobalDimData([{ dist_type: 'u', indices: [[0, 2], Int32Array.of(1)] }]);
const view: Distribution = d
  .slice('1:-1')
  .slice([{ start: 1 }, null])
  .slice([newaxis, '...', 3]);
const selection: LocalSelection = d.maps[0].localSelection(0);
const [kind, indices] = sanitizeIndices('1, :', 2);
const place: SliceRange = positivify({ start: -1 }, 5);
const index: number = positivify(-1, 5);
// @ts-expect-error: a list of indices is no basic slice
d.slice([[1, 2]]);
// @ts-expect-error: a slice has no end called 'end'
d.slice([{ end: 3 }]);
// @ts-expect-error: views come from sliceMap
new SlicedMap(d.maps[0], { start: 0, step: 1, count: 2 });
// @ts-expect-error: a shape is an array
Distribution.fromShape(10);
// @ts-expect-error: there is no kind 'x'
Distribution.fromShape([10], { dist: ['x'] });
// @ts-expect-error: the option is called gridShape
Distribution.fromShape([10], { grid_shape: [2] });
// @ts-expect-error: a Distribution comes from one of its static functions
new Distribution([], []);
// @ts-expect-error: so does a BlockMap
new BlockMap(10, 2);
// @ts-expect-error: blockSize is an option
new CyclicMap(10, 2, 3);
// @ts-expect-error: a letter is no map
Distribution.fromMaps(['b']);
// @ts-expect-error: a block dimension needs bounds
Distribution.fromGlobalDimData([{ dist_type: 'b', size: 5 }]);
// @ts-expect-error: a distribution cannot be changed
d.shape = [5];
// @ts-expect-error: nor its parts
d.gridShape[0] = 4;
// @ts-expect-error: an index is an array
d.owningRanks(3);

void [
  counts,
  dtype,
  wrongStorage,
  letters,
  maps,
  gridShape,
  view,
  selection,
  kind,
  indices,
  place,
  index,
];
