/** Single elements of memory as JavaScript values. */
import {
  type Complex,
  DTYPES,
  type Dtype,
  type ScalarOf,
  type TypedArrayOf,
} from '../dtype/dtype.ts';
import { assignedAs, type Scalar } from '../dtype/scalar.ts';

/** Returns the element at an offset that counts elements. */
export function readElement<D extends Dtype>(
  data: TypedArrayOf<D>,
  dtype: D,
  offset: number,
): ScalarOf<D> {
  const { kind } = DTYPES[dtype];
  const parts = data as Float64Array;
  if (kind === 'complex') {
    return { re: parts[2 * offset], im: parts[2 * offset + 1] } as ScalarOf<D>;
  }
  const value = parts[offset];
  return (kind === 'bool' ? value !== 0 : value) as ScalarOf<D>;
}

/**
 * Gives the element at an offset that counts elements a value.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when the dtype has no such value
 */
export function writeElement<D extends Dtype>(
  data: TypedArrayOf<D>,
  dtype: D,
  offset: number,
  value: Scalar,
): void {
  const element = assignedAs(value, dtype);
  const parts = data as Float64Array;
  if (DTYPES[dtype].kind === 'complex') {
    const { re, im } = element as Complex;
    parts[2 * offset] = re;
    parts[2 * offset + 1] = im;
  } else {
    (parts as { [index: number]: unknown })[offset] =
      typeof element === 'boolean' ? Number(element) : element;
  }
}
