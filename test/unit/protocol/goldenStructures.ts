/** Reads the golden structures of the Distributed Array Protocol as JavaScript values. */
import { DTYPES, type Dtype } from '../../../src/dtype/dtype.ts';
import { type GoldenError, readGolden } from '../maps/golden/golden.ts';

export interface GoldenStructure {
  readonly name: string;
  readonly structure: unknown;
  readonly valid?: boolean;
  readonly message?: string;
  readonly raises?: GoldenError;
}

export interface GoldenDimDict {
  readonly dim_dict: unknown;
  readonly valid?: boolean;
  readonly message?: string;
  readonly raises?: GoldenError;
}

export interface GoldenCount {
  readonly name: string;
  readonly dim_dict: unknown;
  readonly num_owned_indices?: number;
  readonly result?: number;
}

export const golden = readGolden<{
  readonly validate: readonly GoldenStructure[];
  readonly validate_dim_dict_index_3: readonly GoldenDimDict[];
  readonly num_owned_indices: readonly GoldenCount[];
}>('protocol');

const NUMPY_DTYPES: Readonly<Record<string, Dtype>> = {
  '<f8': 'float64',
  '<f4': 'float32',
  '<i8': 'int64',
  '<i4': 'int32',
  '<u4': 'uint32',
  '|u1': 'uint8',
  '|b1': 'bool',
};

/** A golden value: tuples and lists are arrays, dictionaries objects, ndarrays strided buffers. */
export function decodeGolden(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(decodeGolden);
  const [[kind, content]] = Object.entries(value);
  switch (kind) {
    case 'dict':
      return Object.fromEntries(
        (content as [string, unknown][]).map(([key, entry]) => [key, decodeGolden(entry)]),
      );
    case 'tuple':
      return (content as unknown[]).map(decodeGolden);
    case 'bytes_hex':
    case 'bytearray_hex':
      return Uint8Array.from(Buffer.from(content, 'hex'));
    case 'pyfloat':
      return content;
    case 'ndarray':
      return decodeArray(content);
    default:
      throw new Error(`unknown golden value ${kind}`);
  }
}

function decodeArray(array: { dtype: string; shape: number[]; data?: number[] }) {
  const dtype = NUMPY_DTYPES[array.dtype];
  if (dtype === undefined) throw new Error(`unknown golden dtype ${array.dtype}`);
  const size = array.shape.reduce((product, extent) => product * extent, 1);
  const data = new DTYPES[dtype].arrayType(size);
  // The file leaves long contents out; 0, 1, … serve as indices, too.
  (array.data ?? Array.from({ length: size }, (_, k) => k)).forEach((value, k) => {
    data[k] = (dtype === 'int64' ? BigInt(value) : value) as never;
  });
  return { data, shape: array.shape, dtype };
}
