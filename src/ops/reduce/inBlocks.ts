/** The elements along an axis, brought from any map to blocks in the order of the processes, and back. */
import { DTYPES, type Dtype } from '../../dtype/dtype.ts';
import { gather, scatter } from '../../kernels/copy.ts';
import { newView, type StridedView, sizeOfShape, viewOf } from '../../kernels/stridedView.ts';
import { BlockMap } from '../../maps/blockMap.ts';
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import type { Comm } from '../../mpi/communicator.ts';

/**
 * A plan that moves what the processes of a group hold along an axis to even blocks, and back. The
 * processes differ in their coordinate along the axis only, so the other axes stay as they are.
 */
export class InBlocks {
  readonly #comm: Comm | null;
  readonly #axis: number;
  /** By process: which local elements are of its block. */
  readonly #sent: readonly Float64Array[];
  /** By process: which elements of this process's block it has. */
  readonly #received: readonly Float64Array[];
  /** Elements of this process's block. */
  readonly #blockSize: number;

  /**
   * @param comm - the group; null for this process alone
   * @remarks Collective over the group: an all-to-all exchange of the indices.
   */
  constructor(comm: Comm | null, axis: number, map: DimensionMap, gridRank: number) {
    const count = comm?.size ?? 1;
    const blocks = BlockMap.even(map.size, count);
    const sent = Array.from({ length: count }, (): number[] => []);
    const indices = Array.from({ length: count }, (): number[] => []);
    let local = 0;
    for (const index of map.globalIndices(gridRank)) {
      const owner = blocks.owner(index);
      sent[owner].push(local++);
      indices[owner].push(blocks.localFromGlobal(index));
    }
    this.#comm = comm;
    this.#axis = axis;
    this.#sent = sent.map((list) => Float64Array.from(list));
    this.#received = exchange(
      comm,
      indices.map((list) => Float64Array.from(list)),
    );
    this.#blockSize = blocks.localSize(comm?.rank ?? 0);
  }

  /** Returns this process's block of the elements that the processes hold. @remarks Collective. */
  collect(view: StridedView): StridedView {
    return this.#move(view, this.#sent, this.#received, this.#blockSize);
  }

  /** The reverse of {@link collect}. @remarks Collective. */
  bringBack(block: StridedView): StridedView {
    const extent = this.#sent.reduce((sum, { length }) => sum + length, 0);
    return this.#move(block, this.#received, this.#sent, extent);
  }

  #move(
    view: StridedView,
    from: readonly Float64Array[],
    to: readonly Float64Array[],
    extent: number,
  ): StridedView {
    const axis = this.#axis;
    const { dtype } = view;
    const positions = (along: Float64Array) =>
      view.shape.map((_, dim) => (dim === axis ? along : null));
    const shapeOf = (length: number) => view.shape.map((n, dim) => (dim === axis ? length : n));
    const messages = from.map((along) => {
      const packed = newView(dtype, shapeOf(along.length));
      gather(packed, view, positions(along));
      return packed.data;
    });
    const target = newView(dtype, shapeOf(extent));
    const rest = sizeOfShape(shapeOf(1));
    const arrived = exchange(
      this.#comm,
      messages,
      to.map((along) => along.length * rest),
      dtype,
    );
    to.forEach((along, process) => {
      const packed = viewOf(arrived[process], dtype, shapeOf(along.length));
      scatter(target, packed, positions(along));
    });
    return target;
  }
}

/**
 * Returns what the others have sent, by process: arrays of the same kind as the messages, with
 * `counts` elements of the dtype. Without counts, those are exchanged first.
 */
function exchange<A extends StridedView['data']>(
  comm: Comm | null,
  messages: readonly A[],
  counts?: readonly number[],
  dtype: Dtype = 'float64',
): A[] {
  if (comm === null) return [...messages];
  const { lanes, arrayType } = DTYPES[dtype];
  const sendCounts = Float64Array.from(messages, ({ length }) => length);
  let recvCounts = counts?.map((count) => count * lanes);
  if (recvCounts === undefined) {
    const told = new Float64Array(comm.size);
    comm.alltoall(sendCounts, told);
    recvCounts = [...told];
  }
  const total = (all: ArrayLike<number>) => Array.from(all).reduce((sum, n) => sum + n, 0);
  const sent = new arrayType(total(sendCounts)) as A;
  let at = 0;
  for (const message of messages) {
    sent.set(message as never, at);
    at += message.length;
  }
  const received = new arrayType(total(recvCounts)) as A;
  comm.alltoall(sent, received, { sendCounts, recvCounts });
  at = 0;
  return recvCounts.map((length) => {
    at += length;
    return received.subarray(at - length, at) as A;
  });
}
