/**
 * The form in which a structure travels to another process or another language: a text (JSON) and raw
 * buffers beside it. `docs/protocol.md` defines it.
 */
import { DTYPES, type Dtype, parseDtype, type TypedArray } from '../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import { type BufferView, readBuffer } from './buffer.ts';
import { elementBytes } from './exchange.ts';
import type { DimDict, DistributedArrayStructure, EmptyDimDict } from './structure.ts';
import { validate } from './validate.ts';
import { describe, isDictionary } from './values.ts';

/** A structure on its way: metadata and raw memory apart. */
export interface DistArrayTransfer {
  /** JSON. In it, each buffer is `{ buffer, dtype, shape, byteorder }`: its place in `buffers`, … */
  readonly metadata: string;
  /** The elements in C order: first those of the array, then the indices of unstructured dimensions. */
  readonly buffers: readonly Uint8Array[];
}

/** How the JSON form stands for a buffer. */
interface BufferReference {
  readonly buffer: number;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly byteorder: 'little' | 'big';
}

const BYTE_ORDER = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 'little' : 'big';

const COMMON_KEYS = ['dist_type', 'size', 'proc_grid_size', 'proc_grid_rank'];
const OWN_KEYS = {
  b: ['start', 'stop', 'padding', 'periodic'],
  c: ['start', 'block_size'],
  u: ['one_to_one'],
} as const;

/**
 * Returns a structure as JSON and raw buffers. Elements that lie in C order are not copied, and keys
 * that the protocol does not know stay behind: their values may have no form in JSON.
 * @throws {@link ArgumentRangeError} when {@link validate} refuses the structure
 */
export function encodeDistArray(structure: DistributedArrayStructure): DistArrayTransfer {
  const { valid, message } = validate(structure);
  if (!valid) {
    throw new ArgumentRangeError('structure', `a valid structure (${message})`, structure);
  }
  const buffers: Uint8Array[] = [];
  const refer = (value: unknown): BufferReference => {
    const view = readBuffer(value) as BufferView;
    buffers.push(elementBytes(view));
    const { dtype, shape } = view;
    return { buffer: buffers.length - 1, dtype, shape, byteorder: BYTE_ORDER };
  };
  const metadata = JSON.stringify({
    __version__: structure.__version__,
    buffer: refer(structure.buffer),
    dim_data: structure.dim_data.map((dict) => {
      const known = knownEntries(dict);
      return dict.dist_type === 'u' ? { ...known, indices: refer(dict.indices) } : known;
    }),
  });
  return { metadata, buffers };
}

/** What the protocol knows of a valid dictionary, apart from indices. */
function knownEntries(dict: DimDict | EmptyDimDict): Record<string, unknown> {
  if (dict.dist_type === undefined) return {};
  const { dist_type: kind } = dict as DimDict;
  const given = dict as unknown as Readonly<Record<string, unknown>>;
  return Object.fromEntries([...COMMON_KEYS, ...OWN_KEYS[kind]].map((key) => [key, given[key]]));
}

/**
 * Returns how many bytes each buffer has that belongs to a text of {@link encodeDistArray}, in their
 * order, so that room for them can be made before they come.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when the text is none of these
 */
export function transferSizes(metadata: string): number[] {
  return referencesIn(parseMetadata(metadata)).map(byteLengthOf);
}

/**
 * Returns the structure over the buffers' memory. Only those whose address does not suit their dtype,
 * or that come from a machine of the other byte order, are copied.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when text and buffers do not belong
 * together, or {@link validate} refuses the structure
 */
export function decodeDistArray(transfer: DistArrayTransfer): DistributedArrayStructure {
  const { metadata, buffers } = transfer;
  const parsed = parseMetadata(metadata);
  const references = referencesIn(parsed);
  if (!Array.isArray(buffers) || buffers.length !== references.length) {
    throw new ArgumentRangeError('buffers', `${references.length} buffers`, buffers?.length);
  }
  const resolve = (reference: BufferReference) => ({
    data: arrayOver(buffers[reference.buffer], reference),
    shape: reference.shape,
    dtype: reference.dtype,
  });
  const structure = {
    ...parsed,
    buffer: resolve(references[0]),
    dim_data: parsed.dim_data.map((dict) =>
      dict.dist_type === 'u'
        ? { ...dict, indices: resolve(dict.indices as unknown as BufferReference) }
        : dict,
    ),
  };
  const { valid, message } = validate(structure);
  if (!valid) throw new ArgumentRangeError('metadata', `a valid structure (${message})`, metadata);
  return structure;
}

type Metadata = Omit<DistributedArrayStructure, 'dim_data'> & {
  readonly dim_data: readonly (DimDict | EmptyDimDict)[];
};

function parseMetadata(metadata: unknown): Metadata {
  if (typeof metadata !== 'string') throw new ArgumentTypeError('metadata', 'a text', metadata);
  let parsed: unknown;
  try {
    parsed = JSON.parse(metadata);
  } catch {
    throw new ArgumentRangeError('metadata', 'JSON', metadata);
  }
  if (!isDictionary(parsed) || !Array.isArray(parsed.dim_data)) {
    throw new ArgumentRangeError('metadata', 'an object with an array dim_data', metadata);
  }
  parsed.dim_data.forEach((dict: unknown, axis) => {
    if (!isDictionary(dict)) {
      throw new ArgumentRangeError(`dim_data[${axis}]`, 'an object', describe(dict));
    }
  });
  return parsed as unknown as Metadata;
}

/** The references in the order of their buffers, which must be 0, 1, … */
function referencesIn(parsed: Metadata): BufferReference[] {
  const references = [checkReference(parsed.buffer, 'buffer')];
  parsed.dim_data.forEach((dict, axis) => {
    if (dict.dist_type !== 'u') return;
    references.push(checkReference(dict.indices, `dim_data[${axis}].indices`));
  });
  references.forEach(({ buffer }, k) => {
    if (buffer !== k) throw new ArgumentRangeError('buffer', `number ${k}`, buffer);
  });
  return references;
}

function checkReference(value: unknown, argument: string): BufferReference {
  if (!isDictionary(value)) throw new ArgumentTypeError(argument, 'an object', value);
  const { buffer, dtype, shape, byteorder } = value;
  checkInteger(`${argument}.buffer`, buffer, 0);
  parseDtype(dtype, `${argument}.dtype`);
  if (!Array.isArray(shape)) throw new ArgumentTypeError(`${argument}.shape`, 'an array', shape);
  for (const extent of shape) checkInteger(`${argument}.shape`, extent, 0);
  if (byteorder !== 'little' && byteorder !== 'big') {
    throw new ArgumentRangeError(`${argument}.byteorder`, "'little' or 'big'", byteorder);
  }
  return value as unknown as BufferReference;
}

function byteLengthOf({ dtype, shape }: BufferReference): number {
  return shape.reduce((product, extent) => product * extent, DTYPES[dtype].itemsize);
}

function arrayOver(bytes: unknown, reference: BufferReference): TypedArray {
  const argument = `buffers[${reference.buffer}]`;
  if (!(bytes instanceof Uint8Array)) throw new ArgumentTypeError(argument, 'a Uint8Array', bytes);
  const length = byteLengthOf(reference);
  if (bytes.length !== length) {
    throw new ArgumentRangeError(argument, `${length} bytes`, bytes.length);
  }
  const { arrayType, lanes } = DTYPES[reference.dtype];
  const unit = arrayType.BYTES_PER_ELEMENT;
  const swapped = reference.byteorder !== BYTE_ORDER && unit > 1;
  const usable = swapped || bytes.byteOffset % unit !== 0 ? new Uint8Array(bytes) : bytes;
  if (swapped) for (let k = 0; k < length; k += unit) usable.subarray(k, k + unit).reverse();
  const count = (length / DTYPES[reference.dtype].itemsize) * lanes;
  return new arrayType(usable.buffer, usable.byteOffset, count) as TypedArray;
}
