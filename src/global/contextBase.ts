/** What a context knows: its processes, its session, and how arrays may lie on it. */
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { Distribution } from '../maps/distribution.ts';
import { DISTRIBUTION_OPTIONS, type FromShapeOptions } from '../maps/distributionOptions.ts';
import { Targets } from '../maps/targets.ts';
import { agree, checkSame } from '../mpi/agreement.ts';
import { COMM_NULL, COMM_WORLD, Comm } from '../mpi/communicator.ts';
import { untrack } from '../mpi/leaks.ts';
import { MAX } from '../mpi/operation.ts';
import type { Traffic } from '../ops/redistribute/traffic.ts';
import { checkOptions, optionNames } from '../options.ts';
import { ContextError } from './errors.ts';
import type { Session } from './session.ts';
import { SpmdSession } from './spmdSession.ts';

/** Options of contexts. */
export interface ContextOptions {
  /** The processes that share the context; default all of the job (`MPI.COMM_WORLD`). */
  readonly comm?: Comm;
  /** Those of them that hold arrays unless told otherwise, in any order; default all. */
  readonly targets?: readonly number[];
}

/** How a new array is spread; see `Distribution.fromShape`. */
export type DistributionOptions = Omit<FromShapeOptions, 'size'>;

const CONTEXT_OPTIONS = optionNames<ContextOptions>({ comm: true, targets: true });
const OF_DISTRIBUTION = optionNames<DistributionOptions>(DISTRIBUTION_OPTIONS);

/** So many distributions a context keeps. */
const MOST_DISTRIBUTIONS = 64;

/** Longer texts, of long lists of targets, are not worth to be compared. */
const LONGEST_KEY = 200;

let contexts = 0;

/** The part of {@link Context} that makes no arrays. */
export class ContextBase implements Disposable {
  /** The processes that hold arrays unless told otherwise, ascending. */
  readonly targets: readonly number[];
  readonly #number = contexts++;
  readonly #session: Session;
  readonly #subcomms = new Map<string, Comm>();
  readonly #distributions = new Map<string, Distribution>();
  #isClosed = false;

  /**
   * @remarks Collective over `options.comm`.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} on every process alike
   */
  constructor(options: ContextOptions = {}) {
    checkOptions(options, CONTEXT_OPTIONS, '{ comm, targets }');
    const session = sessionFor(options.comm);
    this.targets = session.agree(() => targetsOf(options.targets, session.size));
    session.checkSame({ 'options.targets': Targets.fromList(this.targets).key });
    this.#session = session;
  }

  /** What carries out operations. @internal */
  get session(): Session {
    if (this.#isClosed) throw new ContextError(`${this} is closed`);
    return this.#session;
  }

  /** The processes that share the context. */
  get comm(): Comm {
    return this.session.comm;
  }

  /** Number of processes of the context. */
  get size(): number {
    return this.#session.size;
  }

  /** Rank of this process in the context; null where it holds no elements. */
  get rank(): number | null {
    return this.#session.rank;
  }

  /** Whether this is the process that speaks for the job: the one that should print. */
  get isRoot(): boolean {
    return this.#session.isRoot;
  }

  /**
   * Whether elementwise functions are computed when they are called. By default large ones wait until something needs
   * their results, and chains (`a.mul(2).add(b).sqrt()`) are computed in one pass; a program cannot tell but by the
   * clock. What needs messages never waits.
   */
  get eager(): boolean {
    return this.#session.isEager;
  }

  set eager(value: boolean) {
    if (typeof value !== 'boolean') throw new ArgumentTypeError('eager', 'a boolean', value);
    this.#session.isEager = value;
  }

  /** Messages and bytes that this process has sent because elements changed their places. */
  get stats(): Traffic {
    return this.#session.traffic;
  }

  /** Whether the context is closed. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Does what may fail on one process only; then it fails on all. A process that does not share the program with others
   * just does it.
   * @internal
   */
  agreed<T>(step: () => T): T {
    return this.session.agree(step);
  }

  /**
   * Returns a distribution of arrays of this shape over the context's targets (DistArray 0.5
   * `Distribution`).
   *
   * @param options - `dist` (by default the first dimension is `'b'`, the others `'n'`), `gridShape`, `targets`
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
   */
  distribution(shape: readonly number[], options: DistributionOptions = {}): Distribution {
    checkOptions(options, OF_DISTRIBUTION, '{ dist }');
    // Equal ones are one object: that operands lie alike is then seen at once.
    const key = textOf([shape, options]);
    const known = key === null ? undefined : this.#distributions.get(key);
    if (known !== undefined) return known;
    const { targets = this.targets } = options;
    const distribution = Distribution.fromShape(shape, { ...options, targets });
    this.checkDistribution(distribution, 'options.targets');
    if (key !== null) {
      if (this.#distributions.size >= MOST_DISTRIBUTIONS) this.#distributions.clear();
      this.#distributions.set(key, distribution);
    }
    return distribution;
  }

  /**
   * Checks that the context has all processes of a distribution.
   * @throws {@link ArgumentRangeError}
   * @internal
   */
  checkDistribution(distribution: Distribution, argument: string): void {
    const last = distribution.highestTarget;
    if (last < this.size) return;
    const expected = `targets below ${this.size}, the size of the context`;
    throw new ArgumentRangeError(argument, expected, last);
  }

  /**
   * Returns the communicator of some of the context's processes, the null communicator on the others. It is kept
   * for the next call unless it was freed, and freed with the context (DistArray 0.5 `make_subcomm`).
   *
   * @param targets - in any order; ranks of the communicator ascend with them
   * @remarks Collective over the context.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} on every process alike
   * @throws {@link DistArrayError} `ERR_NO_LOCAL_DATA` in a client, which is none of the processes
   */
  makeSubcomm(targets: readonly number[]): Comm {
    const { comm } = this;
    const list = agree(comm, () => targetsOf(targets, comm.size));
    const key = list.join();
    checkSame(comm, { targets: key });
    let subcomm = this.#subcomms.get(key);
    // Its members may have freed it, of which the others know nothing.
    const isGone = subcomm === undefined || (subcomm !== COMM_NULL && subcomm.isNull);
    if (subcomm === undefined || comm.allreduce(isGone ? 1 : 0, { op: MAX }) > 0) {
      const group = comm.group;
      const members = group.incl(list);
      subcomm = comm.create(members);
      members.free();
      group.free();
      untrack(subcomm.handle);
      this.#subcomms.set(key, subcomm);
    }
    return subcomm;
  }

  /**
   * Ends the use of the context and of its arrays, and frees the communicators that it has made.
   * @remarks Collective. `using context = new Context()` does it at the end of the block.
   */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const subcomm of this.#subcomms.values()) {
      if (subcomm !== COMM_NULL && !subcomm.isNull) subcomm.free();
    }
    this.#subcomms.clear();
    this.#session.close();
  }

  /** Closes the context. */
  [Symbol.dispose](): void {
    this.close();
  }

  toString(): string {
    return `Context ${this.#number} of ${this.size} processes`;
  }
}

/** Makes the sessions of contexts without a communicator; null where every process runs the program. */
let madeSession: (() => Session) | null = null;

/** Contexts without a communicator get their sessions from here, in a program whose arrays are elsewhere. @internal */
export function makeSessionsBy(make: (() => Session) | null): void {
  madeSession = make;
}

/** Calls a function whose contexts without a communicator have this session. @internal */
export function withSession<T>(session: Session, make: () => T): T {
  const former = madeSession;
  madeSession = () => session;
  try {
    return make();
  } finally {
    madeSession = former;
  }
}

/** Whether the arrays of contexts without a communicator are elsewhere. @internal */
export function areSessionsMade(): boolean {
  return madeSession !== null;
}

function sessionFor(comm: Comm | undefined): Session {
  if (comm === undefined) return madeSession?.() ?? new SpmdSession(COMM_WORLD);
  if (comm instanceof Comm && !comm.isNull) return new SpmdSession(comm);
  throw new ArgumentTypeError('options.comm', 'a communicator', comm);
}

/** Returns arguments as text; null for what is no text, or a long one. */
function textOf(args: unknown): string | null {
  try {
    const text = JSON.stringify(args);
    return text.length > LONGEST_KEY ? null : text;
  } catch {
    return null;
  }
}

function targetsOf(targets: readonly number[] | undefined, size: number): readonly number[] {
  if (targets === undefined) return Array.from({ length: size }, (_, target) => target);
  const list = Targets.someOf(targets, 'targets').toArray();
  const last = list[list.length - 1];
  if (last < size) return list;
  throw new ArgumentRangeError(
    'targets',
    `targets below ${size}, the size of the communicator`,
    last,
  );
}

/** A distribution has said already how an array is spread. @internal */
export function refuseBesideDistribution(options: DistributionOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    throw new ArgumentTypeError(`options.${name}`, 'undefined beside a distribution', value);
  }
}
