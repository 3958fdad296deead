/** What a checkpoint says about itself: `manifest.json`, with a checksum of its own. Pure. */
import { crc32 } from 'node:zlib';
import { type Dtype, parseDtype } from '../../dtype/dtype.ts';
import { ArgumentTypeError, DistArrayError } from '../../errors.ts';
import { type StoredDistribution, storedShape } from '../../maps/storedDistribution.ts';
import type { RandomState } from '../../ops/random/randomStream.ts';
import { checksumText } from '../checksums.ts';

/** What JSON keeps as it is. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

/** The lists of indices of an unstructured dimension: one file, the grid ranks' one after the other as int64. */
export interface StoredIndices {
  readonly file: string;
  /** How many each grid rank has. */
  readonly counts: readonly number[];
  /** Checksum of each one's bytes. */
  readonly checksums: readonly string[];
}

/** One array. */
export interface StoredArray {
  /** A .npy file of the whole array. */
  readonly file: string;
  readonly dtype: Dtype;
  /** Checksum (CRC-32) of the elements. */
  readonly checksum: string;
  readonly distribution: StoredDistribution;
  /** By axis; of unstructured dimensions only. */
  readonly indices: Readonly<Record<string, StoredIndices>>;
}

/** The contents of a manifest. */
export interface Manifest {
  readonly format: typeof FORMAT;
  readonly version: 1;
  readonly generation: number;
  /** Number of processes that wrote it. */
  readonly processes: number;
  readonly arrays: Readonly<Record<string, StoredArray>>;
  readonly state: JsonValue;
  /** Where the stream of random numbers was; null when there is none. */
  readonly random: RandomState | null;
}

export const FORMAT = 'distarray checkpoint';
export const MANIFEST = 'manifest.json';

const HEAD = /^\{\n {2}"checksum": "([0-9a-f]{8})",\n/;

/** Returns a manifest as text: JSON whose first entry is the checksum of what follows it. */
export function formatManifest(manifest: Manifest): string {
  const rest = `${JSON.stringify(manifest, null, 2).slice(2)}\n`;
  return `{\n  "checksum": "${checksumText(crc32(rest))}",\n${rest}`;
}

/**
 * Returns what a text of {@link formatManifest} says.
 * @throws {@link DistArrayError} `ERR_CHECKPOINT_CORRUPT` when it is none, or a byte has changed
 */
export function parseManifest(text: string): Manifest {
  const [head, checksum] = HEAD.exec(text) ?? [];
  if (head === undefined) throw corrupt('it begins with no checksum');
  const rest = text.slice(head.length);
  if (checksumText(crc32(rest)) !== checksum) throw corrupt('its checksum is another one');
  const manifest = JSON.parse(`{${rest}`) as Manifest;
  if (manifest.format !== FORMAT) throw corrupt('it is of another format');
  if (manifest.version !== 1) {
    const message = `it is of version ${manifest.version}, of which this program knows nothing`;
    throw new DistArrayError('ERR_CHECKPOINT_VERSION', message);
  }
  for (const { dtype, distribution } of Object.values(manifest.arrays)) {
    parseDtype(dtype);
    storedShape(distribution);
  }
  return manifest;
}

/**
 * Returns a value's JSON, when a value that is read from it is the same.
 * @throws {@link ArgumentTypeError} for numbers that are not finite, bigints, functions, dates, typed arrays, …
 */
export function jsonOf(value: unknown, argument: string): string {
  check(value, argument, []);
  return JSON.stringify(value);
}

function check(value: unknown, argument: string, around: readonly unknown[]): void {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (typeof value !== 'object' || around.includes(value)) throw noJson(value, argument);
  const inside = [...around, value];
  if (Array.isArray(value)) {
    for (let k = 0; k < value.length; k++) check(value[k], `${argument}[${k}]`, inside);
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw noJson(value, argument);
  for (const [key, entry] of Object.entries(value)) {
    if (entry !== undefined) check(entry, `${argument}.${key}`, inside);
  }
}

function noJson(value: unknown, argument: string): ArgumentTypeError {
  const expected =
    'what JSON keeps: finite numbers, strings, booleans, null, arrays, plain objects';
  return new ArgumentTypeError(argument, expected, value);
}

function corrupt(problem: string): DistArrayError {
  return new DistArrayError('ERR_CHECKPOINT_CORRUPT', problem);
}
