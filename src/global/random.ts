/** Random numbers of a context. */
import type { Dtype } from '../dtype/dtype.ts';
import { checkInteger } from '../errors.ts';
import { COMM_SELF } from '../mpi/communicator.ts';
import { createRandom, drawUnit, type RandomParams } from '../ops/random/createRandom.ts';
import type { Integer, RandomMethod } from '../ops/random/parameters.ts';
import { type RandomState, RandomStream } from '../ops/random/randomStream.ts';
import { checkOptions } from '../options.ts';
import type { ContextCreation, ShapeOrDistribution } from './contextCreation.ts';
import { CREATION_NAMES, type CreationOptions } from './creationOptions.ts';
import type { DistArray } from './distArray.ts';

type Floats = 'float32' | 'float64';

/** Options of floating-point random numbers: how the array is spread; float64 unless told otherwise. */
export type RandomOptions<D extends Floats = Floats> = CreationOptions<D>;

/** Options of random integers: how the array is spread; int64 unless told otherwise. */
export type RandomIntegerOptions<D extends Dtype = Dtype> = CreationOptions<D>;

/**
 * Makes arrays of random numbers from one stream of Philox4x64-10 (DistArray 0.5 `Random`,
 * `numpy.random.Generator`): the same seed gives the same arrays for every number of processes and every
 * distribution. `rand` gives what `Generator(Philox(key=seed)).random(shape)` gives, bit for bit; for the others
 * see {@link RandomStream}.
 *
 *     ctx.random.seed(42);
 *     const x = ctx.random.rand([1000, 1000], { dist: 'bb' });
 *
 * @remarks All methods that make arrays are collective: every process calls them in the same order, and each makes its
 * own part; nothing is sent. Wrong arguments throw {@link ArgumentTypeError} or {@link ArgumentRangeError} on every
 * process alike, and leave the stream where it is.
 */
export class ContextRandom {
  readonly #context: ContextCreation;
  readonly #stream: RandomStream;

  /** @internal */
  constructor(context: ContextCreation) {
    this.#context = context;
    // Where there is no other process that runs the program, the seed is this one's own affair.
    this.#stream = new RandomStream(context.rank === null ? COMM_SELF : context.comm);
  }

  /**
   * Begins the stream of a key anew.
   * @param seed - an integer in [0, 2¹²⁸); when left out one is drawn on rank 0 and broadcast
   * @remarks Collective.
   */
  seed(seed?: Integer): this {
    this.#stream.seed(seed);
    return this;
  }

  /** Returns where the stream is; JSON-safe. */
  getState(): RandomState {
    return this.#stream.getState();
  }

  /** Goes on from a state of {@link ContextRandom.getState}. */
  setState(state: RandomState): this {
    this.#stream.setState(state);
    return this;
  }

  /** Returns uniform numbers of [0, 1) (`Generator.random`). */
  rand<D extends Floats = 'float64'>(
    shape: ShapeOrDistribution,
    options?: RandomOptions<D>,
  ): DistArray<D> {
    return this.#make('uniform', shape, [0, 1], 'float64', options);
  }

  /** Returns uniform numbers of [low, high) (`Generator.uniform`). */
  uniform<D extends Floats = 'float64'>(
    shape: ShapeOrDistribution,
    low = 0,
    high = 1,
    options?: RandomOptions<D>,
  ): DistArray<D> {
    return this.#make('uniform', shape, [low, high], 'float64', options);
  }

  /** Returns normal numbers of mean 0 and standard deviation 1. */
  randn<D extends Floats = 'float64'>(
    shape: ShapeOrDistribution,
    options?: RandomOptions<D>,
  ): DistArray<D> {
    return this.#make('normal', shape, [0, 1], 'float64', options);
  }

  /** Returns normal numbers of this mean and standard deviation (`Generator.normal`). */
  normal<D extends Floats = 'float64'>(
    shape: ShapeOrDistribution,
    loc = 0,
    scale = 1,
    options?: RandomOptions<D>,
  ): DistArray<D> {
    return this.#make('normal', shape, [loc, scale], 'float64', options);
  }

  /** Returns exponentials of normal numbers of this mean and standard deviation (`Generator.lognormal`). */
  lognormal<D extends Floats = 'float64'>(
    shape: ShapeOrDistribution,
    mean = 0,
    sigma = 1,
    options?: RandomOptions<D>,
  ): DistArray<D> {
    return this.#make('lognormal', shape, [mean, sigma], 'float64', options);
  }

  /** Returns exponentially distributed numbers of this mean (`Generator.exponential`). */
  exponential<D extends Floats = 'float64'>(
    shape: ShapeOrDistribution,
    scale = 1,
    options?: RandomOptions<D>,
  ): DistArray<D> {
    return this.#make('exponential', shape, [scale], 'float64', options);
  }

  /** Returns gamma distributed numbers; `k` is the shape parameter (`Generator.gamma`). */
  gamma<D extends Floats = 'float64'>(
    shape: ShapeOrDistribution,
    k: number,
    scale = 1,
    options?: RandomOptions<D>,
  ): DistArray<D> {
    return this.#make('gamma', shape, [k, scale], 'float64', options);
  }

  /** Returns beta distributed numbers (`Generator.beta`). */
  beta<D extends Floats = 'float64'>(
    shape: ShapeOrDistribution,
    a: number,
    b: number,
    options?: RandomOptions<D>,
  ): DistArray<D> {
    return this.#make('beta', shape, [a, b], 'float64', options);
  }

  /** Returns Poisson distributed integers (`Generator.poisson`). */
  poisson<D extends Dtype = 'int64'>(
    shape: ShapeOrDistribution,
    mean = 1,
    options?: RandomIntegerOptions<D>,
  ): DistArray<D> {
    return this.#make('poisson', shape, [mean], 'int64', options);
  }

  /** Returns integers of [low, high), or [0, low) without `high` (`numpy.random.randint`). */
  randint<D extends Dtype = 'int64'>(
    shape: ShapeOrDistribution,
    low: Integer,
    high?: Integer,
    options?: RandomIntegerOptions<D>,
  ): DistArray<D> {
    return this.#make('integers', shape, [low, high], 'int64', options);
  }

  /** {@link ContextRandom.randint}, by its newer name (`Generator.integers`). */
  integers<D extends Dtype = 'int64'>(
    shape: ShapeOrDistribution,
    low: Integer,
    high?: Integer,
    options?: RandomIntegerOptions<D>,
  ): DistArray<D> {
    return this.randint(shape, low, high, options);
  }

  /** Returns 0 … n − 1 in random order (`Generator.permutation`). */
  permutation<D extends Dtype = 'int64'>(
    n: number,
    options?: RandomIntegerOptions<D>,
  ): DistArray<D> {
    checkInteger('n', n, 0);
    return this.#make('permutation', [n], [], 'int64', options);
  }

  #make<D extends Dtype>(
    method: RandomMethod,
    shape: ShapeOrDistribution,
    parameters: readonly (Integer | undefined)[],
    defaultDtype: Dtype,
    options: CreationOptions<Dtype> = {},
  ): DistArray<D> {
    checkOptions(options, CREATION_NAMES, '{ dtype, dist }');
    const { dtype = defaultDtype, ...rest } = options;
    const distribution = this.#context.distributionOf(shape, rest);
    const state = this.#stream.getState();
    const made = this.#context.created<RandomParams, D>(createRandom, {
      dtype,
      distribution,
      method,
      parameters,
      state,
    });
    this.#stream.skip(distribution.size, drawUnit(method, made.dtype));
    return made;
  }
}
