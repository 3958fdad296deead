/** Arrays that are put together from slices of others. */
import type { Dtype } from '../../dtype/dtype.ts';
import type { Scalar } from '../../dtype/scalar.ts';
import type { LocalArray } from '../../local/localArray.ts';
import type { Distribution } from '../../maps/distribution.ts';
import type { SliceItem } from '../../maps/sliceSpec.ts';
import { copyInto } from '../align.ts';
import { newArray } from '../newArray.ts';
import {
  type ArrayMeta,
  type ArrayOperation,
  arrayOperation,
  type OperationEnvironment,
} from '../operation.ts';

/** Elements of the result that come from one place. */
export interface Piece {
  /** Which elements of the result they are: a slice. */
  readonly to: readonly SliceItem[];
  /**
   * Where they come from: a slice of an operand, by its number, or of what the result has already been given,
   * broadcast to the shape of the slice `to`; or a value.
   */
  readonly from:
    | { readonly array: number | 'result'; readonly slice: readonly SliceItem[] }
    | { readonly value: Scalar };
}

/** What an array is put together from: pieces one after the other. */
export interface Assembly {
  readonly dtype: Dtype;
  readonly distribution: Distribution;
  readonly pieces: readonly Piece[];
  /** Whether there are elements that no piece gives: zeros. Default false. */
  readonly hasGaps?: boolean;
}

/**
 * Declares an operation that puts an array together. Elements go straight to the processes where they belong, by
 * redistribution from slice to slice; those that are there already are copied.
 *
 * @param assemble - pure; throws for wrong arguments
 */
export function assemblyOperation<Params>(
  name: string,
  assemble: (arrays: readonly ArrayMeta[], params: Params) => Assembly,
): ArrayOperation<Params> {
  return arrayOperation<Params>(name, {
    infer: (arrays, params) => {
      const { dtype, distribution } = assemble(arrays, params);
      return { dtype, distribution };
    },
    run: (arrays, params, environment) => assembled(arrays, assemble(arrays, params), environment),
  });
}

/** Returns the array that an assembly tells of. @remarks Collective. */
export function assembled(
  arrays: readonly LocalArray[],
  { dtype, distribution, pieces, hasGaps = false }: Assembly,
  environment: OperationEnvironment,
): LocalArray {
  const { comm } = environment;
  const result = newArray<Dtype>(distribution, { dtype, comm, zeroed: hasGaps });
  for (const { to, from } of pieces) {
    const target = result.slice(to);
    if ('value' in from) {
      if (target.localSize > 0) target.fill(from.value);
      continue;
    }
    const source = (from.array === 'result' ? result : arrays[from.array]).slice(from.slice);
    copyInto(target, source, environment);
  }
  return result;
}

/** Returns a full slice of `ndim` dimensions, but for these entries by axis. */
export function sliceAt(
  ndim: number,
  items: Readonly<Record<number, SliceItem>>,
): readonly SliceItem[] {
  return Array.from({ length: ndim }, (_, axis): SliceItem => items[axis] ?? null);
}

/** Returns the range from `start` to before `stop`. */
export function range(start: number, stop: number): SliceItem {
  return { start, stop };
}
