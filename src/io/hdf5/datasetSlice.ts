/** What a slice takes of a dataset. */
import { canCast } from '../../dtype/promotion.ts';
import { isScalar } from '../../dtype/scalar.ts';
import { ArgumentRangeError, ArgumentTypeError, DistArrayError } from '../../errors.ts';
import { sameShape } from '../../kernels/stridedView.ts';
import type { ArrayInput } from '../../local/arrayInput.ts';
import { LocalArray } from '../../local/localArray.ts';
import type { Distribution } from '../../maps/distribution.ts';
import { resolveSlice } from '../../maps/resolveSlice.ts';
import { parseSlice, type SliceSpec, showSlice } from '../../maps/sliceSpec.ts';
import { checkSame } from '../../mpi/agreement.ts';
import { checkOptions } from '../fileArguments.ts';
import { slabs } from '../slabs.ts';
import {
  type ArrayKind,
  copyOnEach,
  distributionFor,
  type SpreadOptions,
  targetText,
} from './arrayKind.ts';
import { type Connection, raw } from './connection.ts';
import { checkDataset } from './objects.ts';
import { type Selected, shapeOf } from './selection.ts';
import {
  checkTransfer,
  readElements,
  storedDtype,
  type TransferMode,
  writeElements,
} from './transfer.ts';

/** Options of reading. */
export interface ReadOptions {
  /**
   * How elements are transferred. `collective` (the default) lets MPI-IO bring together what the processes read;
   * with `independent` each reads on its own.
   */
  readonly transfer?: TransferMode;
}

/** Options of writing. */
export interface WriteOptions {
  /** As in {@link ReadOptions}. Datasets with filters (compression) are written collectively in any case. */
  readonly transfer?: TransferMode;
}

/**
 * What a slice takes of a dataset: nothing is transferred before `read` or `write`.
 * @typeParam A - what arrays are: local arrays, or those of a context
 */
export class DatasetSlice<A = LocalArray> {
  /** Number of elements along each axis; indices of the slice drop theirs. */
  readonly shape: readonly number[];
  readonly #connection: Connection;
  readonly #path: string;
  readonly #arrays: ArrayKind<A>;
  readonly #selected: Selected;
  /** Of the dataset when the slice was made: what it takes would be something else in another one. */
  readonly #extents: readonly number[];
  readonly #text: string;

  /** @internal */
  constructor(
    connection: Connection,
    path: string,
    arrays: ArrayKind<A>,
    extents: readonly number[],
    spec: SliceSpec,
  ) {
    this.#connection = connection;
    this.#path = path;
    this.#arrays = arrays;
    this.#extents = extents;
    this.#selected = resolveSlice(spec, extents).map((item) => {
      if (item.kind !== 'newaxis') return item;
      throw new ArgumentRangeError('slice', 'no new axes', spec);
    });
    this.#text = showSlice(typeof spec === 'string' ? parseSlice(spec) : spec);
    this.shape = shapeOf(this.#selected);
  }

  /**
   * Reads it.
   *
   * @param target - distribution of the result, or how to distribute it: `{ dist, gridShape, targets, … }`; by default
   * in blocks along the first axis
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike: `ERR_HDF5_KEY`, `ERR_HDF5_SHAPE`, `ERR_HDF5_DTYPE`, `ERR_HDF5`
   */
  read(target: Distribution | (SpreadOptions & ReadOptions) = {}, options: ReadOptions = {}): A {
    const connection = this.#connection;
    const { comm, traffic } = this.#arrays;
    const [distribution, transfer] = connection.perform(this.#path, (file) => {
      checkOptions(options);
      checkOptions(target, 'target');
      const { transfer: other, ...spread } = target as SpreadOptions & ReadOptions;
      const wanted = options.transfer ?? other;
      checkTransfer(wanted);
      this.#checkExtents(file);
      const what = `'${this.#path}' [${this.#text}] in '${connection.name}'`;
      const plain = 'maps' in target ? (target as Distribution) : spread;
      return [distributionFor(this.#arrays, this.shape, plain, what), wanted] as const;
    });
    checkSame(comm, {
      name: this.#path,
      slice: this.#text,
      target: targetText(distribution),
      'options.transfer': String(transfer),
    });
    const local = readElements(connection, this.#path, distribution, this.#selected, {
      transfer,
      traffic,
    });
    return this.#arrays.fromLocal(local);
  }

  /**
   * Writes it.
   *
   * @param value - an array of the same shape, or data that all processes have; a number goes to every element. What
   * is of another dtype is cast, if NumPy's rule `sameKind` allows it.
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike, before anything is written
   */
  write(value: A | ArrayInput, options: WriteOptions = {}): void {
    const connection = this.#connection;
    const { comm, traffic } = this.#arrays;
    const local = connection.perform(this.#path, (file) => {
      checkOptions(options);
      checkTransfer(options.transfer);
      connection.checkWritable();
      this.#checkExtents(file);
      return this.#sourceOf(value, file);
    });
    checkSame(comm, {
      name: this.#path,
      slice: this.#text,
      dtype: local.dtype,
      distribution: String(local.distribution),
      'options.transfer': String(options.transfer),
    });
    writeElements(connection, this.#path, local, this.#selected, { ...options, traffic });
  }

  toString(): string {
    return `Slice [${this.#text}] of '${this.#path}', of shape [${this.shape.join(', ')}]`;
  }

  #checkExtents(file: number): void {
    checkDataset(this.#connection, file, this.#path);
    const { shape } = raw.describeDataset(file, this.#path);
    if (sameShape(shape, this.#extents)) return;
    throw new DistArrayError(
      'ERR_HDF5_SHAPE',
      `'${this.#path}' in '${this.#connection.name}' has the shape [${shape.join(', ')}] now; the slice ` +
        `[${this.#text}] was made when it had [${this.#extents.join(', ')}]`,
    );
  }

  #sourceOf(value: A | ArrayInput, file: number): LocalArray {
    const { comm } = this.#arrays;
    const { shape } = this;
    const info = raw.describeDataset(file, this.#path);
    const dtype = storedDtype(this.#connection, this.#path, info);
    if (isScalar(value)) {
      return new LocalArray(slabs(shape, comm.size), { comm, dtype }).fill(value);
    }
    const local = this.#arrays.isArray(value)
      ? this.#arrays.toLocal(value)
      : copyOnEach(value as ArrayInput, comm, dtype);
    if (!sameShape(local.globalShape, shape)) {
      const expected = `an array of shape [${shape.join(', ')}]`;
      throw new ArgumentRangeError('value', expected, [...local.globalShape]);
    }
    if (canCast(local.dtype, dtype, 'sameKind')) return local;
    const expected = `what can be cast to ${dtype} ('sameKind')`;
    throw new ArgumentTypeError('value', expected, local.dtype);
  }
}
