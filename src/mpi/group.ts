/** Groups: ordered sets of processes. All calls are local. */
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import { addressOfInts } from './buffer.ts';
import {
  ARGUMENT0,
  ARGUMENT1,
  ARGUMENT2,
  command,
  OUTPUT,
  OUTPUT2,
  RECV_ADDRESS,
  RESULT,
  raw,
  SEND_ADDRESS,
  SEND_COUNT,
} from './command.ts';
import { PROC_NULL, predefined } from './environment.ts';
import { classError, commandError } from './errors.ts';
import { keep } from './keep.ts';
import { debugging, track, untrack } from './leaks.ts';

/** First rank, last rank, and the step between them (default 1). */
export type RankRange = readonly [first: number, last: number, stride?: number];

/** How two groups, or the groups of two communicators, are alike. */
export type Comparison = 'identical' | 'congruent' | 'similar' | 'unequal';

/** The words for what the addon's comparisons leave. */
export const comparisons: readonly Comparison[] = ['identical', 'congruent', 'similar', 'unequal'];

const UNION = 0;
const INTERSECTION = 1;
const DIFFERENCE = 2;

/**
 * An ordered set of processes (`MPI_Group`).
 * @remarks Give it back with {@link Group.free}, or declare it with `using`.
 */
export class Group {
  /** The addon's handle; 0 when freed. @internal */
  handle: number;
  private readonly processRank: number;
  private readonly processCount: number;

  /** @internal */
  constructor(handle: number) {
    this.handle = handle;
    command[ARGUMENT0] = handle;
    raw.groupRankAndSize();
    if (command[RESULT] !== 0) throw commandError('MPI_Group_rank');
    this.processRank = command[OUTPUT];
    this.processCount = command[OUTPUT2];
    if (debugging && handle !== predefined.GROUP_EMPTY) track('group', handle);
  }

  /** Rank of this process in the group, `UNDEFINED` when it is not in it (`MPI_Group_rank`). */
  get rank(): number {
    this.checkAlive('MPI_Group_rank');
    return this.processRank;
  }

  /** Number of processes (`MPI_Group_size`). */
  get size(): number {
    this.checkAlive('MPI_Group_size');
    return this.processCount;
  }

  /** Whether it was freed. */
  get isNull(): boolean {
    return this.handle === 0;
  }

  /** Returns the processes of this group, then those that only the other has (`MPI_Group_union`). */
  union(other: Group): Group {
    return this.combine('MPI_Group_union', other, UNION);
  }

  /** Returns the processes that both groups have, in this one's order (`MPI_Group_intersection`). */
  intersection(other: Group): Group {
    return this.combine('MPI_Group_intersection', other, INTERSECTION);
  }

  /** Returns the processes that the other group does not have (`MPI_Group_difference`). */
  difference(other: Group): Group {
    return this.combine('MPI_Group_difference', other, DIFFERENCE);
  }

  /** Returns the processes with these ranks, in this order (`MPI_Group_incl`). */
  incl(ranks: readonly number[]): Group {
    return this.select('MPI_Group_incl', ranks, 0);
  }

  /** Returns the processes without these ranks (`MPI_Group_excl`). */
  excl(ranks: readonly number[]): Group {
    return this.select('MPI_Group_excl', ranks, 1);
  }

  /** Returns the processes with the ranks of the ranges, in their order (`MPI_Group_range_incl`). */
  rangeIncl(ranges: readonly RankRange[]): Group {
    return this.selectRanges('MPI_Group_range_incl', ranges, 0);
  }

  /** Returns the processes without the ranks of the ranges (`MPI_Group_range_excl`). */
  rangeExcl(ranges: readonly RankRange[]): Group {
    return this.selectRanges('MPI_Group_range_excl', ranges, 1);
  }

  /**
   * Returns the ranks that processes of this group have in another one (`MPI_Group_translate_ranks`);
   * `UNDEFINED` for those that are not in it, `PROC_NULL` for `PROC_NULL`.
   * @param ranks ranks in this group
   */
  translateRanks(ranks: readonly number[], other: Group): number[] {
    this.checkAlive('MPI_Group_translate_ranks');
    checkGroup('other', other);
    checkArray('ranks', ranks);
    for (const [k, rank] of ranks.entries()) {
      if (rank !== PROC_NULL) checkInteger(`ranks[${k}]`, rank, 0, this.processCount - 1);
    }
    const theirs = new Int32Array(ranks.length);
    command[ARGUMENT0] = this.handle;
    command[ARGUMENT1] = other.handle;
    command[SEND_ADDRESS] = addressOfInts(keep(Int32Array.from(ranks)));
    command[SEND_COUNT] = ranks.length;
    command[RECV_ADDRESS] = addressOfInts(theirs);
    raw.groupTranslate();
    if (command[RESULT] !== 0) throw commandError('MPI_Group_translate_ranks');
    // Both MPIs answer UNDEFINED when the other group is empty; the standard says PROC_NULL.
    return ranks.map((rank, k) => (rank === PROC_NULL ? PROC_NULL : theirs[k]));
  }

  /**
   * Returns `identical` when both have the same processes in the same order, `similar` when the order
   * differs, otherwise `unequal` (`MPI_Group_compare`).
   */
  compare(other: Group): Comparison {
    this.checkAlive('MPI_Group_compare');
    checkGroup('other', other);
    command[ARGUMENT0] = this.handle;
    command[ARGUMENT1] = other.handle;
    raw.groupCompare();
    if (command[RESULT] !== 0) throw commandError('MPI_Group_compare');
    return comparisons[command[OUTPUT]];
  }

  /**
   * Returns the number that Fortran knows the group by (`MPI_Group_c2f`), for other libraries of this
   * process.
   */
  toFortran(): number {
    this.checkAlive('MPI_Group_c2f');
    command[ARGUMENT0] = this.handle;
    raw.groupToFortran();
    if (command[RESULT] !== 0) throw commandError('MPI_Group_c2f');
    return command[OUTPUT];
  }

  /**
   * Gives the group back (`MPI_Group_free`).
   * @throws {@link MPIError} `MPI_ERR_GROUP` for `GROUP_EMPTY`, or when it was freed before
   */
  free(): void {
    this.checkAlive('MPI_Group_free');
    command[ARGUMENT0] = this.handle;
    raw.groupFree();
    if (command[RESULT] !== 0) throw commandError('MPI_Group_free');
    if (debugging) untrack(this.handle);
    this.handle = 0;
  }

  /** {@link Group.free}, for `using`; does nothing when it was freed before. */
  [Symbol.dispose](): void {
    if (this.handle !== 0 && this.handle !== predefined.GROUP_EMPTY) this.free();
  }

  toString(): string {
    return this.handle === 0 ? 'Group(null)' : `Group(${this.processCount} processes)`;
  }

  private combine(call: string, other: Group, how: number): Group {
    this.checkAlive(call);
    checkGroup('other', other);
    command[ARGUMENT0] = this.handle;
    command[ARGUMENT1] = other.handle;
    command[ARGUMENT2] = how;
    raw.groupCombine();
    if (command[RESULT] !== 0) throw commandError(call);
    return new Group(command[OUTPUT]);
  }

  private select(call: string, ranks: readonly number[], without: 0 | 1): Group {
    this.checkAlive(call);
    checkArray('ranks', ranks);
    for (const [k, rank] of ranks.entries()) {
      checkInteger(`ranks[${k}]`, rank, 0, this.processCount - 1);
    }
    checkDistinct('ranks', ranks);
    command[ARGUMENT0] = this.handle;
    command[ARGUMENT1] = without;
    command[SEND_ADDRESS] = addressOfInts(keep(Int32Array.from(ranks)));
    command[SEND_COUNT] = ranks.length;
    raw.groupSelect();
    if (command[RESULT] !== 0) throw commandError(call);
    return new Group(command[OUTPUT]);
  }

  private selectRanges(call: string, ranges: readonly RankRange[], without: 0 | 1): Group {
    this.checkAlive(call);
    checkArray('ranges', ranges);
    for (const [k, range] of ranges.entries()) checkArray(`ranges[${k}]`, range);
    const triples = ranges.map(([first, last, stride = 1], k): [number, number, number] => {
      checkInteger(`ranges[${k}][0]`, first, 0, this.processCount - 1);
      checkInteger(`ranges[${k}][1]`, last, 0, this.processCount - 1);
      checkInteger(`ranges[${k}][2]`, stride, -(2 ** 31), 2 ** 31 - 1);
      if (stride === 0 || (last - first) * stride < 0) {
        throw new ArgumentRangeError(`ranges[${k}]`, 'a stride from first to last', ranges[k]);
      }
      return [first, last, stride];
    });
    checkDistinct('ranges', triples.flatMap(ranksOf));
    command[ARGUMENT0] = this.handle;
    command[ARGUMENT1] = without;
    command[SEND_ADDRESS] = addressOfInts(keep(Int32Array.from(triples.flat())));
    command[SEND_COUNT] = ranges.length;
    raw.groupSelectRanges();
    if (command[RESULT] !== 0) throw commandError(call);
    return new Group(command[OUTPUT]);
  }

  private checkAlive(call: string): void {
    if (this.handle === 0) throw classError(call, 'MPI_ERR_GROUP', 'the group was freed');
  }
}

/** The group without processes (`MPI_GROUP_EMPTY`). */
export const GROUP_EMPTY: Group = new Group(predefined.GROUP_EMPTY);

/** Throws unless the argument is a group. */
export function checkGroup(argument: string, group: unknown): asserts group is Group {
  if (!(group instanceof Group)) throw new ArgumentTypeError(argument, 'an MPI.Group', group);
}

function checkArray(argument: string, values: unknown): void {
  if (!Array.isArray(values)) throw new ArgumentTypeError(argument, 'an array', values);
}

function checkDistinct(argument: string, ranks: readonly number[]): void {
  if (new Set(ranks).size !== ranks.length) {
    throw new ArgumentRangeError(argument, 'each rank once', ranks);
  }
}

function ranksOf([first, last, stride]: [number, number, number]): number[] {
  return Array.from(
    { length: Math.floor((last - first) / stride) + 1 },
    (_, k) => first + k * stride,
  );
}
