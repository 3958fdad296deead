/** What the addon exports as its kernels, for compiled functions and for files; `src/native.ts` loads it. */

/** One operation of the kernels. */
export interface RawOperation {
  readonly number: number;
  readonly inputs: number;
  /** Numbers of the dtypes that it computes in, with those of what comes out. */
  readonly loops: Readonly<Record<number, number>>;
}

/** Functions that take their arguments from the kernels' block (`src/kernels/block.ts`). */
export type KernelName =
  | 'addOwners'
  | 'addToStates'
  | 'apply'
  | 'clearStates'
  | 'copy'
  | 'copyRuns'
  | 'findTrue'
  | 'finishStates'
  | 'gather'
  | 'gemm'
  | 'mergeStates'
  | 'parseText'
  | 'random'
  | 'runProgram'
  | 'scanWithStates'
  | 'scatter'
  | 'sortByRank';

/** One reduction of the kernels. */
export interface RawReduction {
  readonly number: number;
  /** By number of the dtype that it computes in. */
  readonly loops: Readonly<
    Record<number, { readonly output: number; readonly stateSize: number; readonly scans: boolean }>
  >;
}

export interface RawKernels extends Readonly<Record<KernelName, () => void>> {
  /** The block, shared with C++. */
  readonly block: Float64Array;
  /** The operations by name. */
  operations(): Readonly<Record<string, RawOperation>>;
  /** The reductions by name. */
  reductions(): Readonly<Record<string, RawReduction>>;
  /** Makes a program (`native/kernels/program.h`) and returns its address. */
  createProgram(code: Int32Array): number;
  freeProgram(address: number): void;
  /** Gives a program a compiled loop; bit k of `numbers` tells that it reads one element of input k alone. */
  setProgramLoop(program: number, loop: number, numbers: number): void;
  /** Names of the random distributions, by number. */
  distributions(): readonly string[];
  /** The four words of Philox4x64-10 for a counter of four words and a key of two. */
  philox(counter: BigUint64Array, key: BigUint64Array): BigUint64Array;
  /** What the kernels run on here: `avx512`, `avx2` or `baseline`. */
  readonly instructionSet: string;
  /** What computes products of floats: `openblas`, or `none` for our own kernel. */
  readonly blas: string;
}

/** What the addon has for functions that are compiled at run time. */
export interface RawJit {
  /** The block of their calls, shared with C++ (`src/jit/block.ts`). */
  readonly block: Float64Array;
  /** Calls the function whose address is in the block. */
  call(): void;
  /** Loads a library and returns its handle; throws an Error with the loader's text. */
  open(path: string): number;
  /** The address of what has this name in a library; 0 for nothing. */
  find(library: number, name: string): number;
  /** What the last call threw. */
  message(): string;
}
