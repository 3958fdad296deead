/** Dtypes of results, as far as the types of operands tell; `Dtype` where they do not. */
import type { Dtype } from '../../dtype/dtype.ts';
import type { DistArray } from '../distArray.ts';

type Float = 'float32' | 'float64';
type Complex = 'complex64' | 'complex128';
type Int = 'int8' | 'int16' | 'int32' | 'int64';
type Uint = 'uint8' | 'uint16' | 'uint32' | 'uint64';

/** What an array of dtype `D` and an operand `Y` are promoted to. */
export type Common<D extends Dtype, Y> =
  Y extends DistArray<infer E>
    ? Same<D, E>
    : Y extends boolean
      ? D
      : Y extends bigint
        ? D extends 'bool'
          ? 'int64'
          : D
        : Y extends number
          ? D extends Float | Complex
            ? D
            : Dtype
          : D extends Complex
            ? D
            : Dtype;

type Same<D extends Dtype, E extends Dtype> = [D] extends [E]
  ? [E] extends [D]
    ? D
    : Dtype
  : Dtype;

/** The dtype of a function of two operands, one of which may be a number. */
export type ResultOfTwo<Rule extends ResultRule, X, Y> =
  X extends DistArray<infer D>
    ? ResultBy<Rule, D, Y>
    : Y extends DistArray<infer E>
      ? ResultBy<Rule, E, X>
      : Dtype;

/** The dtype of a function of one operand. */
export type ResultOfOne<Rule extends ResultRule, X> =
  X extends DistArray<infer D> ? ResultBy<Rule, D> : Dtype;

/** How the dtype of a result follows from those of operands. */
export type ResultRule = 'any' | 'number' | 'float' | 'real' | 'test';

/** The dtype of a function of an array of dtype `D`, and an operand `Y` if it has two. */
export type ResultBy<Rule extends ResultRule, D extends Dtype, Y = DistArray<D>> = {
  any: Common<D, Y>;
  number: NumberOf<Common<D, Y>>;
  float: FloatOf<Common<D, Y>>;
  real: RealOf<D>;
  test: 'bool';
}[Rule];

/** What floats and complex numbers stay; integers become some float. */
export type FloatOf<D extends Dtype> = D extends Float | Complex ? D : Dtype;

/** What numbers stay; functions of bools have other rules. */
export type NumberOf<D extends Dtype> = D extends 'bool' ? Dtype : D;

/** The dtype of the real parts. */
export type RealOf<D extends Dtype> = D extends 'complex64'
  ? 'float32'
  : D extends 'complex128'
    ? 'float64'
    : D;

/** The dtype of sums and products. */
export type SumOf<D extends Dtype> = D extends Int | 'bool'
  ? 'int64'
  : D extends Uint
    ? 'uint64'
    : D;

/** The dtype of means. */
export type MeanOf<D extends Dtype> = D extends Float | Complex ? D : 'float64';
