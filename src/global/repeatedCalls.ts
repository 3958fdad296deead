/** Calls of a template with the arrays of a former call: loops make few different ones. */
import type { Dtype } from '../dtype/dtype.ts';
import { isScalar, type Scalar } from '../dtype/scalar.ts';
import type { EvaluateParams } from '../expr/evaluate.ts';
import type { ArrayOperation, PreparedCall } from '../ops/operation.ts';
import { DistArray } from './distArray.ts';
import type { ArrayHandle } from './session.ts';

/** A call that was carried out. */
export interface CarriedOut {
  readonly operation: ArrayOperation<EvaluateParams>;
  readonly handles: readonly ArrayHandle[];
  readonly params: EvaluateParams;
}

/** What tells calls apart. Arrays are known by numbers, so that none is kept in memory. */
interface Call {
  /** Of each operand the array's number; 0 for a number. */
  readonly operands: readonly number[];
  /** The first operand with the same array. */
  readonly firsts: readonly number[];
  readonly target: number;
  readonly slice: string | null;
  /** The operands that are numbers, in the order in which the parameters have them. */
  readonly scalarsAt: readonly number[];
  /** How to make it again; null when it cannot be prepared, undefined before it was made twice. */
  prepared: PreparedCall<EvaluateParams> | null | undefined;
  /** How often it was made with numbers that need another program. */
  changes: number;
  readonly params: EvaluateParams;
}

/** Most calls that are remembered. */
const MOST_KEPT = 4;

/** Most programs that one call is prepared for, one after the other. */
const MOST_CHANGES = 8;

/** The last different calls of one template. */
export class RepeatedCalls {
  readonly #calls: Call[] = [];

  /** Makes a call as one before it; returns false when there was none that is prepared. */
  repeat(values: readonly unknown[], target: DistArray<Dtype>, slice: string | null): boolean {
    const call = this.#find(values, target, slice);
    if (call === null || call.prepared === null || call.prepared === undefined) return false;
    let { params } = call;
    if (params.scalars.length > 0) {
      params = { ...params, scalars: call.scalarsAt.map((k) => values[k] as Scalar) };
    }
    // A slice has the memory of its array.
    if (target.context.session.repeat(call.prepared, target.handle, params)) return true;
    call.prepared = ++call.changes < MOST_CHANGES ? undefined : null;
    return false;
  }

  /** Takes note of a call; one that was made before is prepared. */
  note(
    values: readonly unknown[],
    target: DistArray<Dtype>,
    slice: string | null,
    { operation, handles, params }: CarriedOut,
  ): void {
    const { session } = target.context;
    const call = this.#find(values, target, slice);
    if (call !== null) {
      if (call.prepared === undefined) call.prepared = session.prepare(operation, handles, params);
      return;
    }
    const operands = values.map((value) =>
      value instanceof DistArray ? session.identityOf(value.handle) : 0,
    );
    const targetIs = session.identityOf(target.handle);
    const isKnown = values.every((value, k) => operands[k] > 0 || isScalar(value));
    if (!isKnown || targetIs === 0) return;
    if (this.#calls.length === MOST_KEPT) this.#calls.shift();
    this.#calls.push({
      operands,
      firsts: values.map((value) => values.indexOf(value)),
      target: targetIs,
      slice,
      scalarsAt: params.expression.places.flatMap(({ index }) =>
        operands[index] === 0 ? [index] : [],
      ),
      changes: 0,
      prepared: undefined,
      params,
    });
  }

  #find(values: readonly unknown[], target: DistArray<Dtype>, slice: string | null): Call | null {
    if (this.#calls.length === 0) return null;
    const { context } = target;
    const { session } = context;
    const targetIs = session.identityOf(target.handle);
    search: for (const call of this.#calls) {
      if (call.target !== targetIs || call.slice !== slice) continue;
      const { operands, firsts } = call;
      for (let k = 0; k < operands.length; k++) {
        const value = values[k];
        const first = firsts[k];
        if (first < k && operands[k] > 0) {
          if (value !== values[first]) continue search;
        } else if (value instanceof DistArray) {
          if (session.identityOf(value.handle) !== operands[k]) continue search;
          // Several contexts may have arrays over the same memory, but not in one call.
          if (value.context !== context) continue search;
        } else if (operands[k] !== 0 || !isScalar(value)) continue search;
      }
      return call;
    }
    return null;
  }
}
