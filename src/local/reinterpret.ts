/** The bytes of a part as elements of another dtype. */
import { DTYPES, type Dtype, type TypedArrayOf } from '../dtype/dtype.ts';
import { ArgumentRangeError } from '../errors.ts';
import type { Distribution } from '../maps/distribution.ts';
import type { LocalPart } from './localPart.ts';
import { Placement } from './placement.ts';

/** A distribution and where its elements lie. */
export interface PlacedDistribution<D extends Dtype> {
  readonly distribution: Distribution;
  readonly placement: Placement<D>;
}

/**
 * Returns the distribution and the placement of the same bytes as elements of another dtype.
 * @throws {@link ArgumentRangeError} when they are no such elements
 */
export function reinterpreted<E extends Dtype>(
  { distribution, rank }: LocalPart,
  placement: Placement,
  dtype: E,
): PlacedDistribution<E> {
  const [from, to] = [DTYPES[placement.dtype].itemsize, DTYPES[dtype].itemsize];
  const data = typedAs(placement.data, dtype);
  if (from === to) return { distribution, placement: placement.retyped(data, dtype) };
  const scaled = reinterpretedDistribution(distribution, placement.dtype, dtype);
  if (rank < 0)
    return { distribution: scaled, placement: Placement.ofNobody(scaled, { data, dtype }) };
  const { strides, shape, offset } = placement.padded;
  if (!placement.isStrided || ((shape.at(-1) ?? 0) > 1 && strides.at(-1) !== 1)) {
    throw new ArgumentRangeError(
      'dtype',
      `one of ${from} bytes, where the elements of a row do not lie one after the other`,
      dtype,
    );
  }
  const scale = (distance: number) => {
    const units = (distance * from) / to;
    if (Number.isInteger(units)) return units;
    const expected = `one whose size divides the ${distance * from} bytes between rows`;
    throw new ArgumentRangeError('dtype', expected, dtype);
  };
  const memory = {
    data,
    dtype,
    strides: strides.map((stride, axis) => (axis === strides.length - 1 ? 1 : scale(stride))),
    offset: scale(offset),
  };
  return { distribution: scaled, placement: Placement.inMemory(scaled, rank, memory) };
}

/**
 * Returns the distribution with more or fewer elements along the last axis, on every process in proportion to the
 * sizes of elements.
 * @throws {@link ArgumentRangeError} when the bytes of a row are no such elements on some process
 */
export function reinterpretedDistribution(
  distribution: Distribution,
  fromDtype: Dtype,
  dtype: Dtype,
): Distribution {
  const [from, to] = [DTYPES[fromDtype].itemsize, DTYPES[dtype].itemsize];
  if (from === to) return distribution;
  const last = distribution.maps.at(-1);
  if (last === undefined) {
    throw new ArgumentRangeError('dtype', `one of ${from} bytes for a 0-d array`, dtype);
  }
  const expected = `one whose size divides the bytes of a row on every process (${last})`;
  const sizes = (units: number) => {
    const size = (units * from) / to;
    if (Number.isInteger(size)) return size;
    throw new ArgumentRangeError('dtype', expected, dtype);
  };
  const size = sizes(last.size);
  let scaled: Distribution;
  try {
    scaled = distribution.view(size);
  } catch {
    throw new ArgumentRangeError('dtype', expected, dtype);
  }
  const map = scaled.maps[scaled.ndim - 1];
  for (let gridRank = 0; gridRank < last.gridSize; gridRank++) {
    if (map.localSize(gridRank) !== sizes(last.localSize(gridRank))) {
      throw new ArgumentRangeError('dtype', expected, dtype);
    }
  }
  return scaled;
}

/** The bytes of a typed array as elements of a dtype; those that make no whole one are left out. */
function typedAs<E extends Dtype>(data: TypedArrayOf<Dtype>, dtype: E): TypedArrayOf<E> {
  const { arrayType, lanes, itemsize } = DTYPES[dtype];
  if (data.byteOffset % arrayType.BYTES_PER_ELEMENT !== 0) {
    const expected = `one whose elements may begin at byte ${data.byteOffset} of the memory`;
    throw new ArgumentRangeError('dtype', expected, dtype);
  }
  const length = Math.floor(data.byteLength / itemsize) * lanes;
  return new arrayType(data.buffer, data.byteOffset, length) as TypedArrayOf<E>;
}
