/** Symbols of the global registry (`Symbol.for`) in values that have come: V8 reads objects only where they were. */
import { types } from 'node:util';

/** Stands where a symbol was, until the whole value is there. */
export class SymbolStandIn {
  readonly symbol: symbol;

  constructor(key: string) {
    this.symbol = Symbol.for(key);
  }
}

/** Puts symbols in the places of what stands for them, in the containers of a value themselves. */
export function withSymbols(value: unknown): unknown {
  const seen = new Set<object>();
  const restored = (part: unknown): unknown => {
    if (part instanceof SymbolStandIn) return part.symbol;
    if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part) || seen.has(part)) {
      return part;
    }
    seen.add(part);
    if (part instanceof Map) {
      const entries = [...part];
      part.clear();
      for (const [key, element] of entries) part.set(restored(key), restored(element));
    } else if (part instanceof Set) {
      const elements = [...part];
      part.clear();
      for (const element of elements) part.add(restored(element));
    } else if (types.isNativeError(part)) {
      if ('cause' in part) part.cause = restored(part.cause);
    } else if (isContainer(part)) {
      for (const key of Object.keys(part)) {
        const element = (part as Record<string, unknown>)[key];
        const other = restored(element);
        // Not by assignment: a field may be called __proto__.
        if (other !== element) {
          Object.defineProperty(part, key, {
            value: other,
            writable: true,
            enumerable: true,
            configurable: true,
          });
        }
      }
    }
    return part;
  };
  return restored(value);
}

/** Instances have been made of values that were whole. */
function isContainer(object: object): boolean {
  if (Array.isArray(object)) return true;
  return Object.getPrototypeOf(object) === Object.prototype;
}
