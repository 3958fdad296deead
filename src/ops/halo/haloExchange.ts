/** Halo exchange: the cells around a part get the values that its neighbours own. */
import { DTYPES } from '../../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../../errors.ts';
import { copyTo } from '../../kernels/copy.ts';
import type { StridedView } from '../../kernels/stridedView.ts';
import { LocalArray } from '../../local/localArray.ts';
import type { Distribution } from '../../maps/distribution.ts';
import { createKeyval, getAttribute, setAttribute } from '../../mpi/attributes.ts';
import type { Comm } from '../../mpi/communicator.ts';
import { testAll } from '../../mpi/completion.ts';
import { checkOptions, optionNames } from '../../options.ts';
import { elementwise } from '../elementwise/elementwise.ts';
import { privateComm } from '../privateComm.ts';
import type { Traffic } from '../redistribute/traffic.ts';
import { type HaloMessage, type HaloPlan, planHalo, type Stencil } from './haloPlan.ts';
import { boxView, type HaloDirection, HaloTransfer, tagOf } from './haloTransfer.ts';

/** Options of halo exchanges. */
export interface HaloOptions {
  /**
   * Whether the halo across edges is exchanged only (`'star'`), or that across corners, too (`'box'`,
   * the default); the same on all processes.
   */
  readonly stencil?: Stencil;
  /** Counts what is sent. */
  readonly traffic?: Traffic;
}

/**
 * Brings the halos of an array up to date: each cell of a part's communication padding gets the
 * value of the element that it stands for, from the neighbour that owns it, around periodic
 * dimensions as well.
 *
 * @param array with communication padding on some block dimensions; others are left alone
 * @remarks Collective. Owned elements, boundary padding among them, stay as they are.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} on every process alike, before
 * anything is sent: also for slices, which have no halo of their own
 */
export function exchangeHalo(array: LocalArray, options?: HaloOptions): void {
  startHaloExchange(array, options).wait();
}

/**
 * Starts a halo exchange, so that work on the inner elements overlaps with it.
 *
 * @returns what can be waited for, or awaited; the halo has its new values then. Until that do not
 * read the halo; owned elements were packed already and may change
 * @remarks Collective: several may be under way, started in one order on all processes.
 * @throws as {@link exchangeHalo}
 */
export function startHaloExchange(array: LocalArray, options?: HaloOptions): HaloExchange {
  return startTransfer(array, options, 'toHalos');
}

/**
 * Adds the values in the halos to the elements that they stand for, which their neighbours own: the
 * reverse of {@link exchangeHalo}, for contributions that were computed on both sides of an edge. The
 * halos keep their values.
 *
 * @remarks Collective. What comes from several neighbours is added in one order, whichever arrives
 * first.
 * @throws as {@link exchangeHalo}
 */
export function addHalo(array: LocalArray, options?: HaloOptions): void {
  startTransfer(array, options, 'toOwners').wait();
}

/** A halo exchange that has been started: wait for it with `.wait()`, look with `.test()`, or `await` it. */
export class HaloExchange implements PromiseLike<void> {
  #transfer: HaloTransfer | undefined;
  readonly #finish: (transfer: HaloTransfer) => void;

  /** @internal */
  constructor(transfer: HaloTransfer | undefined, finish: (transfer: HaloTransfer) => void) {
    this.#transfer = transfer;
    this.#finish = finish;
  }

  /** Whether the halo is known to have its new values; looks at nothing. */
  get isComplete(): boolean {
    return this.#transfer === undefined;
  }

  /** Waits until the halo has its new values. */
  wait(): void {
    this.#transfer?.wait();
    this.#complete();
  }

  /** Returns whether the halo has its new values. Never waits. */
  test(): boolean {
    if (this.#transfer !== undefined && testAll(this.#transfer.requests)) this.#complete();
    return this.isComplete;
  }

  /** So that it can be awaited: the event loop goes on meanwhile. */
  // biome-ignore lint/suspicious/noThenProperty: this is what makes `await exchange` work
  then<A = void, B = never>(
    // biome-ignore lint/suspicious/noConfusingVoidType: as in Promise<void>
    onFulfilled?: ((value: void) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#settled().then(onFulfilled, onRejected);
  }

  async #settled(): Promise<void> {
    const transfer = this.#transfer;
    if (transfer === undefined) return;
    await Promise.all(transfer.requests);
    this.#complete();
  }

  #complete(): void {
    const transfer = this.#transfer;
    if (transfer === undefined) return;
    this.#transfer = undefined;
    this.#finish(transfer);
  }
}

/** The plan of one kind of exchange on a communicator, and its transfers that are idle. */
interface Pool {
  readonly plan: HaloPlan;
  readonly idle: HaloTransfer[];
  /** Whether the transfers are kept when they are done. */
  isKept: boolean;
}

/** What was prepared for an array: where its elements are, and where the halo around them is. */
interface Prepared {
  readonly comm: Comm;
  readonly pool: Pool;
  readonly owned: StridedView;
  readonly halo: StridedView;
  readonly make: () => HaloTransfer;
}

/** Elements that go to or come from another process. */
export interface EdgeMessage {
  readonly peer: number;
  readonly tag: number;
  /** Where they are, or where they belong. */
  readonly view: StridedView;
}

/** An exchange as the messages that it consists of. */
export interface EdgeMessages {
  readonly comm: Comm;
  readonly receives: readonly EdgeMessage[];
  readonly sends: readonly EdgeMessage[];
  /** What the process has itself. */
  readonly copies: readonly { readonly from: StridedView; readonly to: StridedView }[];
}

/** An exchange between the parts of an array and a halo that lies elsewhere. */
export interface GhostExchange {
  /** Starts it. @remarks Collective. */
  start(traffic: Traffic): HaloExchange;
  /** What it does, for others to do: a process may, whatever the others do. */
  messages(): EdgeMessages;
}

/**
 * Prepares an exchange between the parts of an array and a halo that lies elsewhere.
 *
 * @param distribution - of the array, with the halo as communication padding
 * @param owned - the elements as if the halo was around them, of which only they are read
 * @param halo - a part with its halo, of which only the halo is written
 * @remarks Local; the exchanges are collective.
 */
export function ghostExchange(
  distribution: Distribution,
  parent: Comm,
  stencil: Stencil,
  owned: StridedView,
  halo: StridedView,
): GhostExchange {
  const prepared = prepareFor(distribution, parent, stencil, 'toHalos', owned, halo);
  return {
    start: (traffic) => start(prepared, traffic, 'toHalos'),
    messages: () => messagesOf(prepared),
  };
}

function messagesOf({ comm, pool: { plan }, owned, halo }: Prepared): EdgeMessages {
  const messageIn = (view: StridedView) => (message: HaloMessage) => ({
    peer: message.peer,
    tag: tagOf(message),
    view: boxView(view, message.box),
  });
  return {
    comm,
    receives: plan.receives.map(messageIn(halo)),
    sends: plan.sends.map(messageIn(owned)),
    copies: plan.local.map(({ from, to }) => ({
      from: boxView(owned, from),
      to: boxView(halo, to),
    })),
  };
}

const NO_OPTIONS: HaloOptions = {};
const HALO_OPTIONS = optionNames<HaloOptions>({ stencil: true, traffic: true });

function startTransfer(
  array: LocalArray,
  options: HaloOptions = NO_OPTIONS,
  direction: HaloDirection,
): HaloExchange {
  checkOptions(options, HALO_OPTIONS, "{ stencil: 'star' }");
  const { stencil = 'box' } = options;
  const prepared =
    known.get(array)?.[`${direction} ${stencil}`] ?? prepare(array, stencil, direction);
  return start(prepared, options.traffic, direction);
}

function start(
  prepared: Prepared,
  traffic: Traffic | undefined,
  direction: HaloDirection,
): HaloExchange {
  const { pool, owned, halo } = prepared;
  const transfer = pool.idle.pop() ?? prepared.make();
  const toHalos = direction === 'toHalos';
  transfer.start(toHalos ? owned : halo);
  if (traffic !== undefined) transfer.countIn(traffic);
  for (const { from, to } of pool.plan.local) {
    if (toHalos) copyTo(boxView(halo, to), boxView(owned, from));
    else add(boxView(owned, from), boxView(halo, to));
  }
  return new HaloExchange(transfer, () => {
    if (toHalos) transfer.unpack(halo);
    else transfer.forIncoming(owned, (packed, place) => add(place, packed));
    if (pool.isKept) pool.idle.push(transfer);
    else transfer.free();
  });
}

function add(place: StridedView, contribution: StridedView): void {
  elementwise('add', [place, contribution], { out: place });
}

type PreparedByKind = { [kind: string]: Prepared | undefined };

/** What was prepared for an array; it goes with the array. */
const known = new WeakMap<LocalArray, PreparedByKind>();

/** The pools of a communicator, by distribution and kind: they go with the communicator. */
const transfers = createKeyval<Map<string, Pool>>({
  delete: (pools) => {
    for (const pool of pools.values()) drop(pool);
  },
});

function drop(pool: Pool): void {
  pool.isKept = false;
  for (const transfer of pool.idle.splice(0)) transfer.free();
}

/** Most kinds of exchanges that a communicator keeps plans and staging memory of. */
const MOST_KINDS = 64;

function prepare(array: LocalArray, stencil: Stencil, direction: HaloDirection): Prepared {
  if (!(array instanceof LocalArray)) throw new ArgumentTypeError('array', 'a LocalArray', array);
  if (stencil !== 'star' && stencil !== 'box') {
    throw new ArgumentRangeError('options.stencil', "'star' or 'box'", stencil);
  }
  // Transposes have the halo of their base; what shows some of the indices of an axis has none.
  if (array.base !== null && array.distribution.maps.some((map) => map.base !== map)) {
    const expected = 'an array with all indices of its base (a slice has no halo)';
    throw new ArgumentRangeError('array', expected, 'a view');
  }
  if (direction === 'toOwners' && array.dtype === 'bool') {
    throw new ArgumentTypeError('array', 'an array of numbers', array.dtype);
  }
  const view = array.paddedStrided;
  const prepared = prepareFor(array.distribution, array.comm, stencil, direction, view, view);
  const kinds = known.get(array) ?? {};
  kinds[`${direction} ${stencil}`] = prepared;
  known.set(array, kinds);
  return prepared;
}

function prepareFor(
  distribution: Distribution,
  parent: Comm,
  stencil: Stencil,
  direction: HaloDirection,
  owned: StridedView,
  halo: StridedView,
): Prepared {
  const { itemsize } = DTYPES[owned.dtype];
  const comm = privateComm(parent);
  const pool = poolOf(comm, `${distribution.key}#${stencil} ${direction} ${itemsize}`, () =>
    planHalo(distribution, parent.rank, stencil),
  );
  const make = () => new HaloTransfer(comm, pool.plan, itemsize, direction);
  return { comm, pool, owned, halo, make };
}

/** The pool of one kind of exchange; those that were asked for least lately make room for new ones. */
function poolOf(comm: Comm, key: string, plan: () => HaloPlan): Pool {
  let pools = getAttribute(comm, transfers);
  if (pools === undefined) {
    pools = new Map();
    setAttribute(comm, transfers, pools);
  }
  const pool = pools.get(key) ?? { plan: plan(), idle: [], isKept: true };
  pools.delete(key);
  pools.set(key, pool);
  for (const [oldest, each] of pools) {
    if (pools.size <= MOST_KINDS) break;
    pools.delete(oldest);
    drop(each);
  }
  return pool;
}
