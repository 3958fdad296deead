/** Calling compiled functions with local arrays. */
import type { TypedArray } from '../../dtype/dtype.ts';
import type { Scalar } from '../../dtype/scalar.ts';
import { ArgumentTypeError } from '../../errors.ts';
import type { NativeFunction } from '../../jit/nativeFunction.ts';
import { LocalArray } from '../../local/localArray.ts';

/** What a compiled function takes: an array for a pointer, a number for a value. */
export type KernelArgument = TypedArray | LocalArray | Scalar;

/**
 * Calls a compiled function: as `NativeFunction.call`, but with LocalArrays, too, of the pointer's dtype. The function gets
 * their elements in C order, without halo: where they lie, or, where they lie otherwise, a copy, from which what is
 * not const is copied back.
 *
 * @remarks Local.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for arguments that do not fit the prototype
 */
export function callKernel(
  kernel: NativeFunction,
  args: readonly KernelArgument[],
): Scalar | undefined {
  for (let k = 0; k < args.length; k++) {
    if (args[k] instanceof LocalArray) return callWithLocal(kernel, args);
  }
  return kernel.call(args as readonly (TypedArray | Scalar)[]);
}

function callWithLocal(
  kernel: NativeFunction,
  args: readonly KernelArgument[],
): Scalar | undefined {
  const copies: { readonly array: LocalArray; readonly elements: TypedArray }[] = [];
  const given = args.map((arg, k) => {
    if (!(arg instanceof LocalArray)) return arg;
    const parameter = kernel.prototype.parameters[k];
    // Too many arguments, or an array for a value: the function itself says so.
    if (parameter === undefined || parameter.passed === 'value') return arg;
    if (arg.dtype !== parameter.dtype) {
      const expected = `a LocalArray of dtype ${parameter.dtype}`;
      throw new ArgumentTypeError(parameter.name, expected, arg.dtype);
    }
    const elements = arg.toContiguous();
    if (!parameter.isConst && !arg.isContiguous) copies.push({ array: arg, elements });
    return elements;
  });
  const result = kernel.call(given as (TypedArray | Scalar)[]);
  for (const { array, elements } of copies) array.assignContiguous(elements);
  return result;
}
