/** Elements of every dtype that are worth a test, and how far results are apart. */
import { DTYPES, type Dtype, type TypedArray, type TypedArrayOf } from '../../src/dtype/dtype.ts';
import { iinfo } from '../../src/dtype/limits.ts';
import { type StridedView, viewOf } from '../../src/kernels/stridedView.ts';

const FLOATS = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  3,
  -3,
  7.25,
  1e-3,
  -1e-3,
  0.7853981633974483,
  Math.PI,
  -1.5707963267948966,
  20.5,
  -40.25,
  88.7,
  100,
  -100,
  709.5,
  1e5,
  -123456.789,
  1e10,
  1e-10,
  1e-30,
  1e30,
  Infinity,
  -Infinity,
  NaN,
];
const FLOAT64_ONLY = [1e300, -1e300, 1e-300, 5e-324, 1.7976931348623157e308, 1e16, 2 ** 63];
const FLOAT32_ONLY = [3.4028234663852886e38, 1.401298464324817e-45, 2 ** 24];
const INTEGERS = [0n, 1n, 2n, 3n, 5n, 7n, 8n, 31n, 63n, 64n, 100n, -1n, -2n, -3n, -7n, -8n, -100n];

/** Special elements of a dtype: zeros of both signs, limits, infinities, NaN. */
export function specials<D extends Dtype>(dtype: D): StridedView<D> {
  const { kind, arrayType, itemsize } = DTYPES[dtype];
  let data: TypedArray;
  if (kind === 'bool') {
    data = Uint8Array.of(0, 1, 1, 0);
  } else if (kind === 'int' || kind === 'uint') {
    const { min, max } = iinfo(dtype);
    const [low, high] = [BigInt(min), BigInt(max)];
    const all = [...INTEGERS, low, low + 1n, high, high - 1n, high / 2n];
    const fitting = [...new Set(all.filter((value) => value >= low && value <= high))];
    data = itemsize === 8 ? arrayOf(arrayType, fitting) : arrayOf(arrayType, fitting.map(Number));
  } else if (kind === 'float') {
    data = arrayOf(arrayType, floats(itemsize));
  } else {
    const parts = [0, -0, 1, -2.5, 1e-5, 20.5, Infinity, -Infinity, NaN];
    data = arrayOf(
      arrayType,
      parts.flatMap((re) => parts.flatMap((im) => [re, im])),
    );
  }
  return viewOf(data as TypedArrayOf<D>, dtype, [data.length / DTYPES[dtype].lanes]);
}

function floats(itemsize: number): number[] {
  return [...FLOATS, ...(itemsize === 8 ? FLOAT64_ONLY : FLOAT32_ONLY)];
}

function arrayOf(type: unknown, values: readonly (number | bigint)[]): TypedArray {
  return (type as { from(values: readonly (number | bigint)[]): TypedArray }).from(values);
}

/** Few elements of a dtype, for tests of all pairs of dtypes. */
export function fewElements<D extends Dtype>(dtype: D): StridedView<D> {
  const { kind, arrayType, itemsize, lanes } = DTYPES[dtype];
  const values =
    kind === 'bool' || kind === 'uint'
      ? [0, 1, 1, 0, 1].map((value, i) => (kind === 'uint' ? value + 3 * i : value))
      : kind === 'int'
        ? [0, 1, -2, 3, 100]
        : [0, 1, -2.5, 3.25, NaN].flatMap((value) =>
            lanes === 2 ? [value, 0.5 - value] : [value],
          );
  const data = arrayOf(
    arrayType,
    itemsize === 8 && kind.endsWith('int') ? values.map(BigInt) : values,
  );
  return viewOf(data as TypedArrayOf<D>, dtype, [5]);
}

/** All pairs of elements of two arrays, as operands of a binary function. */
export function allPairs(a: StridedView, b: StridedView): [StridedView, StridedView] {
  const [n, m] = [a.shape[0], b.shape[0]];
  return [
    { ...a, shape: [n, m], strides: [1, 0] },
    { ...b, shape: [n, m], strides: [0, 1] },
  ];
}

/** Copies a view to contiguous memory, element by element and without kernels. */
export function contiguousCopy<D extends Dtype>(view: StridedView<D>): StridedView<D> {
  const { lanes, arrayType } = DTYPES[view.dtype];
  const from = view.data as unknown as Float64Array;
  const offsets = offsetsOf(view);
  const data = new arrayType(offsets.length * lanes) as unknown as Float64Array;
  offsets.forEach((offset, i) => {
    for (let lane = 0; lane < lanes; lane++) data[i * lanes + lane] = from[offset * lanes + lane];
  });
  return viewOf(data as unknown as TypedArrayOf<D>, view.dtype, view.shape);
}

/** Where the elements of a view are, in C order. */
export function offsetsOf({ shape, strides, offset }: StridedView): number[] {
  let offsets = [offset];
  shape.forEach((extent, dim) => {
    offsets = offsets.flatMap((at) =>
      Array.from({ length: extent }, (_, i) => at + i * strides[dim]),
    );
  });
  return offsets;
}

/** What {@link firstDifference} lets pass. */
export interface Tolerance {
  /** Units in the last place; of the larger part of a complex number. */
  readonly ulps?: number;
  /** Whether 0 and −0 are one, and so are all complex numbers with a NaN in them. */
  readonly loose?: boolean;
}

/**
 * The first element in which two contiguous arrays differ, as a text; undefined when there is none.
 * NaNs are all one.
 */
export function firstDifference(
  ours: StridedView,
  theirs: StridedView,
  { ulps = 0, loose = false }: Tolerance = {},
): string | undefined {
  if (ours.dtype !== theirs.dtype) return `dtype ${ours.dtype}, not ${theirs.dtype}`;
  const [a, b] = [ours.data, theirs.data];
  if (a.length !== b.length) return `${a.length} elements, not ${b.length}`;
  const { lanes, itemsize } = DTYPES[ours.dtype];
  const eps = itemsize / lanes === 4 ? 2 ** -23 : 2 ** -52;
  const tiny = itemsize / lanes === 4 ? 2 ** -149 : 5e-324;
  for (let i = 0; i < a.length; i++) {
    if (Object.is(a[i], b[i])) continue;
    const [x, y] = [Number(a[i]), Number(b[i])];
    if (Number.isNaN(x) && Number.isNaN(y)) continue;
    const first = i - (i % lanes);
    const parts = [...b.subarray(first, first + lanes)].map(Number);
    if (loose && (x === y || parts.some(Number.isNaN))) {
      const own = [...a.subarray(first, first + lanes)].map(Number);
      if (x === y || own.some(Number.isNaN)) continue;
    }
    const size = Math.max(...parts.map(Math.abs));
    const allowed = ulps * Math.max(tiny, eps * 2 ** Math.floor(Math.log2(size)));
    if (ulps > 0 && Math.abs(x - y) <= allowed) continue;
    return `element ${Math.floor(i / lanes)}: ${a[i]}, not ${b[i]}`;
  }
  return undefined;
}
