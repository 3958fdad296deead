/** What came with a received message (`MPI_Status`). */
import * as commandBlock from './command.ts';

// Constants of this module are folded into the compiled code; imported ones are read on every use.
const { command, STATUS_COUNT, STATUS_SOURCE, STATUS_TAG } = commandBlock;

export class Status {
  /** Rank of the sender. */
  readonly source: number;
  readonly tag: number;
  /**
   * Number of elements of the receive buffer's datatype (`MPI_Get_count`); bytes for a probe; -1
   * when it is not a whole number.
   */
  readonly count: number;

  /** @internal */
  constructor(source: number, tag: number, count: number) {
    this.source = source;
    this.tag = tag;
    this.count = count;
  }
}

/** The status of the command that has just received. */
export function commandStatus(): Status {
  const count = command[STATUS_COUNT];
  // Numbers that are int32 need no box.
  return new Status(
    command[STATUS_SOURCE] | 0,
    command[STATUS_TAG] | 0,
    count === (count | 0) ? count | 0 : count,
  );
}
