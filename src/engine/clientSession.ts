/** The session of a program that holds no elements: its arrays are on engines. */
import { DTYPES, type Dtype, type TypedArray } from '../dtype/dtype.ts';
import { DistArrayError } from '../errors.ts';
import type { ArrayHandle, Session, Settle } from '../global/session.ts';
import { isChecked } from '../global/spmdSession.ts';
import { cast } from '../kernels/copy.ts';
import { newResult, type StridedView, sizeOfShape } from '../kernels/stridedView.ts';
import { checkDimensions } from '../local/checkDimensions.ts';
import type { LocalArray } from '../local/localArray.ts';
import type { Distribution } from '../maps/distribution.ts';
import type { Comm } from '../mpi/communicator.ts';
import { type CollectedPart, collectParts } from '../ops/collectParts.ts';
import { createFromData, type FromDataParams } from '../ops/creation.ts';
import { gatherArray } from '../ops/gatherArray.ts';
import { assignArray, assignData, fittingView } from '../ops/index/assign.ts';
import type { ArrayMeta, ArrayOperation, ValueOperation } from '../ops/operation.ts';
import { Traffic } from '../ops/redistribute/traffic.ts';
import { likeDistribution } from '../ops/shape/likeDistribution.ts';
import { trafficOperation } from '../ops/trafficOperation.ts';
import type { ClientLink } from './clientLink.ts';
import { wholeOf } from './distributionForm.ts';
import { Action } from './records.ts';
import { type Part, partsOf, placeParts, sendParts } from './transfers.ts';
import { UnusedArrays } from './unusedArrays.ts';

/** So many elements or fewer every engine gets. */
const FEW = 512;

/** What stands for an array of the engines. */
interface RemoteArray extends ArrayMeta {
  /** The number that the engines know it by. */
  readonly number: number;
}

/**
 * Sends operations to engines, as records that nobody waits for: dtype and distribution of a result follow from
 * those of the operands. Values are waited for.
 */
export class ClientSession implements Session {
  readonly size: number;
  readonly rank = null;
  readonly isRoot = true;
  /** The connection to the engines. */
  readonly link: ClientLink;
  /** The arrays that the program may still have. */
  readonly #arrays: UnusedArrays;
  readonly #onClose: (() => void) | undefined;
  isEager = false;

  /** @param onClose - called when a context with this session is closed */
  constructor(link: ClientLink, onClose?: () => void) {
    this.link = link;
    this.#onClose = onClose;
    this.size = link.engines;
    this.#arrays = new UnusedArrays(() => this.#freeUnused());
  }

  get areProcessesGone(): boolean {
    return this.link.areEnginesGone;
  }

  get comm(): Comm {
    throw noLocalData('communicator');
  }

  /** What all engines have sent, for all contexts of the program. */
  get traffic(): Traffic {
    const sums = this.evaluate(trafficOperation, [], null);
    return Object.assign(new Traffic(), sums);
  }

  execute<Params>(
    operation: ArrayOperation<Params>,
    arrays: readonly ArrayHandle[],
    params: Params,
  ): ArrayHandle {
    const meta = operation.infer(arrays, params, this.size);
    checkDimensions(meta.distribution);
    if ((operation as unknown) === createFromData) {
      return this.#scattered(meta, params as unknown as FromDataParams);
    }
    this.link.setEager(this.isEager);
    const result = this.link.nextArray();
    const details: unknown[] = [operation.name, numbersOf(arrays), params, result];
    if (isChecked) {
      details.push({ dtype: meta.dtype, distribution: wholeOf(meta.distribution, null) });
    }
    this.link.post(Action.execute, details);
    return this.#handle(meta, result);
  }

  evaluate<Params, Value>(
    operation: ValueOperation<Params, Value>,
    arrays: readonly ArrayHandle[],
    params: Params,
  ): Value {
    operation.check(arrays, params);
    switch (operation as unknown) {
      case gatherArray:
        return this.#gathered(arrays[0]) as Value;
      case collectParts:
        return this.#collected(arrays[0]) as Value;
      case assignData:
        return this.#assign(arrays[0], params as StridedView) as Value;
    }
    const details = [operation.name, numbersOf(arrays), params];
    if (operation.isSilent !== true) {
      return this.link.ask(Action.evaluate, details, `${operation.name}()`) as Value;
    }
    this.link.post(Action.perform, details);
    return undefined as Value;
  }

  /** Calls of templates are prepared where their arrays are, if at all. */
  identityOf(): number {
    return 0;
  }

  prepare(): null {
    return null;
  }

  repeat(): boolean {
    return false;
  }

  evaluateLater<Params, Value>(
    operation: ValueOperation<Params, Value>,
    arrays: readonly ArrayHandle[],
    params: Params,
    settle: Settle<Awaited<Value>>,
  ): void {
    try {
      operation.check(arrays, params);
      const details = [operation.name, numbersOf(arrays), params];
      this.link.askLater(Action.evaluate, details, settle as Settle<unknown>);
    } catch (error) {
      settle.reject(error);
    }
  }

  waitUntil(isDone: () => boolean, what: string): void {
    this.link.waitUntil(isDone, what);
  }

  discover<Params>(
    operation: ValueOperation<Params, LocalArray>,
    arrays: readonly ArrayHandle[],
    params: Params,
  ): ArrayHandle {
    operation.check(arrays, params);
    const result = this.link.nextArray();
    const details = [operation.name, numbersOf(arrays), params, result];
    const meta = this.link.ask(Action.discover, details, `${operation.name}()`) as ArrayMeta;
    return this.#handle(meta, result);
  }

  agree<T>(step: () => T): T {
    return step();
  }

  tellAll(step: () => string): string {
    return step();
  }

  checkSame(): void {}

  localOf(): LocalArray {
    throw noLocalData('part of the array');
  }

  peekAt(): LocalArray {
    throw noLocalData('part of the array');
  }

  handleOf(): ArrayHandle {
    throw noLocalData('part of an array');
  }

  release(handle: ArrayHandle): void {
    this.#free((handle as RemoteArray).number);
    this.link.post(Action.none, []);
  }

  close(): void {
    for (const number of [...this.#arrays.numbers()]) this.#free(number);
    if (!this.link.isClosed && !this.areProcessesGone) this.link.post(Action.none, []);
    this.#onClose?.();
  }

  /** The event loop has turned. */
  #freeUnused(): void {
    const unused = this.#arrays.take();
    if (unused.length === 0 || this.link.isClosed || this.areProcessesGone) return;
    for (const number of unused) this.link.free(number);
    this.link.post(Action.none, []);
  }

  /** The engines hear of it with the next record. */
  #free(number: number): void {
    if (this.#arrays.forget(number)) this.link.free(number);
  }

  #handle({ dtype, distribution }: ArrayMeta, number: number): RemoteArray {
    const handle: RemoteArray = { dtype, distribution, number };
    const { size, isReplicated } = distribution;
    const bytes = size * DTYPES[dtype].itemsize;
    this.#arrays.watch(handle, number, isReplicated ? bytes : bytes / this.size);
    if (this.#arrays.isDue) for (const unused of this.#arrays.collect()) this.link.free(unused);
    return handle;
  }

  #scattered(meta: ArrayMeta, { data }: FromDataParams): ArrayHandle {
    const result = this.link.nextArray();
    const { dtype, distribution } = meta;
    const view = data as StridedView;
    this.link.post(Action.scatter, [view.dtype, dtype, distribution, result]);
    sendParts(this.link.channel, view, distribution);
    return this.#handle(meta, result);
  }

  /** Data are spread as the array is along the axes that they have, and then assigned as any array is. */
  #assign(target: ArrayHandle, given: StridedView): void {
    const { distribution: to } = target;
    const data = fittingView(given, to.shape);
    if (sizeOfShape(data.shape) <= FEW || to.isReplicated) {
      const packed = cast(data, data.dtype);
      this.link.post(Action.perform, [assignData.name, numbersOf([target]), packed]);
      return;
    }
    const lead = to.ndim - data.shape.length;
    const extents = [...Array<number>(lead).fill(1), ...data.shape];
    const whole = {
      ...data,
      shape: extents,
      strides: [...Array<number>(lead).fill(0), ...data.strides],
    };
    this.#assignWhole(target, whole, likeDistribution(to, extents));
  }

  #assignWhole(target: ArrayHandle, data: StridedView, distribution: Distribution): void {
    const params = { dtype: data.dtype, distribution, data, root: null };
    const source = this.#scattered({ dtype: data.dtype, distribution }, params);
    this.evaluate(assignArray, [target, source], null);
    this.#free((source as RemoteArray).number);
  }

  #gathered(handle: ArrayHandle): StridedView {
    return placeParts(handle.dtype, handle.distribution, this.#receiver(handle, 'toArray()'));
  }

  #collected(handle: ArrayHandle): CollectedPart[] {
    const { dtype, distribution } = handle;
    const sent = new Map<number, TypedArray>();
    const receive = this.#receiver(handle, 'getLocalArrays()');
    for (const part of partsOf(distribution)) {
      const { data } = newResult<Dtype>(dtype, part.localShape);
      receive(part, data);
      sent.set(part.rank, data);
    }
    return Array.from({ length: distribution.numProcesses }, (_, rank) => {
      const localShape = distribution.localShape(rank);
      const all = distribution.isReplicated ? sent.get(0)?.slice() : sent.get(rank);
      const elements = (all ?? newResult<Dtype>(dtype, localShape).data) as TypedArray;
      return { rank, localShape, dimData: distribution.dimData(rank), elements };
    });
  }

  /** Asks the owners for their parts, which are then to be received one after the other. */
  #receiver(handle: ArrayHandle, what: string) {
    const sequence = this.link.post(Action.gather, numbersOf([handle]));
    const expected = partsOf(handle.distribution);
    const { itemsize } = DTYPES[handle.dtype];
    return (part: Part, elements: ArrayBufferView): void => {
      expected.shift();
      try {
        this.link.receiveElements(sequence, part.engine, elements, what);
      } catch (error) {
        // The other owners send theirs all the same.
        for (const { engine, localShape } of expected) {
          this.link.dropElements(sequence, engine, sizeOfShape(localShape) * itemsize);
        }
        throw error;
      }
    };
  }
}

function numbersOf(arrays: readonly ArrayHandle[]): number[] {
  return arrays.map((array) => (array as RemoteArray).number);
}

function noLocalData(what: string): DistArrayError {
  const message = `This process is the client, which has no ${what}: the elements are on the engines. Use apply(), or toArray()`;
  return new DistArrayError('ERR_NO_LOCAL_DATA', message);
}
