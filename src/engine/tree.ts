/** The way of records: the client tells the first engine, and each engine two others. */
import { CLIENT } from './channel.ts';

/** Returns the numbers that a number passes records on to. */
export function childrenOf(number: number, engines: number): number[] {
  if (number === CLIENT) return engines > 0 ? [1] : [];
  return [2 * number, 2 * number + 1].filter((child) => child <= engines);
}
