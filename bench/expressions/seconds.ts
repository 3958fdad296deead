/** Times as text. */
import { formatNumber } from '../table.ts';

/** Seconds in the unit that suits them. */
export function formatSeconds(seconds: number): string {
  if (seconds < 1e-4) return `${formatNumber(seconds * 1e6)} µs`;
  return seconds < 0.5 ? `${formatNumber(seconds * 1e3)} ms` : `${formatNumber(seconds)} s`;
}
