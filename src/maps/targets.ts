/** The processes of a context that a distribution uses. */

import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import { checkIndex } from './dimensionMap.ts';

/** Targets along one axis: `extent` of them, `stride` apart. */
interface Axis {
  readonly extent: number;
  readonly stride: number;
}

/**
 * An immutable ascending list of process numbers; rank r of a distribution is `targets.at(r)`.
 * Ranges, and the parts of a grid over them, are stored by their strides; lists only when the
 * targets were given one by one.
 */
export class Targets {
  readonly count: number;
  readonly #first: number;
  /** From the slowest axis to the fastest; none has extent 1, and none two could be one. */
  readonly #axes: readonly Axis[];
  /** The targets one by one, if that is how they were given. */
  readonly #list: readonly number[] | undefined;
  /** The list of all targets, once somebody has asked for it. */
  #listed: readonly number[] | undefined;

  private constructor(first: number, axes: readonly Axis[], list?: readonly number[]) {
    this.#first = first;
    this.#axes = merged(axes);
    this.#list = list;
    this.count = list?.length ?? axes.reduce((product, { extent }) => product * extent, 1);
    Object.freeze(this);
  }

  /** Returns the targets 0 … `count` − 1. */
  static firstOf(count: number): Targets {
    return Targets.#range(0, count);
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

  static #range(first: number, count: number): Targets {
    return new Targets(first, [{ extent: count, stride: 1 }]);
  }

  /** Ascending targets; stored as a range when they are equally far apart. */
  static #ofList(list: readonly number[]): Targets {
    const stride = list.length > 1 ? list[1] - list[0] : 1;
    const even = list.length > 0 && list.every((target, i) => target === list[0] + i * stride);
    if (even) return new Targets(list[0], [{ extent: list.length, stride }]);
    return new Targets(0, [], Object.freeze(list));
  }

  /** Returns the target of `rank`. */
  at(rank: number): number {
    checkIndex('rank', rank, this.count);
    if (this.#list !== undefined) return this.#list[rank];
    let target = this.#first;
    let rest = rank;
    for (let axis = this.#axes.length - 1; axis >= 0; axis--) {
      const { extent, stride } = this.#axes[axis];
      target += (rest % extent) * stride;
      rest = Math.floor(rest / extent);
    }
    return target;
  }

  /** Returns the rank of `target`; -1 when it is none of these. */
  rankOf(target: number): number {
    if (this.#list !== undefined) return rankInList(this.#list, target);
    let rest = target - this.#first;
    if (rest < 0 || this.count === 0) return -1;
    let rank = 0;
    for (const { extent, stride } of this.#axes) {
      const coord = Math.floor(rest / stride);
      if (coord >= extent) return -1;
      rank = rank * extent + coord;
      rest -= coord * stride;
    }
    return rest === 0 ? rank : -1;
  }

  /** Returns the first `count` of these targets. */
  take(count: number): Targets {
    if (count === this.count) return this;
    if (this.#list !== undefined) return Targets.#ofList(this.#list.slice(0, count));
    if (this.#axes.length <= 1) {
      return new Targets(this.#first, [{ extent: count, stride: this.#axes[0]?.stride ?? 1 }]);
    }
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
    const kept: Axis[] = [];
    let firstRank = 0;
    let stride = 1;
    for (let axis = gridShape.length - 1; axis >= 0; axis--) {
      const coord = coords[axis];
      if (coord === null) kept.unshift({ extent: gridShape[axis], stride });
      else firstRank += coord * stride;
      stride *= gridShape[axis];
    }
    const ranks = new Targets(firstRank, kept);
    if (this.#list === undefined && this.#axes.length <= 1) {
      const scale = this.#axes[0]?.stride ?? 1;
      const axes = kept.map((axis) => ({ extent: axis.extent, stride: axis.stride * scale }));
      return new Targets(this.#first + firstRank * scale, axes);
    }
    const axes = this.#list === undefined ? this.#composed(ranks) : undefined;
    if (axes !== undefined) return new Targets(this.at(firstRank), axes);
    return Targets.#ofList(Array.from({ length: ranks.count }, (_, i) => this.at(ranks.at(i))));
  }

  /** Returns the targets one by one; a list over all processes. */
  toArray(): readonly number[] {
    if (this.#list !== undefined) return this.#list;
    this.#listed ??= Object.freeze(Array.from({ length: this.count }, (_, rank) => this.at(rank)));
    return this.#listed;
  }

  /** Returns whether both name the same processes. */
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

  /** The targets' strides at ranks of a grid in this grid; undefined when there are none. */
  #composed(ranks: Targets): readonly Axis[] | undefined {
    const first = this.at(ranks.at(0));
    const axes: Axis[] = [];
    let before = 1;
    for (let axis = ranks.#axes.length - 1; axis >= 0; axis--) {
      const { extent } = ranks.#axes[axis];
      const stride = this.at(ranks.at(before)) - first;
      if (this.at(ranks.at(before * (extent - 1))) - first !== stride * (extent - 1)) {
        return undefined;
      }
      axes.unshift({ extent, stride });
      before *= extent;
    }
    return axes;
  }
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

function rankInList(list: readonly number[], target: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle] < target) low = middle + 1;
    else high = middle;
  }
  return list[low] === target ? low : -1;
}
