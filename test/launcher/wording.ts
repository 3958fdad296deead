import { constants } from 'node:os';
import type { RecordedError } from './records.ts';

/** `rank 1`, `ranks 0,2`. */
export function nameRanks(ranks: readonly number[]): string {
  return `${ranks.length === 1 ? 'rank' : 'ranks'} ${ranks.join(',')}`;
}

/** Was or were, have or has, for so many ranks. */
export function verb(ranks: readonly number[], singular: string, plural: string): string {
  return ranks.length === 1 ? singular : plural;
}

/** `1 test`, `3 tests`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `signal 11 (SIGSEGV)`. */
export function nameSignal(number: number): string {
  const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  return `signal ${number}${name === undefined ? '' : ` (${name})`}`;
}

/** How a process ended, in words. */
export function nameExit(code: number | null, signal: string | null): string {
  if (signal !== null) return `was ended by ${signal}`;
  return `ended with exit code ${code ?? 'unknown'}`;
}

/** A recorded error as lines: message and place first, then the diff and the stack. */
export function errorLines(error: RecordedError, who: string): string[] {
  const [first = '', ...rest] = error.message.split('\n');
  const place = error.at === null ? '' : ` at ${error.at}`;
  const prefix = who === '' ? '' : `${who}: `;
  return [
    `${prefix}${first}${place}`,
    ...rest.map((line) => `    ${line}`.trimEnd()),
    ...(error.diff === null ? [] : error.diff.split('\n').map((line) => `    ${line}`)),
    ...error.stack.map((frame) => `    at ${frame}`),
  ];
}

/** Values that share a key, in order of first appearance. */
export function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return [...groups.values()];
}
