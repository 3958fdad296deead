/** Streams of random numbers that are the same for every number of processes and every distribution. */
import { randomBytes } from 'node:crypto';
import type { Dtype } from '../../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../../errors.ts';
import { type DistributionName, fillRandom, type RandomParameters } from '../../kernels/random.ts';
import { newView } from '../../kernels/stridedView.ts';
import { LocalArray } from '../../local/localArray.ts';
import { COMM_WORLD, type Comm } from '../../mpi/communicator.ts';
import { checkOptions, optionNames } from '../../options.ts';
import { axisPlaces } from '../axisPlaces.ts';
import {
  checkDraw,
  type Integer,
  integersBetween,
  type RandomMethod,
  type RandomParameterList,
} from './parameters.ts';

/** What a stream goes on from: JSON-safe, for checkpoints. */
export interface RandomState {
  readonly bitGenerator: 'Philox4x64-10';
  /** 128 bits, in decimal. */
  readonly key: string;
  /** Number of the next draw, in decimal. */
  readonly offset: string;
}

/** Options of {@link RandomStream}. */
export interface RandomStreamOptions {
  /** The key, as NumPy's `Philox(key=seed)` has it: an integer in [0, 2¹²⁸). Default: a random one. */
  readonly seed?: Integer;
}

/** The number of the first draw is a multiple of it, and so is that of the next one after. */
export type DrawUnit = 1 | 4;

const STREAM_OPTIONS = optionNames<RandomStreamOptions>({ seed: true });

const WORD = 2n ** 64n;

/**
 * A stream of random numbers: Philox4x64-10, whose counter is the number of the element in the whole
 * array, in C order. The same seed gives the same array for every number of processes and every
 * distribution; `rand` gives that of `numpy.random.Generator(numpy.random.Philox(key=seed)).random(shape)`,
 * bit for bit, and so do successive calls.
 *
 * The functions fill a local part, and return it. They communicate nothing, but all processes call them
 * in the same order with arrays of the same shapes: every call moves the stream on by the number of elements
 * of the whole array. `rand` and `uniform` of float64 take one draw each, wherever the stream is. Everything
 * else takes whole blocks of four: it begins at the next draw whose number is a multiple of 4, and leaves the
 * stream at such a one. What a rejection needs beyond an element's own draw comes from the other words of its
 * counter, which no other element has.
 */
export class RandomStream {
  /** The processes that share the stream. */
  readonly comm: Comm;
  #key: readonly [bigint, bigint] = [0n, 0n];
  #offset = 0;

  /**
   * @remarks Collective over the communicator when there is no seed: it is drawn on rank 0 and broadcast.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
   */
  constructor(comm: Comm = COMM_WORLD, options: RandomStreamOptions = {}) {
    checkOptions(options, STREAM_OPTIONS, '{ seed: 1 }');
    this.comm = comm;
    this.seed(options.seed);
  }

  /**
   * Begins the stream of a key anew.
   * @param seed - an integer in [0, 2¹²⁸); when left out one is drawn on rank 0 and broadcast
   * @remarks Collective without a seed.
   */
  seed(seed?: Integer): this {
    if (seed === undefined) {
      const words = new BigUint64Array(2);
      if (this.comm.rank === 0) new Uint8Array(words.buffer).set(randomBytes(16));
      this.comm.bcast(words, { root: 0 });
      this.#key = [words[0], words[1]];
    } else {
      this.#key = keyOf(seed, 'seed');
    }
    this.#offset = 0;
    return this;
  }

  /** Returns where the stream is. */
  getState(): RandomState {
    const [low, high] = this.#key;
    return {
      bitGenerator: 'Philox4x64-10',
      key: String(high * WORD + low),
      offset: String(this.#offset),
    };
  }

  /**
   * Goes on from a state of {@link getState}.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when it is none
   */
  setState(state: RandomState): this {
    if (typeof state !== 'object' || state === null || state.bitGenerator !== 'Philox4x64-10') {
      throw new ArgumentTypeError('state', 'a state of Philox4x64-10, as of getState()', state);
    }
    const [key, offset] = (['key', 'offset'] as const).map((name) => {
      if (typeof state[name] !== 'string' || !/^\d+$/.test(state[name])) {
        throw new ArgumentTypeError(`state.${name}`, 'a decimal integer', state[name]);
      }
      return BigInt(state[name]);
    });
    const newKey = keyOf(key, 'state.key');
    this.#offset = checkOffset(Number(offset));
    this.#key = newKey;
    return this;
  }

  /** Moves on as if an array of so many elements had been filled. @internal */
  skip(count: number, unit: DrawUnit): void {
    this.#offset = this.#drawsOf(count, unit).next;
  }

  /** Fills with uniform numbers of [0, 1) (`Generator.random`): 53 random bits, 24 of float32. */
  rand<D extends 'float32' | 'float64'>(array: LocalArray<D>): LocalArray<D> {
    return this.uniform(array, 0, 1);
  }

  /**
   * Fills with uniform numbers: low + (high − low) · u (`Generator.uniform`). Rounding may give `high`.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
   */
  uniform<D extends 'float32' | 'float64'>(array: LocalArray<D>, low = 0, high = 1): LocalArray<D> {
    checkArray(array, 'uniform', [low, high]);
    const numbers = [low, high - low] as const;
    if (array.dtype === 'float32') return this.#fillFloats(array, 'uniform24', numbers);
    return this.#fill(array, 'uniform', { numbers }, 1);
  }

  /** Fills with normal numbers of mean 0 and standard deviation 1: {@link RandomStream.normal}. */
  randn<D extends 'float32' | 'float64'>(array: LocalArray<D>): LocalArray<D> {
    return this.normal(array, 0, 1);
  }

  /**
   * Fills with normal numbers of this mean and standard deviation: the inverse of the distribution function at
   * 53 random bits, accurate to about 1e-16 (Wichura, algorithm AS 241, 1988); |z| ≤ 8.3.
   */
  normal<D extends 'float32' | 'float64'>(array: LocalArray<D>, loc = 0, scale = 1): LocalArray<D> {
    checkArray(array, 'normal', [loc, scale]);
    return this.#fillFloats(array, 'normal', [loc, scale]);
  }

  /** Fills with exponentials of normal numbers of this mean and standard deviation. */
  lognormal<D extends 'float32' | 'float64'>(
    array: LocalArray<D>,
    mean = 0,
    sigma = 1,
  ): LocalArray<D> {
    checkArray(array, 'lognormal', [mean, sigma]);
    return this.#fillFloats(array, 'lognormal', [mean, sigma]);
  }

  /** Fills with exponentially distributed numbers of this mean: −scale · log(1 − u). */
  exponential<D extends 'float32' | 'float64'>(array: LocalArray<D>, scale = 1): LocalArray<D> {
    checkArray(array, 'exponential', [scale]);
    return this.#fillFloats(array, 'exponential', [scale, 0]);
  }

  /**
   * Fills with gamma distributed numbers: Marsaglia and Tsang's method (ACM TOMS 26, 2000), whose rejections an
   * element makes up for by further words of its own counter.
   */
  gamma<D extends 'float32' | 'float64'>(
    array: LocalArray<D>,
    shape: number,
    scale = 1,
  ): LocalArray<D> {
    checkArray(array, 'gamma', [shape, scale]);
    return this.#fillFloats(array, 'gamma', [shape, scale]);
  }

  /** Fills with beta distributed numbers, X / (X + Y) of two gamma variates. */
  beta<D extends 'float32' | 'float64'>(array: LocalArray<D>, a: number, b: number): LocalArray<D> {
    checkArray(array, 'beta', [a, b]);
    return this.#fillFloats(array, 'beta', [a, b]);
  }

  /**
   * Fills with Poisson distributed integers: by inversion for means below 10, otherwise by transformed rejection
   * (Hörmann 1993).
   */
  poisson<D extends Dtype>(array: LocalArray<D>, mean = 1): LocalArray<D> {
    checkArray(array, 'poisson', [mean]);
    return this.#fill(array, 'poisson', { numbers: [mean, 0] }, 4);
  }

  /**
   * Fills with integers of [low, high), or [0, low) without `high`, all equally likely (Lemire, ACM TOMACS 29,
   * 2019); the array has an integer dtype.
   *
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}, also for bounds that the dtype has not
   */
  randint<D extends Dtype>(array: LocalArray<D>, low: Integer, high?: Integer): LocalArray<D> {
    return this.integers(array, low, high);
  }

  /** {@link RandomStream.randint}; with `endpoint` of [low, high] (`Generator.integers`). */
  integers<D extends Dtype>(
    array: LocalArray<D>,
    low: Integer,
    high?: Integer,
    options: { readonly endpoint?: boolean } = {},
  ): LocalArray<D> {
    const { endpoint = false } = options;
    checkArray(array, 'integers', [low, high, endpoint]);
    const integers = integersBetween(array.dtype, low, high, endpoint);
    return this.#fill(array, 'integers', { integers }, 4);
  }

  /**
   * Fills an array of one dimension and an integer dtype with the numbers 0 … n − 1 in random order. Up to 4096
   * numbers all orders are equally likely (Fisher and Yates); more are put in order by a pseudo-random bijection
   * (Mitchell, Stokes, Frank, Holmes, ACM TOPC 9, 2022), so that no process needs more than its share.
   */
  permutation<D extends Dtype>(array: LocalArray<D>): LocalArray<D> {
    checkArray(array, 'permutation', []);
    const count = array.globalSize;
    const first = blockAfter(this.#offset);
    const integers = [BigInt(count), BigInt(first)] as const;
    return this.#fill(array, 'permutation', { integers }, 4);
  }

  #fillFloats<D extends Dtype>(
    array: LocalArray<D>,
    name: DistributionName,
    numbers: readonly [number, number],
  ): LocalArray<D> {
    return this.#fill(array, name, { numbers }, 4);
  }

  /** Numbers of the first draw of so many elements, and of the first one after. */
  #drawsOf(count: number, unit: DrawUnit): { readonly offset: number; readonly next: number } {
    const offset = unit === 1 ? this.#offset : blockAfter(this.#offset);
    const end = offset + count;
    return { offset, next: checkOffset(unit === 1 ? end : blockAfter(end)) };
  }

  #fill<D extends Dtype>(
    array: LocalArray<D>,
    name: DistributionName,
    parameters: Omit<RandomParameters, 'key' | 'offset'>,
    unit: DrawUnit,
  ): LocalArray<D> {
    const { offset, next } = this.#drawsOf(array.globalSize, unit);
    if (array.localSize > 0) {
      const { maps } = array.distribution;
      const axes = maps.map((map, axis) => axisPlaces(map, array.cartCoords[axis]));
      const all = { key: this.#key, offset, ...parameters };
      if (array.isStrided) fillRandom(array.strided, name, axes, array.globalShape, all);
      else {
        const packed = newView(array.dtype, array.localShape);
        fillRandom(packed, name, axes, array.globalShape, all);
        array.assignView(packed);
      }
    }
    this.#offset = next;
    return array;
  }
}

function checkArray(
  array: LocalArray,
  method: RandomMethod,
  parameters: RandomParameterList,
): void {
  if (!(array instanceof LocalArray)) throw new ArgumentTypeError('array', 'a LocalArray', array);
  checkDraw(method, { dtype: array.dtype, shape: array.globalShape }, parameters);
}

function blockAfter(offset: number): number {
  return 4 * Math.ceil(offset / 4);
}

function keyOf(seed: Integer, argument: string): readonly [bigint, bigint] {
  const isInteger = typeof seed === 'bigint' || Number.isSafeInteger(seed);
  if (!isInteger) throw new ArgumentTypeError(argument, 'a safe integer or a bigint', seed);
  const key = BigInt(seed);
  if (key < 0n || key >= WORD * WORD) {
    throw new ArgumentRangeError(argument, 'an integer in [0, 2^128)', seed);
  }
  return [key % WORD, key / WORD];
}

function checkOffset(offset: number): number {
  if (Number.isSafeInteger(offset)) return offset;
  throw new ArgumentRangeError('offset', 'fewer than 2^53 draws of one key', offset);
}
