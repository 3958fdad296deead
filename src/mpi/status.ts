/** What came with a received message (`MPI_Status`). */
import { ArgumentTypeError } from '../errors.ts';
import * as commandBlock from './command.ts';
import type { Datatype } from './datatype.ts';
import { commandError } from './errors.ts';
import { typeExtents } from './typeConstructors.ts';

// Constants of this module are folded into the compiled code; imported ones are read on every use.
const {
  command,
  OUTPUT,
  raw,
  RESULT,
  SEND_TYPE,
  STATUS_BYTES,
  STATUS_COUNT,
  STATUS_SOURCE,
  STATUS_TAG,
} = commandBlock;

export class Status {
  /** Rank of the sender. */
  readonly source: number;
  readonly tag: number;
  /**
   * Number of elements of the receive buffer's datatype (`MPI_Get_count`); bytes for a probe; -1
   * when it is not a whole number.
   */
  readonly count: number;
  readonly #bytes: number;

  /** @internal */
  constructor(source: number, tag: number, count: number, bytes: number) {
    this.source = source;
    this.tag = tag;
    this.count = count;
    this.#bytes = bytes;
  }

  /** Bytes of what came. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Returns how many elements of a datatype came (`MPI_Get_count`); -1 when it is not a whole number.
   * For the status of a probe, say, which counts bytes.
   */
  getCount(datatype: Datatype): number {
    checkDatatype(datatype);
    const [, , , , size] = typeExtents(datatype.handle);
    if (size === 0) return this.bytes === 0 ? 0 : -1;
    return this.bytes % size === 0 ? this.bytes / size : -1;
  }

  /**
   * Returns how many elements of the predefined datatypes came that a datatype is made of
   * (`MPI_Get_elements`), also where the last of its own elements is not complete.
   */
  getElements(datatype: Datatype): number {
    checkDatatype(datatype);
    command[SEND_TYPE] = datatype.handle;
    command[STATUS_BYTES] = this.bytes;
    raw.statusElements();
    if (command[RESULT] !== 0) throw commandError('MPI_Get_elements');
    return command[OUTPUT];
  }
}

/** The status of the command that has just received. */
export function commandStatus(): Status {
  // Numbers that are int32 need no box.
  return new Status(
    command[STATUS_SOURCE] | 0,
    command[STATUS_TAG] | 0,
    smallOrNot(command[STATUS_COUNT]),
    smallOrNot(command[STATUS_BYTES]),
  );
}

function smallOrNot(count: number): number {
  return count === (count | 0) ? count | 0 : count;
}

function checkDatatype(datatype: Datatype): void {
  if (typeof datatype?.handle === 'number' && typeof datatype.trueExtent === 'number') return;
  throw new ArgumentTypeError('datatype', 'an MPI.Datatype', datatype);
}
