/** Elementwise functions of local arrays: each process computes its own part. */
import type { Dtype } from '../../dtype/dtype.ts';
import type { ElementwiseName } from '../../dtype/elementwise.ts';
import { isScalar, type Scalar } from '../../dtype/scalar.ts';
import { ArgumentTypeError } from '../../errors.ts';
import { checkCompatible } from '../../local/compatibility.ts';
import { LocalArray } from '../../local/localArray.ts';
import { checkOptions, optionNames } from '../../options.ts';
import { elementwise } from './elementwise.ts';

/** What a local function takes: an array, or a JavaScript value, which is a weak scalar. */
export type LocalOperand = LocalArray | Scalar;

/** Options of local functions, as NumPy's. */
export interface LocalFunctionOptions<E extends Dtype = Dtype> {
  /** Where the result goes, instead of to a new array. May be an operand, or share memory with one. */
  readonly out?: LocalArray<E>;
  /** Only elements where this is true are computed; others of a new result are 0. */
  readonly where?: LocalArray<'bool'>;
  /** What is computed in, instead of what the operands' dtypes tell. */
  readonly dtype?: Dtype;
}

/** A function of one local array. Communicates nothing; throws as {@link applyLocally}. */
export type LocalUnary = <E extends Dtype = Dtype>(
  x: LocalOperand,
  options?: LocalFunctionOptions<E>,
) => LocalArray<E>;

/** A function of two local arrays, or one and a scalar. Communicates nothing; throws as {@link applyLocally}. */
export type LocalBinary = <E extends Dtype = Dtype>(
  x: LocalOperand,
  y: LocalOperand,
  options?: LocalFunctionOptions<E>,
) => LocalArray<E>;

/** A function of three local arrays or scalars. Communicates nothing; throws as {@link applyLocally}. */
export type LocalTernary = <E extends Dtype = Dtype>(
  x: LocalOperand,
  y: LocalOperand,
  z: LocalOperand,
  options?: LocalFunctionOptions<E>,
) => LocalArray<E>;

const ARGUMENTS = ['x', 'y', 'z'];
const FUNCTION_OPTIONS = optionNames<LocalFunctionOptions>({ out: true, where: true, dtype: true });

/**
 * Returns an elementwise function of local arrays that are distributed alike, in `out` or in a new array
 * that is distributed as the first one. Dtypes as in NumPy 2; JavaScript values are weak scalars.
 *
 * @remarks Communicates nothing.
 * @throws {@link IncompatibleArrayError} for arrays that are not distributed alike
 * @throws {@link ArgumentTypeError} for what is no operand, and dtypes that the function does not take
 * @throws {@link ArgumentRangeError} (a `RangeError`) for a number that the integer dtype of the others has not
 */
export function applyLocally<E extends Dtype = Dtype>(
  name: ElementwiseName,
  operands: readonly LocalOperand[],
  options: LocalFunctionOptions<E> = {},
): LocalArray<E> {
  const like = checkOperands(operands, options);
  const views = operands.map((operand) =>
    operand instanceof LocalArray ? operand.readView() : operand,
  );
  const { out, dtype } = options;
  const where = options.where?.readView();
  if (out !== undefined) {
    // Elements that are no strided view of memory are packed, computed, and brought back.
    const target = out.readView();
    elementwise(name, views, { out: target, where, dtype });
    return out.isStrided ? out : out.assignView(target);
  }
  const result = elementwise(name, views, { where, dtype });
  const { distribution, comm } = like;
  // Of a distribution with a halo, and of a process without a part, the memory is not just the elements.
  if (like.localSize > 0 && !needsHalo(like)) {
    return new LocalArray<E>(distribution, {
      data: result.data,
      dtype: result.dtype,
      comm,
    } as never);
  }
  const padded = new LocalArray<E>(distribution, { dtype: result.dtype as E, comm });
  return padded.assignView(result);
}

/** Returns the function of this name for arrays of this number of operands. */
export function unary(name: ElementwiseName): LocalUnary {
  return named(name, (x, options) => applyLocally(name, [x], options));
}

/** Returns the function of two operands of this name. */
export function binary(name: ElementwiseName): LocalBinary {
  return named(name, (x, y, options) => applyLocally(name, [x, y], options));
}

/** Returns the function of three operands of this name. */
export function ternary(name: ElementwiseName): LocalTernary {
  return named(name, (x, y, z, options) => applyLocally(name, [x, y, z], options));
}

function named<F extends LocalUnary | LocalBinary | LocalTernary>(name: string, call: F): F {
  return Object.defineProperty(call, 'name', { value: name });
}

function needsHalo({ distribution, cartCoords }: LocalArray): boolean {
  return distribution.maps.some((map, axis) => {
    const [lower, upper] = map.halo(cartCoords[axis]);
    return lower + upper > 0;
  });
}

/** Checks operands and options; returns the first array, which the others must be distributed like. */
function checkOperands(
  operands: readonly LocalOperand[],
  options: LocalFunctionOptions,
): LocalArray {
  operands.forEach((operand, k) => {
    if (operand instanceof LocalArray || isScalar(operand)) return;
    throw new ArgumentTypeError(ARGUMENTS[k], 'a LocalArray or a scalar', operand);
  });
  const like = operands.find((operand) => operand instanceof LocalArray);
  if (!(like instanceof LocalArray)) {
    throw new ArgumentTypeError('x', 'a LocalArray among the operands', operands[0]);
  }
  checkOptions(options, FUNCTION_OPTIONS, '{ out: x }');
  operands.forEach((operand, k) => {
    if (operand instanceof LocalArray) checkCompatible(like, operand, ARGUMENTS[k]);
  });
  if (options.out !== undefined) checkCompatible(like, options.out, 'options.out');
  if (options.where !== undefined) checkCompatible(like, options.where, 'options.where');
  return like;
}
