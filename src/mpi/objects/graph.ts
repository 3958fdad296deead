/** What a value is made of: whether it can be sent, and what must be replaced before. */
import { types } from 'node:util';
import { ArgumentRangeError, ArgumentTypeError } from '../../errors.ts';
import { isGone } from '../viewMemory.ts';
import { registrationOf } from './registry.ts';

const cloneable = 'a value that structured clone can copy';

/** An object that was found, and how it was reached. */
interface Found {
  readonly object: object;
  readonly parent: Found | undefined;
  readonly step: string;
}

/**
 * Returns whether the value holds something that V8 cannot write by itself as we want it: instances
 * of registered classes, array buffers, and symbols that have a key (`Symbol.for`).
 * @param argument name of the value in errors
 * @param thorough also looks for what structured clone seldom meets (a Proxy)
 * @throws {@link ArgumentTypeError} that names the path of what cannot be sent, such as
 * `value.options.callback`; {@link ArgumentRangeError} for memory that has gone
 */
export function inspect(value: unknown, argument: string, thorough = false): boolean {
  const seen = new Set<object>();
  const pending: Found[] = [];
  let special = false;

  const visit = (part: unknown, parent: Found | undefined, step: string): void => {
    if (typeof part === 'symbol' && Symbol.keyFor(part) !== undefined) {
      special = true;
      return;
    }
    if (typeof part === 'function' || typeof part === 'symbol') {
      throw new ArgumentTypeError(pathOf(parent, step), cloneable, part);
    }
    if (typeof part !== 'object' || part === null || seen.has(part)) return;
    seen.add(part);
    if (ArrayBuffer.isView(part)) {
      if (isGone(part)) throw goneError(pathOf(parent, step));
      return;
    }
    if (part instanceof ArrayBuffer && isDetached(part)) throw goneError(pathOf(parent, step));
    pending.push({ object: part, parent, step });
  };

  visit(value, undefined, argument);
  for (let found = pending.pop(); found !== undefined; found = pending.pop()) {
    const { object } = found;
    if (thorough && types.isProxy(object)) throw uncloneable(found);
    const registration = registrationOf(object);
    if (registration?.refusal !== undefined) {
      throw new ArgumentTypeError(pathOf(found.parent, found.step), registration.refusal, object);
    }
    if (registration !== undefined || object instanceof ArrayBuffer) {
      special = true;
    } else if (Array.isArray(object)) {
      // Not the holes of a sparse array, which may be long.
      object.forEach((element, i) => {
        visit(element, found, `[${i}]`);
      });
      if (thorough) visitProperties(object, found, visit);
    } else if (object instanceof Map) {
      for (const [key, element] of object) {
        visit(key, found, '.keys()');
        visit(
          element,
          found,
          `.get(${typeof key === 'string' ? JSON.stringify(key) : String(key)})`,
        );
      }
    } else if (object instanceof Set) {
      for (const element of object) visit(element, found, '.values()');
    } else if (types.isNativeError(object)) {
      if ('cause' in object) visit(object.cause, found, '.cause');
    } else if (isUncloneable(object)) {
      throw uncloneable(found);
    } else {
      visitProperties(object, found, visit);
    }
  }
  return special;
}

/**
 * Returns a copy of the containers of a value, in which `replacement` has taken the place of what it
 * returns something for. Cycles and identities stay.
 */
export function replaceParts(
  value: unknown,
  replacement: (part: object | symbol) => object | symbol | undefined,
): unknown {
  const copies = new Map<object, object | symbol>();
  const copy = (part: unknown): unknown => {
    if (typeof part === 'symbol') return replacement(part);
    if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part)) return part;
    const known = copies.get(part);
    if (known !== undefined) return known;
    const remember = <T extends object | symbol>(made: T): T => {
      copies.set(part, made);
      return made;
    };
    const other = replacement(part);
    if (other !== undefined) return remember(other);
    if (Array.isArray(part)) {
      const made = remember(new Array(part.length));
      return copyProperties(part, made, copy);
    }
    if (part instanceof Map) {
      const made = remember(new Map());
      for (const [key, element] of part) made.set(copy(key), copy(element));
      return made;
    }
    if (part instanceof Set) {
      const made = remember(new Set());
      for (const element of part) made.add(copy(element));
      return made;
    }
    if (types.isNativeError(part)) return remember(copyError(part, copy));
    if (types.isDate(part) || types.isRegExp(part) || types.isBoxedPrimitive(part)) return part;
    return copyProperties(part, remember({}), copy);
  };
  return copy(value);
}

function visitProperties(
  object: object,
  found: Found,
  visit: (part: unknown, parent: Found, step: string) => void,
): void {
  for (const key of Object.keys(object)) {
    visit((object as Record<string, unknown>)[key], found, stepTo(key));
  }
}

function copyProperties(from: object, to: object, copy: (part: unknown) => unknown): object {
  for (const key of Object.keys(from)) {
    const value = copy((from as Record<string, unknown>)[key]);
    // Not by assignment: a field may be called __proto__.
    Object.defineProperty(to, key, { value, writable: true, enumerable: true, configurable: true });
  }
  return to;
}

/** What V8 writes of an error: its name by the prototype, message, stack and cause. */
function copyError(error: Error, copy: (part: unknown) => unknown): Error {
  const twin = new Error(error.message);
  Object.setPrototypeOf(twin, Object.getPrototypeOf(error));
  twin.stack = error.stack;
  if ('cause' in error) {
    Object.defineProperty(twin, 'cause', {
      value: copy(error.cause),
      writable: true,
      configurable: true,
    });
  }
  return twin;
}

function isUncloneable(object: object): boolean {
  const prototype = Object.getPrototypeOf(object);
  if (prototype === Object.prototype || prototype === null) return false;
  return (
    types.isPromise(object) ||
    types.isWeakMap(object) ||
    types.isWeakSet(object) ||
    object instanceof WeakRef ||
    types.isGeneratorObject(object) ||
    types.isSharedArrayBuffer(object) ||
    types.isExternal(object) ||
    types.isModuleNamespaceObject(object)
  );
}

function uncloneable({ object, parent, step }: Found): ArgumentTypeError {
  return new ArgumentTypeError(pathOf(parent, step), cloneable, object);
}

function goneError(path: string): ArgumentRangeError {
  const received = 'memory that was transferred, shrunk or grown away';
  return new ArgumentRangeError(path, 'memory that is still there', received);
}

function isDetached(buffer: ArrayBuffer): boolean {
  if (buffer.byteLength > 0) return false;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

function stepTo(key: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key)
    ? `.${key}`
    : `[${JSON.stringify(key)}]`;
}

function pathOf(parent: Found | undefined, step: string): string {
  const steps = [step];
  for (let at = parent; at !== undefined; at = at.parent) steps.push(at.step);
  return steps.reverse().join('');
}
