/** How new datasets are stored. */
import { allocate, DTYPES, type Dtype, parseDtype } from '../../dtype/dtype.ts';
import type { Scalar } from '../../dtype/scalar.ts';
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../../errors.ts';
import { fill } from '../../kernels/copy.ts';
import { viewOf } from '../../kernels/stridedView.ts';
import { checkShape } from '../../maps/shape.ts';
import type { RawDatasetSpec } from '../../rawHdf5.ts';
import { guessChunks } from './chunks.ts';

/** How the elements of a dataset are stored. */
export interface StorageOptions {
  /**
   * Extents of the pieces in which the elements are stored; `true` for pieces of about 1 MiB. Default: in one piece,
   * unless `maxshape`, `compression` or `shuffle` ask for chunks.
   */
  readonly chunks?: readonly number[] | boolean;
  /** Largest extents that the dataset can be resized to; null for any. Default: the shape. */
  readonly maxshape?: readonly (number | null)[];
  /** `'gzip'`, or its level from 0 to 9. Default: none. */
  readonly compression?: 'gzip' | number | null;
  /** Level of `'gzip'`; default 4, as in h5py. */
  readonly compressionOpts?: number;
  /** Whether the bytes of equal weight are put together in each chunk, which compresses better. */
  readonly shuffle?: boolean;
}

/** What is stored in a new dataset, and how. */
export interface DatasetSpec extends StorageOptions {
  readonly shape: readonly number[];
  /** Default `float64`. */
  readonly dtype?: Dtype;
  /** What elements are that nobody has written; default 0. */
  readonly fillValue?: Scalar;
  /**
   * Whether the fill value is written when the dataset is made (`alloc`, the default), or not at all (`never`): for
   * those who write every element anyway.
   */
  readonly fillTime?: 'alloc' | 'never';
}

const DEFAULT_LEVEL = 4;

/**
 * Returns the dataset as the addon takes it.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function rawSpecOf(spec: DatasetSpec): RawDatasetSpec {
  const dtype = parseDtype(spec.dtype ?? 'float64', 'options.dtype');
  const shape = checkShape(spec.shape, 'options.shape');
  const maxshape = maxshapeOf(spec.maxshape, shape);
  const deflate = levelOf(spec);
  const { shuffle = false, fillTime = 'alloc', fillValue } = spec;
  if (typeof shuffle !== 'boolean') {
    throw new ArgumentTypeError('options.shuffle', 'a boolean', shuffle);
  }
  if (fillTime !== 'alloc' && fillTime !== 'never') {
    throw new ArgumentRangeError('options.fillTime', "'alloc' or 'never'", fillTime);
  }
  const grows = maxshape.some((limit, axis) => limit !== shape[axis]);
  const needed = grows || deflate >= 0 || shuffle;
  const chunks = chunksOf(spec.chunks ?? needed, shape, maxshape, dtype, needed);
  const value = fillValue === undefined ? null : elementOf(fillValue, dtype);
  const filled = fillTime === 'alloc';
  return { dtype, shape, maxshape, chunks, deflate, shuffle, fillValue: value, filled };
}

/**
 * When the fill value of a dataset is written that all elements are written to: never, unless it may grow later, and must
 * be filled then.
 */
export function fillTimeOfData(
  shape: readonly number[],
  maxshape: DatasetSpec['maxshape'],
): DatasetSpec['fillTime'] {
  return maxshape === undefined || String(maxshape) === String(shape) ? 'never' : 'alloc';
}

/** The options as text, to be compared between processes. */
export function specText(spec: DatasetSpec): string {
  const { chunks, maxshape, compression, compressionOpts, shuffle, fillTime } = spec;
  const value = spec.fillValue;
  const fillText = typeof value === 'object' ? `${value.re} ${value.im}` : String(value);
  const storage = [chunks, maxshape, compression, compressionOpts, shuffle, fillTime];
  return JSON.stringify([spec.shape, spec.dtype, fillText, ...storage.map((one) => one ?? null)]);
}

function levelOf({ compression, compressionOpts }: DatasetSpec): number {
  if (compressionOpts !== undefined) checkInteger('options.compressionOpts', compressionOpts, 0, 9);
  if (compression === undefined || compression === null) {
    if (compressionOpts === undefined) return -1;
    throw new ArgumentRangeError('options.compressionOpts', "compression: 'gzip'", compressionOpts);
  }
  if (compression === 'gzip') return compressionOpts ?? DEFAULT_LEVEL;
  if (typeof compression !== 'number') {
    throw new ArgumentRangeError('options.compression', "'gzip' or its level", compression);
  }
  checkInteger('options.compression', compression, 0, 9);
  return compression;
}

function maxshapeOf(
  maxshape: readonly (number | null)[] | undefined,
  shape: readonly number[],
): number[] {
  if (maxshape === undefined) return [...shape];
  if (!Array.isArray(maxshape)) {
    throw new ArgumentTypeError('options.maxshape', 'an array of extents', maxshape);
  }
  if (maxshape.length !== shape.length) {
    const expected = `${shape.length} extents, as the shape has`;
    throw new ArgumentRangeError('options.maxshape', expected, maxshape);
  }
  return shape.map((extent, axis) => {
    const limit: unknown = maxshape[axis];
    if (limit === null) return -1;
    checkInteger(`options.maxshape[${axis}]`, limit, extent);
    return limit;
  });
}

function chunksOf(
  chunks: readonly number[] | boolean,
  shape: readonly number[],
  maxshape: readonly number[],
  dtype: Dtype,
  needed: boolean,
): number[] {
  if (chunks === false) {
    if (!needed) return [];
    const expected = 'chunks, for datasets that grow or are compressed';
    throw new ArgumentRangeError('options.chunks', expected, chunks);
  }
  if (shape.length === 0) {
    const expected = 'nothing for a dataset of one element: neither chunks nor compression';
    throw new ArgumentRangeError('options.chunks', expected, chunks);
  }
  if (chunks === true) return guessChunks(shape, DTYPES[dtype].itemsize);
  const extents = checkShape(chunks, 'options.chunks');
  const bytes = extents.reduce((product, extent) => product * extent, DTYPES[dtype].itemsize);
  const fits = extents.every((extent, axis) => {
    const limit = maxshape[axis];
    // An axis that stays empty has chunks all the same.
    return extent > 0 && (limit <= 0 || extent <= limit);
  });
  if (extents.length !== shape.length || !fits || bytes >= 2 ** 32) {
    const expected = `${shape.length} extents from 1 to those of maxshape, of less than 4 GiB together`;
    throw new ArgumentRangeError('options.chunks', expected, chunks);
  }
  return [...extents];
}

/** One element in memory. */
function elementOf(value: Scalar, dtype: Dtype): ArrayBufferView {
  const data = allocate(dtype, 1);
  fill(viewOf(data, dtype, []), value);
  return data;
}
