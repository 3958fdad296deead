/** The client's end of a session: records go out, replies come in. */
import { join, sep } from 'node:path';
import { DistArrayError, errorOfDescription, renameArgument } from '../errors.ts';
import type { Settle } from '../global/session.ts';
import { type Encoded, encode } from '../mpi/objects/encoding.ts';
import { packageRoot } from '../native.ts';
import { trafficOperation } from '../ops/trafficOperation.ts';
import { type Channel, CLIENT, type Incoming, Kind } from './channel.ts';
import { DistributionNumbers } from './distributionForm.ts';
import { AbortError, Interrupts } from './interrupts.ts';
import { Patience } from './patience.ts';
import {
  Action,
  type Failure,
  type Freed,
  Outcome,
  RECORDS_PER_ACKNOWLEDGEMENT,
  type ReplyTuple,
} from './records.ts';
import { childrenOf } from './tree.ts';

/** Elements that an engine sends for a record, unless that fails there, though nobody waits for them any more. */
interface Unclaimed {
  readonly sequence: number;
  readonly from: number;
  readonly bytes: number;
}

/** What is behind the sequence number, the freed arrays and the action of a record. */
type Details = readonly unknown[];

/** The connection of a client to its engines. All contexts of a program share it. */
export class ClientLink {
  readonly channel: Channel;
  readonly #distributions = new DistributionNumbers(true);
  readonly #interrupts: Pick<Interrupts, 'take' | 'close'>;
  readonly #patience = new Patience();
  readonly #children: readonly number[];
  readonly #ending: 'quits' | 'leaves';
  /** Where the program has called what is under way, by sequence number. */
  readonly #sites = new Map<number, Error>();
  /** What has failed, and nobody has been told of. */
  readonly #untold = new Map<number, Error>();
  /** What has failed, by the record that was the first. */
  readonly #failures = new Map<number, Error>();
  /** The record whose answer is waited for. */
  #awaited = 0;
  /** The record that the program asks with, which is where it has called: to note that takes as long as a message. */
  #asked = 0;
  /** Who goes on when an answer comes. */
  readonly #waiters = new Map<number, Settle<unknown>>();
  #unclaimed: Unclaimed[] = [];
  /** Which engines have not sent elements of the record that these are awaited of. */
  #missing = { sequence: 0, engines: new Set<number>() };
  #freed: number[] = [];
  #sequence = 0;
  #done = 0;
  #nextArray = 0;
  #isClosed = false;
  #isEager = false;
  /** Why the engines do no more records: one of them has ended, and the others wait for it. */
  #loss: string | null = null;
  #isLossTold = false;
  /** The answer that is waited for, when it has come. */
  #answer: { readonly sequence: number; readonly value: unknown } | null = null;
  /** Gets what single engines send. */
  onTask: ((message: Incoming) => void) | null = null;
  /** Is told of an interrupt while something is awaited. */
  onInterrupt: ((error: AbortError) => void) | null = null;

  /**
   * @param ending - what ends the engines: this client, or, where they may serve others, something else
   * @param interrupts - what ends waits
   */
  constructor(
    channel: Channel,
    ending: 'quits' | 'leaves' = 'quits',
    interrupts: Pick<Interrupts, 'take' | 'close'> = new Interrupts(),
  ) {
    this.channel = channel;
    this.#ending = ending;
    this.#interrupts = interrupts;
    this.#children = childrenOf(CLIENT, channel.engines);
  }

  get engines(): number {
    return this.channel.engines;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether engines are gone, and the program has been told: what it leaves behind is of no matter any more. */
  get areEnginesGone(): boolean {
    return this.#isLossTold || this.channel.isGone;
  }

  /** Returns a number for an array that is to be made. */
  nextArray(): number {
    return this.#nextArray++;
  }

  /** The program does not use an array any more; the engines hear of it with the next record. */
  free(array: number): void {
    this.#freed.push(array);
  }

  /** @throws {@link DistArrayError} `ERR_SESSION_CLOSED` */
  checkOpen(): void {
    if (this.#isClosed) throw new DistArrayError('ERR_SESSION_CLOSED', 'The engines have ended');
  }

  /** An engine has ended itself: what all engines do together nobody waits for any more. Tasks of the others go on. */
  lose(engine: number, exitCode: number): void {
    this.#loss ??= `Engine ${engine} has ended itself with exit code ${exitCode}: nothing is left that all engines could do`;
    if (this.#waiters.size === 0) return;
    this.#isLossTold = true;
    this.#rejectWaiters(gone(this.#loss));
  }

  /** Waits until something is so, which messages bring about. @throws {@link AbortError} for Ctrl-C */
  waitUntil(isDone: () => boolean, what: string): void {
    while (!isDone()) this.#look(what);
  }

  /** Takes what has come, at most so many messages; returns how many. Never waits. */
  takeMessages(limit: number): number {
    if (this.#isClosed) return 0;
    for (let taken = 0; taken < limit; taken++) if (!this.#takeMessage()) return taken;
    return limit;
  }

  /** Sends a record that is not answered; returns its number. */
  post(action: Action, details: Details): number {
    const sequence = this.#send(action, details);
    this.#sites.set(sequence, callSite());
    return sequence;
  }

  #send(action: Action, details: Details): number {
    this.checkOpen();
    this.#checkComplete();
    while (this.#sequence - this.#done > 2 * RECORDS_PER_ACKNOWLEDGEMENT) {
      this.#lookForReply('the engines, which have not done what they were told before');
    }
    const sequence = this.#sequence + 1;
    const distributions = this.#distributions.takeForgotten();
    const isNothingFree = this.#freed.length === 0 && distributions.length === 0;
    const freed: Freed | null = isNothingFree ? null : { arrays: this.#freed, distributions };
    const record = [sequence, freed, action, ...details];
    const encoded = this.#encoded(record);
    if (freed !== null) this.#freed = [];
    this.#sequence = sequence;
    for (const child of this.#children) this.channel.send(child, Kind.record, encoded);
    return sequence;
  }

  /** Tells the engines whether to compute elementwise functions at once, if they think otherwise. */
  setEager(isEager: boolean): void {
    if (this.#isEager === isEager) return;
    this.post(Action.eager, [isEager]);
    this.#isEager = isEager;
  }

  /** Sends a record and waits for the answer. */
  ask(action: Action, details: Details, what: string): unknown {
    const sequence = this.#send(action, details);
    this.#awaited = sequence;
    this.#asked = sequence;
    try {
      while (this.#answer?.sequence !== sequence && !this.#untold.has(sequence)) {
        this.#lookForReply(what);
      }
    } catch (error) {
      // Who called is still known here, and may be told later.
      this.#sites.set(sequence, callSite());
      throw error;
    } finally {
      this.#asked = 0;
    }
    const answer = this.#answer;
    this.#answer = null;
    this.#throwUntold(sequence);
    return answer?.value;
  }

  /** Sends a record; `settle` is told the answer, for which the event loop looks, and who waits for anything. */
  askLater(action: Action, details: Details, settle: Settle<unknown>): void {
    this.#waiters.set(this.post(action, details), settle);
    if (this.#waiters.size === 1) this.#lookLater();
  }

  /** Receives elements that an engine sends for a record. */
  receiveElements(sequence: number, from: number, elements: ArrayBufferView, what: string): void {
    // Also what has failed before tells this call.
    this.#awaited = sequence;
    if (this.#missing.sequence !== sequence) this.#missing = { sequence, engines: new Set() };
    let received = 0;
    try {
      while (this.#unclaimed.some((elements) => elements.from === from)) this.#lookForReply(what);
      this.channel.receiveElements(from, elements, (bytes) => {
        received = bytes;
        if (this.#untold.has(sequence)) this.#throwUntold(sequence);
        this.#lookForReply(what);
      });
    } catch (error) {
      this.dropElements(sequence, from, elements.byteLength - received);
      throw error;
    }
  }

  /** Elements that an engine will send, unless it fails, are not wanted any more. */
  dropElements(sequence: number, from: number, bytes: number): void {
    const comesNot = this.#missing.sequence === sequence && this.#missing.engines.has(from);
    if (bytes > 0 && !comesNot) this.#unclaimed.push({ sequence, from, bytes });
  }

  /**
   * Tells the engines to end, and ends; returns what has failed and nobody knows. Where the wait for what they still do
   * is interrupted, they are not told.
   */
  close(): readonly Error[] {
    if (this.#isClosed) return [];
    try {
      this.#waitForAll();
      if (this.#ending === 'quits') this.post(Action.quit, []);
    } catch (error) {
      // Engines that are gone need not be told.
      if ((error as DistArrayError).code !== 'ERR_ENGINES_GONE') throw error;
    }
    this.#isClosed = true;
    this.#interrupts.close();
    this.channel.close();
    const untold = [...this.#untold.values()];
    this.#untold.clear();
    return untold;
  }

  /** Ends what the program awaits, if there was an interrupt: the event loop looks for it as long as something is awaited. */
  interruptAwaits(): void {
    if (!this.#interrupts.take()) return;
    const error = new AbortError('a promise');
    this.#rejectWaiters(error);
    this.onInterrupt?.(error);
  }

  /** Whether there was an interrupt that no wait has told of. */
  takeInterrupt(): boolean {
    return this.#interrupts.take();
  }

  #encoded(record: readonly unknown[]): Encoded {
    try {
      return this.#distributions.writing(() => encode(record, 'arguments'));
    } catch (error) {
      // The path begins in the record, of which the program knows the parameters only.
      const packed = [
        [/^arguments \(a distarray\.ShippedFunction\)\.values/, 'options.capture'],
        [/^arguments\[5\]\./, ''],
        [/^arguments\[5\]/, 'arguments'],
      ] as const;
      throw packed.reduce((renamed, [from, to]) => renameArgument(renamed, from, to), error);
    }
  }

  /** Waits until all records are done, so that nothing that fails is missed. */
  #waitForAll(): void {
    if (this.#done === this.#sequence) return;
    const sequence = this.post(Action.evaluate, [trafficOperation.name, [], null]);
    while (this.#answer?.sequence !== sequence && !this.#untold.has(sequence))
      this.#lookForReply('the engines to end');
  }

  #checkComplete(): void {
    if (this.#loss === null) return;
    this.#isLossTold = true;
    throw gone(this.#loss);
  }

  /** Looks for a message of what all engines do. */
  #lookForReply(what: string): void {
    this.#checkComplete();
    this.#look(what);
  }

  /** Looks for a message, and pauses when there is none. */
  #look(what: string): void {
    if (this.#takeMessage()) this.#patience.reset();
    else {
      if (this.#interrupts.take()) throw new AbortError(what);
      this.#patience.pause();
    }
  }

  #takeMessage(): boolean {
    const message = this.channel.poll();
    if (message === null) return this.#dropUnclaimed();
    if (message.kind === Kind.task) this.onTask?.(message);
    else {
      const reply = this.#distributions.during(() => message.read()) as ReplyTuple;
      if (reply[1] === Outcome.failure) this.#sendsNothing(reply[0], message.from);
      this.#take(reply);
    }
    return true;
  }

  /** Receives elements that nobody wants, if there are such: those of an engine come in the order of its records. */
  #dropUnclaimed(): boolean {
    const k = this.#unclaimed.findIndex(({ from }) => this.channel.hasElements(from));
    if (k < 0) return false;
    const [{ from, bytes }] = this.#unclaimed.splice(k, 1);
    this.channel.dropElements(from, bytes);
    return true;
  }

  /** An engine that has failed sends no elements. */
  #sendsNothing(sequence: number, engine: number): void {
    if (this.#missing.sequence === sequence) this.#missing.engines.add(engine);
    if (this.#unclaimed.length === 0) return;
    this.#unclaimed = this.#unclaimed.filter(
      (elements) => elements.sequence !== sequence || elements.from !== engine,
    );
  }

  #take([sequence, outcome, content]: ReplyTuple): void {
    if (outcome === Outcome.done) {
      this.#finished(sequence);
      return;
    }
    const waiter = this.#waiters.get(sequence);
    this.#waiters.delete(sequence);
    if (outcome === Outcome.value) {
      // What an interrupted call has asked for, nobody waits for.
      if (waiter === undefined) this.#answer = { sequence, value: content };
      else waiter.resolve(content);
    } else {
      // Every engine says so.
      const isNews = !this.#failures.has(content.sequence);
      const error = this.#errorOf(content);
      // What fails for want of an array that has failed is told only when somebody waits for it.
      const isTold = sequence === content.sequence ? isNews : sequence === this.#awaited;
      if (waiter !== undefined) waiter.reject(error);
      else if (isTold) this.#untold.set(sequence, error);
    }
    if (outcome === Outcome.value) this.#finished(sequence);
  }

  /** The error of a failure, one for all that it has made fail. */
  #errorOf(failure: Failure): Error {
    const known = this.#failures.get(failure.sequence);
    if (known !== undefined) return known;
    const site =
      failure.sequence === this.#asked ? callSite(24) : this.#sites.get(failure.sequence);
    const error = errorOf(failure, site);
    this.#failures.set(failure.sequence, error);
    return error;
  }

  /** Records up to a number are done. */
  #finished(sequence: number): void {
    if (sequence <= this.#done) return;
    for (let done = this.#done + 1; done <= sequence; done++) this.#sites.delete(done);
    this.#done = sequence;
  }

  /** Throws the first of what has failed up to a record; the others are told with the next wait. */
  #throwUntold(sequence: number): void {
    if (this.#untold.size === 0) return;
    const own = this.#untold.get(sequence);
    const [first] = [...this.#untold.keys()].sort((a, b) => a - b);
    if (first > sequence) return;
    const error = own ?? (this.#untold.get(first) as Error);
    this.#awaited = 0;
    for (const [number, other] of this.#untold) {
      if (other === error) this.#untold.delete(number);
    }
    throw error;
  }

  #lookLater(): void {
    const turn = () => {
      try {
        for (let looks = 0; looks < 64 && this.#takeMessage(); looks++);
      } catch (error) {
        // The engines are gone.
        this.#rejectWaiters(error as Error);
      }
      if (this.#waiters.size > 0) this.interruptAwaits();
      if (this.#waiters.size > 0) setImmediate(turn);
    };
    setImmediate(turn);
  }

  #rejectWaiters(error: Error): void {
    const waiters = [...this.#waiters.values()];
    this.#waiters.clear();
    for (const waiter of waiters) waiter.reject(error);
  }
}

function gone(message: string): DistArrayError {
  return new DistArrayError('ERR_ENGINES_GONE', message);
}

/** The library's own part of a call is of no use to who looks for the program's. */
const ownCode = ['src', 'dist'].map((folder) => join(packageRoot, folder) + sep);

/** A stack without the frames of the library. @internal */
export function programsOwn(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => !ownCode.some((folder) => line.includes(folder)))
    .join('\n');
}

/** Where the program has called the library. @internal */
export function callSite(frames = 16): Error {
  return withFrames(frames, () => new Error('called here'));
}

/** Makes an error that knows more callers than errors do by default: the first ones are the library's. */
function withFrames(count: number, make: () => Error): Error {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = Math.max(count, limit);
  const made = make();
  Error.stackTraceLimit = limit;
  return made;
}

/** The error of the program that an engine's is. */
function errorOf({ error, engine, sequence, stack }: Failure, site: Error | undefined): Error {
  const made = withFrames(32, () => errorOfDescription(error, site && { cause: site }));
  for (const one of [made, site]) {
    if (one !== undefined) one.stack = programsOwn(one.stack ?? '');
  }
  return Object.assign(made, { engine, sequence, engineStack: stack });
}
