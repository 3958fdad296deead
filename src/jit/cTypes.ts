/** The arithmetic types of C and C++ as dtypes. */
import type { Dtype } from '../dtype/dtype.ts';

/** The types of C that calls are written in. */
export const TYPES_OF_C: Readonly<Record<Dtype, string>> = {
  bool: '_Bool',
  int8: 'int8_t',
  int16: 'int16_t',
  int32: 'int32_t',
  int64: 'int64_t',
  uint8: 'uint8_t',
  uint16: 'uint16_t',
  uint32: 'uint32_t',
  uint64: 'uint64_t',
  float32: 'float',
  float64: 'double',
  complex64: 'float _Complex',
  complex128: 'double _Complex',
};

/** Types that are one word; `long` has 64 bits wherever Node.js runs on Unix. */
const WORDS: Readonly<Record<string, Dtype>> = {
  bool: 'bool',
  _Bool: 'bool',
  float: 'float32',
  double: 'float64',
  size_t: 'uint64',
  ssize_t: 'int64',
  ptrdiff_t: 'int64',
  intptr_t: 'int64',
  uintptr_t: 'uint64',
  intmax_t: 'int64',
  uintmax_t: 'uint64',
  int8_t: 'int8',
  int16_t: 'int16',
  int32_t: 'int32',
  int64_t: 'int64',
  uint8_t: 'uint8',
  uint16_t: 'uint16',
  uint32_t: 'uint32',
  uint64_t: 'uint64',
};

/** Integers of several words, sorted by the alphabet, without `int` where another word is there. */
const INTEGERS: Readonly<Record<string, Dtype>> = {
  int: 'int32',
  signed: 'int32',
  unsigned: 'uint32',
  short: 'int16',
  'short signed': 'int16',
  'short unsigned': 'uint16',
  long: 'int64',
  'long signed': 'int64',
  'long unsigned': 'uint64',
  'long long': 'int64',
  'long long signed': 'int64',
  'long long unsigned': 'uint64',
  'char signed': 'int8',
  'char unsigned': 'uint8',
};

const COMPLEX: Readonly<Record<string, Dtype>> = {
  float: 'complex64',
  double: 'complex128',
};

/**
 * Returns the dtype of a type, by its words (`['unsigned', 'long']`, `['std', '::', 'complex', '<', 'double', '>']`);
 * undefined for types that are none.
 */
export function dtypeOfC(words: readonly string[]): Dtype | undefined {
  const names = words[0] === 'std' && words[1] === '::' ? words.slice(2) : words;
  const [first] = names;
  if (names.length === 1 && Object.hasOwn(WORDS, first)) return WORDS[first];
  if (first === 'complex' && names[1] === '<' && names[3] === '>' && names.length === 4) {
    return own(COMPLEX, names[2]);
  }
  if (names.length === 2 && names.some((name) => name === '_Complex' || name === 'complex')) {
    return own(COMPLEX, names.find((name) => name !== '_Complex' && name !== 'complex') ?? '');
  }
  const sorted = [...names].sort();
  const others = sorted.filter((name) => name !== 'int');
  return own(INTEGERS, (others.length === 0 ? sorted : others).join(' '));
}

function own(table: Readonly<Record<string, Dtype>>, name: string): Dtype | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
