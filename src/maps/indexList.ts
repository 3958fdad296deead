/** Lists of global indices, and where each index is in them. */

import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import type { ProtocolIndices } from './dimData.ts';
import { contiguousRuns, type IndexRun } from './indexRun.ts';

/** Indices as unstructured maps take them: JavaScript numbers or 64-bit integers. */
export type IndexSequence = ArrayLike<number> | ArrayLike<bigint>;

/** Returns indices, which are safe integers, as the protocol takes them: not as doubles. */
export function protocolIndices(
  indices: Int32Array | Float64Array | readonly number[],
): ProtocolIndices {
  if (indices instanceof Int32Array) return indices;
  if (indices.every((index) => (index | 0) === index)) return Int32Array.from(indices);
  return BigInt64Array.from(indices as readonly number[], BigInt);
}

/** Global indices in local order; each is there once. Immutable by convention. */
export class IndexList {
  /** The indices in local order; as 32-bit integers where all of them fit. */
  readonly values: Int32Array | Float64Array;
  readonly #ascending: boolean;
  /** Local positions by ascending index, unless the list itself ascends; made when needed. */
  #order: Int32Array | Float64Array | undefined;

  private constructor(values: Int32Array | Float64Array, argument: string) {
    this.values = values;
    this.#ascending = values.every((value, i) => i === 0 || value > values[i - 1]);
    if (!this.#ascending) this.#checkUnique(argument);
  }

  /**
   * Returns the list of these indices, copied.
   *
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} unless they are distinct
   * integers
   */
  static from(indices: IndexSequence, argument: string): IndexList {
    return new IndexList(numbersOf(indices, argument), argument);
  }

  get length(): number {
    return this.values.length;
  }

  /** Returns the local position of `index`; -1 when it is not in the list. */
  positionOf(index: number): number {
    const { values } = this;
    const order = this.#order;
    let low = 0;
    let high = values.length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (values[order === undefined ? middle : order[middle]] < index) low = middle + 1;
      else high = middle;
    }
    if (low === values.length) return -1;
    const position = order === undefined ? low : order[low];
    return values[position] === index ? position : -1;
  }

  /** Returns the local positions by ascending index; undefined when the list itself ascends. */
  get order(): Int32Array | Float64Array | undefined {
    return this.#order;
  }

  /** Returns the indices in local order as runs: consecutive ones and equidistant ones join. */
  runs(): readonly IndexRun[] {
    const { values } = this;
    const blocks: [start: number, size: number][] = [];
    for (let i = 0; i < values.length; ) {
      let end = i + 1;
      while (end < values.length && values[end] === values[end - 1] + 1) end++;
      blocks.push([values[i], end - i]);
      i = end;
    }
    const runs: IndexRun[] = [];
    for (let i = 0; i < blocks.length; ) {
      const [start, blockSize] = blocks[i];
      const stride = i + 1 < blocks.length ? blocks[i + 1][0] - start : 0;
      let end = i + 1;
      if (stride > blockSize) {
        while (
          end < blocks.length &&
          blocks[end][1] === blockSize &&
          blocks[end][0] === start + (end - i) * stride
        ) {
          end++;
        }
      }
      if (end - i > 1) runs.push({ start, blockSize, stride, count: end - i });
      else runs.push(...contiguousRuns(start, start + blockSize));
      i = end;
    }
    return runs;
  }

  equals(other: IndexList): boolean {
    return (
      this.length === other.length && this.values.every((value, i) => value === other.values[i])
    );
  }

  #checkUnique(argument: string): void {
    const { values } = this;
    const order = new (values.length < 2 ** 31 ? Int32Array : Float64Array)(values.length);
    for (let i = 0; i < order.length; i++) order[i] = i;
    order.sort((a, b) => values[a] - values[b]);
    for (let i = 1; i < order.length; i++) {
      if (values[order[i]] !== values[order[i - 1]]) continue;
      const expected = 'distinct indices (each index once on a process)';
      throw new ArgumentRangeError(argument, expected, `${values[order[i]]} twice`);
    }
    this.#order = order;
  }
}

function numbersOf(indices: IndexSequence, argument: string): Int32Array | Float64Array {
  const isSequence = Array.isArray(indices) || (ArrayBuffer.isView(indices) && 'length' in indices);
  if (!isSequence) {
    throw new ArgumentTypeError(argument, 'an array or typed array of indices', indices);
  }
  const numbers = new Float64Array(indices.length);
  let fits = true;
  for (let i = 0; i < numbers.length; i++) {
    const value: unknown = indices[i];
    const number = typeof value === 'bigint' ? Number(value) : value;
    // The name is made for an error only.
    if (!Number.isSafeInteger(number)) {
      checkInteger(`${argument}[${i}]`, number, -Number.MAX_SAFE_INTEGER);
    }
    numbers[i] = number as number;
    fits &&= (numbers[i] | 0) === numbers[i];
  }
  return fits ? Int32Array.from(numbers) : numbers;
}
