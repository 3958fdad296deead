/** A pool over the processes of a communicator, all of which run the program: one is the master, the others serve. */
import { Kind } from '../engine/channel.ts';
import { MpiChannel } from '../engine/mpiChannel.ts';
import { Patience } from '../engine/patience.ts';
import { ArgumentTypeError, checkInteger, errorOfDescription } from '../errors.ts';
import { agree, checkSame } from '../mpi/agreement.ts';
import { Comm } from '../mpi/communicator.ts';
import { type Encoded, encode } from '../mpi/objects/encoding.ts';
import { inspect } from '../mpi/objects/graph.ts';
import { checkOptions } from '../options.ts';
import type { Carrier } from './carrier.ts';
import { CommCarrier } from './commCarrier.ts';
import { EngineError, type Thrown } from './errors.ts';
import { checkWorkerOptions, defaultsOf, OVER_OPTIONS, type OverOptions } from './poolOptions.ts';
import { Order } from './protocol.ts';
import type { Scheduler } from './scheduler.ts';
import { thrownOf, Worker } from './worker.ts';

/** Milliseconds that workers have at the end to answer what nobody waits for any more. */
const GRACE = 1000;

/** A pool that is to run its body. */
export interface Led<R> {
  /** Runs the body, and waits for all tasks. */
  run(): Promise<R>;
  readonly scheduler: Scheduler;
  /** Waits so long until workers have answered; whether they have. */
  drain(milliseconds: number): Promise<boolean>;
}

/** What is to be done over a communicator. */
export interface Over<R> {
  readonly options: OverOptions;
  readonly body: unknown;
  /** Makes the pool, on the master. Without a carrier it has no others. */
  start(carrier: Carrier | null): Led<R>;
}

/** Runs a body with a pool on one process and serves on the others. @remarks Collective. */
export async function overComm<R>(comm: Comm, over: Over<R>): Promise<R> {
  if (!(comm instanceof Comm) || comm.isNull) {
    throw new ArgumentTypeError('where', 'a Context or a communicator', comm);
  }
  const { options, body } = over;
  const master = agree(comm, () => {
    checkOptions(options, OVER_OPTIONS, '{ master: 0 }');
    if (typeof body !== 'function') throw new ArgumentTypeError('body', 'a function', body);
    const { master: given = 0 } = options;
    checkInteger('options.master', given, 0, comm.size - 1);
    defaultsOf(options);
    checkWorkerOptions(options);
    return given;
  });
  checkSame(comm, { 'options.master': String(master) });
  if (comm.size === 1) return await over.start(null).run();
  const channel = new MpiChannel(comm);
  const hasAll = { value: true };
  try {
    if (comm.rank === master) return await lead(channel, over, hasAll);
    return (await serve(channel, master, options)) as R;
  } finally {
    // Who does not answer cannot take part.
    if (hasAll.value) channel.close();
  }
}

/** The master's part. */
async function lead<R>(channel: MpiChannel, over: Over<R>, hasAll: { value: boolean }): Promise<R> {
  const carrier = new CommCarrier(channel);
  const tell = (encoded: Encoded) => {
    for (const rank of carrier.names) {
      // Open MPI may wait with a blocking send until the other side looks, however short the message is.
      if (hasAll.value) channel.send(rank, Kind.task, encoded);
      else channel.sendUnwaited(rank, Kind.task, encoded);
    }
  };
  let led: Led<R> | null = null;
  let value: R;
  let encoded: Encoded;
  try {
    led = over.start(carrier);
    value = await led.run();
    // A value that cannot be sent is an error of the body.
    inspect(value, 'the value of body', true);
    encoded = encode([Order.end, null, value], 'the value of body');
    hasAll.value = await led.drain(graceOf(over.options));
    const { lost, stuck } = led.scheduler;
    if (lost.length > 0) throw ended(carrier, lost);
    if (!hasAll.value) throw unanswered(carrier, stuck);
  } catch (error) {
    hasAll.value = led === null || ((await led.drain(GRACE)) && led.scheduler.lost.length === 0);
    tell(encode([Order.end, thrownOf(error), undefined], 'error'));
    if (led !== null && !hasAll.value) takeRest(carrier, led.scheduler);
    throw error;
  }
  tell(encoded);
  return value;
}

/** Workers that still do something must get rid of what comes of it, or they would wait for ever. */
function takeRest(carrier: Carrier, scheduler: Scheduler): void {
  const timer = setInterval(() => {
    carrier.take(64);
    if (scheduler.isQuiet) clearInterval(timer);
  }, 10);
  timer.unref();
}

/** A worker's part: returns what the body has returned, or throws what it has thrown. */
async function serve(channel: MpiChannel, master: number, options: OverOptions): Promise<unknown> {
  const worker = new Worker(
    (encoded) => channel.send(master, Kind.task, encoded),
    options.functions ?? {},
  );
  const leave = (code: number) => worker.leave(code);
  process.on('exit', leave);
  try {
    const patience = new Patience();
    while (worker.end === null) {
      const message = channel.poll();
      if (message === null) {
        if (patience.isLong) await new Promise(setImmediate);
        patience.pause();
        continue;
      }
      patience.reset();
      const waits = worker.take(() => message.read());
      if (waits !== undefined) await waits;
    }
  } finally {
    process.off('exit', leave);
  }
  const { failure, value } = worker.end;
  if (failure !== null) throw errorOnMaster(failure, master);
  return value;
}

function errorOnMaster({ error, stack }: Thrown, master: number): Error {
  return Object.assign(errorOfDescription(error), { master, masterStack: stack });
}

function graceOf({ timeout = 0 }: OverOptions): number {
  return Math.max(GRACE, 1000 * timeout);
}

function ended({ noun }: Carrier, lost: readonly number[]): EngineError {
  const message = `${noun} ${lost.join(', ')} has ended: what all processes do together nobody can go on with`;
  return new EngineError('ERR_ENGINE_LOST', message);
}

function unanswered({ names, noun }: Carrier, stuck: readonly number[]): EngineError {
  const who = stuck.length === 0 ? names : stuck;
  const message = `${noun} ${who.join(', ')} does not answer: it is busy with a task that has exceeded its timeout`;
  return new EngineError('ERR_ENGINE_STUCK', message);
}
