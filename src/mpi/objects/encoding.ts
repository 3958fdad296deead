/**
 * Values as bytes: structured clone (`node:v8`), with the memory of typed arrays beside it; small plain values as
 * `compact.ts` writes them.
 *
 * An encoded value is a head and parts. The head tells how long the parts are; they are the memory of
 * large arrays, which is sent from where it lies and received into where it stays.
 */
import { Deserializer, Serializer } from 'node:v8';
import {
  ArgumentTypeError,
  DistArrayError,
  describeError,
  type ErrorDescription,
  errorOfDescription,
} from '../../errors.ts';
import { messageMemory } from '../memory.ts';
import { type Forms, isCompact, readCompact, writeCompact } from './compact.ts';
import { inspect, replaceParts } from './graph.ts';
import { registrationNamed, registrationOf } from './registry.ts';

/** A value that is ready to be sent. */
export interface Encoded {
  readonly head: Uint8Array;
  readonly parts: readonly Uint8Array[];
}

/** A value of which the head has come. */
export interface Decoder {
  /** Memory for the parts, in their order. */
  readonly parts: readonly Uint8Array[];
  /** Returns the value when the parts are there. */
  finish(): unknown;
}

/** Begins every head: a message that is none is told from one. */
const MAGIC = 0x6a624f64;
const VALUE = 0;
const FAILURE = 1;

/** Bytes of the head's fixed beginning, and of each entry of its table. */
const FIXED = 24;
const ENTRY = 16;
/** Longest memory that travels in the head. */
const INLINE_ARRAY = 2048;
const INLINE_STREAM = 65_536;

// What a host object in the stream is.
const VIEW = 0;
const WHOLE_BUFFER = 1;
const INSTANCE = 2;
const SYMBOL = 3;

const viewClasses = [
  DataView,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
] as const;
const NODE_BUFFER = viewClasses.length;

const NO_PARTS: readonly Uint8Array[] = [];

/** The part of an array buffer that the value's views show; they keep sharing it. */
interface Memory {
  readonly buffer: ArrayBufferLike;
  first: number;
  end: number;
}

/**
 * Returns a value as bytes.
 * @param argument its name in errors
 * @throws {@link ArgumentTypeError} that names the path of what cannot be sent
 */
export function encode(value: unknown, argument: string): Encoded {
  const forms: Forms = new Map();
  const head = writeCompact(value, forms);
  if (head !== null) return { head, parts: NO_PARTS };
  const special = inspect(value, argument);
  const writer = new Writer(forms);
  try {
    writer.writeHeader();
    writer.writeValue(special ? writer.replaceSpecial(value, argument) : value);
  } catch (error) {
    // Something that only V8 could tell; now it is worth a closer look for where it is.
    inspect(value, argument, true);
    throw error;
  }
  return assemble(VALUE, writer.releaseBuffer(), writer.memories);
}

/** Returns the head of a message that stands for a value that could not be sent. */
export function encodeFailure(error: unknown): Encoded {
  const writer = new Writer(new Map());
  writer.writeHeader();
  writer.writeValue(describeError(error));
  return assemble(FAILURE, writer.releaseBuffer(), []);
}

/**
 * Reads a head.
 * @returns undefined when it is none
 */
export function decode(head: Uint8Array): Decoder | undefined {
  if (isCompact(head)) return { parts: NO_PARTS, finish: () => readCompact(head, instanceOf) };
  const numbers = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.byteLength < FIXED || numbers.getUint32(0, true) !== MAGIC) return undefined;
  const kind = numbers.getUint32(4, true);
  const streamBytes = numbers.getFloat64(8, true);
  const count = numbers.getFloat64(16, true);
  let inline = FIXED + count * ENTRY;
  const parts: Uint8Array[] = [];
  const take = (bytes: number, limit: number): Uint8Array => {
    if (bytes > limit) {
      const part = messageMemory(bytes);
      parts.push(part);
      return part;
    }
    inline += bytes;
    return head.subarray(inline - bytes, inline);
  };
  const stream = take(streamBytes, INLINE_STREAM);
  const memories = Array.from({ length: count }, (_, i): Received => {
    const first = numbers.getFloat64(FIXED + i * ENTRY, true);
    const bytes = numbers.getFloat64(FIXED + i * ENTRY + 8, true);
    const taken = take(bytes, INLINE_ARRAY);
    // Each has memory of its own, as in the original.
    return { first, buffer: bytes > INLINE_ARRAY ? taken.buffer : taken.slice().buffer };
  });
  return {
    parts,
    finish() {
      const reader = new Reader(stream, memories);
      reader.readHeader();
      const value = reader.readWhole();
      if (kind !== FAILURE) return value;
      throw errorOfDescription(value as ErrorDescription);
    },
  };
}

function assemble(kind: number, stream: Uint8Array, memories: readonly Memory[]): Encoded {
  const parts: Uint8Array[] = [];
  const inline: Uint8Array[] = [];
  let length = FIXED + memories.length * ENTRY;
  const place = (bytes: Uint8Array, limit: number): void => {
    if (bytes.byteLength > limit) {
      parts.push(bytes);
      return;
    }
    inline.push(bytes);
    length += bytes.byteLength;
  };
  place(stream, INLINE_STREAM);
  for (const memory of memories) place(bytesOf(memory), INLINE_ARRAY);
  const head = new Uint8Array(length);
  const numbers = new DataView(head.buffer);
  numbers.setUint32(0, MAGIC, true);
  numbers.setUint32(4, kind, true);
  numbers.setFloat64(8, stream.byteLength, true);
  numbers.setFloat64(16, memories.length, true);
  let at = FIXED;
  for (const { first, end } of memories) {
    numbers.setFloat64(at, first, true);
    numbers.setFloat64(at + 8, end - first, true);
    at += ENTRY;
  }
  for (const bytes of inline) {
    head.set(bytes, at);
    at += bytes.byteLength;
  }
  return { head, parts };
}

function bytesOf({ buffer, first, end }: Memory): Uint8Array {
  const bytes = new Uint8Array(buffer, first, end - first);
  // Others may write to shared memory meanwhile.
  return buffer instanceof ArrayBuffer ? bytes : bytes.slice();
}

class Writer extends Serializer {
  readonly memories: Memory[] = [];
  private readonly indices = new Map<ArrayBufferLike, number>();
  // V8 hands us views only, so empty views stand for what it writes in a way of its own.
  private readonly standIns = new Map<object, () => void>();
  // What stands for an instance; null while that is being made.
  private readonly instances = new Map<object, object | null>();

  private readonly forms: Forms;

  /** @param forms - what instances of registered classes have been asked for already */
  constructor(forms: Forms) {
    super();
    this.forms = forms;
    // Undocumented, but what Node's own v8.serialize() rests on.
    (
      this as unknown as { _setTreatArrayBufferViewsAsHostObjects(flag: boolean): void }
    )._setTreatArrayBufferViewsAsHostObjects(true);
  }

  replaceSpecial(value: unknown, argument: string): unknown {
    return replaceParts(value, (part) => {
      if (typeof part === 'symbol') {
        return this.standIn(() => {
          this.writeUint32(SYMBOL);
          this.writeValue(Symbol.keyFor(part));
        });
      }
      if (part instanceof ArrayBuffer) {
        return this.standIn(() => {
          this.writeUint32(WHOLE_BUFFER);
          this.writeUint32(this.indexOf(part, 0, part.byteLength));
        });
      }
      const registration = registrationOf(part);
      if (registration === undefined) return undefined;
      const known = this.instances.get(part);
      if (known === null) {
        throw new ArgumentTypeError(argument, 'no instance of a class that holds itself', part);
      }
      if (known !== undefined) return known;
      this.instances.set(part, null);
      const { name, form } = registration;
      const plain = this.forms.has(part) ? this.forms.get(part) : form.serialize(part);
      const special = inspect(plain, `${argument} (a ${name})`);
      const written = special ? this.replaceSpecial(plain, argument) : plain;
      const made = this.standIn(() => {
        this.writeUint32(INSTANCE);
        this.writeValue(name);
        this.writeValue(written);
      });
      this.instances.set(part, made);
      return made;
    });
  }

  _writeHostObject(view: ArrayBufferView): void {
    const standIn = this.standIns.get(view);
    if (standIn !== undefined) {
      standIn();
      return;
    }
    const { buffer, byteOffset, byteLength } = view;
    const index = this.indexOf(buffer, byteOffset, byteLength);
    this.writeUint32(VIEW);
    this.writeUint32(classOf(view));
    this.writeUint32(index);
    this.writeDouble(byteOffset);
    this.writeDouble(byteLength);
  }

  private standIn(write: () => void): object {
    const view = new Uint8Array(0);
    this.standIns.set(view, write);
    return view;
  }

  private indexOf(buffer: ArrayBufferLike, offset: number, length: number): number {
    // From a multiple of 8 on, where every kind of element may begin.
    const first = offset - (offset % 8);
    const end = offset + length;
    const known = this.indices.get(buffer);
    if (known === undefined) {
      this.indices.set(buffer, this.memories.length);
      return this.memories.push({ buffer, first, end }) - 1;
    }
    const memory = this.memories[known];
    memory.first = Math.min(memory.first, first);
    memory.end = Math.max(memory.end, end);
    return known;
  }
}

/** Memory that came, of which `first` was the offset in the sender's. */
interface Received {
  readonly buffer: ArrayBufferLike;
  readonly first: number;
}

class Reader extends Deserializer {
  /** What stands for symbols until the value is read. */
  private readonly symbols = new Map<object, symbol>();
  private readonly memories: readonly Received[];

  constructor(stream: Uint8Array, memories: readonly Received[]) {
    super(stream);
    this.memories = memories;
  }

  /** Returns the value, with its symbols. */
  readWhole(): unknown {
    const value: unknown = this.readValue();
    if (this.symbols.size === 0) return value;
    return replaceParts(value, (part) => {
      if (typeof part === 'symbol') return part;
      const isWhole = part instanceof ArrayBuffer || registrationOf(part) !== undefined;
      return this.symbols.get(part) ?? (isWhole ? part : undefined);
    });
  }

  _readHostObject(): unknown {
    const what = this.readUint32();
    if (what === SYMBOL) {
      // V8 takes only objects from here.
      const standIn = {};
      this.symbols.set(standIn, Symbol.for(this.readValue() as string));
      return standIn;
    }
    if (what === INSTANCE) return this.readInstance();
    if (what === WHOLE_BUFFER) return this.memories[this.readUint32()].buffer;
    const kind = this.readUint32();
    const { buffer, first } = this.memories[this.readUint32()];
    const offset = this.readDouble() - first;
    const bytes = this.readDouble();
    if (kind === NODE_BUFFER) return Buffer.from(buffer as ArrayBuffer, offset, bytes);
    const View = viewClasses[kind] as typeof Uint8Array;
    return new View(buffer as ArrayBuffer, offset, bytes / (View.BYTES_PER_ELEMENT ?? 1));
  }

  private readInstance(): object {
    const name: string = this.readValue();
    const plain: unknown = this.readWhole();
    return instanceOf(name, plain);
  }
}

/** @throws {@link DistArrayError} `ERR_CLASS_UNKNOWN` */
function instanceOf(name: string, plain: unknown): object {
  const registration = registrationNamed(name);
  if (registration !== undefined) return registration.form.deserialize(plain);
  throw new DistArrayError(
    'ERR_CLASS_UNKNOWN',
    `An instance of ${name} came, but this rank has no class of that name: call MPI.registerClass on every rank.`,
  );
}

function classOf(view: ArrayBufferView): number {
  if (view instanceof Buffer) return NODE_BUFFER;
  return viewClasses.findIndex((View) => view instanceof View);
}
