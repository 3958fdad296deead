/** Programs: expressions over strided views that are computed in one pass (`native/kernels/program.h`). */
import { DTYPE_NAMES, type Dtype } from '../dtype/dtype.ts';
import type { ElementwiseName } from '../dtype/elementwise.ts';
import { isScalar, type Scalar } from '../dtype/scalar.ts';
import { ArgumentRangeError } from '../errors.ts';
import type { RawOperation } from '../rawKernels.ts';
import * as kernelBlock from './block.ts';
import { writeConstant } from './constant.ts';
import { type StridedView, writeShape, writeView } from './stridedView.ts';

const { block, checkKernel, DIMENSIONS, DTYPE_NUMBERS } = kernelBlock;
const { OPERANDS, OPERATION, raw, SHAPE } = kernelBlock;

/** Most inputs of a program, arrays and numbers together. */
export const MAX_INPUTS = 23;
/** Most values that are kept at a time between the steps of a program. */
export const MAX_TEMPORARIES = 24;

/** Two operations on three operands, of floats: the second one on what the first one makes. */
export type Pair =
  `${'add' | 'subtract' | 'multiply'}Then${'Add' | 'Subtract' | 'SubtractFrom' | 'Multiply'}`;

/**
 * A step of a program: an operation of the kernels, or a cast, of values. Values are numbered: the inputs, then the
 * temporaries.
 */
export interface Step {
  /** The operation; a cast otherwise. */
  readonly operation: ElementwiseName | Pair | 'where' | 'cast';
  /** What is computed in; of a cast the dtype that is cast from. */
  readonly compute: Dtype;
  /** Of a cast: the dtype of the result. */
  readonly to?: Dtype;
  readonly inputs: readonly number[];
  /** The temporary; the last step makes the result instead. */
  readonly output: number;
}

const operations: Readonly<Record<string, RawOperation>> = raw.operations();

/** Returns the dtype that the kernel of an operation gives; undefined when there is no such kernel. */
export function outputDtype(operation: string, compute: Dtype): Dtype | undefined {
  const output = operations[operation]?.loops[DTYPE_NUMBERS[compute]];
  return output === undefined ? undefined : DTYPE_NAMES[output];
}

const finished = new FinalizationRegistry((address: number) => raw.freeProgram(address));

/** A program in the addon's memory, as long as this object is there. */
export class Program {
  /** Dtypes of the inputs; numbers are given in the dtype of their place. */
  readonly inputs: readonly Dtype[];
  readonly address: number;

  /** @param temporaries - how many values the steps need beside inputs and result */
  constructor(inputs: readonly Dtype[], temporaries: number, steps: readonly Step[]) {
    this.inputs = Object.freeze([...inputs]);
    const code = [inputs.length, ...inputs.map((dtype) => DTYPE_NUMBERS[dtype]), temporaries];
    code.push(steps.length);
    steps.forEach(({ operation, compute, to, inputs: from, output }, index) => {
      if (operation === 'cast') code.push(-1 - DTYPE_NUMBERS[to!]);
      else code.push(operations[operation].number);
      code.push(DTYPE_NUMBERS[compute], from[0], from[1] ?? -1, from[2] ?? -1);
      code.push(index === steps.length - 1 ? -1 : output);
    });
    this.address = raw.createProgram(Int32Array.from(code));
    finished.register(this, this.address);
  }
}

/**
 * Gives a program a loop that computes the same: a C function `void (const void* const* inputs, void* output, size_t
 * count, size_t rows, const int64_t* steps)` over rows of contiguous memory, which are so many bytes apart in each input
 * and the output. The output may be an input.
 *
 * @param loop - its address
 * @param numbers - the inputs of which it reads the first element alone
 */
export function setProgramLoop(
  { address }: Program,
  loop: number,
  numbers: readonly number[],
): void {
  raw.setProgramLoop(
    address,
    loop,
    numbers.reduce((bits, k) => bits | (1 << k), 0),
  );
}

/**
 * Computes a program element by element, in one pass over the operands, which are broadcast to the shape of `out`.
 *
 * @param operands - the inputs: views of the inputs' dtypes, or numbers
 * @param out - of any dtype that the result may be cast to; may overlap the operands in any way
 * @remarks Local. No temporary array is made but of operands that overlap `out` otherwise than element by element.
 * @throws {@link ArgumentRangeError}, {@link ArgumentTypeError} for a number that the dtype of its place has not
 */
export function runProgram(
  program: Program,
  operands: readonly (StridedView | Scalar)[],
  out: StridedView,
): void {
  writeCall(program, operands, out);
  block[OPERATION] = program.address;
  block[OPERANDS] = operands.length + 1;
  block[DIMENSIONS] = out.shape.length;
  raw.runProgram();
  checkKernel('a program');
}

/**
 * Returns a call of {@link runProgram} as numbers, for the addon to make it again and again: dimensions, shape; of each
 * operand and the result: address, -1 for a number, dtype, strides in bytes.
 *
 * @remarks The memory must stay where it is.
 * @throws as {@link runProgram}
 */
export function describeCall(
  program: Program,
  operands: readonly (StridedView | Scalar)[],
  out: StridedView,
): number[] {
  const end = writeCall(program, operands, out);
  const ndim = out.shape.length;
  const numbers = [ndim, ...block.subarray(SHAPE, end)];
  for (let k = 0; k < operands.length; k++) {
    if (isScalar(operands[k])) numbers[1 + ndim + k * (2 + ndim)] = -1;
  }
  return numbers;
}

/** Writes shape and operands of a call into the kernels' block, and returns the slot after them. */
function writeCall(
  program: Program,
  operands: readonly (StridedView | Scalar)[],
  out: StridedView,
): number {
  const { shape } = out;
  const ndim = shape.length;
  if (operands.length !== program.inputs.length) {
    throw new ArgumentRangeError('operands', `${program.inputs.length}`, operands.length);
  }
  let slot = writeShape(shape, SHAPE);
  for (let k = 0; k < operands.length; k++) {
    const operand = operands[k];
    slot = isScalar(operand)
      ? writeConstant(operand, program.inputs[k], ndim, slot, k, 'operand')
      : writeView(operand, shape, slot, 'operand');
  }
  return writeView(out, shape, slot, 'out');
}
