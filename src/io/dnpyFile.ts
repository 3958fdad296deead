/** One .dnpy file: the part of one process. Not collective. */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { DTYPES, type Dtype, type TypedArrayOf } from '../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError, DistArrayError } from '../errors.ts';
import { copyTo } from '../kernels/copy.ts';
import { contiguousStrides, newResult, viewOf } from '../kernels/stridedView.ts';
import { importDistArray } from '../protocol/exchange.ts';
import {
  type DistributedArrayStructure,
  type PlainDimDict,
  PROTOCOL_VERSION,
} from '../protocol/structure.ts';
import { bytesOf, normalizeBools, swapBytes } from './byteOrder.ts';
import { DNPY, type DnpyHeader, parseDnpyHeader } from './dnpyHeader.ts';
import { readHeader, readInto } from './fileBytes.ts';
import { headerError } from './headerFrame.ts';
import { NPY, type NpyHeader, npyDataBytes, parseNpyHeader } from './npyHeader.ts';

/** What a file has. */
export interface DnpyPart {
  readonly dimData: readonly PlainDimDict[];
  readonly dtype: Dtype;
  /** Local extents. */
  readonly shape: readonly number[];
  /** The elements in C order and the memory's byte order; null where they were not asked for. */
  readonly data: TypedArrayOf<Dtype> | null;
}

/**
 * Returns the number of processes of the array that a file is a part of.
 * @throws {@link DistArrayError} as {@link readDnpy}
 */
export function gridOf(path: string): number {
  return opened(path, (descriptor) => {
    const { dimData } = parseDnpyHeader(readHeader(descriptor, DNPY));
    const sizes = dimData.map((dict) => Number(dict.proc_grid_size ?? 1));
    const parts = sizes.reduce((product, size) => product * size, 1);
    if (Number.isSafeInteger(parts) && sizes.every((size) => size >= 1)) return parts;
    throw headerError(DNPY, `its grid is [${sizes.join(', ')}]`);
  });
}

/**
 * Reads a part.
 *
 * @param withData - whether the elements are read, too
 * @throws {@link DistArrayError} `ERR_DNPY_HEADER`, `ERR_NPY_HEADER`, `ERR_NPY_DTYPE`, `ERR_NPY_TRUNCATED`, `ENOENT`, …
 */
export function readDnpy(path: string, withData: boolean): DnpyPart {
  return opened(path, (descriptor) => {
    const header = parseDnpyHeader(readHeader(descriptor, DNPY));
    const npy = parseNpyHeader(readHeader(descriptor, NPY, header.npyOffset));
    const begin = header.npyOffset + npy.dataOffset;
    const { size } = fstatSync(descriptor);
    if (begin + npyDataBytes(npy) > size) {
      const message = `it should have ${begin + npyDataBytes(npy)} bytes, but has ${size}`;
      throw new DistArrayError('ERR_NPY_TRUNCATED', `The file ends early: ${message}`);
    }
    checkDimensions(header, npy);
    const { dtype, shape } = npy;
    const dimData = importParts(header, npy);
    const data = withData ? readElements(descriptor, begin, npy) : null;
    return { dimData, dtype, shape, data };
  });
}

function checkDimensions({ dimData }: DnpyHeader, { shape }: NpyHeader): void {
  if (dimData.length === shape.length) return;
  const expected = `${dimData.length} dimensions, but the elements have ${shape.length}`;
  throw headerError(DNPY, `its dictionaries are of ${expected}`);
}

function readElements(descriptor: number, offset: number, npy: NpyHeader): TypedArrayOf<Dtype> {
  const { dtype, shape, byteOrder, fortranOrder } = npy;
  const read = newResult(dtype, shape);
  const bytes = bytesOf(read.data);
  if (readInto(descriptor, bytes, offset) < bytes.length) {
    throw new DistArrayError('ERR_NPY_TRUNCATED', 'The file ends early');
  }
  if (byteOrder === 'big') swapBytes(bytes, dtype);
  normalizeBools(read.data, dtype);
  if (!fortranOrder || shape.length < 2) return read.data;
  const turned = newResult(dtype, shape);
  const strides = contiguousStrides([...shape].reverse()).reverse();
  copyTo(turned, { ...viewOf(read.data, dtype, shape), strides });
  return turned.data;
}

/** The dictionaries as the protocol has them, checked. */
function importParts(
  { dimData }: DnpyHeader,
  { dtype, shape }: NpyHeader,
): readonly PlainDimDict[] {
  // Elements play no part: one stands for all.
  const strides = shape.map(() => 0);
  const structure = {
    __version__: PROTOCOL_VERSION,
    buffer: { data: new DTYPES[dtype].arrayType(DTYPES[dtype].lanes), shape, strides, dtype },
    dim_data: dimData,
  } as DistributedArrayStructure;
  try {
    return importDistArray(structure).dimData;
  } catch (error) {
    if (!(error instanceof ArgumentRangeError || error instanceof ArgumentTypeError)) throw error;
    throw headerError(DNPY, error.message, error);
  }
}

/** Opens a file for reading; errors of its contents name it. */
function opened<T>(path: string, use: (descriptor: number) => T): T {
  const descriptor = openSync(path, 'r');
  try {
    return use(descriptor);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (!code?.startsWith('ERR_NPY') && !code?.startsWith('ERR_DNPY')) throw error;
    throw new DistArrayError(code, `'${path}': ${message}`, { cause: error });
  } finally {
    closeSync(descriptor);
  }
}
