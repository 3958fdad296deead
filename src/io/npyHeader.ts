/** Headers of .npy files: dtype, order and shape of one array (`numpy.lib.format`). Pure. */
import { DTYPES, type Dtype } from '../dtype/dtype.ts';
import { type ByteOrder, numpyName, parseNumpyName } from '../dtype/numpyNames.ts';
import { ArgumentRangeError, DistArrayError } from '../errors.ts';
import {
  checkKeys,
  formatFrame,
  type HeaderKind,
  headerBytes,
  headerError,
  parseFrame,
} from './headerFrame.ts';
import type { PythonValue } from './pythonLiteral.ts';

/** What a header says, and where the elements begin. */
export interface NpyHeader {
  /** 1, 2 or 3. */
  readonly version: number;
  readonly dtype: Dtype;
  readonly byteOrder: ByteOrder;
  /** Whether the first index varies fastest. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Bytes of the header. */
  readonly dataOffset: number;
}

/** The header of .npy files. Names of fields, which could be long, belong to dtypes that are not read. */
export const NPY: HeaderKind = {
  magic: 'NUMPY',
  name: '.npy',
  code: 'ERR_NPY_HEADER',
  alignment: 64,
  lastVersion: 3,
  longest: 2 ** 20,
};

/** NumPy leaves room for an extent of so many digits along the axis that a file could grow along. */
const GROWTH_DIGITS = 21;
/** Those that arrays have here, as in NumPy before 2.0. */
const MAX_DIMENSIONS = 32;

/**
 * Returns the header that NumPy writes for an array in the memory's byte order: version 1.0, a multiple of 64 bytes long.
 * @param fortranOrder - whether the first index varies fastest; default false
 */
export function formatNpyHeader(
  dtype: Dtype,
  shape: readonly number[],
  fortranOrder = false,
): Uint8Array {
  const extents = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const order = fortranOrder ? 'True' : 'False';
  const literal = `{'descr': '${numpyName(dtype)}', 'fortran_order': ${order}, 'shape': (${extents}), }`;
  const along = shape[fortranOrder ? shape.length - 1 : 0];
  const growth = shape.length > 0 ? GROWTH_DIGITS - String(along).length : 0;
  return formatFrame(NPY, literal + ' '.repeat(growth));
}

/**
 * Returns the number of bytes of a header, of which at least the first 12 are given.
 * @throws {@link DistArrayError} `ERR_NPY_HEADER`
 */
export function npyHeaderBytes(prefix: Uint8Array): number {
  return headerBytes(NPY, prefix);
}

/**
 * Returns what a header of version 1.0, 2.0 or 3.0 says, written by NumPy on Python 2 or 3. Nothing is
 * evaluated.
 *
 * @param bytes the whole header, or more
 * @throws {@link DistArrayError} `ERR_NPY_HEADER` when it is no header, `ERR_NPY_DTYPE` when no dtype holds the
 * elements (records, texts, objects, float16, dates)
 */
export function parseNpyHeader(bytes: Uint8Array): NpyHeader {
  const { version, fields } = parseFrame(NPY, bytes);
  checkKeys(NPY, fields, ['descr', 'fortran_order', 'shape']);
  const fortranOrder = fields.get('fortran_order');
  if (typeof fortranOrder !== 'boolean') throw headerError(NPY, 'fortran_order is no boolean');
  const shape = shapeOf(fields.get('shape'));
  const { dtype, byteOrder } = dtypeOf(fields.get('descr'));
  return { version, dtype, byteOrder, fortranOrder, shape, dataOffset: npyHeaderBytes(bytes) };
}

/** Returns the bytes of the elements that a header announces; may be more than 2^53. */
export function npyDataBytes({ shape, dtype }: Pick<NpyHeader, 'shape' | 'dtype'>): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((bytes, extent) => bytes * extent, DTYPES[dtype].itemsize);
}

function shapeOf(value: PythonValue | undefined): readonly number[] {
  const isExtent = (extent: unknown) => Number.isSafeInteger(extent) && (extent as number) >= 0;
  if (Array.isArray(value) && value.length <= MAX_DIMENSIONS && value.every(isExtent)) {
    return value as readonly number[];
  }
  throw headerError(NPY, 'its shape is no tuple of extents');
}

function dtypeOf(descr: PythonValue | undefined): { dtype: Dtype; byteOrder: ByteOrder } {
  if (descr === undefined || descr === null || typeof descr === 'boolean') {
    throw headerError(NPY, 'descr is no dtype');
  }
  const shown = typeof descr === 'string' ? `'${descr.slice(0, 40)}'` : 'of several fields';
  try {
    if (typeof descr === 'string') return parseNumpyName(descr);
  } catch (error) {
    if (!(error instanceof ArgumentRangeError)) throw error;
  }
  const message = `The elements of the file are of a type that no dtype holds (${shown})`;
  throw new DistArrayError('ERR_NPY_DTYPE', message);
}
