/** Attributes of groups and datasets: small values with names. */
import { allocate, type Dtype, parseDtype } from '../../dtype/dtype.ts';
import { isScalar, type Scalar, scalarAs } from '../../dtype/scalar.ts';
import { ArgumentRangeError, ArgumentTypeError, DistArrayError } from '../../errors.ts';
import { copyTo } from '../../kernels/copy.ts';
import { newResult, sizeOfShape, viewOf } from '../../kernels/stridedView.ts';
import { type ArrayInput, readArrayInput } from '../../local/arrayInput.ts';
import { readElement, writeElement } from '../../local/elementAccess.ts';
import { type LocalNdArray, ndarrayOfView } from '../../local/localNdArray.ts';
import { checkShape } from '../../maps/shape.ts';
import { bytesOf } from '../byteOrder.ts';
import { type Connection, raw } from './connection.ts';

/** Texts in an array of arrays, one level a dimension. */
export type NestedText = string | readonly NestedText[];

/** What an attribute can be given. */
export type AttributeInput = string | readonly NestedText[] | ArrayInput;

/**
 * What an attribute holds: one value (64-bit integers are bigints, complex numbers `{ re, im }`), an ndarray, a text,
 * or texts in arrays; null when it is empty (`h5py.Empty`).
 */
export type AttributeValue = Scalar | LocalNdArray<Dtype> | NestedText | null;

/** Options of {@link Attributes.set}. */
export interface SetAttributeOptions {
  /** Of numbers; default: that of the value, and of JavaScript numbers `float64`, bigints `int64`, booleans `bool`. */
  readonly dtype?: Dtype;
  /**
   * How texts are stored: in as many bytes as the longest needs (`fixed`, the default), or each in its own (`variable`).
   * In h5py the former are bytes, the latter `str`.
   */
  readonly texts?: 'fixed' | 'variable';
}

/** Most bytes of an attribute in HDF5's default format. */
const MOST_BYTES = 64_000;

/**
 * The attributes of a group or dataset (`h5py.AttributeManager`).
 *
 * @remarks `set` and `delete` are collective, with the same arguments; looking something up is not.
 */
export class Attributes {
  readonly #connection: Connection;
  readonly #path: string;

  /** @internal */
  constructor(connection: Connection, path: string) {
    this.#connection = connection;
    this.#path = path;
  }

  /** Returns the names of the attributes, in alphabetical order. */
  keys(): string[] {
    return this.#ask((file) => raw.attributesOf(file, this.#path));
  }

  /** Returns names and values, in alphabetical order. @throws {@link DistArrayError} as {@link Attributes.get} does */
  entries(): [name: string, value: AttributeValue][] {
    return this.keys().map((name) => [name, this.get(name)]);
  }

  /** Returns whether there is an attribute of this name. */
  has(name: string): boolean {
    checkName(name);
    return this.#ask((file) => raw.hasAttribute(file, this.#path, name));
  }

  /**
   * Returns the value of an attribute.
   *
   * @throws {@link DistArrayError} `ERR_HDF5_KEY` when there is none, `ERR_HDF5_DTYPE` when its value is neither of a
   * dtype nor text
   */
  get(name: string): AttributeValue {
    this.#checkPresent(name);
    return this.#ask((file) => {
      const { shape, dtype } = raw.describeAttribute(file, this.#path, name);
      if (shape === null) return null;
      if (dtype === 'text') return nestedTexts(raw.readTexts(file, this.#path, name), shape);
      if (dtype === '') throw unknownType(this.#path, name);
      return this.#read(file, name, shape, parseDtype(dtype));
    });
  }

  /**
   * Gives an attribute a value; one of that name is replaced.
   *
   *     dataset.attrs.set('units', 'm/s');
   *     dataset.attrs.set('origin', new Float32Array([0, 0.5]));
   *     dataset.attrs.set('step', 3, { dtype: 'int32' });
   *
   * @param value - a number, bigint, boolean, `{ re, im }`, text, nested arrays of these, a typed array,
   * `{ data, shape }` or an ndarray; at most 64 000 bytes
   * @remarks Collective.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} on every process alike
   */
  set(name: string, value: AttributeInput, options: SetAttributeOptions = {}): void {
    let write: (file: number) => void = () => {};
    let text = '';
    const connection = this.#connection;
    connection.perform(this.#path, () => {
      connection.checkWritable();
      checkName(name);
      [text, write] = isText(value)
        ? this.#writingTexts(name, value, options)
        : this.#writing(name, value, options);
    });
    connection.change(this.#path, { name, value: text }, () => text.length, write);
  }

  /**
   * Deletes an attribute.
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike: `ERR_HDF5_KEY` when there is none
   */
  delete(name: string): void {
    this.#connection.change(
      this.#path,
      { name: String(name) },
      () => void this.#checkPresent(name),
      (file) => raw.deleteAttribute(file, this.#path, name),
    );
  }

  #read(file: number, name: string, shape: readonly number[], dtype: Dtype): AttributeValue {
    const data = allocate(dtype, sizeOfShape(shape));
    raw.readAttribute(file, this.#path, name, dtype, data);
    if (shape.length === 0) return readElement(data, dtype, 0);
    return ndarrayOfView(viewOf(data, dtype, shape)) as unknown as LocalNdArray<Dtype>;
  }

  #writing(
    name: string,
    value: ArrayInput,
    { dtype }: SetAttributeOptions,
  ): [text: string, write: (file: number) => void] {
    if (dtype !== undefined) parseDtype(dtype, 'options.dtype');
    const source = readArrayInput(value, isScalar(value) ? undefined : dtype, 'value');
    const stored = dtype ?? source.dtype;
    checkShape(source.shape, 'value');
    const elements = newResult(stored, source.shape);
    if (isScalar(value)) writeElement(elements.data, stored, 0, scalarAs(value, stored, 'value'));
    else copyTo(elements, source);
    checkBytes(elements.data.byteLength);
    const bytes = Buffer.from(bytesOf(elements.data)).toString('base64');
    return [
      `${stored} ${source.shape} ${bytes}`,
      (file) => raw.writeAttribute(file, this.#path, name, stored, source.shape, elements.data),
    ];
  }

  #writingTexts(
    name: string,
    value: NestedText,
    { texts = 'fixed' }: SetAttributeOptions,
  ): [text: string, write: (file: number) => void] {
    if (texts !== 'fixed' && texts !== 'variable') {
      throw new ArgumentRangeError('options.texts', "'fixed' or 'variable'", texts);
    }
    const { shape, flat } = flatTexts(value);
    const encoder = new TextEncoder();
    const lengths = flat.map((text) => encoder.encode(text).length);
    // A text of fixed length has at least one byte.
    const length = texts === 'variable' ? 0 : Math.max(1, ...lengths);
    checkBytes(length * flat.length);
    return [
      JSON.stringify([shape, flat, length]),
      (file) => raw.writeTexts(file, this.#path, name, shape, flat, length),
    ];
  }

  #checkPresent(name: string): void {
    if (this.has(name)) return;
    const message = `'${this.#path}' in '${this.#connection.name}' has no attribute '${name}'`;
    throw new DistArrayError('ERR_HDF5_KEY', message);
  }

  #ask<T>(question: (file: number) => T): T {
    return this.#connection.ask(this.#path, question);
  }
}

function checkName(name: unknown): void {
  if (typeof name !== 'string') throw new ArgumentTypeError('name', 'a string', name);
  if (name === '' || name.includes('\0')) {
    throw new ArgumentRangeError('name', 'the name of an attribute', name);
  }
}

function checkBytes(bytes: number): void {
  if (bytes <= MOST_BYTES) return;
  const expected = `at most ${MOST_BYTES} bytes (a dataset can hold more)`;
  throw new ArgumentRangeError('value', expected, bytes);
}

function unknownType(path: string, name: string): DistArrayError {
  const message = `The attribute '${name}' of '${path}' is of a type that no dtype holds`;
  return new DistArrayError('ERR_HDF5_DTYPE', message);
}

/** Whether a value is a text, or texts in arrays. */
function isText(value: AttributeInput): value is NestedText {
  let first: unknown = value;
  while (Array.isArray(first)) first = first[0];
  return typeof first === 'string';
}

function flatTexts(value: NestedText): { readonly shape: number[]; readonly flat: string[] } {
  const shape: number[] = [];
  for (let level: NestedText = value; typeof level !== 'string'; level = level[0]) {
    shape.push(level.length);
  }
  const flat: string[] = [];
  const collect = (one: NestedText, depth: number): void => {
    const fits = depth === shape.length ? typeof one === 'string' : one.length === shape[depth];
    if (!fits || (typeof one === 'string' && depth < shape.length)) {
      throw new ArgumentTypeError('value', 'texts in arrays of equal length', one);
    }
    if (typeof one !== 'string') for (const inner of one) collect(inner, depth + 1);
    else if (!one.includes('\0')) flat.push(one);
    else throw new ArgumentRangeError('value', 'text without NUL characters', one);
  };
  collect(value, 0);
  return { shape, flat };
}

function nestedTexts(flat: readonly string[], shape: readonly number[]): NestedText {
  if (shape.length === 0) return flat[0];
  const [count, ...inner] = shape;
  const size = sizeOfShape(inner);
  return Array.from({ length: count }, (_, k) =>
    nestedTexts(flat.slice(k * size, (k + 1) * size), inner),
  );
}
