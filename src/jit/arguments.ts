/** Arguments of compiled functions: checked, and written into the block of calls. */
import { type Complex, DTYPES, type Dtype, type TypedArray } from '../dtype/dtype.ts';
import { type Scalar, scalarAs } from '../dtype/scalar.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { addressOfArray } from '../mpi/buffer.ts';
import { isGone } from '../mpi/viewMemory.ts';
import * as jitBlock from './block.ts';
import type { Parameter } from './prototype.ts';

// Constants of this module are folded into the compiled code; imported ones are read on every use.
const { block, JIT_ADDRESSES, JIT_VALUES, VALUE_BYTES, valuesAddress } = jitBlock;

/** Writes an argument, or throws. */
export type ArgumentWriter = (argument: unknown) => void;

const origin = block.byteOffset + JIT_VALUES * block.BYTES_PER_ELEMENT;
const room = { buffer: block.buffer, length: block.length - JIT_VALUES };

/** The room for values as elements of each dtype; complex ones as pairs. */
const rooms = Object.fromEntries(
  Object.values(DTYPES).map(({ name, arrayType }) => {
    const count = (room.length * block.BYTES_PER_ELEMENT) / arrayType.BYTES_PER_ELEMENT;
    return [name, new arrayType(room.buffer, origin, count)];
  }),
) as unknown as Readonly<Record<Dtype, TypedArray>>;

/** Returns what writes the argument at a position of a call. */
export function writerOf(parameter: Parameter, position: number): ArgumentWriter {
  const { passed, isConst } = parameter;
  if (passed === 'value') return valueWriter(parameter, position);
  const ofArrays = arrayWriter(parameter, position);
  if (passed === 'pointer' || !isConst) return ofArrays;
  const ofValues = valueWriter(parameter, position);
  return (argument) => (ArrayBuffer.isView(argument) ? ofArrays : ofValues)(argument);
}

/** Puts a value into the block, and its address among the arguments. */
function valueWriter({ dtype, name }: Parameter, position: number): ArgumentWriter {
  const { lanes } = DTYPES[dtype];
  const values = rooms[dtype];
  const at = (position * VALUE_BYTES) / values.BYTES_PER_ELEMENT;
  const slot = JIT_ADDRESSES + position;
  const address = valuesAddress + position * VALUE_BYTES;
  if (dtype === 'float64') {
    const doubles = values as Float64Array;
    return (argument) => {
      doubles[at] =
        typeof argument === 'number'
          ? argument
          : (scalarAs(argument as Scalar, 'float64', name) as number);
      block[slot] = address;
    };
  }
  return (argument) => {
    const value = scalarAs(argument as Scalar, dtype, name);
    if (lanes === 2) {
      (values as Float64Array)[at] = (value as Complex).re;
      (values as Float64Array)[at + 1] = (value as Complex).im;
    } else {
      values[at] = (typeof value === 'boolean' ? Number(value) : value) as never;
    }
    block[slot] = address;
  };
}

/** Puts the address of an array among the arguments. */
function arrayWriter({ dtype, name, passed }: Parameter, position: number): ArgumentWriter {
  const { arrayType, lanes } = DTYPES[dtype];
  const slot = JIT_ADDRESSES + position;
  return (argument) => {
    if (!(argument instanceof arrayType)) {
      throw new ArgumentTypeError(name, `${describeArray(dtype)}, as ${dtype} has`, argument);
    }
    const array = argument as TypedArray;
    const { length } = array;
    if (length === 0 && isGone(array)) {
      throw new ArgumentRangeError(name, 'memory that is still there', 'a detached array');
    }
    if (lanes === 2 && length % 2 !== 0) {
      throw new ArgumentRangeError(name, `pairs (re, im), as ${dtype} has`, `${length} numbers`);
    }
    if (passed === 'reference' && length < lanes) {
      throw new ArgumentRangeError(name, 'an array of at least one element', 'an empty one');
    }
    block[slot] = addressOfArray(array, name);
  };
}

function describeArray(dtype: Dtype): string {
  const { name } = DTYPES[dtype].arrayType as unknown as { name: string };
  return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
}

/**
 * Returns what reads the result of a call with so many arguments.
 * @param position - how many arguments there are
 */
export function resultReader(dtype: Dtype, position: number): () => Scalar {
  const { kind, lanes } = DTYPES[dtype];
  const values = rooms[dtype];
  const at = (position * VALUE_BYTES) / values.BYTES_PER_ELEMENT;
  if (lanes === 2) {
    const pairs = values as Float64Array;
    return () => ({ re: pairs[at], im: pairs[at + 1] });
  }
  if (kind === 'bool') return () => values[at] !== 0;
  return () => values[at];
}

/** Address of the room for the result of a call with so many arguments. */
export function resultAddress(position: number): number {
  return valuesAddress + position * VALUE_BYTES;
}
