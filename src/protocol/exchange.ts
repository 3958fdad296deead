/** Export and import of one process's part, without a copy. */
import { DTYPES, type Dtype, type TypedArray } from '../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { type BufferView, isContiguous, readBuffer, toContiguous } from './buffer.ts';
import { numberOwned, wholeBlock } from './ownership.ts';
import {
  type DimDict,
  type DistributedArrayStructure,
  type EmptyDimDict,
  type PlainDimDict,
  PROTOCOL_VERSION,
  type ProtocolBuffer,
  type StridedBuffer,
  type UndistributedDimDict,
} from './structure.ts';
import { validate } from './validate.ts';
import { isDictionary } from './values.ts';

/** Dimension dictionaries as maps give them; unstructured indices may be plain arrays. */
export type ExportableDimDict =
  | DimDict
  | EmptyDimDict
  | UndistributedDimDict
  | (Omit<Extract<DimDict, { dist_type: 'u' }>, 'indices'> & {
      readonly indices: ProtocolBuffer | readonly number[];
    });

/** What a structure is made of. */
export interface ExportParts extends StridedBuffer {
  readonly dimData: readonly ExportableDimDict[];
  readonly dtype: Dtype;
}

/** One process's part as it comes out of a structure. */
export interface ImportedPart {
  /** One dictionary a dimension; the empty alias and the defaults are spelt out. */
  readonly dimData: readonly PlainDimDict[];
  /** The producer's memory, not a copy. */
  readonly data: TypedArray;
  readonly dtype: Dtype;
  /** Local extents, communication padding included. */
  readonly shape: readonly number[];
  /** In elements. */
  readonly strides: readonly number[];
  /** In elements. */
  readonly offset: number;
  /** Whether the elements fill `elements` one after the other in C order. */
  readonly contiguous: boolean;
  /**
   * The elements in C order: a view of the producer's memory when `contiguous`, otherwise a copy
   * that is made on each access.
   */
  readonly elements: TypedArray;
  readonly globalShape: readonly number[];
  readonly gridShape: readonly number[];
  readonly gridCoords: readonly number[];
}

/**
 * Returns the structure of one process's part; what `__distarray__()` returns. The memory is shared
 * with the caller.
 *
 * @remarks A dimension that is not distributed becomes a block on a grid of one process, padding of
 * (0, 0) and `periodic: false` are left out.
 * @throws {@link ArgumentRangeError} when the parts make no valid structure
 */
export function exportDistArray(parts: ExportParts): DistributedArrayStructure {
  const { dimData, data, shape, strides, offset, dtype } = parts;
  const buffer: StridedBuffer = {
    data,
    shape,
    dtype,
    ...(strides !== undefined && { strides }),
    ...(offset !== undefined && { offset }),
  };
  const view = readBuffer(buffer);
  if (typeof view === 'string') throw new ArgumentRangeError('parts', `a buffer (${view})`, parts);
  const structure: DistributedArrayStructure = {
    __version__: PROTOCOL_VERSION,
    buffer: { data, shape: view.shape, strides: view.strides, offset: view.offset, dtype },
    dim_data: dimData.map(exportDimDict),
  };
  checkStructure(structure, 'parts');
  return structure;
}

/**
 * Returns the structure that an object exports: of its `__distarray__()`, or the object itself.
 * @throws {@link ArgumentTypeError} when it is neither; whatever `__distarray__()` throws
 */
export function structureOf(object: unknown): DistributedArrayStructure {
  const { __distarray__: exporter } = (object ?? {}) as { __distarray__?: unknown };
  const structure: unknown = typeof exporter === 'function' ? exporter.call(object) : object;
  if (!isDictionary(structure)) {
    throw new ArgumentTypeError('object', 'an object with __distarray__()', object);
  }
  return structure as unknown as DistributedArrayStructure;
}

/**
 * Returns what a structure says, over the producer's memory.
 *
 * @throws {@link ArgumentRangeError} when {@link validate} refuses it, or when the buffer's extent in
 * a cyclic or unstructured dimension is not the number of the process's indices, which the protocol
 * does not say but no consumer can do without
 */
export function importDistArray(structure: DistributedArrayStructure): ImportedPart {
  checkStructure(structure, 'structure');
  const view = readBuffer(structure.buffer) as BufferView;
  const dimData = structure.dim_data.map((dict, axis) => importDimDict(dict, view.shape[axis]));
  checkExtents(dimData, view.shape);
  const { data, dtype, shape, strides, offset } = view;
  return {
    dimData,
    data,
    dtype,
    shape,
    strides,
    offset,
    contiguous: isContiguous(view),
    get elements() {
      return toContiguous(view);
    },
    globalShape: dimData.map(({ size }) => size),
    gridShape: dimData.map(({ proc_grid_size: size }) => size),
    gridCoords: dimData.map(({ proc_grid_rank: rank }) => rank),
  };
}

function checkStructure(structure: DistributedArrayStructure, argument: string): void {
  const { valid, message } = validate(structure);
  if (!valid) {
    throw new ArgumentRangeError(argument, `a valid structure (${message})`, structure);
  }
}

function checkExtents(dimData: readonly PlainDimDict[], shape: readonly number[]): void {
  dimData.forEach((dict, axis) => {
    if (dict.dist_type === 'b') return;
    const owned = numberOwned(dict);
    if (owned === shape[axis]) return;
    const what = `extent ${owned} of the buffer in dimension ${axis}, as its dictionary says`;
    throw new ArgumentRangeError('structure', what, shape[axis]);
  });
}

function exportDimDict(dict: ExportableDimDict): DimDict | EmptyDimDict {
  switch (dict.dist_type) {
    case 'n':
      return wholeBlock((dict as UndistributedDimDict).size);
    case 'b': {
      const { padding, periodic, ...block } = dict as Extract<DimDict, { dist_type: 'b' }>;
      const padded = padding !== undefined && (padding[0] !== 0 || padding[1] !== 0);
      return { ...block, ...(padded && { padding }), ...(periodic && { periodic }) };
    }
    case 'u': {
      const unstructured = dict as Extract<DimDict, { dist_type: 'u' }>;
      return { ...unstructured, indices: exportIndices(unstructured.indices) };
    }
    default:
      return dict as DimDict | EmptyDimDict;
  }
}

/**
 * Maps keep indices as numbers; beyond 32 bits those are doubles, which other languages would not take
 * for indices. A double that is no integer stays, and is refused with its name.
 */
function exportIndices(indices: ProtocolBuffer | readonly number[]): ProtocolBuffer {
  if (!Array.isArray(indices) && !(indices instanceof Float64Array)) {
    return indices as ProtocolBuffer;
  }
  const numbers = Float64Array.from(indices);
  if (!numbers.every(Number.isSafeInteger)) return numbers;
  const small = numbers.every((index) => index === (index | 0));
  return small ? Int32Array.from(numbers) : BigInt64Array.from(numbers as never, BigInt);
}

function importDimDict(dict: DimDict | EmptyDimDict, extent: number): PlainDimDict {
  if (Object.keys(dict).length === 0) {
    const block = wholeBlock(extent);
    return { ...block, ...blockKeys(block) };
  }
  const given = dict as DimDict;
  const common = {
    size: Number(given.size),
    proc_grid_size: Number(given.proc_grid_size),
    proc_grid_rank: Number(given.proc_grid_rank),
  };
  switch (given.dist_type) {
    case 'b':
      return { dist_type: 'b', ...common, ...blockKeys(given) };
    case 'c': {
      const blockSize = Number(given.block_size ?? 1);
      const start = common.proc_grid_rank * blockSize;
      return { dist_type: 'c', ...common, start, block_size: blockSize };
    }
    case 'u': {
      const indices = toContiguous(readBuffer(given.indices) as BufferView);
      return { dist_type: 'u', ...common, indices, one_to_one: given.one_to_one ?? false };
    }
  }
}

function blockKeys(
  given: Pick<Extract<DimDict, { dist_type: 'b' }>, 'start' | 'stop' | 'padding' | 'periodic'>,
) {
  const [lower, upper] = given.padding ?? [0, 0];
  return {
    start: Number(given.start),
    stop: Number(given.stop),
    padding: [Number(lower), Number(upper)] as const,
    periodic: given.periodic ?? false,
  };
}

/** Returns bytes of the local elements in C order; of the producer's memory when they lie so. */
export function elementBytes(view: BufferView): Uint8Array {
  const elements = toContiguous(view);
  const bytes = elements.length * DTYPES[view.dtype].arrayType.BYTES_PER_ELEMENT;
  return new Uint8Array(elements.buffer, elements.byteOffset, bytes);
}
