/** The processes of a context that a distribution uses. */

import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import { checkIndex } from './dimensionMap.ts';

/** Targets along one axis: `extent` of them, `stride` apart. */
interface Axis {
  readonly extent: number;
  readonly stride: number;
}

/** An axis, and how far apart in rank its targets are. */
interface RankedAxis extends Axis {
  readonly ranks: number;
}

/**
 * An immutable list of distinct process numbers; rank r of a distribution is `targets.at(r)`. They
 * ascend where users give them, but not those of transposed grids.
 *
 * Ranges, the parts of a grid over them, and their transposes are stored by their strides; lists only
 * when the targets were given one by one.
 */
export class Targets {
  readonly count: number;
  readonly #first: number;
  /** From the slowest axis to the fastest; none has extent 1, and none two neighbours could be one. */
  readonly #axes: readonly Axis[];
  /** The axes from the largest stride to the smallest: a target's coordinates are its digits. */
  readonly #digits: readonly RankedAxis[];
  /** The targets one by one, if that is how they were given. */
  readonly #list: readonly number[] | undefined;
  /** The ranks of the list by ascending target, where they do not ascend by themselves. */
  readonly #sorted: Int32Array | undefined;
  /** The list of all targets, once somebody has asked for it. */
  #listed: readonly number[] | undefined;

  private constructor(first: number, axes: readonly Axis[], list?: readonly number[]) {
    this.#first = first;
    this.#axes = merged(axes);
    this.#digits = digitsOf(this.#axes);
    this.#list = list;
    this.#sorted = list === undefined ? undefined : sortedRanks(list);
    this.count = list?.length ?? axes.reduce((product, { extent }) => product * extent, 1);
    Object.freeze(this);
  }

  /** Returns the targets 0 … `count` − 1. */
  static firstOf(count: number): Targets {
    return new Targets(0, [{ extent: count, stride: 1 }]);
  }

  /**
   * Returns these targets in ascending order, as DistArray 0.5 sorts them.
   *
   * @param argument - the name that an error calls the targets by
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} unless they are distinct
   * non-negative integers
   */
  static fromList(targets: readonly number[], argument = 'targets'): Targets {
    if (!Array.isArray(targets)) {
      throw new ArgumentTypeError(argument, 'an array of process numbers', targets);
    }
    for (const [i, target] of targets.entries()) checkInteger(`${argument}[${i}]`, target, 0);
    const list: number[] = [...targets].sort((a, b) => a - b);
    if (list.some((target, i) => i > 0 && target === list[i - 1])) {
      throw new ArgumentRangeError(argument, 'distinct process numbers', targets);
    }
    return Targets.#ofList(list);
  }

  /** As {@link Targets.fromList}, of at least one target. */
  static someOf(targets: readonly number[], argument: string): Targets {
    const list = Targets.fromList(targets, argument);
    if (list.count > 0) return list;
    throw new ArgumentRangeError(argument, 'at least one target', targets);
  }

  /** Returns these targets in the order given: rank r is `targets[r]`. They are distinct. */
  static inOrder(targets: readonly number[]): Targets {
    return Targets.#ofList([...targets]);
  }

  /** Stored by strides where they can be, so that equal targets have one form. */
  static #ofList(list: readonly number[]): Targets {
    const axes = list.length === 0 ? null : axesOfList(list);
    return axes === null ? new Targets(0, [], Object.freeze(list)) : new Targets(list[0], axes);
  }

  /** Returns the target of `rank`. */
  at(rank: number): number {
    checkIndex('rank', rank, this.count);
    if (this.#list !== undefined) return this.#list[rank];
    return this.#first + stepsTo(this.#axes, rank);
  }

  /** Returns the rank of `target`; -1 when it is none of these. */
  rankOf(target: number): number {
    if (this.#list !== undefined) return rankInList(this.#list, this.#sorted, target);
    let rest = target - this.#first;
    if (rest < 0 || this.count === 0) return -1;
    let rank = 0;
    for (const { extent, stride, ranks } of this.#digits) {
      const coord = Math.floor(rest / stride);
      if (coord >= extent) return -1;
      rank += coord * ranks;
      rest -= coord * stride;
    }
    return rest === 0 ? rank : -1;
  }

  /** The highest of these targets; below the first one when there is none. */
  get highest(): number {
    const list = this.#list;
    if (list !== undefined) return list[this.#sorted?.[list.length - 1] ?? list.length - 1] ?? -1;
    return this.#axes.reduce(
      (target, { extent, stride }) => target + (extent - 1) * stride,
      this.#first,
    );
  }

  /** Returns the first `count` of these targets. */
  take(count: number): Targets {
    if (count === this.count) return this;
    if (this.#list !== undefined) return Targets.#ofList(this.#list.slice(0, count));
    const [axis = { extent: 1, stride: 1 }, ...others] = this.#axes;
    if (others.length === 0) {
      return new Targets(this.#first, [{ extent: count, stride: axis.stride }]);
    }
    const parts = this.count % count === 0 ? this.#alongGrid([this.count / count, count]) : null;
    if (parts) return new Targets(this.#first, parts[1]);
    return Targets.#ofList(Array.from({ length: count }, (_, rank) => this.at(rank)));
  }

  /**
   * Returns the targets at a part of a process grid: those whose coordinate along an axis is the
   * given one, or any where none is given.
   *
   * @param gridShape - of the grid that these are the targets of
   * @param coords - per axis a coordinate, or `null` to keep the axis
   */
  subgrid(gridShape: readonly number[], coords: readonly (number | null)[]): Targets {
    if (coords.every((coord) => coord === null)) return this;
    const along = this.#alongGrid(gridShape);
    const axes = along ?? ranksAlong(gridShape);
    const kept = axes.flatMap((steps, axis) => (coords[axis] === null ? steps : []));
    const offset = axes.reduce((sum, steps, axis) => sum + stepsTo(steps, coords[axis] ?? 0), 0);
    if (along !== null) return new Targets(this.#first + offset, kept);
    return this.#atRanks(new Targets(offset, kept));
  }

  /**
   * Returns the targets of the transposed grid, whose axis k is axis `axes[k]` of this one.
   *
   * @param gridShape - of the grid that these are the targets of
   */
  transpose(gridShape: readonly number[], axes: readonly number[]): Targets {
    const along = this.#alongGrid(gridShape);
    if (along !== null)
      return new Targets(
        this.#first,
        axes.flatMap((axis) => along[axis]),
      );
    const ranks = ranksAlong(gridShape);
    return this.#atRanks(
      new Targets(
        0,
        axes.flatMap((axis) => ranks[axis]),
      ),
    );
  }

  /** Returns the targets one by one; a list over all processes. */
  toArray(): readonly number[] {
    if (this.#list !== undefined) return this.#list;
    this.#listed ??= Object.freeze(Array.from({ length: this.count }, (_, rank) => this.at(rank)));
    return this.#listed;
  }

  /** Returns whether both name the same processes in the same order. */
  equals(other: Targets): boolean {
    if (this === other) return true;
    if (this.count !== other.count) return false;
    if (this.#list === undefined && other.#list === undefined) return this.key === other.key;
    for (let rank = 0; rank < this.count; rank++) {
      if (this.at(rank) !== other.at(rank)) return false;
    }
    return true;
  }

  /** Text that only equal targets share; long only for targets given one by one. */
  get key(): string {
    if (this.#list !== undefined) return this.#list.join(' ');
    return this.#first + this.#axes.map(({ extent, stride }) => `+${extent}*${stride}`).join('');
  }

  /** Returns a short text such as `0–1023`, `0, 2, …, 14` or `1, 3, 4`. */
  toString(): string {
    const isRange = this.#axes.length === 1 && this.#axes[0].stride === 1;
    if (this.#list === undefined && isRange)
      return `${this.#first}–${this.#first + this.count - 1}`;
    const shown = Math.min(this.count, 8);
    const text = Array.from({ length: shown }, (_, rank) => this.at(rank)).join(', ');
    if (this.count <= shown) return text;
    return this.#list === undefined ? `${text}, …, ${this.at(this.count - 1)}` : `${text}, …`;
  }

  /**
   * For each axis of a grid of these targets the strides along it, from the slowest to the fastest: several
   * where a step of the grid is not everywhere the same distance. Null for lists, and where the grid's extents
   * do not go into those of the targets.
   */
  #alongGrid(gridShape: readonly number[]): readonly (readonly Axis[])[] | null {
    if (this.#list !== undefined) return null;
    const result: Axis[][] = gridShape.map(() => []);
    let next = this.#axes.length - 1;
    let left = { extent: 1, stride: 1 };
    for (let axis = gridShape.length - 1; axis >= 0; axis--) {
      let rest = gridShape[axis];
      while (rest > 1) {
        if (left.extent === 1) left = this.#axes[next--];
        const { extent, stride } = left;
        if (rest % extent !== 0 && extent % rest !== 0) return null;
        const common = Math.min(rest, extent);
        result[axis].unshift({ extent: common, stride });
        left = { extent: extent / common, stride: stride * common };
        rest /= common;
      }
    }
    return result;
  }

  /** The targets at these ranks, one by one. */
  #atRanks(ranks: Targets): Targets {
    return Targets.#ofList(Array.from({ length: ranks.count }, (_, i) => this.at(ranks.at(i))));
  }
}

/** How far from the first target the one at `rank` is. */
function stepsTo(axes: readonly Axis[], rank: number): number {
  let steps = 0;
  let rest = rank;
  for (let axis = axes.length - 1; axis >= 0; axis--) {
    const { extent, stride } = axes[axis];
    steps += (rest % extent) * stride;
    rest = Math.floor(rest / extent);
  }
  return steps;
}

/** For each axis of a grid the ranks along it. */
function ranksAlong(gridShape: readonly number[]): readonly (readonly Axis[])[] {
  const axes: Axis[][] = [];
  let stride = 1;
  for (let axis = gridShape.length - 1; axis >= 0; axis--) {
    axes.unshift([{ extent: gridShape[axis], stride }]);
    stride *= gridShape[axis];
  }
  return axes;
}

/** The axes without those of extent 1, and with those joined that make one equidistant range. */
function merged(axes: readonly Axis[]): readonly Axis[] {
  const result: Axis[] = [];
  for (const axis of axes) {
    if (axis.extent === 1) continue;
    const last = result[result.length - 1];
    if (last !== undefined && last.stride === axis.extent * axis.stride) {
      result[result.length - 1] = { extent: last.extent * axis.extent, stride: axis.stride };
    } else {
      result.push(axis);
    }
  }
  return Object.freeze(result);
}

/** The axes of the grid over a range that has these targets; null where there is none. */
function axesOfList(list: readonly number[]): readonly Axis[] | null {
  const axes: Axis[] = [];
  // Of the fastest axis left, the first target of each row.
  for (let firsts = list; firsts.length > 1; ) {
    const stride = firsts[1] - firsts[0];
    let extent = 2;
    while (firsts[extent] === firsts[0] + extent * stride) extent++;
    if (stride <= 0 || firsts.length % extent !== 0) return null;
    const rows = firsts.filter((_, k) => k % extent === 0);
    const even = firsts.every(
      (target, k) => target === rows[Math.floor(k / extent)] + (k % extent) * stride,
    );
    if (!even) return null;
    axes.unshift({ extent, stride });
    firsts = rows;
  }
  // Otherwise a target's coordinates are not its digits.
  let reach = 0;
  for (const { extent, stride } of axes.toSorted((a, b) => a.stride - b.stride)) {
    if (stride <= reach) return null;
    reach += (extent - 1) * stride;
  }
  return axes;
}

function digitsOf(axes: readonly Axis[]): readonly RankedAxis[] {
  const ranked: RankedAxis[] = [];
  let ranks = 1;
  for (let axis = axes.length - 1; axis >= 0; axis--) {
    ranked.push({ ...axes[axis], ranks });
    ranks *= axes[axis].extent;
  }
  return ranked.sort((a, b) => b.stride - a.stride);
}

function sortedRanks(list: readonly number[]): Int32Array | undefined {
  if (list.every((target, rank) => rank === 0 || target > list[rank - 1])) return undefined;
  return Int32Array.from(list.keys()).sort((a, b) => list[a] - list[b]);
}

function rankInList(
  list: readonly number[],
  sorted: Int32Array | undefined,
  target: number,
): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[sorted?.[middle] ?? middle] < target) low = middle + 1;
    else high = middle;
  }
  const rank = sorted?.[low] ?? low;
  return list[rank] === target ? rank : -1;
}
