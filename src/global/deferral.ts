/**
 * Elementwise functions whose local computation waits until something needs the result: chains of methods are then
 * computed in one pass. A program cannot tell: what an operand was when the function was called is what counts.
 */
import { ELEMENTWISE } from '../dtype/elementwise.ts';
import { resolveElementwise } from '../dtype/resolve.ts';
import { type Scalar, scalarAs, type WeakKind, weakKindOf } from '../dtype/scalar.ts';
import { Link, type LinkOperand } from '../expr/chain.ts';
import { sameShape } from '../kernels/stridedView.ts';
import { LocalArray } from '../local/localArray.ts';
import type { Comm } from '../mpi/communicator.ts';
import { Weak } from '../mpi/weak.ts';
import { isAligned } from '../ops/align.ts';
import {
  type ElementwiseParams,
  elementwiseOperation,
} from '../ops/elementwise/elementwiseOperation.ts';
import type { ArrayMeta } from '../ops/operation.ts';

/** Elements a process from which on waiting is worth its bookkeeping. */
const SMALLEST = 2 ** 12;
/** Most arrays and numbers that are read together. */
const WIDEST = 15;

/** The links that wait in one session. */
export class Deferral {
  /** By the memory that they read: links that wait. */
  readonly #readers = new WeakMap<ArrayBufferLike, Weak<Link>[]>();
  /** Memory that the program has in its hands, and may change at any time. */
  readonly #exposed = new WeakSet<ArrayBufferLike>();

  /**
   * Returns the result of an elementwise function, to be computed later; null when it must be computed now.
   *
   * @throws as the function does
   */
  defer(
    handles: readonly (LocalArray | Link)[],
    params: ElementwiseParams,
    comm: Comm,
  ): Link | null {
    const { name, scalars, hasOut, hasWhere, dtype } = params;
    if (hasOut || hasWhere || dtype !== undefined || name === 'where') return null;
    const { distribution } = handles[0];
    if (distribution.size < SMALLEST * distribution.numProcesses) return null;
    const arrays = handles.map((each) =>
      each instanceof Link && !each.isWaiting ? each.compute() : each,
    );
    for (const array of arrays) {
      if (!(array instanceof Link) && this.#exposed.has(array.data.buffer)) return null;
      if (array.distribution === distribution) continue;
      const isAlike =
        sameShape(array.distribution.shape, distribution.shape) &&
        isAligned(array.distribution, distribution);
      if (!isAlike) return null;
    }
    const meta = elementwiseOperation.infer(arrays, params, comm.size);
    if (meta.distribution !== distribution) return null;
    checkScalars(name, arrays, scalars);
    let next = 0;
    let width = scalars.length;
    const operands = scalars.map((scalar): LinkOperand => {
      if (scalar !== null) return scalar;
      const array = arrays[next++];
      if (!(array instanceof Link)) return array;
      // What several functions need is computed once; long chains are cut.
      if (array.readers.length > 0 || width + array.width > WIDEST) return array.compute();
      width += array.width;
      return array;
    });
    const link = new Link(name, operands, meta, comm, this.#addReaders);
    const reader = new Weak(link);
    for (const operand of operands) {
      if (operand instanceof Link) operand.readers.push(reader);
      else if (operand instanceof LocalArray) this.#addReaders(operand, [reader]);
    }
    return link;
  }

  /** Computes what reads the memory of an array that is about to change. */
  beforeWrite(array: LocalArray): void {
    const { buffer } = array.data;
    const readers = this.#readers.get(buffer);
    if (readers === undefined) return;
    this.#readers.delete(buffer);
    for (const reader of readers) reader.deref()?.compute();
  }

  /** Notes that the program can change the memory of an array without a call. */
  expose(array: LocalArray): void {
    this.beforeWrite(array);
    this.#exposed.add(array.data.buffer);
  }

  readonly #addReaders = (array: LocalArray, added: readonly Weak<Link>[]): void => {
    if (added.length === 0) return;
    const { buffer } = array.data;
    const readers = this.#readers.get(buffer);
    if (readers === undefined) {
      this.#readers.set(buffer, [...added]);
      return;
    }
    // Those that are gone or done are dropped now and then.
    if (readers.length >= 64 && (readers.length & (readers.length - 1)) === 0) {
      const waiting = readers.filter((each) => each.deref()?.isWaiting);
      readers.splice(0, readers.length, ...waiting);
    }
    readers.push(...added);
  };
}

const ORDER: Readonly<Record<WeakKind, number>> = { bool: 0, int: 1, float: 2, complex: 3 };

/** Numbers that the dtype has not are errors of the call, not of the computation. */
function checkScalars(
  name: Exclude<ElementwiseParams['name'], 'where'>,
  arrays: readonly ArrayMeta[],
  scalars: readonly (Scalar | null)[],
): void {
  let weak: WeakKind | undefined;
  for (const scalar of scalars) {
    if (scalar === null) continue;
    const kind = weakKindOf(scalar);
    if (weak === undefined || ORDER[kind] > ORDER[weak]) weak = kind;
  }
  if (weak === undefined || ELEMENTWISE[name].comparison) return;
  const dtypes = [...new Set(arrays.map(({ dtype }) => dtype))];
  const { compute } = resolveElementwise(name, dtypes, weak);
  for (const scalar of scalars) if (scalar !== null) scalarAs(scalar, compute, 'operand');
}
