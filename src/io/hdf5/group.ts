/** Groups of HDF5 files: directories of datasets and other groups. */
import { DTYPES, type Dtype, parseDtype } from '../../dtype/dtype.ts';
import { canCast } from '../../dtype/promotion.ts';
import { assignedAs, isScalar } from '../../dtype/scalar.ts';
import { ArgumentRangeError, ArgumentTypeError, DistArrayError } from '../../errors.ts';
import { sameShape } from '../../kernels/stridedView.ts';
import type { ArrayInput } from '../../local/arrayInput.ts';
import type { LocalArray } from '../../local/localArray.ts';
import { checkShape } from '../../maps/shape.ts';
import { agree } from '../../mpi/agreement.ts';
import { checkOptions, optionNames } from '../../options.ts';
import { type ArrayKind, copyOnEach } from './arrayKind.ts';
import { Attributes } from './attributes.ts';
import { storageBytes } from './chunks.ts';
import { type Connection, raw, resolvePath } from './connection.ts';
import { Dataset } from './dataset.ts';
import { type DatasetSpec, fillTimeOfData, rawSpecOf, specText } from './datasetOptions.ts';
import type { WriteOptions } from './datasetSlice.ts';
import { checkAbsent, checkDataset, checkGroup, wrongKind } from './objects.ts';

/** Options of {@link Group.createDataset}: a shape, or data. */
export interface CreateDatasetOptions<A> extends Omit<DatasetSpec, 'shape'>, WriteOptions {
  /** Default: that of `data`. */
  readonly shape?: readonly number[];
  /** What is written to it: an array, or data that all processes have; a number goes to every element. */
  readonly data?: A | ArrayInput;
}

const STORAGE_OPTIONS = {
  shape: true,
  dtype: true,
  chunks: true,
  maxshape: true,
  compression: true,
  compressionOpts: true,
  shuffle: true,
  fillValue: true,
  fillTime: true,
} as const;
const REQUIRE_OPTIONS = optionNames<DatasetSpec>(STORAGE_OPTIONS);
const CREATE_OPTIONS = optionNames<CreateDatasetOptions<unknown>>({
  ...STORAGE_OPTIONS,
  data: true,
  transfer: true,
});

/**
 * A group of an HDF5 file (`h5py.Group`), found again by its path each time it is used.
 *
 * @remarks Names are paths: `data`, `group/data`, or from the root `/group/data`. What changes the file is collective;
 * looking something up is not.
 * @typeParam A - what arrays are: local arrays, or those of a context
 */
export class Group<A = LocalArray> {
  /** Path from the root of the file; `/` is the root. */
  readonly name: string;
  readonly #connection: Connection;
  readonly #arrays: ArrayKind<A>;

  /** @internal */
  constructor(connection: Connection, name: string, arrays: ArrayKind<A>) {
    this.name = name;
    this.#connection = connection;
    this.#arrays = arrays;
  }

  /** Values with names that go with the group. */
  get attrs(): Attributes {
    return new Attributes(this.#connection, this.name);
  }

  /** Returns the names of what is in the group, in alphabetical order. */
  keys(): string[] {
    return this.#connection.ask(this.name, (file) => {
      checkGroup(this.#connection, file, this.name);
      return raw.linksIn(file, this.name);
    });
  }

  /**
   * Returns name and object of what is in the group, in alphabetical order; null for links to nothing, and for what is
   * neither group nor dataset.
   */
  entries(): [name: string, object: Group<A> | Dataset<A> | null][] {
    return this.keys().map((name) => [name, this.#objectAt(this.#pathOf(`./${name}`))]);
  }

  /** Returns whether there is an object of this name; a link to nothing is none. */
  has(name: string): boolean {
    const path = this.#pathOf(name);
    const found = this.#connection.ask(path, (file) => raw.kindOf(file, path));
    return found !== '' && found !== 'dangling';
  }

  /**
   * Returns the group or dataset of this name.
   * @throws {@link DistArrayError} `ERR_HDF5_KEY` when there is none
   */
  get(name: string): Group<A> | Dataset<A> {
    const path = this.#pathOf(name);
    const object = this.#objectAt(path);
    if (object !== null) return object;
    const found = this.#connection.ask(path, (file) => raw.kindOf(file, path));
    throw wrongKind(this.#connection, path, found, 'group or dataset');
  }

  /** Returns the group of this name. @throws {@link DistArrayError} `ERR_HDF5_KEY` when there is none */
  group(name: string): Group<A> {
    const path = this.#pathOf(name);
    this.#connection.ask(path, (file) => checkGroup(this.#connection, file, path));
    return new Group(this.#connection, path, this.#arrays);
  }

  /** Returns the dataset of this name. @throws {@link DistArrayError} `ERR_HDF5_KEY` when there is none */
  dataset(name: string): Dataset<A> {
    const path = this.#pathOf(name);
    this.#connection.ask(path, (file) => checkDataset(this.#connection, file, path));
    return new Dataset(this.#connection, path, this.#arrays);
  }

  /**
   * Makes a group, and those on the way.
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike: `EEXIST` when there is something of this name
   */
  createGroup(name: string): Group<A> {
    const path = this.#newPath(name);
    this.#change(path, {}, (file) => raw.createGroup(file, path));
    return new Group(this.#connection, path, this.#arrays);
  }

  /**
   * Returns the group of this name, a new one when there is none.
   * @remarks Collective.
   */
  requireGroup(name: string): Group<A> {
    const path = this.#newPath(name);
    const found = this.#connection.perform(path, (file) => raw.kindOf(file, path));
    return found === 'group' ? this.group(name) : this.createGroup(name);
  }

  /**
   * Makes a dataset, and the groups on the way (`h5py.Group.create_dataset`).
   *
   *     file.createDataset('u', { data: array, compression: 'gzip', shuffle: true });
   *     file.createDataset('log', { shape: [0, 3], maxshape: [null, 3], dtype: 'int64' });
   *
   * @param options - `shape` or `data`; `dtype` (default that of `data`, or `float64`), `chunks`, `maxshape`,
   * `compression`, `shuffle`, `fillValue`, …
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike: `EEXIST` when there is something of this name
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for options that cannot be
   */
  createDataset(name: string, options: CreateDatasetOptions<A>): Dataset<A> {
    const path = this.#newPath(name);
    let data: LocalArray | null = null;
    let spec: DatasetSpec | null = null;
    const made = this.#connection.perform(path, () => {
      checkOptions(options, CREATE_OPTIONS, '{ shape: [100] }');
      data = this.#localOf(options.data, options.dtype);
      spec = specOf(options, data);
      return rawSpecOf(spec);
    });
    // What nobody writes to has no place on the disk.
    const isWritten = data !== null || made.filled;
    const { itemsize } = DTYPES[made.dtype as Dtype];
    const bytes = storageBytes(made.shape, made.chunks, itemsize);
    this.#change(
      path,
      { options: specText(spec!) },
      (file) => raw.createDataset(file, path, made),
      () => (isWritten ? bytes : 0),
    );
    if (!isWritten) this.#connection.leaveOut(bytes);
    const dataset = new Dataset(this.#connection, path, this.#arrays);
    const { data: value, transfer } = options;
    if (value !== undefined) dataset.write(value, { transfer });
    return dataset;
  }

  /**
   * Returns the dataset of this name, a new one when there is none.
   *
   * @param options - as for `createDataset`; of one that is there, shape and dtype must be these
   * @remarks Collective.
   * @throws {@link DistArrayError} `ERR_HDF5_SHAPE` or `ERR_HDF5_DTYPE` when it has others
   */
  requireDataset(name: string, options: DatasetSpec & { readonly dtype: Dtype }): Dataset<A> {
    const path = this.#newPath(name);
    const present = this.#connection.perform(path, (file) => {
      checkOptions(options, REQUIRE_OPTIONS, "{ shape: [100], dtype: 'float64' }");
      const dtype = parseDtype(options.dtype, 'options.dtype');
      const shape = checkShape(options.shape, 'options.shape');
      if (raw.kindOf(file, path) === '') return null;
      const dataset = this.dataset(name);
      if (!sameShape(dataset.shape, shape)) {
        const message = `${dataset} is not of shape [${shape.join(', ')}]`;
        throw new DistArrayError('ERR_HDF5_SHAPE', message);
      }
      if (dataset.dtype === dtype) return dataset;
      throw new DistArrayError('ERR_HDF5_DTYPE', `${dataset} is not of ${dtype}`);
    });
    return present ?? this.createDataset(name, options);
  }

  /**
   * Deletes the link of this name, and with the last link the object. The file does not become smaller.
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike: `ERR_HDF5_KEY` when there is no link
   */
  delete(name: string): void {
    const path = this.#newPath(name);
    this.#connection.change(
      path,
      {},
      () => void this.#checkLink(path),
      (file) => raw.deleteLink(file, path),
    );
  }

  /**
   * Makes a link to a path, where something may be or not (`h5py.SoftLink`).
   * @param target - path from the root, or from the group in which the link is
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike: `EEXIST` when there is something of this name
   */
  createSoftLink(name: string, target: string): void {
    const path = this.#newPath(name);
    const check = () => {
      if (typeof target !== 'string') throw new ArgumentTypeError('target', 'a string', target);
      if (target !== '' && !target.includes('\0')) return 0;
      throw new ArgumentRangeError('target', 'a path', target);
    };
    this.#change(path, { target }, (file) => raw.createSoftLink(file, target, path), check);
  }

  /**
   * Returns where the soft link of this name points to; null when it is no soft link.
   * @throws {@link DistArrayError} `ERR_HDF5_KEY` when there is no link
   */
  linkTarget(name: string): string | null {
    const path = this.#linkPath(name);
    this.#checkLink(path);
    const target = this.#connection.ask(path, (file) => raw.linkTarget(file, path));
    return target === '' ? null : target;
  }

  /**
   * Calls a function with the name of everything below, in alphabetical order, each object once; soft links are not
   * followed (`h5py.Group.visit`).
   *
   * @param visitor - ends the visit by returning something
   * @returns what that was
   */
  visit<R>(visitor: (name: string) => R | undefined): R | undefined {
    return this.visitItems((name) => visitor(name));
  }

  /** As `visit`; the function also gets the object (`h5py.Group.visititems`). */
  visitItems<R>(
    visitor: (name: string, object: Group<A> | Dataset<A>) => R | undefined,
  ): R | undefined {
    return this.#visit('', new Set([this.#identityOf(this.name)]), visitor);
  }

  toString(): string {
    return `Group '${this.name}'`;
  }

  #visit<R>(
    prefix: string,
    seen: Set<string>,
    visitor: (name: string, object: Group<A> | Dataset<A>) => R | undefined,
  ): R | undefined {
    for (const name of this.keys()) {
      const path = this.#pathOf(`./${name}`);
      if (this.linkTarget(`./${name}`) !== null) continue;
      const object = this.#objectAt(path);
      if (object === null) continue;
      const identity = this.#identityOf(path);
      if (seen.has(identity)) continue;
      seen.add(identity);
      const answer =
        visitor(prefix + name, object) ??
        (object instanceof Group ? object.#visit(`${prefix}${name}/`, seen, visitor) : undefined);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  #identityOf(path: string): string {
    return this.#connection.ask(path, (file) => raw.identityOf(file, path));
  }

  #objectAt(path: string): Group<A> | Dataset<A> | null {
    const found = this.#connection.ask(path, (file) => raw.kindOf(file, path));
    if (found === 'group') return new Group(this.#connection, path, this.#arrays);
    return found === 'dataset' ? new Dataset(this.#connection, path, this.#arrays) : null;
  }

  #checkLink(path: string): void {
    const found = this.#connection.ask(path, (file) => raw.kindOf(file, path));
    if (found === '') throw wrongKind(this.#connection, path, found, 'link');
  }

  #pathOf(name: string): string {
    return resolvePath(this.name, name);
  }

  /** The path of a link, which the root is not. Agreed on: what comes next is collective. */
  #newPath(name: string): string {
    return agree(this.#connection.comm, () => this.#linkPath(name));
  }

  #linkPath(name: string): string {
    const path = this.#pathOf(name);
    if (path !== '/') return path;
    throw new ArgumentRangeError('name', 'the name of an object in the file', name);
  }

  #localOf(data: A | ArrayInput | undefined, dtype?: Dtype): LocalArray | null {
    if (data === undefined) return null;
    if (this.#arrays.isArray(data)) return this.#arrays.toLocal(data);
    return copyOnEach(data as ArrayInput, this.#connection.comm, dtype);
  }

  /** Makes something at a path where nothing is. */
  #change(
    path: string,
    values: Readonly<Record<string, string>>,
    step: (file: number) => void,
    check: () => number | undefined = () => 0,
  ): void {
    const connection = this.#connection;
    connection.change(
      path,
      values,
      () => {
        const bytes = check();
        connection.ask(path, (file) => checkAbsent(connection, file, path));
        return bytes;
      },
      step,
    );
  }
}

function specOf<A>(options: CreateDatasetOptions<A>, data: LocalArray | null): DatasetSpec {
  const { shape = data?.globalShape, dtype = data?.dtype, maxshape } = options;
  if (shape === undefined) {
    throw new ArgumentTypeError('options.shape', 'a shape, or options.data', shape);
  }
  checkShape(shape, 'options.shape');
  if (data !== null) checkData(data, options, shape);
  const fillTime = data === null ? 'alloc' : fillTimeOfData(shape, maxshape);
  return { ...options, shape, dtype, fillTime: options.fillTime ?? fillTime };
}

/** Checks that data can be written to a dataset, before it is made. */
function checkData<A>(
  data: LocalArray,
  { data: value, dtype }: CreateDatasetOptions<A>,
  shape: readonly number[],
): void {
  if (dtype !== undefined) parseDtype(dtype, 'options.dtype');
  if (isScalar(value)) {
    if (dtype !== undefined) assignedAs(value, dtype, 'options.data');
    return;
  }
  if (!sameShape(data.globalShape, shape)) {
    const expected = `an array of shape [${shape.join(', ')}] (options.shape)`;
    throw new ArgumentRangeError('options.data', expected, [...data.globalShape]);
  }
  if (dtype === undefined || canCast(data.dtype, dtype, 'sameKind')) return;
  throw new ArgumentTypeError(
    'options.data',
    `what can be cast to ${dtype} ('sameKind')`,
    data.dtype,
  );
}
