/** Files as memory of one process (`numpy.memmap`). */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { getSystemErrorName } from 'node:util';
import { DTYPES, type Dtype, parseDtype, type TypedArrayOf } from '../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError, checkInteger, DistArrayError } from '../errors.ts';
import { sizeOfShape } from '../kernels/stridedView.ts';
import { ComplexStore } from '../local/elementStores.ts';
import { type LocalNdArray, ndarrayOfView } from '../local/localNdArray.ts';
import { loadNative } from '../native.ts';
import { checkFileName, checkOptions } from './fileArguments.ts';
import { readHeader } from './fileBytes.ts';
import { NPY, parseNpyHeader } from './npyHeader.ts';
import { type StorageOrder, stridesInOrder } from './slabs.ts';

const raw = loadNative().files;

/**
 * What becomes of what is written to the array: `c` (copy-on-write) keeps it in memory, `r+` brings it into the file; to
 * `r` nothing can be written, and trying ends the process (SIGSEGV).
 */
export type MemmapMode = 'c' | 'r' | 'r+';

/** Options of {@link memmap}. */
export interface MemmapOptions<D extends Dtype = Dtype> {
  /** Default `c`. */
  readonly mode?: MemmapMode;
  /** Dtype of the elements of a file that has no .npy header, in the memory's byte order. */
  readonly dtype?: D;
  /** Shape of such an array; by default one dimension, up to the file's end. */
  readonly shape?: readonly number[];
  /** Bytes of such a file before the first element. Default 0. */
  readonly offset?: number;
  /** Whether the last (`C`, the default) or the first (`F`) index varies fastest in such a file. */
  readonly order?: StorageOrder;
}

/**
 * Returns the array in a file as an ndarray whose memory is the file: nothing is read before it is looked at, and what is
 * not looked at any more costs no memory (`numpy.memmap`). The file is a .npy file, or elements without a header whose
 * dtype is given.
 *
 *     const a = memmap('a.npy');
 *     a.get(5000, 7)
 *
 * @remarks Local: of this process alone, and nothing is agreed. The file must not become shorter while it is mapped: who
 * looks at what is not there any more is ended by the system (SIGBUS). The mapping goes with the collection of the array.
 * Elements do not lie apart from each other as the processor wants where a file has been written by a program that does not
 * align them; such a file is refused.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}; {@link DistArrayError} `ENOENT`, `EACCES`, …;
 * `ERR_NPY_HEADER`, `ERR_NPY_DTYPE` when it is no such file, `ERR_NPY_TRUNCATED` when it is shorter than the array,
 * `ERR_MEMMAP` when its elements are of the other byte order or not aligned
 */
export function memmap<D extends Dtype = Dtype>(
  name: string,
  options: MemmapOptions<D> = {},
): LocalNdArray<D> {
  checkFileName(name, 'name');
  checkOptions(options);
  const { mode = 'c' } = options;
  if (mode !== 'c' && mode !== 'r' && mode !== 'r+') {
    throw new ArgumentRangeError('options.mode', "'c', 'r' or 'r+'", mode);
  }
  const descriptor = openSync(name, mode === 'r+' ? 'r+' : 'r');
  try {
    const { dtype, shape, offset, order } = layoutOf(descriptor, name, options);
    const { arrayType, itemsize, lanes } = DTYPES[dtype];
    if (offset % arrayType.BYTES_PER_ELEMENT !== 0) {
      const aligned = `aligned to ${arrayType.BYTES_PER_ELEMENT} bytes`;
      const message = `The elements of '${name}' begin at byte ${offset}, which is not ${aligned}: read it instead`;
      throw new DistArrayError('ERR_MEMMAP', message);
    }
    const bytes = sizeOfShape(shape) * itemsize;
    const { size } = fstatSync(descriptor);
    if (size < offset + bytes) {
      const message = `'${name}' should have ${offset + bytes} bytes, but has ${size}`;
      throw new DistArrayError('ERR_NPY_TRUNCATED', message);
    }
    const length = sizeOfShape(shape) * lanes;
    const buffer = bytes === 0 ? new ArrayBuffer(0) : map(name, descriptor, offset, bytes, mode);
    const data = new arrayType(buffer, 0, length) as TypedArrayOf<Dtype>;
    const strides = stridesInOrder(shape, order);
    return ndarrayOfView({
      data,
      dtype,
      shape,
      strides,
      offset: 0,
    }) as LocalNdArray<Dtype> as LocalNdArray<D>;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Brings what was written to an array of {@link memmap} with mode `r+` to the disk (`numpy.memmap.flush`). Other processes
 * of the host see it without that.
 * @param array - the ndarray, or a view of it
 * @throws {@link DistArrayError} what the file system says
 */
export function flushMemmap(array: { readonly data: unknown }): void {
  const data = storageOf(array);
  if (data.byteLength === 0) return;
  const told = raw.syncMap(data);
  if (told < 0) throw systemError('The mapped file cannot be written', told);
}

function map(
  name: string,
  descriptor: number,
  offset: number,
  bytes: number,
  mode: MemmapMode,
): ArrayBuffer {
  const mapped = raw.mapFile(descriptor, offset, bytes, mode !== 'r', mode === 'r+');
  if (typeof mapped === 'number') throw systemError(`'${name}' cannot be mapped`, mapped);
  return mapped;
}

interface Layout {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly order: StorageOrder;
}

function layoutOf(descriptor: number, name: string, options: MemmapOptions): Layout {
  const { dtype, shape, offset, order } = options;
  if (dtype !== undefined) return givenLayout(descriptor, options);
  for (const [key, value] of Object.entries({ shape, offset, order })) {
    if (value === undefined) continue;
    throw new ArgumentTypeError(
      `options.${key}`,
      'undefined: without a dtype the file says',
      value,
    );
  }
  const header = parseNpyHeader(readHeader(descriptor, NPY));
  if (header.byteOrder === 'big') {
    const message = `The elements of '${name}' are big-endian, as no memory here: read it instead`;
    throw new DistArrayError('ERR_MEMMAP', message);
  }
  return {
    dtype: header.dtype,
    shape: header.shape,
    offset: header.dataOffset,
    order: header.fortranOrder ? 'F' : 'C',
  };
}

function givenLayout(descriptor: number, options: MemmapOptions): Layout {
  const { offset = 0, order = 'C' } = options;
  const dtype = parseDtype(options.dtype as Dtype, 'options.dtype');
  checkInteger('options.offset', offset, 0);
  if (order !== 'C' && order !== 'F') {
    throw new ArgumentRangeError('options.order', "'C' or 'F'", order);
  }
  const { itemsize } = DTYPES[dtype];
  const rest = Math.max(0, fstatSync(descriptor).size - offset);
  const shape = options.shape ?? [Math.floor(rest / itemsize)];
  if (!Array.isArray(shape)) throw new ArgumentTypeError('options.shape', 'extents', shape);
  for (const [axis, extent] of shape.entries()) checkInteger(`options.shape[${axis}]`, extent, 0);
  return { dtype, shape, offset, order };
}

/** The memory of an ndarray: its typed array, or that of its complex numbers. */
function storageOf(array: unknown): ArrayBufferView {
  const data = (array as { data?: unknown } | null)?.data;
  const memory = data instanceof ComplexStore ? data.parts : data;
  if (ArrayBuffer.isView(memory)) return memory;
  throw new ArgumentTypeError('array', 'an ndarray of memmap', array);
}

function systemError(what: string, told: number): DistArrayError {
  const code = getSystemErrorName(told);
  return new DistArrayError(code, `${what}: ${code}`);
}
