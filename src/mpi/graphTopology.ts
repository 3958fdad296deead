/** Process topologies that are graphs. */
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import { addressOfInts } from './buffer.ts';
import {
  ARGUMENT0,
  ARGUMENT1,
  ARGUMENT2,
  COMM,
  command,
  OUTPUT,
  OUTPUT2,
  RECV_ADDRESS,
  RECV_COUNTS,
  RECV_DISPLS,
  RESULT,
  raw,
  SEND_ADDRESS,
  SEND_COUNTS,
  SEND_DISPLS,
} from './command.ts';
import { Comm, communicatorKinds, KIND } from './communicator.ts';
import { UNDEFINED } from './environment.ts';
import { commandError } from './errors.ts';
import { NeighborhoodComm, type Neighbors } from './neighborhood.ts';

/** Options of {@link Comm.createGraph}. */
export interface GraphOptions {
  /** Whether MPI may give the processes other ranks, nearer to the machine's shape. Default false. */
  readonly reorder?: boolean;
}

/** Options of {@link Comm.createDistGraphAdjacent}: weights on all ranks, or on none. */
export interface AdjacentGraphOptions extends GraphOptions {
  /** How much is exchanged with each source, as a hint. */
  readonly sourceWeights?: readonly number[];
  readonly destinationWeights?: readonly number[];
}

/** Options of {@link Comm.createDistGraph}. */
export interface DistGraphOptions extends GraphOptions {
  /** Whether the edges have weights, for ranks that give none. Default: whether this rank's have. */
  readonly weighted?: boolean;
}

/** Edges that start at one rank, for {@link Comm.createDistGraph}. */
export interface GraphEdges {
  readonly source: number;
  readonly destinations: readonly number[];
  /** A weight for each destination; for all edges of all ranks, or for none. */
  readonly weights?: readonly number[];
}

/** Neighbours with the weights of their edges, which are there when the graph was made with some. */
export interface WeightedNeighbors extends Neighbors {
  readonly sourceWeights?: number[];
  readonly destinationWeights?: number[];
}

/** A communicator whose topology is a graph that every process knows (`MPI_Graph_create`). */
export class GraphComm extends NeighborhoodComm {
  /** Returns the neighbours of every node, as `createGraph` got them (`MPI_Graph_get`). */
  graph(): number[][] {
    command[COMM] = this.handle;
    raw.graphDimensions();
    if (command[RESULT] !== 0) throw commandError('MPI_Graphdims_get');
    const [nodes, edgeCount] = [command[OUTPUT], command[OUTPUT2]];
    const ends = new Int32Array(nodes + 1);
    const edges = new Int32Array(edgeCount + 1);
    command[ARGUMENT0] = nodes;
    command[ARGUMENT1] = edgeCount;
    command[SEND_ADDRESS] = addressOfInts(ends);
    command[RECV_ADDRESS] = addressOfInts(edges);
    raw.graphGet();
    if (command[RESULT] !== 0) throw commandError('MPI_Graph_get');
    return Array.from({ length: nodes }, (_, node) => [
      ...edges.subarray(node === 0 ? 0 : ends[node - 1], ends[node]),
    ]);
  }

  /** Returns the neighbours of this process; in this kind of graph data go both ways. */
  neighbors(): Neighbors {
    const ranks = this.neighborsOf(this.rank);
    return { sources: ranks, destinations: [...ranks] };
  }

  /** Returns the neighbours of a rank (`MPI_Graph_neighbors`). */
  neighborsOf(rank: number): number[] {
    this.checkRank('rank', rank);
    command[COMM] = this.handle;
    command[ARGUMENT0] = rank;
    raw.graphDegree();
    if (command[RESULT] !== 0) throw commandError('MPI_Graph_neighbors_count');
    const degree = command[OUTPUT];
    const found = new Int32Array(degree + 1);
    command[ARGUMENT1] = degree;
    command[SEND_ADDRESS] = addressOfInts(found);
    raw.graphNeighbors();
    if (command[RESULT] !== 0) throw commandError('MPI_Graph_neighbors');
    return [...found.subarray(0, degree)];
  }
}

/** A communicator whose topology is a directed graph of which each process knows its own edges. */
export class DistGraphComm extends NeighborhoodComm {
  /** Returns the neighbours of this process (`MPI_Dist_graph_neighbors`). */
  neighbors(): WeightedNeighbors {
    command[COMM] = this.handle;
    raw.distGraphDegrees();
    if (command[RESULT] !== 0) throw commandError('MPI_Dist_graph_neighbors_count');
    const [inDegree, outDegree] = [command[OUTPUT], command[OUTPUT2]];
    const weighted = command[ARGUMENT0] !== 0;
    const sources = new Int32Array(inDegree + 1);
    const destinations = new Int32Array(outDegree + 1);
    const sourceWeights = new Int32Array(inDegree + 1);
    const destinationWeights = new Int32Array(outDegree + 1);
    command[ARGUMENT0] = inDegree;
    command[ARGUMENT1] = outDegree;
    command[SEND_COUNTS] = addressOfInts(sources);
    command[SEND_DISPLS] = weighted ? addressOfInts(sourceWeights) : 0;
    command[RECV_COUNTS] = addressOfInts(destinations);
    command[RECV_DISPLS] = weighted ? addressOfInts(destinationWeights) : 0;
    raw.distGraphNeighbors();
    if (command[RESULT] !== 0) throw commandError('MPI_Dist_graph_neighbors');
    const ranks = {
      sources: [...sources.subarray(0, inDegree)],
      destinations: [...destinations.subarray(0, outDegree)],
    };
    if (!weighted) return ranks;
    return {
      ...ranks,
      sourceWeights: [...sourceWeights.subarray(0, inDegree)],
      destinationWeights: [...destinationWeights.subarray(0, outDegree)],
    };
  }
}

communicatorKinds.ofHandle[KIND.graph] = (handle) => new GraphComm(handle);
communicatorKinds.ofHandle[KIND.distGraph] = (handle) => new DistGraphComm(handle);

communicatorKinds.createGraph = (comm, neighbors, options) => {
  const kept = setGraph(comm, neighbors);
  command[ARGUMENT1] = options?.reorder ? 1 : 0;
  raw.createGraph();
  void kept;
  if (command[RESULT] !== 0) throw commandError('MPI_Graph_create');
  return new GraphComm(command[OUTPUT]);
};

communicatorKinds.createDistGraphAdjacent = (comm, sources, destinations, options) => {
  const { sourceWeights, destinationWeights } = options ?? {};
  const from = ranksChecked('sources', sources, comm.size);
  const to = ranksChecked('destinations', destinations, comm.size);
  if ((sourceWeights === undefined) !== (destinationWeights === undefined)) {
    throw new ArgumentTypeError(
      'options.sourceWeights',
      'weights of both kinds or of none',
      options,
    );
  }
  const inWeights = weightsChecked('options.sourceWeights', sourceWeights, sources.length);
  const outWeights = weightsChecked(
    'options.destinationWeights',
    destinationWeights,
    destinations.length,
  );
  command[COMM] = comm.handle;
  command[ARGUMENT0] = sources.length;
  command[ARGUMENT1] = destinations.length;
  command[ARGUMENT2] = options?.reorder ? 1 : 0;
  command[SEND_COUNTS] = addressOfInts(from);
  command[SEND_DISPLS] = inWeights === undefined ? 0 : addressOfInts(inWeights);
  command[RECV_COUNTS] = addressOfInts(to);
  command[RECV_DISPLS] = outWeights === undefined ? 0 : addressOfInts(outWeights);
  raw.createDistGraphAdjacent();
  if (command[RESULT] !== 0) throw commandError('MPI_Dist_graph_create_adjacent');
  return new DistGraphComm(command[OUTPUT]);
};

communicatorKinds.createDistGraph = (comm, edges, options) => {
  if (!Array.isArray(edges)) {
    throw new ArgumentTypeError('edges', 'an array of { source, destinations, weights }', edges);
  }
  const all: readonly GraphEdges[] = edges;
  for (const [k, edge] of all.entries()) {
    if (typeof edge !== 'object' || edge === null) {
      throw new ArgumentTypeError(`edges[${k}]`, '{ source, destinations, weights }', edge);
    }
    const { source, destinations, weights } = edge;
    checkInteger(`edges[${k}].source`, source, 0, comm.size - 1);
    ranksChecked(`edges[${k}].destinations`, destinations, comm.size);
    weightsChecked(`edges[${k}].weights`, weights, destinations.length);
    if ((weights === undefined) !== (all[0].weights === undefined)) {
      throw new ArgumentTypeError(`edges[${k}].weights`, 'weights for all edges or none', weights);
    }
  }
  const weighted = options?.weighted ?? all[0]?.weights !== undefined;
  const sources = integers(all.map(({ source }) => source));
  const degrees = integers(all.map(({ destinations }) => destinations.length));
  const destinations = integers(all.flatMap((edge) => edge.destinations));
  const weights = integers(all.flatMap((edge) => edge.weights ?? []));
  command[COMM] = comm.handle;
  command[ARGUMENT0] = all.length;
  command[ARGUMENT2] = options?.reorder ? 1 : 0;
  command[SEND_COUNTS] = addressOfInts(sources);
  command[SEND_DISPLS] = addressOfInts(degrees);
  command[RECV_COUNTS] = addressOfInts(destinations);
  command[RECV_DISPLS] = weighted ? addressOfInts(weights) : 0;
  raw.createDistGraph();
  if (command[RESULT] !== 0) throw commandError('MPI_Dist_graph_create');
  return new DistGraphComm(command[OUTPUT]);
};

/**
 * Returns the rank that MPI would give this process in a graph (`MPI_Graph_map`), null when the graph
 * does not need it.
 * @param neighbors of each node, as for {@link Comm.createGraph}
 * @remarks Collective.
 */
export function graphMap(comm: Comm, neighbors: readonly (readonly number[])[]): number | null {
  if (!(comm instanceof Comm)) throw new ArgumentTypeError('comm', 'a communicator', comm);
  const kept = setGraph(comm, neighbors);
  raw.graphMap();
  if (command[RESULT] !== 0) throw commandError('MPI_Graph_map');
  void kept;
  const rank = command[OUTPUT];
  return rank === UNDEFINED || rank >= neighbors.length ? null : rank;
}

/** Puts a graph into the command block and returns the memory that it is in. */
function setGraph(comm: Comm, neighbors: readonly (readonly number[])[]): unknown {
  if (!Array.isArray(neighbors)) {
    throw new ArgumentTypeError('neighbors', 'an array of arrays of ranks', neighbors);
  }
  if (neighbors.length > comm.size) {
    throw new ArgumentRangeError('neighbors', `at most ${comm.size} nodes`, neighbors.length);
  }
  const ends: number[] = [];
  const edges = neighbors.flatMap((ranks, node) => {
    ranksChecked(`neighbors[${node}]`, ranks, neighbors.length);
    ends.push((ends.at(-1) ?? 0) + ranks.length);
    return ranks;
  });
  const arrays = [integers(ends), integers(edges)];
  command[COMM] = comm.handle;
  command[ARGUMENT0] = neighbors.length;
  command[SEND_ADDRESS] = addressOfInts(arrays[0]);
  command[RECV_ADDRESS] = addressOfInts(arrays[1]);
  return arrays;
}

function ranksChecked(argument: string, ranks: readonly number[], size: number): Int32Array {
  if (!Array.isArray(ranks)) throw new ArgumentTypeError(argument, 'an array of ranks', ranks);
  for (const [k, rank] of ranks.entries()) checkInteger(`${argument}[${k}]`, rank, 0, size - 1);
  return integers(ranks);
}

/** Integers for MPI; one more, since it wants an address even for none. */
function integers(values: readonly number[]): Int32Array {
  return Int32Array.from([...values, 0]);
}

function weightsChecked(
  argument: string,
  weights: readonly number[] | undefined,
  count: number,
): Int32Array | undefined {
  if (weights === undefined) return undefined;
  if (!Array.isArray(weights) || weights.length !== count) {
    throw new ArgumentRangeError(argument, `${count} weights`, weights);
  }
  for (const [k, weight] of weights.entries()) {
    checkInteger(`${argument}[${k}]`, weight, 0, 2 ** 31 - 1);
  }
  return integers(weights);
}
