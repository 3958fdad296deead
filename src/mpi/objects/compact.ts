/**
 * Small plain values as bytes, without V8's serializer, which makes objects outside of the heap for each message and
 * takes longer than the message does.
 *
 * What is not small or not plain, {@link writeCompact} leaves to structured clone; what it takes arrives as from there.
 */
import { types } from 'node:util';
import { type Registration, registrationOf } from './registry.ts';

/** Begins what is written here. */
const MAGIC = [0x64, 0x4f, 0x63, 0x31] as const;
/** Longest message, and most objects, arrays and instances in it: each is looked for among those before. */
const MOST_BYTES = 2048;
const MOST_OBJECTS = 48;
const DEEPEST = 12;

// Bytes from SMALL on are integers from 0 to 127.
const SMALL = 0x80;
const UNDEFINED = 0;
const NULL = 1;
const FALSE = 2;
const TRUE = 3;
const INTEGER = 4;
const DOUBLE = 5;
const SHORT_TEXT = 6;
const LONG_TEXT = 7;
const WIDE_TEXT = 8;
const ARRAY = 9;
const OBJECT = 10;
const INSTANCE = 11;
const SYMBOL = 12;
const KNOWN = 13;

const scratch = new Uint8Array(MOST_BYTES);
const double = new Float64Array(1);
const doubleBytes = new Uint8Array(double.buffer);

/** What instances of registered classes are written as: asked for once, whoever writes them in the end. */
export type Forms = Map<object, unknown>;

let writing: CompactWriter | null = null;

/** Returns the bytes of a value; null where it is not small, or not plain. */
export function writeCompact(value: unknown, forms: Forms): Uint8Array | null {
  // A class may send something while its instances are written.
  if (writing !== null) return null;
  const writer = new CompactWriter(forms);
  writing = writer;
  try {
    return writer.write(value, 0) ? scratch.slice(0, writer.length) : null;
  } finally {
    writing = null;
  }
}

/** Whether bytes are from {@link writeCompact}. */
export function isCompact(bytes: Uint8Array): boolean {
  return (
    bytes[3] === MAGIC[3] && bytes[2] === MAGIC[2] && bytes[1] === MAGIC[1] && bytes[0] === MAGIC[0]
  );
}

/** @param instanceOf - makes an instance of a registered class */
export function readCompact(
  bytes: Uint8Array,
  instanceOf: (name: string, form: unknown) => object,
): unknown {
  return new CompactReader(bytes, instanceOf).read();
}

class CompactWriter {
  length: number = MAGIC.length;
  readonly #forms: Forms;
  readonly #seen: object[] = [];

  constructor(forms: Forms) {
    this.#forms = forms;
    scratch.set(MAGIC);
  }

  /** Writes a value; false where that is for structured clone. */
  write(value: unknown, depth: number): boolean {
    // Each kind below takes up to nine bytes, and what it holds looks for itself.
    if (this.length + 16 > MOST_BYTES) return false;
    switch (typeof value) {
      case 'number':
        this.#number(value);
        return true;
      case 'string':
        return this.#text(value);
      case 'boolean':
        scratch[this.length++] = value ? TRUE : FALSE;
        return true;
      case 'undefined':
        scratch[this.length++] = UNDEFINED;
        return true;
      case 'symbol': {
        const key = Symbol.keyFor(value);
        scratch[this.length++] = SYMBOL;
        return key !== undefined && this.#text(key);
      }
      case 'object':
        if (value === null) {
          scratch[this.length++] = NULL;
          return true;
        }
        return depth < DEEPEST && this.#object(value, depth + 1);
      default:
        return false;
    }
  }

  #number(value: number): void {
    const integer = value | 0;
    if (integer !== value || (integer === 0 && Object.is(value, -0))) {
      double[0] = value;
      scratch[this.length++] = DOUBLE;
      for (let k = 0; k < 8; k++) scratch[this.length++] = doubleBytes[k];
    } else if (integer >= 0 && integer < SMALL) {
      scratch[this.length++] = SMALL + integer;
    } else {
      scratch[this.length++] = INTEGER;
      this.#uint32(integer);
    }
  }

  #uint32(value: number): void {
    scratch[this.length++] = value;
    scratch[this.length++] = value >> 8;
    scratch[this.length++] = value >> 16;
    scratch[this.length++] = value >> 24;
  }

  #text(text: string): boolean {
    const { length } = text;
    if (this.length + 2 * length + 16 > MOST_BYTES) return false;
    const start = this.length;
    const isShort = length < 256;
    scratch[this.length++] = isShort ? SHORT_TEXT : LONG_TEXT;
    if (isShort) scratch[this.length++] = length;
    else this.#uint32(length);
    for (let k = 0; k < length; k++) {
      const unit = text.charCodeAt(k);
      if (unit > 0xff) return this.#wideText(text, start);
      scratch[this.length++] = unit;
    }
    return true;
  }

  #wideText(text: string, start: number): boolean {
    this.length = start;
    scratch[this.length++] = WIDE_TEXT;
    this.#uint32(text.length);
    for (let k = 0; k < text.length; k++) {
      const unit = text.charCodeAt(k);
      scratch[this.length++] = unit;
      scratch[this.length++] = unit >> 8;
    }
    return true;
  }

  #object(object: object, depth: number): boolean {
    const known = this.#seen.indexOf(object);
    if (known >= 0) {
      scratch[this.length++] = KNOWN;
      scratch[this.length++] = known;
      return true;
    }
    if (this.#seen.length >= MOST_OBJECTS) return false;
    const registration = registrationOf(object);
    if (registration !== undefined) {
      return registration.refusal === undefined && this.#instance(object, registration, depth);
    }
    if (types.isProxy(object)) return false;
    if (Array.isArray(object)) return this.#array(object, depth);
    if (Object.getPrototypeOf(object) !== Object.prototype) return false;
    this.#seen.push(object);
    const keys = Object.keys(object);
    if (keys.length > 0xff) return false;
    scratch[this.length++] = OBJECT;
    scratch[this.length++] = keys.length;
    for (const key of keys) {
      if (key === '__proto__' || !this.#text(key)) return false;
      if (!this.write((object as Record<string, unknown>)[key], depth)) return false;
    }
    return true;
  }

  #array(array: readonly unknown[], depth: number): boolean {
    const { length } = array;
    if (length > 0xff || Object.keys(array).length !== length) return false;
    this.#seen.push(array);
    scratch[this.length++] = ARRAY;
    scratch[this.length++] = length;
    for (let k = 0; k < length; k++) {
      // A hole; then there is a key that is no index.
      if (array[k] === undefined && !(k in array)) return false;
      if (!this.write(array[k], depth)) return false;
    }
    return true;
  }

  #instance(object: object, { name, form }: Registration, depth: number): boolean {
    // It is being written: it holds itself.
    if (this.#forms.has(object)) return false;
    const plain: unknown = form.serialize(object);
    this.#forms.set(object, plain);
    scratch[this.length++] = INSTANCE;
    if (!this.#text(name) || !this.write(plain, depth)) return false;
    // It is there for the reader when its form is.
    this.#seen.push(object);
    return true;
  }
}

class CompactReader {
  readonly #bytes: Uint8Array;
  readonly #instanceOf: (name: string, form: unknown) => object;
  readonly #seen: object[] = [];
  #at: number = MAGIC.length;

  constructor(bytes: Uint8Array, instanceOf: (name: string, form: unknown) => object) {
    this.#bytes = bytes;
    this.#instanceOf = instanceOf;
  }

  read(): unknown {
    const kind = this.#bytes[this.#at++];
    if (kind >= SMALL) return kind - SMALL;
    switch (kind) {
      case UNDEFINED:
        return undefined;
      case NULL:
        return null;
      case FALSE:
        return false;
      case TRUE:
        return true;
      case INTEGER:
        return this.#int32();
      case DOUBLE:
        for (let k = 0; k < 8; k++) doubleBytes[k] = this.#bytes[this.#at++];
        return double[0];
      case ARRAY:
        return this.#array();
      case OBJECT:
        return this.#object();
      case INSTANCE: {
        const name = this.read() as string;
        const instance = this.#instanceOf(name, this.read());
        this.#seen.push(instance);
        return instance;
      }
      case SYMBOL:
        return Symbol.for(this.read() as string);
      case KNOWN:
        return this.#seen[this.#bytes[this.#at++]];
      default:
        return this.#text(kind);
    }
  }

  #int32(): number {
    const bytes = this.#bytes;
    const at = this.#at;
    this.#at += 4;
    return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
  }

  #text(kind: number): string {
    const length = kind === SHORT_TEXT ? this.#bytes[this.#at++] : this.#int32();
    const from = this.#at;
    this.#at += kind === WIDE_TEXT ? 2 * length : length;
    if (kind === WIDE_TEXT) return bufferOf(this.#bytes).toString('utf16le', from, this.#at);
    if (length <= LONGEST_WORD) return wordAt(this.#bytes, from, length);
    return bufferOf(this.#bytes).toString('latin1', from, this.#at);
  }

  #array(): unknown[] {
    const length = this.#bytes[this.#at++];
    const array: unknown[] = [];
    this.#seen.push(array);
    for (let k = 0; k < length; k++) array.push(this.read());
    return array;
  }

  #object(): object {
    const count = this.#bytes[this.#at++];
    const object: Record<string, unknown> = {};
    this.#seen.push(object);
    for (let k = 0; k < count; k++) {
      const key = this.read() as string;
      object[key] = this.read();
    }
    return object;
  }
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** Names of fields and operations come again and again: those that came last are kept, by a hash of their bytes. */
const LONGEST_WORD = 32;
const words: string[] = new Array(1024).fill('');

function wordAt(bytes: Uint8Array, from: number, length: number): string {
  let hash = length;
  for (let k = from; k < from + length; k++) hash = (Math.imul(hash, 31) + bytes[k]) | 0;
  const place = (hash ^ (hash >>> 10)) & 1023;
  const known = words[place];
  if (known.length === length) {
    let k = 0;
    while (k < length && known.charCodeAt(k) === bytes[from + k]) k++;
    if (k === length) return known;
  }
  const word = bufferOf(bytes).toString('latin1', from, from + length);
  words[place] = word;
  return word;
}
