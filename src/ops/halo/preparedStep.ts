/** Steps of stencils that are made again and again: one call into the addon each (`native/mpi/prepared_step.h`). */
import { DTYPES } from '../../dtype/dtype.ts';
import type { Scalar } from '../../dtype/scalar.ts';
import { allocateLocal } from '../../kernels/allocation.ts';
import { SHAPE } from '../../kernels/block.ts';
import { constantsAddress, writeConstant } from '../../kernels/constant.ts';
import type { Program } from '../../kernels/program.ts';
import { contiguousStrides, type StridedView, sizeOfShape } from '../../kernels/stridedView.ts';
import { addressOfArray } from '../../mpi/buffer.ts';
import * as commandBlock from '../../mpi/command.ts';
import { commandError } from '../../mpi/errors.ts';
import type { EdgeMessage, EdgeMessages } from './haloExchange.ts';

const { ARGUMENT0, command, RESULT, raw } = commandBlock;

/** What a step does: calls of a program as `describeCall` tells them, and the edges that the second ones need. */
export interface StepParts {
  readonly program: Program;
  readonly inner: readonly (readonly number[])[];
  readonly outer: readonly (readonly number[])[];
  /** On one communicator. */
  readonly edges: readonly EdgeMessages[];
}

/** MPI counts bytes in 32 bits. */
const MOST_BYTES = 2 ** 31 - 1;

/** What the addon has of a step, and the memory that it packs messages into. */
interface Prepared {
  readonly address: number;
  readonly staging: readonly StridedView[];
}

const finished = new FinalizationRegistry(({ address }: Prepared) => raw.freeStep(address));

/** A step that has been prepared for memory that stays where it is. */
export class PreparedStep {
  /** Of the messages that it sends. */
  readonly messages: number;
  readonly bytes: number;
  readonly #address: number;

  private constructor(prepared: Prepared, sent: readonly number[]) {
    this.#address = prepared.address;
    this.messages = sent.length;
    this.bytes = sent.reduce((sum, bytes) => sum + bytes, 0);
    finished.register(this, prepared);
  }

  /** Returns a prepared step; null for one that needs temporary memory each time, or long messages. */
  static of({ program, inner, outer, edges }: StepParts): PreparedStep | null {
    const [first] = edges;
    if (edges.some(({ comm }) => comm !== first.comm)) return null;
    const receives = edges.flatMap((each) => each.receives);
    const sends = edges.flatMap((each) => each.sends);
    const copies = edges.flatMap((each) => each.copies);
    if ([...receives, ...sends].some(({ view }) => bytesOf(view) > MOST_BYTES)) return null;
    const staging: StridedView[] = [];
    const code: number[] = [program.address, first?.comm.handle ?? 0];
    code.push(inner.length, outer.length, receives.length, sends.length, copies.length);
    for (const call of [...inner, ...outer]) code.push(...call);
    for (const each of receives) code.push(...describeMessage(each, staging, 'receive'));
    for (const each of sends) code.push(...describeMessage(each, staging, 'send'));
    for (const { from, to } of copies) code.push(...describeCopy(from, to));
    const address = raw.createStep(Float64Array.from(code));
    if (address === 0) return null;
    const sent = sends.map(({ view }) => bytesOf(view));
    return new PreparedStep({ address, staging }, sent);
  }

  /**
   * Gives the inputs that are numbers their values.
   * @throws {@link ArgumentTypeError}, {@link ArgumentRangeError} for a number that the dtype of its place has not
   */
  setNumbers(program: Program, operands: readonly (StridedView | Scalar)[]): void {
    for (let k = 0; k < operands.length; k++) {
      const operand = operands[k];
      if (typeof operand === 'object' && 'strides' in operand) continue;
      writeConstant(operand, program.inputs[k], 0, SHAPE, k, 'operand');
    }
    raw.setStepNumbers(this.#address, constantsAddress);
  }

  /**
   * Makes the step.
   * @remarks Collective where it has edges: each process makes it by this or by a halo exchange.
   * @throws {@link MPIError}
   */
  run(): void {
    command[ARGUMENT0] = this.#address;
    raw.runStep();
    if (command[RESULT] !== 0) throw commandError('MPI_Waitall');
  }
}

function bytesOf({ shape, dtype }: StridedView): number {
  return sizeOfShape(shape) * DTYPES[dtype].itemsize;
}

/** Peer, tag, bytes, address, and the copy between there and the array. */
function describeMessage(
  { peer, tag, view }: EdgeMessage,
  staging: StridedView[],
  direction: 'send' | 'receive',
): number[] {
  if (isOneRun(view)) return [peer, tag, bytesOf(view), addressOf(view), 0];
  const packed = packedLike(view);
  staging.push(packed);
  const copy = direction === 'send' ? describeCopy(view, packed) : describeCopy(packed, view);
  return [peer, tag, bytesOf(view), addressOf(packed), ...copy];
}

/** Whether elements lie one after the other. */
function isOneRun({ shape, strides }: StridedView): boolean {
  const wanted = contiguousStrides(shape);
  return shape.every((extent, axis) => extent === 1 || strides[axis] === wanted[axis]);
}

function packedLike({ shape, dtype }: StridedView): StridedView {
  const data = allocateLocal(dtype, sizeOfShape(shape));
  return { data, dtype, shape, strides: contiguousStrides(shape), offset: 0 };
}

/** Dimensions, addresses, itemsize; of each axis: extent, and strides in bytes. */
function describeCopy(from: StridedView, to: StridedView): number[] {
  const { itemsize } = DTYPES[from.dtype];
  const axes = from.shape.flatMap((extent, axis) => [
    extent,
    from.strides[axis] * itemsize,
    to.strides[axis] * itemsize,
  ]);
  return [from.shape.length, addressOf(from), addressOf(to), itemsize, ...axes];
}

function addressOf({ data, dtype, offset }: StridedView): number {
  return addressOfArray(data, 'edges') + offset * DTYPES[dtype].itemsize;
}
