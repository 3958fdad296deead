/** Amounts of memory in words: `'256MiB'`. Pure. */
import { ArgumentRangeError, ArgumentTypeError } from '../../errors.ts';

/** An amount of memory: bytes, or text such as `'256MiB'`, `'1.5 GB'`, `'64k'`. */
export type MemorySize = number | string;

/** What a process may use unless told otherwise. */
export const DEFAULT_MEMORY: MemorySize = '256MiB';
/** Less makes no sense: a block would be a few numbers. */
export const LEAST_MEMORY = 2 ** 16;

const POWERS = { '': 0, k: 1, m: 2, g: 3, t: 4 } as const;

/**
 * Returns an amount of memory in bytes. Units are `B`, `kB`, `MB`, `GB`, `TB` (powers of 1000) and `KiB`, `MiB`, `GiB`,
 * `TiB` (of 1024); case does not matter, and the `B` may be left out.
 *
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for what is no amount, or less than 64 KiB
 */
export function parseMemorySize(memory: unknown, argument = 'options.memory'): number {
  const expected = "an amount of memory such as '256MiB' or a number of bytes";
  if (typeof memory !== 'number' && typeof memory !== 'string') {
    throw new ArgumentTypeError(argument, expected, memory);
  }
  const bytes = typeof memory === 'number' ? memory : bytesOf(memory);
  if (!Number.isFinite(bytes)) throw new ArgumentRangeError(argument, expected, memory);
  if (bytes >= LEAST_MEMORY) return Math.floor(bytes);
  throw new ArgumentRangeError(argument, `at least ${LEAST_MEMORY} bytes`, memory);
}

/** Returns an amount of memory as a person reads it: 268435456 is `256 MiB`. */
export function showMemorySize(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(4, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const amount = bytes / 1024 ** power;
  return `${Number.isInteger(amount) ? amount : amount.toFixed(1)} ${units[power]}`;
}

function bytesOf(text: string): number {
  const match = /^\s*(\d+(?:\.\d*)?|\.\d+)\s*([kmgt]?)(i?)b?\s*$/i.exec(text);
  if (match === null) return Number.NaN;
  const power = POWERS[match[2].toLowerCase() as keyof typeof POWERS];
  if (power === 0 && match[3] !== '') return Number.NaN;
  return Number(match[1]) * (match[3] === '' ? 1000 : 1024) ** power;
}
