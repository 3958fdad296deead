/** Calls of operations as text, to be compared between processes. */
import { Distribution } from '../maps/distribution.ts';
import type { ArrayMeta } from '../ops/operation.ts';
import { isPartlyKnown } from '../ops/redistribute/askedOverlaps.ts';

/**
 * Returns a text that is the same on all processes whose calls are: name, metadata of the arrays, parameters.
 * Data are left out, for each process may have its own, and so is what a process alone knows of a map.
 */
export function describeCall(name: string, arrays: readonly ArrayMeta[], params: unknown): string {
  return JSON.stringify([name, arrays.map(metaText), params], replacer);
}

function metaText({ dtype, distribution }: ArrayMeta): string {
  return `${dtype} ${distributionText(distribution)}`;
}

/** A text that is the same on all processes that have the same distribution. */
export function distributionText(distribution: Distribution): string {
  const { isReplicated, targetsKey } = distribution;
  // The keys of unstructured maps count the maps that a process has made.
  const maps = distribution.maps.map((map) => {
    if (map.dist !== 'u') return map.key;
    return `u${map.size}/${map.gridSize}${isPartlyKnown(map) ? ' in parts' : ''}`;
  });
  return `${isReplicated ? 'all ' : ''}${maps.join('|')}@${targetsKey}`;
}

function replacer(key: string, value: unknown): unknown {
  if (key === 'data') return 'data';
  if (value instanceof Distribution) return distributionText(value);
  if (ArrayBuffer.isView(value)) return 'data';
  switch (typeof value) {
    case 'bigint':
      return `${value}n`;
    case 'symbol':
      return String(value);
    case 'undefined':
      return 'undefined';
    case 'function':
      return String(value);
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : `number ${value}`;
    default:
      return value;
  }
}
