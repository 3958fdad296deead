/** NumPy's short names of dtypes: `<f8`, `>i4`, `|b1`, `?`. */
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { DTYPE_NAMES, DTYPES, type Dtype, type DtypeKind } from './dtype.ts';

/** Order of the bytes of an element; `none` where an element is one byte. */
export type ByteOrder = 'little' | 'big' | 'none';

const LETTERS: Readonly<Record<DtypeKind, string>> = {
  bool: 'b',
  int: 'i',
  uint: 'u',
  float: 'f',
  complex: 'c',
};

/** Names by kind and size (`f8`), the full names, and NumPy's one-letter codes on 64-bit systems. */
const DTYPE_BY_CODE: ReadonlyMap<string, Dtype> = new Map([
  ...DTYPE_NAMES.map((name): [string, Dtype] => [codeOf(name), name]),
  ...DTYPE_NAMES.map((name): [string, Dtype] => [name, name]),
  ...Object.entries<Dtype>({
    '?': 'bool',
    bool_: 'bool',
    b: 'int8',
    B: 'uint8',
    h: 'int16',
    H: 'uint16',
    i: 'int32',
    I: 'uint32',
    l: 'int64',
    L: 'uint64',
    q: 'int64',
    Q: 'uint64',
    f: 'float32',
    d: 'float64',
    F: 'complex64',
    D: 'complex128',
  }),
]);

function codeOf(dtype: Dtype): string {
  const { kind, itemsize } = DTYPES[dtype];
  return `${LETTERS[kind]}${itemsize}`;
}

/**
 * Returns NumPy's name of a dtype, with the byte order of the memory (little): `<f8`, `|b1`
 * (`numpy.dtype.str`).
 */
export function numpyName(dtype: Dtype): string {
  return `${DTYPES[dtype].itemsize === 1 ? '|' : '<'}${codeOf(dtype)}`;
}

/**
 * Returns the dtype and byte order that a name of NumPy's means: `<f8`, `>i4`, `|u1`, `=c16`, `?`,
 * `d`, `float64`.
 *
 * @throws {@link ArgumentTypeError} unless it is a string
 * @throws {@link ArgumentRangeError} when it is no such name (`f2`, `U10`, `O`)
 */
export function parseNumpyName(
  name: unknown,
  argument = 'dtype',
): { dtype: Dtype; byteOrder: ByteOrder } {
  const expected = `a dtype of NumPy's such as '<f8' or 'int32'`;
  if (typeof name !== 'string') throw new ArgumentTypeError(argument, expected, name);
  const prefix = '<>|='.includes(name[0] ?? ' ') ? name[0] : '=';
  const dtype = DTYPE_BY_CODE.get(name[0] === prefix ? name.slice(1) : name);
  if (dtype === undefined) throw new ArgumentRangeError(argument, expected, name);
  const one = DTYPES[dtype].itemsize === 1;
  return { dtype, byteOrder: one ? 'none' : prefix === '>' ? 'big' : 'little' };
}
