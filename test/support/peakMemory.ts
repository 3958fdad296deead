/** How much memory something needs at most. */
import { readFileSync, writeFileSync } from 'node:fs';

/** Returns by how many bytes the memory of this process grows while something is done, at most. */
export function peakOf(work: () => void): number {
  globalThis.gc?.();
  // The system forgets the former peak.
  writeFileSync('/proc/self/clear_refs', '5');
  const peak = () =>
    Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024;
  const before = peak();
  work();
  return peak() - before;
}

/** Returns whether this system tells of peaks. */
export function tellsPeaks(): boolean {
  try {
    peakOf(() => {});
    return true;
  } catch {
    return false;
  }
}
