/** The raw functions of the addon's kernels, as `native.ts` loads them. */

/** One operation of the kernels. */
export interface RawOperation {
  readonly number: number;
  readonly inputs: number;
  /** Numbers of the dtypes that it computes in, with those of what comes out. */
  readonly loops: Readonly<Record<number, number>>;
}

/** Functions that take their arguments from the kernels' block (`src/ops/kernels/block.ts`). */
export type KernelName = 'apply' | 'copy' | 'gather' | 'scatter';

export interface RawKernels extends Readonly<Record<KernelName, () => void>> {
  /** The block, shared with C++. */
  readonly block: Float64Array;
  /** The operations by name. */
  operations(): Readonly<Record<string, RawOperation>>;
  /** What the kernels run on here: `avx512`, `avx2` or `baseline`. */
  readonly instructionSet: string;
}
