/** Compiled functions, called with typed arrays and numbers. */
import type { TypedArray } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalar.ts';
import { ArgumentRangeError, DistArrayError } from '../errors.ts';
import { type ArgumentWriter, resultAddress, resultReader, writerOf } from './arguments.ts';
import * as jitBlock from './block.ts';
import type { Library } from './library.ts';
import { type Prototype, prototypeText } from './prototype.ts';
import { callerOf } from './trampoline.ts';

// Constants of this module are folded into the compiled code; imported ones are read on every use.
const { block, JIT_ADDRESSES, JIT_COUNT, JIT_FUNCTION, JIT_RESULT, raw } = jitBlock;

/** A function of a library. */
export class NativeFunction {
  readonly prototype: Prototype;
  readonly #library: () => Library;
  readonly #writers: readonly ArgumentWriter[];
  readonly #readResult: (() => Scalar) | null;
  readonly #resultAddress: number;
  #address = 0;

  /** @param library - tells the library at the first call */
  constructor(prototype: Prototype, library: () => Library) {
    const { parameters, result } = prototype;
    this.prototype = prototype;
    this.#library = library;
    this.#writers = parameters.map(writerOf);
    this.#readResult = result === null ? null : resultReader(result.dtype, parameters.length);
    this.#resultAddress = resultAddress(parameters.length);
  }

  /**
   * Calls the function: arrays for pointers, of the dtype's typed array, and numbers for values.
   *
   * @remarks Local. The function gets addresses: how far it may read and write is for it to know. Only what is
   * not const in the prototype is written.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for arguments that do not fit the prototype
   * @throws {@link DistArrayError} `ERR_KERNEL` when the function throws an exception of C++
   */
  call(args: readonly (TypedArray | Scalar)[]): Scalar | undefined {
    const writers = this.#writers;
    const count = writers.length;
    if (args.length !== count) throw this.#countError(args.length);
    if (this.#address === 0) {
      this.#address = this.#library().addressOf(callerOf(this.prototype.name));
    }
    for (let k = 0; k < count; k++) writers[k](args[k]);
    block[JIT_FUNCTION] = this.#address;
    const readResult = this.#readResult;
    if (readResult === null) {
      block[JIT_COUNT] = count;
      raw.call();
    } else {
      block[JIT_ADDRESSES + count] = this.#resultAddress;
      block[JIT_COUNT] = count + 1;
      raw.call();
    }
    if (block[JIT_RESULT] !== 0) this.#throw();
    return readResult === null ? undefined : readResult();
  }

  #countError(received: number): ArgumentRangeError {
    const expected = `${this.#writers.length}, as ${prototypeText(this.prototype)} has,`;
    return new ArgumentRangeError('the number of arguments', expected, received);
  }

  #throw(): never {
    const { name } = this.prototype;
    throw new DistArrayError('ERR_KERNEL', `The kernel ${name} has thrown: ${raw.message()}`);
  }
}
