/** An engine: does what the records say, one after the other. */
import { DistArrayError, describeError, renameArgument } from '../errors.ts';
import type { ArrayHandle } from '../global/session.ts';
import { checkInferred, SpmdSession } from '../global/spmdSession.ts';
import type { LocalArray } from '../local/localArray.ts';
import type { Comm } from '../mpi/communicator.ts';
import { encode } from '../mpi/objects/encoding.ts';
import { forgetEverything } from '../ops/functions/namespace.ts';
import { letAllGo } from '../ops/keptValues.ts';
import { newArray } from '../ops/newArray.ts';
import { type ArrayOperation, operationNamed, type ValueOperation } from '../ops/operation.ts';
// What the client asks for of its own accord.
import '../ops/trafficOperation.ts';
import { type Channel, CLIENT, type Incoming, Kind } from './channel.ts';
import { completed } from './completed.ts';
import { DistributionNumbers, distributionOf } from './distributionForm.ts';
import { Patience } from './patience.ts';
import {
  Action,
  type Failure,
  Outcome,
  RECORDS_PER_ACKNOWLEDGEMENT,
  type RecordTuple,
  type ReplyTuple,
} from './records.ts';
import { receivePart, sendPart } from './transfers.ts';
import { childrenOf } from './tree.ts';

/** What is thrown where an array is missing since an earlier record has failed. */
class Missing extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.error.message);
    this.failure = failure;
  }
}

function known(name: string) {
  const operation = operationNamed(name);
  if (operation !== undefined) return operation;
  const message = `The engines know no operation ${name}: is it another version of distarray?`;
  throw new DistArrayError('ERR_UNKNOWN_OPERATION', message);
}

/** Names of files are to mean to engines what they mean to the client. */
function enterFolder(folder: string): void {
  try {
    process.chdir(folder);
  } catch (error) {
    console.error(`Names of files begin in ${process.cwd()}: ${(error as Error).message}`);
  }
}

/** One process of those that hold the arrays of a client. */
export class Engine {
  readonly #channel: Channel;
  readonly #comm: Comm;
  readonly #session: SpmdSession;
  #distributions = new DistributionNumbers(false);
  readonly #children: readonly number[];
  /** By number: the arrays, and what has made those fail that are none. */
  readonly #arrays = new Map<number, ArrayHandle | Failure>();
  /** Number of the last record: they come in order. */
  #sequence = 0;
  #hasEnded = false;
  /** Whether the client is gone, of which a relay tells, and what it has made is still here. */
  #isAbandoned = false;
  /** Whether that is to be forgotten. */
  #isToReset = false;
  /** What has come while something else was waited for. */
  readonly #kept: Incoming[] = [];
  /** Gets what the client sends to this engine alone. */
  onTask: ((message: Incoming) => void | Promise<void>) | null = null;
  /** Called when another client may come, which must find nothing of the former. */
  onReset: (() => void) | null = null;

  /** @param comm - the engines, in the order of their numbers */
  constructor(channel: Channel, comm: Comm) {
    this.#channel = channel;
    this.#comm = comm;
    this.#session = new SpmdSession(comm);
    this.#children = childrenOf(channel.number, channel.engines);
  }

  /** Number of arrays that the client has not freed, those among them that could not be made. */
  get arrayCount(): number {
    return this.#arrays.size;
  }

  /** Serves until the client says that it is over. The event loop turns when there is nothing to do. */
  async serve(): Promise<void> {
    const patience = new Patience();
    while (!this.#hasEnded) {
      const message = this.#kept.shift() ?? this.#channel.poll();
      if (message === null) {
        if (patience.isLong) await new Promise(setImmediate);
        patience.pause();
        continue;
      }
      patience.reset();
      const waits = this.take(message);
      if (waits !== undefined) await waits;
    }
    this.#channel.close();
  }

  /** Does what a message says; what takes its time comes as a promise, before which no other message is taken. */
  take(message: Incoming): Promise<void> | undefined {
    if (message.kind === Kind.task) return this.onTask?.(message) ?? undefined;
    if (message.kind === Kind.control) {
      this.#isAbandoned = true;
      if (this.#isToReset) this.#reset();
      return undefined;
    }
    for (const child of this.#children) {
      this.#channel.send(child, Kind.record, message.encoded);
    }
    const sequence = ++this.#sequence;
    let record: RecordTuple | null = null;
    try {
      record = this.#distributions.during(() => message.read()) as RecordTuple;
      const [, freed] = record;
      if (freed !== null) {
        for (const array of freed.arrays) this.#free(array);
        this.#distributions.forget(freed.distributions);
      }
      const waits = this.#carryOut(record);
      if (waits !== undefined) return waits.catch((error) => this.#fail(sequence, record, error));
    } catch (error) {
      this.#fail(sequence, record, error);
    }
    // Another client counts anew.
    const isCounted = this.#sequence === sequence;
    if (isCounted && sequence % RECORDS_PER_ACKNOWLEDGEMENT === 0) {
      this.#reply([sequence, Outcome.done]);
    }
  }

  #carryOut(record: RecordTuple): Promise<void> | undefined {
    const [sequence, , action] = record;
    switch (action) {
      case Action.execute: {
        const [, , , name, numbers, params, result, inferred] = record;
        const operation = known(name) as ArrayOperation<unknown>;
        const made = this.#session.execute(operation, this.#handles(numbers), params);
        this.#arrays.set(result, made);
        if (inferred !== undefined) {
          const distribution = distributionOf(inferred.distribution);
          checkInferred(name, { ...inferred, distribution }, made);
        }
        return;
      }
      case Action.discover: {
        const [, , , name, numbers, params, result] = record;
        const operation = known(name) as ValueOperation<unknown, LocalArray>;
        const local = this.#session.evaluate(operation, this.#handles(numbers), params);
        this.#arrays.set(result, this.#session.handleOf(local));
        const distribution = completed(local.distribution, this.#comm);
        this.#reply([sequence, Outcome.value, { dtype: local.dtype, distribution }]);
        return;
      }
      case Action.evaluate:
      case Action.perform: {
        const [, , , name, numbers, params] = record;
        const operation = known(name) as ValueOperation<unknown, unknown>;
        const value = this.#session.evaluate(operation, this.#handles(numbers), params);
        if (value instanceof Promise) {
          return value.then((settled) => this.#reply([sequence, Outcome.value, settled]));
        }
        if (action === Action.evaluate) this.#reply([sequence, Outcome.value, value]);
        return;
      }
      case Action.scatter:
        this.#scatter(record);
        return;
      case Action.gather: {
        const [handle] = this.#handles([record[3]]);
        sendPart(this.#channel, this.#session.peekAt(handle));
        return;
      }
      case Action.eager:
        this.#session.isEager = record[3];
        return;
      case Action.enter:
        enterFolder(record[3]);
        this.#sequence = 0;
        return;
      case Action.reset:
        // What the client has sent to this engine alone is there before the message that it is gone.
        this.#isToReset = true;
        if (this.#isAbandoned) this.#reset();
        return;
      case Action.quit:
        this.#hasEnded = true;
    }
  }

  #scatter([, , , given, dtype, distribution, result]: Extract<
    RecordTuple,
    readonly [unknown, unknown, typeof Action.scatter, ...unknown[]]
  >): void {
    let array: LocalArray | null = null;
    try {
      array = newArray(distribution, { dtype, comm: this.#comm, zeroed: false });
    } finally {
      const patience = new Patience();
      receivePart(this.#channel, given, distribution, array, () => {
        this.#checkClient();
        patience.pause();
      });
    }
    this.#arrays.set(result, this.#session.handleOf(array));
  }

  /** Elements that have not come will not when the client is gone. */
  #checkClient(): void {
    const message = this.#channel.poll();
    if (message !== null && message.kind !== Kind.control) this.#kept.push(message);
    if (message?.kind === Kind.control) this.#isAbandoned = true;
    // What the client has sent is there before the message that it is gone.
    if (this.#isAbandoned && !this.#channel.hasElements(CLIENT)) {
      throw new DistArrayError('ERR_CLIENT_GONE', 'The client is gone');
    }
  }

  #reset(): void {
    for (const number of [...this.#arrays.keys()]) this.#free(number);
    letAllGo(this.#comm);
    forgetEverything();
    this.#distributions = new DistributionNumbers(false);
    this.#session.isEager = false;
    this.#sequence = 0;
    this.#isAbandoned = false;
    this.#isToReset = false;
    this.onReset?.();
    this.#channel.send(CLIENT, Kind.control, encode('clean', 'message'));
  }

  #handles(numbers: readonly number[]): ArrayHandle[] {
    return numbers.map((number) => {
      const found = this.#arrays.get(number);
      if (found === undefined)
        throw new DistArrayError('ERR_UNKNOWN_ARRAY', `There is no array ${number}`);
      if ('error' in found) throw new Missing(found);
      return found;
    });
  }

  #free(number: number): void {
    const found = this.#arrays.get(number);
    if (found !== undefined && !('error' in found)) this.#session.release(found);
    this.#arrays.delete(number);
  }

  /** @param record - null for one that cannot be read */
  #fail(sequence: number, record: RecordTuple | null, error: unknown): void {
    const failure: Failure =
      error instanceof Missing
        ? error.failure
        : {
            sequence,
            engine: this.#comm.rank,
            error: describeError(error),
            stack: error instanceof Error ? error.stack : undefined,
          };
    switch (record?.[2]) {
      case Action.execute:
      case Action.discover:
      case Action.scatter:
        this.#arrays.set(record[6], failure);
    }
    this.#reply([sequence, Outcome.failure, failure]);
  }

  /** Values are told by one engine, failures by each. */
  #reply(reply: ReplyTuple): void {
    if (reply[1] !== Outcome.failure && this.#comm.rank !== 0) return;
    this.#channel.send(CLIENT, Kind.reply, this.#encoded(reply));
  }

  #encoded(reply: ReplyTuple) {
    try {
      return this.#distributions.during(() => encode(reply, 'result'));
    } catch (error) {
      // A value that cannot be sent.
      const failure: Failure = {
        sequence: reply[0],
        engine: this.#comm.rank,
        error: describeError(renameArgument(error, /^result\[2\](\[\d+\](\.value)?)?/, 'result')),
        stack: undefined,
      };
      return encode([reply[0], Outcome.failure, failure], 'result');
    }
  }
}
