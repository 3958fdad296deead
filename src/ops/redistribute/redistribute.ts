/** Redistribution: the same array under another distribution, or with another shape. */
import type { Dtype } from '../../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../../errors.ts';
import { allocateLocal } from '../../kernels/allocation.ts';
import type { RunSide } from '../../kernels/copyRuns.ts';
import { contiguousStrides, sameShape } from '../../kernels/stridedView.ts';
import { LocalArray } from '../../local/localArray.ts';
import { Distribution } from '../../maps/distribution.ts';
import type { Comm } from '../../mpi/communicator.ts';
import { MIN } from '../../mpi/operation.ts';
import { checkOptions, optionNames } from '../../options.ts';
import { newArray } from '../newArray.ts';
import { askPlan, isPartlyKnown } from './askedOverlaps.ts';
import { exchange } from './exchange.ts';
import type { FlatFrame, Plan } from './plan.ts';
import { PlanCache } from './planCache.ts';
import { planOfStep, routeOf } from './route.ts';
import { checkStagingBytes, DEFAULT_STAGING_BYTES, Traffic } from './traffic.ts';

/** Options of {@link redistribute}. */
export interface RedistributeOptions<D extends Dtype> {
  /** Array that receives the elements; its halo keeps its own. Default: a new one. */
  readonly out?: LocalArray<D>;
  /**
   * Most bytes of staging memory that messages may use on a process, those that go out and those that
   * come in together; the same on all processes, at least 8192. Default 64 MiB.
   */
  readonly stagingBytes?: number;
  /** Counts the messages and bytes that this process sends. */
  readonly traffic?: Traffic;
}

const REDISTRIBUTE_OPTIONS = optionNames<RedistributeOptions<Dtype>>({
  out: true,
  stagingBytes: true,
  traffic: true,
});

/**
 * Returns the same array under another distribution: of any maps, grid and targets, views included.
 * With another shape of as many elements, each keeps its flat index in C order.
 *
 * @param array the local part, on every process of its communicator
 * @remarks Collective over `array.comm`. No process ever holds more than its old part, its new part
 * and the staging memory, and where both sides of a change of shape are blocks in several
 * dimensions, a share of the flat array. Distributions that give every process the same part cost
 * nothing but a copy. Plans are kept.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} on every process alike, before
 * anything is sent
 */
export function redistribute<D extends Dtype>(
  array: LocalArray<D>,
  distribution: Distribution,
  options: RedistributeOptions<D> = {},
): LocalArray<D> {
  checkOptions(options, REDISTRIBUTE_OPTIONS, '{ out: array }');
  const { stagingBytes = DEFAULT_STAGING_BYTES, traffic = new Traffic() } = options;
  checkArguments(array, distribution, options, stagingBytes);
  const route = routeOf(array.distribution, distribution);
  const { comm, dtype } = array;
  const result = options.out ?? newArray<D>(distribution, { comm, dtype, zeroed: false });
  let source = array.sharesMemoryWith(result) ? array.copy() : array;
  for (const next of route) {
    const isLast = next === distribution;
    const target = isLast ? result : newArray<D>(next, { comm, dtype, zeroed: false });
    transfer(source, target, { stagingBytes, traffic, itemsize: array.itemsize });
    source = target;
  }
  return result;
}

function checkArguments<D extends Dtype>(
  array: LocalArray<D>,
  distribution: Distribution,
  { out, traffic }: RedistributeOptions<D>,
  stagingBytes: unknown,
): void {
  if (!(array instanceof LocalArray)) throw new ArgumentTypeError('array', 'a LocalArray', array);
  if (!(distribution instanceof Distribution)) {
    throw new ArgumentTypeError('distribution', 'a Distribution', distribution);
  }
  checkStagingBytes(stagingBytes, 'options.stagingBytes');
  if (traffic !== undefined && !(traffic instanceof Traffic)) {
    throw new ArgumentTypeError('options.traffic', 'a Traffic', traffic);
  }
  const last = distribution.highestTarget;
  if (last >= array.comm.size) {
    const expected = `targets below ${array.comm.size}, the size of the communicator`;
    throw new ArgumentRangeError('distribution', expected, `target ${last}`);
  }
  if (out === undefined) return;
  if (!(out instanceof LocalArray)) throw new ArgumentTypeError('options.out', 'a LocalArray', out);
  if (out.dtype !== array.dtype) {
    throw new ArgumentTypeError('options.out', `an array of dtype ${array.dtype}`, out.dtype);
  }
  if (out.comm !== array.comm) {
    throw new ArgumentRangeError('options.out', 'an array of the same communicator', out.comm);
  }
  if (out.distribution !== distribution && !out.distribution.isCompatible(distribution)) {
    const expected = `an array with the distribution ${distribution}`;
    throw new ArgumentRangeError('options.out', expected, String(out.distribution));
  }
}

interface TransferOptions {
  readonly itemsize: number;
  readonly stagingBytes: number;
  readonly traffic: Traffic;
}

const plans = new PlanCache();

/** One step: both have one shape, or one of them has its parts in single runs of the flat index. */
function transfer<D extends Dtype>(
  source: LocalArray<D>,
  target: LocalArray<D>,
  options: TransferOptions,
): void {
  const { comm } = source;
  const [from, to] = [source.distribution, target.distribution];
  const partly = [...from.maps, ...to.maps].some(isPartlyKnown);
  // What each process can tell of such maps is about its own part only.
  const everywhere = (answer: boolean) =>
    partly ? comm.allreduce(answer ? 1 : 0, { op: MIN }) === 1 : answer;
  if (everywhere(sameShape(from.shape, to.shape) && from.isCompatible(to))) {
    if (source.localSize > 0) target.assignView(source.readView());
    return;
  }
  const key = `${from.key}>${to.key}#${comm.rank}${partly ? `/${comm.handle}` : ''}`;
  const known = plans.get(key);
  const plan = everywhere(known !== undefined) ? known : undefined;
  carryOut(plan ?? plans.set(key, makePlan(from, to, comm, partly)), source, target, options);
}

function makePlan(from: Distribution, to: Distribution, comm: Comm, partly: boolean): Plan {
  return partly ? askPlan(from, to, comm) : planOfStep(from, to, comm.rank);
}

function carryOut<D extends Dtype>(
  plan: Plan,
  source: LocalArray<D>,
  target: LocalArray<D>,
  options: TransferOptions,
): void {
  const read =
    plan.fromFrame === null ? source.readView() : flatSide(source.toContiguous(), plan.fromFrame);
  const inPlace = plan.toFrame === null ? target.isStrided : target.isContiguous;
  const elements = inPlace ? null : allocateLocal(target.dtype, target.localSize);
  const written = elements ?? (plan.toFrame === null ? null : target.toContiguous());
  const write =
    written === null
      ? target.strided
      : flatSide(
          written,
          plan.toFrame ?? { first: 0, strides: contiguousStrides(target.localShape) },
        );
  exchange(plan, source.comm, read, write, options);
  if (elements !== null) target.assignContiguous(elements);
}

/** Contiguous elements as places of the other shape. */
function flatSide(data: RunSide['data'], { first, strides }: FlatFrame): RunSide {
  return { data, offset: -first, strides };
}
