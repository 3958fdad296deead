/** Calling something on some processes, and telling all of them what came of it. */
import { types } from 'node:util';
import {
  ArgumentRangeError,
  DistArrayError,
  describeError,
  type ErrorDescription,
  errorOfDescription,
  isDescribed,
  renameArgument,
} from '../../errors.ts';
import { agree } from '../../mpi/agreement.ts';
import type { Comm } from '../../mpi/communicator.ts';
import { privateComm, TAGS } from '../privateComm.ts';

/** Which processes something is done on. */
export interface OnTargets {
  readonly targets: readonly number[];
}

/** What is called on targets; all processes take part. */
export interface TargetCall<Told> extends OnTargets {
  /** Whether promises are waited for; otherwise they are an error. */
  readonly awaits: boolean;
  /** What every process does before, and throws if something is wrong. */
  readonly prepare: () => void;
  /** What the targets do. */
  readonly call: () => unknown;
  /** What they tell of what has come of it. */
  readonly tell: (value: unknown) => Told;
}

/** What a process tells the others at first. */
interface First<Told> {
  readonly told?: Told;
  readonly isPending?: true;
}

/** What it tells when a promise is settled. */
interface Settled<Told> {
  readonly told?: Told;
  readonly failure?: ErrorDescription;
}

/** As many exchanges may be under way at once on a communicator. */
const MOST_EXCHANGES = 16_384;

/**
 * Calls something on some processes, and returns what each has told, in the order of the targets, on all processes: a
 * promise where a target has returned one.
 *
 * @remarks Collective, also where a promise is returned: others may be under way meanwhile.
 * @throws what a target has thrown, on every process alike
 */
export function callOnTargets<Told>(comm: Comm, call: TargetCall<Told>): Told[] | Promise<Told[]> {
  const { targets, awaits } = call;
  // Also what is wrong on one process only the others are told.
  const first = agree(comm, (): { promise?: Promise<unknown>; told?: Told } => {
    call.prepare();
    if (!targets.includes(comm.rank)) return {};
    const value = call.call();
    if (!isThenable(value)) return { told: call.tell(value) };
    const promise = Promise.resolve(value);
    // It is looked at later; meanwhile it is nobody's.
    promise.catch(() => undefined);
    if (!awaits) throw notAwaited();
    return { promise };
  });
  const { promise } = first;
  const own: First<Told> = promise === undefined ? { told: first.told } : { isPending: true };
  const all = comm.size === 1 ? [own] : exchanged(comm, own);
  if (!all.some(({ isPending }) => isPending))
    return targets.map((target) => all[target].told as Told);
  return settleAll(comm, call, promise ?? Promise.resolve(), all);
}

/** @throws {@link ArgumentRangeError} for processes that do not exist */
export function checkTargets(targets: readonly number[], size: number): void {
  const stranger = targets.find((target) => target >= size);
  if (stranger === undefined) return;
  const expected = `targets below ${size}, the size of the context`;
  throw new ArgumentRangeError('options.targets', expected, stranger);
}

/** The error for functions that return promises where nobody waits for them. */
export function notAwaited(): DistArrayError {
  const message =
    'The function returns a promise, for which processes that all run the program cannot wait here: use applyAsync(), or ' +
    'executeAsync() for code';
  return new DistArrayError('ERR_ASYNC', message);
}

function exchanged<Told>(comm: Comm, own: First<Told>): First<Told>[] {
  try {
    return comm.allgatherObjects(own);
  } catch (error) {
    throw renameArgument(error, /^value\.told(\.value)?/, 'result');
  }
}

function settleAll<Told>(
  comm: Comm,
  { targets, tell }: TargetCall<Told>,
  promise: Promise<unknown>,
  first: readonly First<Told>[],
): Promise<Told[]> {
  const pending = targets.filter((target) => first[target].isPending);
  // Here all processes are at the same place; later they are not.
  const exchange = comm.size === 1 ? null : new Exchange<Settled<Told>>(comm);
  let failure: unknown;
  const settled = async (): Promise<Told[]> => {
    const isOwn = pending.includes(comm.rank);
    const own = isOwn ? await promise.then(tellSettled, failSettled) : undefined;
    const all = exchange === null ? [own as Settled<Told>] : await exchange.tell(pending, own);
    const failed = all.findIndex((each) => each.failure !== undefined);
    if (failed >= 0)
      throw errorOf(all[failed].failure as ErrorDescription, pending[failed] === comm.rank);
    return targets.map((target) => {
      const k = pending.indexOf(target);
      return (k < 0 ? first[target].told : all[k].told) as Told;
    });
  };
  const tellSettled = (value: unknown): Settled<Told> => {
    try {
      return { told: tell(value) };
    } catch (error) {
      return failSettled(error);
    }
  };
  const failSettled = (error: unknown): Settled<Told> => {
    failure = error;
    return { failure: describeError(error) };
  };
  const errorOf = (described: ErrorDescription, isOwn: boolean): unknown => {
    if (isOwn && isDescribed(failure)) return failure;
    return errorOfDescription(described, failure === undefined ? undefined : { cause: failure });
  };
  return settled();
}

const exchanges = new WeakMap<Comm, number>();

/** What some processes tell all others when they are ready: by way of rank 0, without keeping other calls. */
class Exchange<T> {
  readonly #comm: Comm;
  readonly #wire: Comm;
  readonly #tag: number;

  /** @remarks Collective. */
  constructor(comm: Comm) {
    const number = exchanges.get(comm) ?? 0;
    exchanges.set(comm, (number + 1) % MOST_EXCHANGES);
    this.#comm = comm;
    this.#wire = privateComm(comm);
    this.#tag = TAGS.settled + number;
  }

  /** @returns what each of `tellers` has told */
  async tell(tellers: readonly number[], own: T | undefined): Promise<T[]> {
    const { rank, size } = this.#comm;
    const wire = this.#wire;
    const tag = this.#tag;
    if (rank !== 0) {
      if (own !== undefined) await this.#send(own, 0);
      return await wire.irecvObject<T[]>(0, { tag });
    }
    const coming = tellers.map((teller) =>
      teller === 0 ? (own as T) : wire.irecvObject<T>(teller, { tag }),
    );
    const all: T[] = [];
    for (const each of coming) all.push(await each);
    for (let other = 1; other < size; other++) await wire.isendObject(all, other, { tag });
    return all;
  }

  async #send(own: T, dest: number): Promise<void> {
    const options = { tag: this.#tag };
    try {
      await this.#wire.isendObject(own, dest, options);
    } catch (error) {
      // A value that cannot be sent: the others must not wait for it.
      await this.#wire.isendObject({ failure: describeError(error) }, dest, options);
    }
  }
}

/** Whether something is awaited as a promise is. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (types.isPromise(value)) return true;
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}
