/** MPI datatypes: those of typed-array elements, and those that are made from them. */
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import { command, raw, SEND_ADDRESS } from './command.ts';
import { predefined } from './environment.ts';
import { classError } from './errors.ts';
import { debugging, track, untrack } from './leaks.ts';
import {
  type PackFormOptions,
  type PackMemory,
  type PackOptions,
  pack,
  packSize,
  unpack,
} from './packing.ts';
import { addressOfTexts, checkText, readTexts } from './text.ts';
import {
  type DarrayDistribution,
  makeContiguous,
  makeDarray,
  makeHindexedBlock,
  makeIndexed,
  makeIndexedBlock,
  makeResized,
  makeStruct,
  makeSubarray,
  makeType,
  makeVector,
  type OrderOptions,
  type TypeEnvelope,
  typeContents,
  typeEnvelope,
  typeExtents,
} from './typeConstructors.ts';

/** What a datatype was made of: the arguments of its constructor. */
export interface TypeContents {
  /** Constructor, as in {@link TypeEnvelope}. */
  readonly combiner: string;
  /** In the order of the standard (section 4.1.13). */
  readonly integers: readonly number[];
  readonly addresses: readonly number[];
  readonly datatypes: readonly Datatype[];
}

/** Kinds of numbers in Fortran, for {@link Datatype.matchSize}. */
export type TypeClass = 'integer' | 'real' | 'complex';

const typeClasses: readonly string[] = ['integer', 'real', 'complex'];

/**
 * An MPI datatype. Those that are made from others may be used in any buffer,
 * `{ data, offset, count, datatype }`; free them, or declare them with `using`.
 *
 * @example
 * using column = MPI.DOUBLE.vector(rows, 1, columns);
 * comm.send({ data: matrix, offset: 3, count: 1, datatype: column }, dest);
 */
export class Datatype {
  /** Name in the MPI standard without the prefix, such as `DOUBLE`. */
  readonly name: string;
  /** Bytes of one element (`MPI_Type_size`). */
  readonly size: number;
  /** Bytes from an element's origin to where it begins (`MPI_Type_get_extent`). */
  readonly lb: number;
  /** Bytes from one element to the next. */
  readonly extent: number;
  /** Bytes from an element's origin to its first byte (`MPI_Type_get_true_extent`). */
  readonly trueLb: number;
  /** Bytes from an element's first byte to its last. */
  readonly trueExtent: number;
  /** The addon's handle; 0 when it was freed. @internal */
  handle: number;
  readonly #derived: boolean;

  /**
   * @param size of a predefined datatype; otherwise MPI is asked
   * @param isPredefined default: when it has a size
   * @internal
   */
  constructor(
    name: string,
    size: number | undefined,
    handle: number,
    isPredefined = size !== undefined,
  ) {
    this.name = name;
    this.handle = handle;
    this.#derived = !isPredefined;
    if (debugging && this.#derived) track('datatype', handle);
    const extents = size === undefined ? typeExtents(handle) : [0, size, 0, size, size];
    [this.lb, this.extent, this.trueLb, this.trueExtent, this.size] = extents;
  }

  /** Whether it was freed. */
  get isNull(): boolean {
    return this.handle === 0;
  }

  /** Bytes from an element's origin to where the next one begins. */
  get ub(): number {
    return this.lb + this.extent;
  }

  /** Whether it is one of MPI's own, which cannot be freed. */
  get isPredefined(): boolean {
    return !this.#derived;
  }

  /**
   * The name by which MPI knows it, for debuggers and profilers (`MPI_Type_get_name`,
   * `MPI_Type_set_name`).
   */
  get mpiName(): string {
    return readTexts(() => {
      makeType('MPI_Type_get_name', raw.typeGetName, this.handle);
    })[0];
  }

  set mpiName(name: string) {
    checkText('mpiName', name);
    command[SEND_ADDRESS] = addressOfTexts(name);
    makeType('MPI_Type_set_name', raw.typeSetName, this.handle);
  }

  /** How it was made (`MPI_Type_get_envelope`). */
  get envelope(): TypeEnvelope {
    return typeEnvelope(this.handle);
  }

  /**
   * Returns what it was made of (`MPI_Type_get_contents`). The datatypes are new objects; free those
   * that are not predefined.
   * @throws {@link MPIError} `MPI_ERR_TYPE` when it is a predefined one, or was freed
   */
  getContents(): TypeContents {
    const { combiner, integers, addresses, handles } = typeContents(this.handle);
    const datatypes = handles.map((handle) => ofHandle(Math.abs(handle), handle > 0));
    return { combiner, integers, addresses, datatypes };
  }

  /** Returns the datatype of `count` elements, one after the other (`MPI_Type_contiguous`). */
  contiguous(count: number): Datatype {
    return derived('contiguous', makeContiguous(this.handle, count));
  }

  /**
   * Returns the datatype of equal blocks (`MPI_Type_vector`).
   * @param count number of blocks
   * @param blocklength elements of a block
   * @param stride elements from the beginning of a block to that of the next
   */
  vector(count: number, blocklength: number, stride: number): Datatype {
    return derived('vector', makeVector(this.handle, count, blocklength, stride, false));
  }

  /** {@link Datatype.vector} with the stride in bytes (`MPI_Type_create_hvector`). */
  hvector(count: number, blocklength: number, stride: number): Datatype {
    return derived('hvector', makeVector(this.handle, count, blocklength, stride, true));
  }

  /**
   * Returns the datatype of blocks of different lengths (`MPI_Type_indexed`).
   * @param displacements where each begins, in elements
   */
  indexed(blocklengths: readonly number[], displacements: readonly number[]): Datatype {
    return derived('indexed', makeIndexed(this.handle, blocklengths, displacements, false));
  }

  /** {@link Datatype.indexed} with displacements in bytes (`MPI_Type_create_hindexed`). */
  hindexed(blocklengths: readonly number[], displacements: readonly number[]): Datatype {
    return derived('hindexed', makeIndexed(this.handle, blocklengths, displacements, true));
  }

  /** {@link Datatype.indexed} with blocks of one length (`MPI_Type_create_indexed_block`). */
  indexedBlock(blocklength: number, displacements: readonly number[]): Datatype {
    return derived('indexedBlock', makeIndexedBlock(this.handle, blocklength, displacements));
  }

  /**
   * {@link Datatype.indexedBlock} with displacements in bytes (`MPI_Type_create_hindexed_block`).
   */
  hindexedBlock(blocklength: number, displacements: readonly number[]): Datatype {
    const { handle } = this;
    return derived('hindexedBlock', makeHindexedBlock(handle, blocklength, displacements));
  }

  /**
   * Returns the datatype of a box out of an array (`MPI_Type_create_subarray`); its extent is that of
   * the array.
   * @param sizes of the array
   * @param subsizes of the box, each at least 1
   * @param starts where the box begins
   */
  subarray(
    sizes: readonly number[],
    subsizes: readonly number[],
    starts: readonly number[],
    options?: OrderOptions,
  ): Datatype {
    return derived('subarray', makeSubarray(this.handle, sizes, subsizes, starts, options));
  }

  /**
   * Returns the datatype of what a rank holds of a distributed array (`MPI_Type_create_darray`); its
   * extent is that of the whole array.
   * @param size number of processes
   * @param gsizes of the array
   * @param distribs of each dimension
   * @param dargs block sizes; undefined for the default
   * @param psizes of the grid of processes, in C order
   */
  darray(
    size: number,
    rank: number,
    gsizes: readonly number[],
    distribs: readonly DarrayDistribution[],
    dargs: readonly (number | undefined)[],
    psizes: readonly number[],
    options?: OrderOptions,
  ): Datatype {
    const handle = this.handle;
    return derived(
      'darray',
      makeDarray(handle, size, rank, gsizes, distribs, dargs, psizes, options),
    );
  }

  /**
   * Returns the datatype of a record (`MPI_Type_create_struct`).
   * @param displacements where each field begins, in bytes
   */
  static struct(
    blocklengths: readonly number[],
    displacements: readonly number[],
    datatypes: readonly Datatype[],
  ): Datatype {
    const handles = datatypes.map((type, k) => {
      if (type instanceof Datatype) return type.handle;
      throw new ArgumentTypeError(`datatypes[${k}]`, 'an MPI.Datatype', type);
    });
    return derived('struct', makeStruct(blocklengths, displacements, handles));
  }

  /**
   * Returns the datatype of Fortran's integers of so many decimal digits
   * (`MPI_Type_create_f90_integer`). As the next two, a predefined one.
   * @throws {@link MPIError} when Fortran has none
   */
  static f90Integer(digits: number): Datatype {
    checkInteger('digits', digits, 0, 2 ** 31 - 1);
    return fortran90('MPI_Type_create_f90_integer', 0, digits, undefined);
  }

  /**
   * Returns the datatype of Fortran's reals of so many decimal digits and so large a decimal exponent
   * (`MPI_Type_create_f90_real`).
   * @param digits null where it does not matter, as for `exponent`; not both
   */
  static f90Real(digits: number | null, exponent: number | null = null): Datatype {
    return fortran90('MPI_Type_create_f90_real', 1, digits, exponent);
  }

  /** The same for complex numbers (`MPI_Type_create_f90_complex`). */
  static f90Complex(digits: number | null, exponent: number | null = null): Datatype {
    return fortran90('MPI_Type_create_f90_complex', 2, digits, exponent);
  }

  /**
   * Returns the datatype of Fortran's numbers of a size (`MPI_Type_match_size`).
   * @param bytes of a number
   * @throws {@link MPIError} `MPI_ERR_ARG` when Fortran has none
   */
  static matchSize(typeClass: TypeClass, bytes: number): Datatype {
    const index = typeClasses.indexOf(typeClass);
    if (index < 0) {
      throw new ArgumentRangeError('typeClass', "'integer', 'real' or 'complex'", typeClass);
    }
    checkInteger('bytes', bytes, 1, 2 ** 31 - 1);
    return ofHandle(makeType('MPI_Type_match_size', raw.typeMatchSize, -1, index, bytes), true);
  }

  /**
   * Returns the datatype that another library of this process knows by a Fortran number
   * (`MPI_Type_f2c`). It still belongs to that library, and is not freed here.
   * @throws {@link MPIError} `MPI_ERR_TYPE` when the number is none of a datatype
   */
  static fromFortran(number: number): Datatype {
    checkInteger('number', number, -(2 ** 31), 2 ** 31 - 1);
    return ofHandle(makeType('MPI_Type_f2c', raw.typeFromFortran, -1, number), true);
  }

  /** Returns the number that Fortran knows the datatype by (`MPI_Type_c2f`). */
  toFortran(): number {
    return makeType('MPI_Type_c2f', raw.typeToFortran, this.handle);
  }

  /** Returns the same elements at another distance, in bytes (`MPI_Type_create_resized`). */
  resized(lb: number, extent: number): Datatype {
    return derived('resized', makeResized(this.handle, lb, extent));
  }

  /** Returns a copy that is freed by itself (`MPI_Type_dup`). */
  dup(): Datatype {
    return derived(this.name, makeType('MPI_Type_dup', raw.typeDup, this.handle));
  }

  /** Returns how many bytes `count` packed elements take at most (`MPI_Pack_size`). */
  packSize(count: number, options?: PackFormOptions): number {
    return packSize(this, count, options);
  }

  /**
   * Packs elements into bytes and returns the position behind them (`MPI_Pack`,
   * `MPI_Pack_external`).
   */
  pack(inbuf: PackMemory, packed: Uint8Array, options?: PackOptions): number {
    return pack(this, inbuf, packed, options);
  }

  /** The other way (`MPI_Unpack`, `MPI_Unpack_external`). */
  unpack(packed: Uint8Array, outbuf: PackMemory, options?: PackOptions): number {
    return unpack(this, packed, outbuf, options);
  }

  /**
   * Gives the datatype back (`MPI_Type_free`); what is under way with it still arrives. Freeing it
   * twice does nothing.
   * @throws {@link MPIError} `MPI_ERR_TYPE` when it is a predefined one
   */
  free(): void {
    if (this.handle === 0) return;
    if (!this.#derived) throw classError('MPI_Type_free', 'MPI_ERR_TYPE', `${this} is predefined`);
    makeType('MPI_Type_free', raw.typeFree, this.handle);
    if (debugging) untrack(this.handle);
    this.handle = 0;
  }

  /** {@link Datatype.free}, for `using`. */
  [Symbol.dispose](): void {
    this.free();
  }

  toString(): string {
    return this.#derived ? `MPI.Datatype(${this.name})` : `MPI.${this.name}`;
  }
}

function derived(name: string, handle: number): Datatype {
  return new Datatype(name, undefined, handle);
}

/** Predefined datatypes by the addon's handle. */
const byHandle = new Map<number, Datatype>();

/**
 * The predefined datatype of a name.
 * @param size of C's; of others MPI is asked
 * @internal
 */
export function basic(name: string, size?: number): Datatype {
  const datatype = new Datatype(name, size, predefined[name], true);
  if (!byHandle.has(datatype.handle)) byHandle.set(datatype.handle, datatype);
  return datatype;
}

/** The datatype of a handle that MPI has given; a predefined one is known, or has no name here. */
function ofHandle(handle: number, isPredefined: boolean): Datatype {
  const { combiner } = typeEnvelope(handle);
  if (!isPredefined) return new Datatype(combiner, undefined, handle);
  return byHandle.get(handle) ?? new Datatype(combiner, undefined, handle, true);
}

function fortran90(
  call: string,
  kind: number,
  digits: number | null,
  exponent: number | null | undefined,
): Datatype {
  for (const [name, value] of Object.entries({ digits, exponent: exponent ?? null })) {
    if (value !== null) checkInteger(name, value, 0, 2 ** 31 - 1);
  }
  const handle = makeType(call, raw.typeFortran90, -1, kind, digits ?? -1, exponent ?? -1);
  return ofHandle(handle, true);
}
