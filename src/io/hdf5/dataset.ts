/** Datasets of HDF5 files, and slices of them. */
import { allocate, type Dtype, parseDtype, type TypedArray } from '../../dtype/dtype.ts';
import type { Scalar } from '../../dtype/scalar.ts';
import { ArgumentRangeError, checkInteger } from '../../errors.ts';
import type { ArrayInput } from '../../local/arrayInput.ts';
import { readElement } from '../../local/elementAccess.ts';
import type { LocalArray } from '../../local/localArray.ts';
import type { Distribution } from '../../maps/distribution.ts';
import { checkShape } from '../../maps/shape.ts';
import type { SliceSpec } from '../../maps/sliceSpec.ts';
import type { RawDatasetInfo } from '../../rawHdf5.ts';
import type { ArrayKind, SpreadOptions } from './arrayKind.ts';
import { Attributes } from './attributes.ts';
import { storageBytes } from './chunks.ts';
import { type Connection, raw } from './connection.ts';
import { DatasetSlice, type ReadOptions, type WriteOptions } from './datasetSlice.ts';
import { type Hyperslab, readHyperslab, writeHyperslab } from './hyperslab.ts';
import { checkDataset } from './objects.ts';
import { checkParallelWrite } from './parallelWrites.ts';

/**
 * An array in an HDF5 file (`h5py.Dataset`), found again by its path each time it is used.
 *
 * @remarks What looks local is: `shape`, `dtype`, … ask the file, without the other processes. `read`, `write`,
 * `resize` and `append` are collective.
 * @typeParam A - what arrays are: local arrays, or those of a context
 */
export class Dataset<A = LocalArray> {
  /** Path from the root of the file: `/group/data`. */
  readonly name: string;
  readonly #connection: Connection;
  readonly #arrays: ArrayKind<A>;

  /** @internal */
  constructor(connection: Connection, name: string, arrays: ArrayKind<A>) {
    this.name = name;
    this.#connection = connection;
    this.#arrays = arrays;
  }

  /** Number of elements along each axis. */
  get shape(): readonly number[] {
    return this.#info.shape;
  }

  /** Number of dimensions. */
  get ndim(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return this.shape.reduce((product, extent) => product * extent, 1);
  }

  /** What its elements are in memory; null when no dtype holds them (texts, records, …). */
  get dtype(): Dtype | null {
    const { dtype } = this.#info;
    return dtype === '' ? null : parseDtype(dtype);
  }

  /** Largest extents that it can have; null along axes without a limit. */
  get maxshape(): readonly (number | null)[] {
    return this.#info.maxshape.map((limit) => (limit < 0 ? null : limit));
  }

  /** Extents of its pieces; null when it is in one. */
  get chunks(): readonly number[] | null {
    const { chunks } = this.#info;
    return chunks.length === 0 ? null : chunks;
  }

  /** `'gzip'`, or null. */
  get compression(): 'gzip' | null {
    return this.#info.deflate < 0 ? null : 'gzip';
  }

  /** Level of `'gzip'`; null without. */
  get compressionOpts(): number | null {
    const { deflate } = this.#info;
    return deflate < 0 ? null : deflate;
  }

  /** Whether bytes of equal weight are put together in each chunk. */
  get shuffle(): boolean {
    return this.#info.shuffle;
  }

  /** Bytes that its elements take in the file. */
  get storageSize(): number {
    return this.#info.storageSize;
  }

  /**
   * Bytes of the file before the elements, where they lie there in one piece, in C order, as in memory: for those who
   * read them by other means. Null where they do not.
   */
  get offset(): number | null {
    const { offset, isNative } = this.#info;
    return isNative && offset >= 0 ? offset : null;
  }

  /** What elements are that nobody has written; null when no dtype holds it. */
  get fillValue(): Scalar | null {
    const { dtype } = this;
    if (dtype === null) return null;
    const data = allocate(dtype, 1);
    this.#connection.ask(this.name, (file) => raw.fillValueOf(file, this.name, dtype, data));
    return readElement(data, dtype, 0);
  }

  /** Values with names that go with it. */
  get attrs(): Attributes {
    return new Attributes(this.#connection, this.name);
  }

  /**
   * Returns what a slice takes of it, to be read or written; nothing is transferred yet.
   *
   * @param spec - as between NumPy's brackets: `'0:10, ::2'`, `'3, ::-1'`, or its entries; no new axes
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
   */
  slice(spec: SliceSpec): DatasetSlice<A> {
    return new DatasetSlice(this.#connection, this.name, this.#arrays, this.shape, spec);
  }

  /**
   * Reads all of it.
   *
   * @param target - distribution of the result, or how to distribute it: `{ dist, gridShape, targets, … }`; by default
   * in blocks along the first axis
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike: `ERR_HDF5_KEY` when it is there no more, `ERR_HDF5_SHAPE`,
   * `ERR_HDF5_DTYPE`, `ERR_HDF5`
   */
  read(target?: Distribution | (SpreadOptions & ReadOptions), options?: ReadOptions): A {
    return this.#whole.read(target, options);
  }

  /**
   * Writes all of it.
   *
   * @param value - an array of the same shape, or data that all processes have; a number goes to every element. What
   * is of another dtype is cast, if NumPy's rule `sameKind` allows it.
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike
   */
  write(value: A | ArrayInput, options?: WriteOptions): void {
    this.#whole.write(value, options);
  }

  /**
   * Changes its extents (`h5py.Dataset.resize`): new elements have the fill value.
   *
   * @param shape - no larger than `maxshape`; with `axis`, the extent along that axis
   * @remarks Collective.
   * @throws {@link ArgumentRangeError} on every process alike when it cannot have them
   */
  resize(shape: readonly number[] | number, options: { readonly axis?: number } = {}): void {
    let wanted: readonly number[] = [];
    const check = () => {
      wanted = this.#resized(shape, options.axis);
      const { shape: present, chunks, itemsize } = this.#info;
      const bytes = (extents: readonly number[]) => storageBytes(extents, chunks, itemsize);
      return Math.max(0, bytes(wanted) - bytes(present));
    };
    const values = { shape: String(shape), axis: String(options?.axis) };
    this.#connection.change(this.name, values, check, (file) =>
      raw.resizeDataset(file, this.name, wanted),
    );
  }

  /**
   * Makes it longer along the first axis by the length of an array, and writes that there.
   *
   * @param array - of the same extents along the other axes
   * @remarks Collective.
   * @throws {@link ArgumentRangeError} on every process alike when it cannot grow so far, or the shapes do not fit
   */
  append(array: A, options?: WriteOptions): void {
    const connection = this.#connection;
    let begin = 0;
    let length = 0;
    connection.perform(this.name, () => {
      connection.checkWritable();
      const info = this.#info;
      const { shape } = info;
      const added = this.#arrays.toLocal(array).globalShape;
      const fits =
        shape.length > 0 &&
        added.length === shape.length &&
        shape.every((extent, axis) => axis === 0 || extent === added[axis]);
      if (!fits) {
        const expected = `an array of shape [n, ${shape.slice(1).join(', ')}]`;
        throw new ArgumentRangeError('array', expected, [...added]);
      }
      [begin, length] = [shape[0], added[0]];
      // Before it grows: what cannot be written must not leave it longer.
      if (length > 0) {
        checkParallelWrite(connection, this.name, info, shape.with(0, begin + length));
      }
    });
    if (length === 0) return;
    this.resize(begin + length, { axis: 0 });
    this.slice([{ start: begin }]).write(array, options);
  }

  /**
   * Reads a box of it on this process alone, or together with others that read theirs.
   *
   * @param slab - first index, extent and step along each axis (`H5Sselect_hyperslab`)
   * @returns the elements in C order, in `options.out` when it is given
   * @remarks Not collective, unless `options.transfer` says so: each process may read what it likes, when it likes.
   * @throws {@link DistArrayError} on this process alone
   */
  readHyperslab(
    slab: Hyperslab,
    options: { readonly transfer?: WriteOptions['transfer']; readonly out?: TypedArray } = {},
  ): TypedArray {
    return readHyperslab(this.#connection, this.name, slab, options);
  }

  /**
   * Writes a box of it from this process alone, or together with others that write theirs.
   *
   * @param slab - first index, extent and step along each axis
   * @param elements - in C order, of the dataset's dtype
   * @remarks Not collective, unless `options.transfer` says so. Datasets with filters can be written collectively only.
   * @throws {@link DistArrayError} on this process alone
   */
  writeHyperslab(slab: Hyperslab, elements: TypedArray, options: WriteOptions = {}): void {
    writeHyperslab(this.#connection, this.name, slab, elements, options);
  }

  toString(): string {
    const { dtype, shape } = this;
    return `Dataset '${this.name}' of shape [${shape.join(', ')}], ${dtype ?? 'no dtype'}`;
  }

  get #whole(): DatasetSlice<A> {
    return this.slice([]);
  }

  get #info(): RawDatasetInfo {
    return this.#connection.ask(this.name, (file) => {
      checkDataset(this.#connection, file, this.name);
      return raw.describeDataset(file, this.name);
    });
  }

  #resized(shape: readonly number[] | number, axis: number | undefined): readonly number[] {
    const { shape: present, maxshape, chunks } = this;
    let wanted: readonly number[];
    if (axis === undefined) wanted = checkShape(shape, 'shape');
    else {
      checkInteger('options.axis', axis, 0, present.length - 1);
      checkInteger('shape', shape, 0);
      wanted = present.map((extent, each) => (each === axis ? (shape as number) : extent));
    }
    const limits = maxshape.map((limit) => limit ?? 'any').join(', ');
    const fits =
      wanted.length === present.length &&
      wanted.every((extent, each) => extent <= (maxshape[each] ?? Number.POSITIVE_INFINITY));
    if (!fits) throw new ArgumentRangeError('shape', `extents up to [${limits}]`, shape);
    if (chunks === null && wanted.some((extent, each) => extent !== present[each])) {
      throw new ArgumentRangeError('shape', `[${present.join(', ')}] (it has no chunks)`, shape);
    }
    return wanted;
  }
}
