/** Intracommunicators: groups of processes that talk to each other. */
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import { optionNames } from '../options.ts';
import { deleteAttributesAtEnd } from './attributes.ts';
import { BaseComm } from './baseComm.ts';
import {
  ARGUMENT0,
  ARGUMENT1,
  COMM,
  command,
  OUTPUT,
  OUTPUT2,
  RESULT,
  ROOT,
  raw,
  SEND_TAG,
} from './command.ts';
import { predefined, TAG_UB, UNDEFINED, whenMpiEnds } from './environment.ts';
import { commandError } from './errors.ts';
import type {
  AdjacentGraphOptions,
  DistGraphComm,
  DistGraphOptions,
  GraphComm,
  GraphEdges,
  GraphOptions,
} from './graphTopology.ts';
import { checkGroup, type Group } from './group.ts';
import { type Info, setInfo } from './info.ts';
import type { InterComm } from './interComm.ts';
import { debugging, untrack } from './leaks.ts';
import { ObjectCollectives } from './objects/objectCollectives.ts';
import { checkOptions } from './pointToPoint.ts';
import type { ConnectOptions, SpawnCommand, SpawnMultipleOptions, SpawnOptions } from './spawn.ts';
import type { CartComm, CartOptions } from './topology.ts';

/** Options of {@link Comm.split}. */
export interface SplitOptions {
  /** Orders the ranks of the new communicator; ties keep their order. Default 0. */
  readonly key?: number;
}

/** Options of {@link Comm.splitType}. */
export interface SplitTypeOptions extends SplitOptions {
  /** Hints to MPI. */
  readonly info?: Info;
}

/** Options of calls whose messages need a tag of their own. */
export interface TagOptions {
  /** Default 0. Calls that several threads or libraries make at once need different ones. */
  readonly tag?: number;
}

/**
 * Makers of the other kinds of communicators. Their classes extend {@link Comm} or are made by it, so
 * this file cannot import them: they register here.
 * @internal
 */
export const communicatorKinds = { ofHandle: [] } as unknown as {
  createCart: (comm: Comm, dims: readonly number[], options?: CartOptions) => CartComm;
  connect: (
    comm: Comm,
    call: 'MPI_Comm_accept' | 'MPI_Comm_connect',
    port: string,
    options?: ConnectOptions,
  ) => InterComm;
  spawn: (
    comm: Comm,
    commands: readonly SpawnCommand[],
    options?: SpawnMultipleOptions,
  ) => InterComm;
  /** By the number that the addon has for the kind: see {@link KIND}. */
  ofHandle: ((handle: number) => BaseComm)[];
  createGraph: (
    comm: Comm,
    neighbors: readonly (readonly number[])[],
    options?: GraphOptions,
  ) => GraphComm;
  createDistGraphAdjacent: (
    comm: Comm,
    sources: readonly number[],
    destinations: readonly number[],
    options?: AdjacentGraphOptions,
  ) => DistGraphComm;
  createDistGraph: (
    comm: Comm,
    edges: readonly GraphEdges[],
    options?: DistGraphOptions,
  ) => DistGraphComm;
};

/** What `communicatorKind` leaves. @internal */
export const KIND = { intra: 0, cart: 1, graph: 2, distGraph: 3, inter: 4 } as const;

/** An intracommunicator. */
export class Comm extends ObjectCollectives {
  /**
   * Returns the communicator that another library of this process knows by a Fortran number
   * (`MPI_Comm_f2c`): a {@link CartComm} or {@link InterComm} when it is one.
   *
   * @remarks It still belongs to that library, whose error handler it keeps. Where that is MPI's
   * default, an error ends the job.
   * @throws {@link MPIError} `MPI_ERR_COMM` when the number is none of a communicator
   */
  static fromFortran(number: number): BaseComm {
    checkInteger('number', number, -(2 ** 31), 2 ** 31 - 1);
    command[ARGUMENT0] = number;
    raw.fromFortran();
    if (command[RESULT] !== 0) throw commandError('MPI_Comm_f2c', ARGUMENT0);
    const known = command[OUTPUT2] === 1;
    const handle = command[OUTPUT];
    if (handle === 0) return COMM_NULL;
    if (handle === COMM_WORLD.handle) return COMM_WORLD;
    if (handle === COMM_SELF.handle) return COMM_SELF;
    command[COMM] = handle;
    raw.communicatorKind();
    if (command[RESULT] !== 0) throw commandError('MPI_Topo_test');
    const make = communicatorKinds.ofHandle[command[OUTPUT]];
    const comm = make === undefined ? new Comm(handle) : make(handle);
    if (debugging && !known) untrack(handle);
    return comm;
  }

  /**
   * Returns the communicator of the ranks that gave the same color (`MPI_Comm_split`), or
   * `COMM_NULL` where the color is `UNDEFINED`.
   * @param color a non-negative integer, or `UNDEFINED`
   * @remarks Collective.
   */
  split(color: number, options?: SplitOptions): Comm {
    return made(splitHandle(this, color, options));
  }

  /**
   * Returns the communicator of the ranks that share memory with this one, those of the same host
   * (`MPI_Comm_split_type`), or `COMM_NULL` where the type is `UNDEFINED`.
   * @param type `'shared'` (`MPI_COMM_TYPE_SHARED`), or `UNDEFINED`
   * @remarks Collective.
   */
  splitType(type: 'shared' | number, options?: SplitTypeOptions): Comm {
    const key = options?.key ?? 0;
    if (type !== 'shared' && type !== UNDEFINED) {
      throw new ArgumentRangeError('type', "'shared' or UNDEFINED", type);
    }
    checkInteger('options.key', key, -(2 ** 31), 2 ** 31 - 1);
    setInfo('options.info', options?.info);
    command[COMM] = this.handle;
    command[ARGUMENT0] = type === 'shared' ? 1 : 0;
    command[ARGUMENT1] = key;
    raw.splitType();
    if (command[RESULT] !== 0) throw commandError('MPI_Comm_split_type');
    return made(command[OUTPUT]);
  }

  /**
   * Returns the communicator of the processes of a group (`MPI_Comm_create`), in the group's order;
   * `COMM_NULL` on the others.
   * @param group some of this communicator's processes; the same on all ranks
   * @remarks Collective.
   */
  create(group: Group): Comm {
    return made(createHandle(this, group));
  }

  /**
   * The same, called by the processes of the group only (`MPI_Comm_create_group`).
   * @param group some of this communicator's processes
   * @remarks Collective over the group.
   */
  createGroup(group: Group, options?: TagOptions): Comm {
    checkGroup('group', group);
    const tag = options?.tag ?? 0;
    checkInteger('options.tag', tag, 0, TAG_UB);
    command[COMM] = this.handle;
    command[ARGUMENT0] = group.handle;
    command[ARGUMENT1] = tag;
    raw.createGroup();
    if (command[RESULT] !== 0) throw commandError('MPI_Comm_create_group');
    return made(command[OUTPUT]);
  }

  /**
   * Returns a communicator between this one's processes and those of another one
   * (`MPI_Intercomm_create`). The two have no process in common.
   * @param localLeader a rank of this communicator that is in `peerComm` too
   * @param peerComm a communicator that both leaders are in; null on the other ranks
   * @param remoteLeader rank of the other side's leader in `peerComm`; counts on the leader
   * @remarks Collective, on both sides.
   */
  createIntercomm(
    localLeader: number,
    peerComm: BaseComm | null,
    remoteLeader: number,
    options?: TagOptions,
  ): InterComm {
    const tag = options?.tag ?? 0;
    this.checkRank('localLeader', localLeader);
    checkInteger('options.tag', tag, 0, TAG_UB);
    if (this.processRank === localLeader) {
      if (!(peerComm instanceof BaseComm)) {
        throw new ArgumentTypeError('peerComm', 'a communicator on the leader', peerComm);
      }
      checkInteger('remoteLeader', remoteLeader, 0, peerComm.partnerCount - 1);
    }
    command[COMM] = this.handle;
    command[ROOT] = localLeader;
    command[ARGUMENT0] = this.processRank === localLeader ? peerComm!.handle : 0;
    command[ARGUMENT1] = this.processRank === localLeader ? remoteLeader : 0;
    command[SEND_TAG] = tag;
    raw.createIntercommunicator();
    if (command[RESULT] !== 0) throw commandError('MPI_Intercomm_create');
    return communicatorKinds.ofHandle[KIND.inter](command[OUTPUT]) as InterComm;
  }

  /**
   * Returns a communicator whose ranks stand on a grid, in C order (`MPI_Cart_create`); a null one
   * on the ranks that the grid does not need.
   * @param dims processes along each dimension; their product is at most the communicator's size
   * @remarks Collective.
   */
  createCart(dims: readonly number[], options?: CartOptions): CartComm {
    return communicatorKinds.createCart(this, dims, options);
  }

  /**
   * Returns a communicator whose ranks are the nodes of a graph (`MPI_Graph_create`); a null one on
   * the ranks that the graph does not need.
   * @param neighbors of each node, the same on all ranks. An edge that data shall go both ways along
   * is listed at both ends.
   * @remarks Collective.
   */
  createGraph(neighbors: readonly (readonly number[])[], options?: GraphOptions): GraphComm {
    return communicatorKinds.createGraph(this, neighbors, options);
  }

  /**
   * Returns a communicator with a directed graph of which each rank gives all edges that end or begin
   * at it (`MPI_Dist_graph_create_adjacent`).
   * @param sources ranks whose data arrive here
   * @param destinations ranks that this one's data go to
   * @remarks Collective.
   */
  createDistGraphAdjacent(
    sources: readonly number[],
    destinations: readonly number[],
    options?: AdjacentGraphOptions,
  ): DistGraphComm {
    return communicatorKinds.createDistGraphAdjacent(this, sources, destinations, options);
  }

  /**
   * Returns a communicator with a directed graph of which each rank gives any edges
   * (`MPI_Dist_graph_create`).
   * @remarks Collective.
   */
  createDistGraph(edges: readonly GraphEdges[], options?: DistGraphOptions): DistGraphComm {
    return communicatorKinds.createDistGraph(this, edges, options);
  }

  /**
   * Starts processes and returns the communicator between this one's and them (`MPI_Comm_spawn`); they
   * get it by {@link getParent}. The arguments count on the root only.
   * @param command a program; for a script `process.execPath`
   * @param args its arguments; for a script `[...process.execArgv, script]`
   * @remarks Collective.
   * @throws {@link MPIError} `MPI_ERR_SPAWN`, for one, when they could not all be started. Open MPI 4.1
   * ends the job when there is no such program
   */
  spawn(command: string, args?: readonly string[], options?: SpawnOptions): InterComm {
    const { maxprocs, info, root } = options ?? {};
    return communicatorKinds.spawn(this, [{ command, args, maxprocs, info }], { root });
  }

  /**
   * Starts processes of several programs in one world (`MPI_Comm_spawn_multiple`). See
   * {@link Comm.spawn}.
   * @remarks Collective.
   */
  spawnMultiple(commands: readonly SpawnCommand[], options?: SpawnMultipleOptions): InterComm {
    return communicatorKinds.spawn(this, commands, options);
  }

  /**
   * Waits until a job connects to a port and returns the communicator between the two
   * (`MPI_Comm_accept`).
   * @param port of `openPort`; counts on the root only
   * @remarks Collective.
   */
  accept(port: string, options?: ConnectOptions): InterComm {
    return communicatorKinds.connect(this, 'MPI_Comm_accept', port, options);
  }

  /**
   * Connects to the job that accepts at a port and returns the communicator between the two
   * (`MPI_Comm_connect`).
   * @param port of the other side's `openPort`; counts on the root only
   * @remarks Collective.
   */
  connect(port: string, options?: ConnectOptions): InterComm {
    return communicatorKinds.connect(this, 'MPI_Comm_connect', port, options);
  }
}

/** The communicator that is none: what {@link Comm.split} returns for color `UNDEFINED`. */
export const COMM_NULL: Comm = new Comm(0);

/** All processes of the job. */
export const COMM_WORLD: Comm = new Comm(predefined.COMM_WORLD);

/**
 * This process alone. Its attributes are deleted first of all when MPI ends, with the process too: a
 * place for what a library has to do while MPI still works.
 */
export const COMM_SELF: Comm = new Comm(predefined.COMM_SELF);

// Section 8.7.1 of the standard: so that libraries can tidy up while MPI still works.
whenMpiEnds(() => deleteAttributesAtEnd(COMM_SELF));

const SPLIT_OPTIONS = optionNames<SplitTypeOptions>({ key: true, info: true });

/** The handle that `MPI_Comm_split` leaves, 0 for none. @internal */
export function splitHandle(comm: BaseComm, color: number, options?: SplitOptions): number {
  if (options !== undefined) checkOptions(options, '{ key }', options?.key, SPLIT_OPTIONS);
  const key = options?.key ?? 0;
  if (color !== UNDEFINED) checkInteger('color', color, 0, 2 ** 31 - 1);
  checkInteger('options.key', key, -(2 ** 31), 2 ** 31 - 1);
  command[COMM] = comm.handle;
  command[ARGUMENT0] = color;
  command[ARGUMENT1] = key;
  raw.split();
  if (command[RESULT] !== 0) throw commandError('MPI_Comm_split');
  return command[OUTPUT];
}

/** The handle that `MPI_Comm_create` leaves, 0 for none. @internal */
export function createHandle(comm: BaseComm, group: Group): number {
  checkGroup('group', group);
  command[COMM] = comm.handle;
  command[ARGUMENT0] = group.handle;
  raw.createFromGroup();
  if (command[RESULT] !== 0) throw commandError('MPI_Comm_create');
  return command[OUTPUT];
}

function made(handle: number): Comm {
  return handle === 0 ? COMM_NULL : new Comm(handle);
}
