/** An expression as steps that are computed one after the other, piece by piece of a block: in little memory, in a cache. */
import { DTYPES, type Dtype, type TypedArray, type TypedArrayOf } from '../../dtype/dtype.ts';
import { copyTo } from '../../kernels/copy.ts';
import { type StridedView, viewOf } from '../../kernels/stridedView.ts';
import { elementwise } from '../../ops/elementwise/elementwise.ts';
import {
  type ArrayPart,
  type Call,
  type Expression,
  isExpression,
  keyOf,
  type Operand,
  type StoredPart,
} from './expression.ts';
import { boxesOf } from './pieces.ts';
import type { Box } from './slab.ts';
import type { WorkMemory } from './workMemory.ts';

/** What an expression takes its elements from. */
export type Leaf = StoredPart | ArrayPart;

/** Most elements of a piece: few enough that intermediate results stay in the processor's cache. */
const PIECE_ELEMENTS = 2 ** 15;
/** Bytes of the largest elements. */
const LARGEST_ITEM = 16;

/** Where an operand of a step comes from. */
type Input = { readonly leaf: number } | { readonly step: number } | { readonly value: Operand };

interface Step {
  readonly call: Call;
  readonly inputs: readonly Input[];
}

/** Memory of an intermediate result. */
type Register = ReadonlyMap<Dtype, TypedArray>;

/** A compiled expression. */
export class Program {
  /** What it is computed from, each once. */
  readonly leaves: readonly Leaf[];
  readonly #steps: readonly Step[];
  readonly #shape: readonly number[];
  /** One a step: the register that its result goes to. */
  readonly #targets: readonly number[];
  readonly #registers: readonly Register[];
  readonly #pieceElements: number;

  /**
   * @param bytes - that intermediate results may use
   * @param memory - where they come from
   */
  constructor(expression: Expression, bytes: number, memory: WorkMemory) {
    const { leaves, steps } = compile(expression);
    this.leaves = leaves;
    this.#steps = steps;
    this.#shape = expression.shape;
    this.#targets = registersOf(steps);
    const count = Math.max(-1, ...this.#targets) + 1;
    const most = Math.floor(bytes / (LARGEST_ITEM * Math.max(1, count)));
    this.#pieceElements = Math.max(1, Math.min(PIECE_ELEMENTS, most));
    this.#registers = Array.from({ length: count }, () =>
      registerOver(memory.take('complex128', this.#pieceElements)),
    );
  }

  /**
   * Computes a block into `out`.
   *
   * @param elements - one view a leaf, which broadcast to the shape of `out`
   */
  computeInto(elements: readonly StridedView[], out: StridedView): void {
    if (this.#steps.length === 0) {
      copyTo(out, elements[0]);
      return;
    }
    for (const box of boxesOf(out.shape, this.#pieceElements)) {
      this.#compute(elements, out.shape, box, partOf(out, out.shape, box));
    }
  }

  /** Computes a block piece by piece, and hands each one over with its place; its memory is used again afterwards. */
  computePieces(
    elements: readonly StridedView[],
    shape: readonly number[],
    use: (piece: StridedView, box: Box) => void,
  ): void {
    const isPlain = this.#steps.length === 0;
    for (const box of boxesOf(shape, isPlain ? Number.POSITIVE_INFINITY : this.#pieceElements)) {
      const piece = isPlain
        ? partOf(elements[0], shape, box)
        : this.#compute(elements, shape, box, undefined);
      use(piece, box);
    }
  }

  #compute(
    elements: readonly StridedView[],
    shape: readonly number[],
    box: Box,
    out: StridedView | undefined,
  ): StridedView {
    const results: StridedView[] = [];
    this.#steps.forEach(({ call, inputs }, index) => {
      const operands = inputs.map((input) => {
        if ('value' in input) return input.value as never;
        if ('step' in input) return results[input.step];
        return partOf(elements[input.leaf], shape, box);
      });
      const isLast = index === this.#steps.length - 1;
      const target = isLast && out !== undefined ? out : this.#target(index, box);
      const { name, computed } = call;
      if (name === 'astype') copyTo(target, operands[0], { casting: 'unsafe' });
      else elementwise(name, operands, { out: target, dtype: computed });
      results.push(target);
    });
    return results[results.length - 1];
  }

  /** Memory for what a step gives of a piece, which has one index where the step's result is broadcast. */
  #target(step: number, box: Box): StridedView {
    const { shape, dtype } = this.#steps[step].call;
    const lead = box.length - shape.length;
    const extents = shape.map((extent, axis) =>
      extent === 1 && this.#shape[axis + lead] !== 1 ? 1 : box[axis + lead].count,
    );
    const register = this.#registers[this.#targets[step]];
    return viewOf(register.get(dtype) as TypedArrayOf<Dtype>, dtype, extents);
  }
}

function compile(expression: Expression): { leaves: Leaf[]; steps: Step[] } {
  const leaves: Leaf[] = [];
  const steps: Step[] = [];
  const known = new Map<Expression | string, Input>();
  const inputOf = (operand: Operand): Input => {
    if (!isExpression(operand)) return { value: operand };
    const key = operand.kind === 'stored' ? keyOf(operand) : operand;
    let input = known.get(key);
    if (input !== undefined) return input;
    if (operand.kind === 'call') {
      steps.push({ inputs: operand.operands.map(inputOf), call: operand });
      input = { step: steps.length - 1 };
    } else input = { leaf: leaves.push(operand) - 1 };
    known.set(key, input);
    return input;
  };
  inputOf(expression);
  return { leaves, steps };
}

/** Gives each step a register that nobody reads any more. */
function registersOf(steps: readonly Step[]): number[] {
  const lastUse = new Map<number, number>();
  steps.forEach(({ inputs }, index) => {
    for (const input of inputs) if ('step' in input) lastUse.set(input.step, index);
  });
  const targets: number[] = [];
  const free: number[] = [];
  let count = 0;
  steps.forEach((_, index) => {
    targets.push(free.pop() ?? count++);
    for (const [step, last] of lastUse) if (last === index) free.push(targets[step]);
  });
  return targets;
}

/** One memory as elements of any dtype. */
function registerOver({ buffer, byteOffset, byteLength }: Float64Array): Register {
  return new Map(
    Object.values(DTYPES).map(({ name, arrayType }) => {
      const length = byteLength / arrayType.BYTES_PER_ELEMENT;
      return [name, new arrayType(buffer, byteOffset, length) as TypedArray];
    }),
  );
}

/** Returns the part of a view, which is broadcast to `shape`, that belongs to a box of it. */
export function partOf(view: StridedView, shape: readonly number[], box: Box): StridedView {
  const lead = shape.length - view.shape.length;
  let { offset } = view;
  const extents = view.shape.map((extent, axis) => {
    const { start, count } = box[axis + lead];
    if (extent === 1 && shape[axis + lead] !== 1) return 1;
    offset += start * view.strides[axis];
    return count;
  });
  return { ...view, shape: extents, offset };
}
