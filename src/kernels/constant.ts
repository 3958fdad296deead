/** Numbers as operands of kernels. */
import { DTYPES, type Dtype } from '../dtype/dtype.ts';
import { type Scalar, scalarAs } from '../dtype/scalar.ts';
import { addressOfArray } from '../mpi/buffer.ts';
import { block, CONSTANTS, DTYPE_NUMBERS } from './block.ts';

/** Where values are written, 16 bytes each. */
export const constantsAddress =
  addressOfArray(block, 'block') + CONSTANTS * block.BYTES_PER_ELEMENT;
const numbers = block.subarray(CONSTANTS);
const integers = new BigInt64Array(numbers.buffer, numbers.byteOffset, numbers.length);

/**
 * Writes a value, as an element of `dtype` that is broadcast over `ndim` dimensions, into the kernels' block: the
 * operand at `slot`, the value at the constant of this `index`. Returns the slot after it.
 *
 * @throws {@link ArgumentTypeError}, {@link ArgumentRangeError} when the dtype has no such value
 */
export function writeConstant(
  value: Scalar,
  dtype: Dtype,
  ndim: number,
  slot: number,
  index: number,
  argument: string,
): number {
  const element = scalarAs(value, dtype, argument);
  let stored: Dtype = 'float64';
  if (typeof element === 'object') {
    numbers[2 * index] = element.re;
    numbers[2 * index + 1] = element.im;
    stored = 'complex128';
  } else if (typeof element === 'bigint') {
    integers[2 * index] = element;
    stored = DTYPES[dtype].kind === 'uint' ? 'uint64' : 'int64';
  } else {
    numbers[2 * index] = Number(element);
  }
  block[slot] = constantsAddress + 16 * index;
  block[slot + 1] = DTYPE_NUMBERS[stored];
  for (let dim = 0; dim < ndim; dim++) block[slot + 2 + dim] = 0;
  return slot + 2 + ndim;
}
