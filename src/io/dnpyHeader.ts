/**
 * Headers of .dnpy files: the dimension dictionaries of one process's part, which follows as a complete .npy file
 * (DistArray 0.5's format, version 1.0). Pure.
 */
import { ArgumentRangeError } from '../errors.ts';
import type { DimDict, EmptyDimDict } from '../protocol/structure.ts';
import { PROTOCOL_VERSION } from '../protocol/structure.ts';
import { versionProblem } from '../protocol/version.ts';
import {
  checkKeys,
  formatFrame,
  type HeaderKind,
  headerBytes,
  headerError,
  parseFrame,
} from './headerFrame.ts';
import { formatPythonList, type PythonValue } from './pythonLiteral.ts';

/** What a header says, and where the .npy file within begins. */
export interface DnpyHeader {
  /** 1, or 2 where unstructured indices make the header longer than 65535 bytes. */
  readonly version: number;
  /** One dictionary a dimension; their contents are not checked. */
  readonly dimData: readonly (DimDict | EmptyDimDict)[];
  /** Bytes of the header. */
  readonly npyOffset: number;
}

/**
 * The header of .dnpy files. Version 2.0 is ours: with 32 bits for the length, as in .npy files, for
 * indices that DistArray has no room for.
 */
export const DNPY: HeaderKind = {
  magic: 'DARRY',
  name: '.dnpy',
  code: 'ERR_DNPY_HEADER',
  alignment: 16,
  lastVersion: 2,
  longest: 2 ** 28,
};

const KEYS = ['__version__', 'dim_data'];
/** In the order in which DistArray writes them. */
const DIM_KEYS = [
  'dist_type',
  'size',
  'proc_grid_rank',
  'proc_grid_size',
  'start',
  'stop',
  'block_size',
  'indices',
  'one_to_one',
] as const;

/**
 * Returns the header of a part, as DistArray writes it, byte by byte. Indices of unstructured dimensions are a list,
 * which its reader takes (DistArray's own text of them it does not).
 *
 * @param dimData - dictionaries without padding
 * @throws {@link DistArrayError} `ERR_DNPY_HEADER` for some ten million indices and more
 */
export function formatDnpyHeader(dimData: readonly (DimDict | EmptyDimDict)[]): Uint8Array {
  const dicts = dimData.map(formatDict);
  const tuple = dicts.length === 1 ? `${dicts[0]},` : dicts.join(', ');
  return formatFrame(DNPY, `{'__version__': '${PROTOCOL_VERSION}', 'dim_data': (${tuple}), }`);
}

/**
 * Returns the number of bytes of a header, of which at least the first 12 are given.
 * @throws {@link DistArrayError} `ERR_DNPY_HEADER`
 */
export function dnpyHeaderBytes(prefix: Uint8Array): number {
  return headerBytes(DNPY, prefix);
}

/**
 * Returns what a header says: of DistArray's and of ours, written by Python 2 or 3.
 * @param bytes the whole header, or more
 * @throws {@link DistArrayError} `ERR_DNPY_HEADER`
 */
export function parseDnpyHeader(bytes: Uint8Array): DnpyHeader {
  const { version, fields } = parseFrame(DNPY, bytes);
  checkKeys(DNPY, fields, KEYS);
  const problem = versionProblem(fields.get('__version__'));
  if (problem !== undefined) throw headerError(DNPY, problem);
  const dicts = fields.get('dim_data');
  if (!Array.isArray(dicts)) throw headerError(DNPY, 'dim_data is no tuple');
  const dimData = dicts.map(dictOf);
  return { version, dimData, npyOffset: dnpyHeaderBytes(bytes) };
}

function formatDict(dict: DimDict | EmptyDimDict): string {
  const given = dict as Readonly<Record<string, unknown>>;
  const entries = DIM_KEYS.flatMap((key) => {
    const value = given[key];
    if (value === undefined || value === false) return [];
    // DistArray leaves out what is the default.
    if (key === 'block_size' && value === 1) return [];
    return [`'${key}': ${formatValue(value)}`];
  });
  return `{${entries.join(', ')}}`;
}

function formatValue(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (value === true) return 'True';
  if (typeof value === 'number') return String(value);
  return formatPythonList(value as ArrayLike<number | bigint>);
}

function dictOf(value: PythonValue): DimDict | EmptyDimDict {
  if (!(value instanceof Map)) throw headerError(DNPY, 'dim_data has what is no dictionary');
  const entries = [...value].map(([key, entry]): [string, unknown] => {
    if (key !== 'indices') return [key, entry];
    if (!Array.isArray(entry)) throw headerError(DNPY, 'indices are no list');
    return [key, integersOf(entry)];
  });
  return Object.fromEntries(entries) as unknown as DimDict;
}

function integersOf(list: readonly PythonValue[]): Int32Array | BigInt64Array {
  if (!list.every((item) => typeof item === 'number' || typeof item === 'bigint')) {
    throw headerError(DNPY, 'indices are no integers');
  }
  if (list.every((item) => item === (Number(item) | 0))) return Int32Array.from(list as number[]);
  if (list.some((item) => !Number.isSafeInteger(Number(item)))) {
    const error = new ArgumentRangeError('indices', 'integers below 2^53', list);
    throw headerError(DNPY, error.message, error);
  }
  return BigInt64Array.from(list as number[], BigInt);
}
