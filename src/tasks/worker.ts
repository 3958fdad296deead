/** A worker: calls functions that a master sends, one after the other. */
import { DistArrayError, describeError } from '../errors.ts';
import { type Encoded, encode } from '../mpi/objects/encoding.ts';
import { replaceInside } from '../ops/functions/insideValues.ts';
import { ValueProxy } from '../ops/functions/proxy.ts';
import { isThenable } from '../ops/functions/targetCall.ts';
import type { Thrown } from './errors.ts';
import {
  Answer,
  type CallOutcome,
  Order,
  type PoolSetup,
  type ToMaster,
  type ToWorker,
} from './protocol.ts';
import {
  type AnyFunction,
  calledFunction,
  loadedFunction,
  type SentFunction,
} from './taskFunction.ts';

/** How a pool has ended, as the master tells it. */
export interface End {
  readonly failure: Thrown | null;
  readonly value: unknown;
}

/** What a worker has of one pool. */
interface Opened {
  readonly named: Map<string, AnyFunction>;
  /** By the number that the master has given them. */
  readonly numbered: Map<number, AnyFunction>;
}

type Run = Extract<ToWorker, readonly [typeof Order.run, ...unknown[]]>;

/** What the calls of a chunk have come to so far. */
interface Progress {
  readonly outcomes: CallOutcome[];
  readonly seconds: number[];
  hasFailed: boolean;
}

/** Runs tasks of any number of pools of one master. */
export class Worker {
  readonly #send: (encoded: Encoded) => void;
  readonly #own: Readonly<Record<string, AnyFunction>>;
  readonly #pools = new Map<number, Opened>();
  #end: End | null = null;

  /**
   * @param send - sends to the master
   * @param own - functions that this process has by name
   */
  constructor(send: (encoded: Encoded) => void, own: Readonly<Record<string, AnyFunction>> = {}) {
    this.#send = send;
    this.#own = own;
  }

  /** How the pool has ended; null while it has not. */
  get end(): End | null {
    return this.#end;
  }

  /** Whether a pool is open. */
  get isServing(): boolean {
    return this.#pools.size > 0;
  }

  /**
   * Does what a message says, and answers. Never throws, nor does the promise reject.
   * @param read - returns the message
   * @returns a promise when a function has returned one
   */
  take(read: () => unknown): Promise<void> | undefined {
    let message: ToWorker;
    try {
      message = read() as ToWorker;
    } catch (error) {
      this.#answer([Answer.unreadable, thrownOf(error)]);
      return undefined;
    }
    switch (message[0]) {
      case Order.open:
        return this.#open(message[1], message[2]);
      case Order.run:
        return this.#run(message);
      case Order.forget:
        for (const fn of message[2]) this.#pools.get(message[1])?.numbered.delete(fn);
        return undefined;
      case Order.close:
        this.#pools.delete(message[1]);
        return undefined;
      case Order.end:
        this.#end = { failure: message[1], value: message[2] };
        return undefined;
    }
  }

  /** Forgets all pools: their master is gone. */
  reset(): void {
    this.#pools.clear();
  }

  /** Tells the master that this process ends, which it would not learn otherwise. */
  leave(exitCode: number): void {
    this.#answer([Answer.gone, exitCode]);
  }

  #open(pool: number, { functions, initializer, initArgs }: PoolSetup): Promise<void> | undefined {
    const named = new Map<string, AnyFunction>();
    this.#pools.set(pool, { named, numbered: new Map() });
    const given = Object.entries(functions);
    const loading = [...given.map(([, fn]) => fn), initializer]
      .map((fn) => (fn === null ? undefined : loadedFunction(fn)))
      .filter((one) => one !== undefined);
    const fail = (error: unknown) => this.#answer([Answer.failed, pool, thrownOf(error)]);
    const finish = () => this.#answer([Answer.opened, pool]);
    const open = (): Promise<void> | undefined => {
      for (const [name, fn] of given) named.set(name, calledFunction(fn, noNames));
      if (initializer === null) return finish() as undefined;
      const args = replaceInside(initArgs, meant) as never[];
      const started = this.#functionOf(pool, initializer)(...args);
      if (isThenable(started)) return Promise.resolve(started).then(finish, fail);
      return finish() as undefined;
    };
    const opened = (): Promise<void> | undefined => {
      try {
        return open();
      } catch (error) {
        return fail(error) as undefined;
      }
    };
    return loading.length === 0 ? opened() : Promise.all(loading).then(opened);
  }

  #run(run: Run): Promise<void> | undefined {
    const loading = run[3] === null ? undefined : loadedFunction(run[3]);
    return loading === undefined ? this.#start(run) : loading.then(() => this.#start(run));
  }

  #start(run: Run): Promise<void> | undefined {
    const [, pool, number, sent, , items] = run;
    const progress: Progress = { outcomes: [], seconds: [], hasFailed: false };
    try {
      const numbered = this.#pools.get(pool)?.numbered;
      let fn = numbered?.get(number);
      if (fn === undefined) {
        if (numbered === undefined || sent === null) throw unknownFunction();
        fn = this.#functionOf(pool, sent);
        numbered.set(number, fn);
      }
      return this.#call(fn, run, progress);
    } catch (error) {
      // The function itself is not to be had: no call can be made.
      const thrown = thrownOf(error);
      this.#tell(run, {
        outcomes: items.map(() => [false, thrown] as const),
        seconds: items.map(() => 0),
        hasFailed: true,
      });
      return undefined;
    }
  }

  /** Makes the calls that have not been made; returns a promise when one returns a promise. */
  #call(fn: AnyFunction, run: Run, progress: Progress): Promise<void> | undefined {
    const [, , , , isSpread, items] = run;
    const { outcomes, seconds } = progress;
    while (outcomes.length < items.length) {
      const item = items[outcomes.length];
      const start = performance.now();
      const note = (outcome: CallOutcome): void => {
        seconds.push((performance.now() - start) / 1000);
        outcomes.push(outcome);
        if (!outcome[0]) progress.hasFailed = true;
      };
      try {
        const given = replaceInside(item, meant);
        const value = isSpread ? fn(...(given as never[])) : fn(given as never);
        if (isThenable(value)) {
          return Promise.resolve(value)
            .then(
              (settled) => note([true, settled]),
              (error) => note([false, thrownOf(error)]),
            )
            .then(() => this.#call(fn, run, progress));
        }
        note([true, value]);
      } catch (error) {
        note([false, thrownOf(error)]);
      }
    }
    this.#tell(run, progress);
    return undefined;
  }

  #tell([, pool]: Run, { outcomes, seconds, hasFailed }: Progress): void {
    try {
      if (!hasFailed) {
        const values = outcomes.map(([, value]) => value);
        this.#send(encode([Answer.done, pool, values, seconds], 'result'));
      } else this.#send(encode([Answer.mixed, pool, outcomes, seconds], 'result'));
    } catch {
      const told = outcomes.map((outcome) => sendable(outcome));
      this.#send(encode([Answer.mixed, pool, told, seconds], 'result'));
    }
  }

  #functionOf(pool: number, sent: SentFunction): AnyFunction {
    const named = this.#pools.get(pool)?.named;
    return calledFunction(sent, (name) => named?.get(name) ?? this.#own[name]);
  }

  #answer(message: ToMaster): void {
    this.#send(encode(message, 'result'));
  }
}

/** What the master is told of an error. */
export function thrownOf(error: unknown): Thrown {
  const stack = error instanceof Error ? error.stack : undefined;
  return { error: describeError(error), stack };
}

/** An outcome that can be sent: a value that cannot be is an error that says where. */
function sendable(outcome: CallOutcome): CallOutcome {
  if (!outcome[0]) return outcome;
  try {
    encode(outcome[1], 'result');
    return outcome;
  } catch (error) {
    return [false, thrownOf(error)];
  }
}

/** A function that runs where an object was kept gets the object for its proxy. */
function meant(part: unknown): unknown {
  return part instanceof ValueProxy ? part.dereference() : part;
}

function noNames(): undefined {
  return undefined;
}

function unknownFunction(): DistArrayError {
  return new DistArrayError('ERR_TASK_FUNCTION', 'The worker does not have the function of a task');
}
