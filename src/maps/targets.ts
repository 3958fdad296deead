/** The processes of a context that a distribution uses. */

import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import { checkIndex } from './dimensionMap.ts';

/**
 * An immutable ascending list of process numbers; rank r of a distribution is `targets.at(r)`.
 * Consecutive numbers are not stored but for a list that is asked for.
 */
export class Targets {
  readonly count: number;
  readonly #first: number;
  /** The targets one by one, unless they are consecutive. */
  readonly #list: readonly number[] | undefined;
  /** The list of consecutive targets, once somebody has asked for it. */
  #listed: readonly number[] | undefined;

  private constructor(first: number, count: number, list?: readonly number[]) {
    this.#first = first;
    this.count = count;
    this.#list = list;
    Object.freeze(this);
  }

  /** Returns the targets 0 … `count` − 1. */
  static firstOf(count: number): Targets {
    return new Targets(0, count);
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
    const consecutive = list.length > 0 && list[list.length - 1] - list[0] === list.length - 1;
    if (consecutive) return new Targets(list[0], list.length);
    return new Targets(0, list.length, Object.freeze(list));
  }

  /** Returns the target of `rank`. */
  at(rank: number): number {
    checkIndex('rank', rank, this.count);
    return this.#list === undefined ? this.#first + rank : this.#list[rank];
  }

  /** Returns the rank of `target`; -1 when it is none of these. */
  rankOf(target: number): number {
    if (this.#list !== undefined) return this.#list.indexOf(target);
    const rank = target - this.#first;
    return rank >= 0 && rank < this.count ? rank : -1;
  }

  /** Returns the first `count` of these targets. */
  take(count: number): Targets {
    if (count === this.count) return this;
    if (this.#list === undefined) return new Targets(this.#first, count);
    return Targets.fromList(this.#list.slice(0, count));
  }

  /** Returns the targets one by one; a list over all processes. */
  toArray(): readonly number[] {
    if (this.#list !== undefined) return this.#list;
    this.#listed ??= Object.freeze(
      Array.from({ length: this.count }, (_, rank) => this.#first + rank),
    );
    return this.#listed;
  }

  /** Returns whether both name the same processes. */
  equals(other: Targets): boolean {
    if (this.count !== other.count) return false;
    if (this.#list === undefined || other.#list === undefined) {
      return this.#list === other.#list && this.#first === other.#first;
    }
    const theirs = other.#list;
    return this.#list.every((target, rank) => target === theirs[rank]);
  }

  /** Returns a short text such as `0–1023` or `1, 3, 5`. */
  toString(): string {
    if (this.#list === undefined) {
      const last = this.#first + this.count - 1;
      return this.count === 1 ? `${this.#first}` : `${this.#first}–${last}`;
    }
    return this.#list.slice(0, 8).join(', ') + (this.count > 8 ? ', …' : '');
  }
}
