/** Plans of halo exchanges: which edges of a part go where. */
import { BlockMap } from '../../maps/blockMap.ts';
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import type { Distribution } from '../../maps/distribution.ts';

/**
 * Which neighbours a part exchanges edges with: those along one axis (`'star'`), or those across
 * corners as well (`'box'`).
 */
export type Stencil = 'star' | 'box';

/** Elements of a part with its halo: along each axis `shape` of them from `start` on, the halo counted. */
export interface HaloBox {
  readonly start: readonly number[];
  readonly shape: readonly number[];
}

/** Owned elements of one part, and the halo of another one that they are copied to. */
export interface HaloMessage {
  /** Process of the communicator at the other end. */
  readonly peer: number;
  /** Number of the direction that it goes in: it tells apart the messages between two processes. */
  readonly direction: number;
  /** What is sent, or where it is received. */
  readonly box: HaloBox;
}

/** What one process does. */
export interface HaloPlan {
  readonly sends: readonly HaloMessage[];
  readonly receives: readonly HaloMessage[];
  /** What it copies to its own halo: around a periodic dimension with one process. */
  readonly local: readonly { readonly from: HaloBox; readonly to: HaloBox }[];
}

/** The room and the needs of a part along one axis. */
interface AxisEdges {
  readonly extent: number;
  readonly halo: readonly [lower: number, upper: number];
  /** How many of its first and last elements the lower and the upper neighbour have room for. */
  readonly wanted: readonly [first: number, last: number];
  /** Grid coordinates of the neighbours. */
  readonly neighbours: readonly [lower: number, upper: number];
}

/** One step on the process grid: −1, 0 or 1 along each axis. */
type Direction = readonly number[];

/**
 * Returns what a process sends and receives when halos are brought up to date. Pure: any process can
 * be asked for.
 *
 * @param process number of the process in the communicator; not necessarily a target
 */
export function planHalo(distribution: Distribution, process: number, stencil: Stencil): HaloPlan {
  const rank = distribution.rankOfTarget(process);
  if (rank < 0) return { sends: [], receives: [], local: [] };
  const coords = distribution.coordsFromRank(rank);
  const edges = distribution.maps.map((map, axis) => edgesOf(map, coords[axis]));
  const sends: HaloMessage[] = [];
  const receives: HaloMessage[] = [];
  const local: { from: HaloBox; to: HaloBox }[] = [];
  for (const direction of directionsOf(edges, stencil)) {
    const peer = distribution.targetOf(
      distribution.rankFromCoords(neighbourAt(coords, edges, direction)),
    );
    const opposite = direction.map((step) => -step);
    const sent = ownedBox(edges, direction);
    const received = haloBox(edges, direction);
    if (peer === process) {
      // Its neighbour in this direction is itself, and sends what goes in the opposite one.
      if (received !== null) {
        const from = ownedBox(edges, opposite);
        if (from !== null) local.push({ from, to: received });
      }
      continue;
    }
    if (sent !== null) sends.push({ peer, direction: numberOf(direction), box: sent });
    if (received !== null) receives.push({ peer, direction: numberOf(opposite), box: received });
  }
  return { sends, receives, local };
}

function edgesOf(map: DimensionMap, coord: number): AxisEdges {
  const extent = map.localSize(coord);
  const halo = map.halo(coord);
  if (!(map instanceof BlockMap) || extent === 0) {
    return { extent, halo, wanted: [0, 0], neighbours: [coord, coord] };
  }
  const { gridSize, periodic } = map;
  const wrapped = (neighbour: number) => (neighbour + gridSize) % gridSize;
  const exists = (neighbour: number) => periodic || (neighbour >= 0 && neighbour < gridSize);
  const [lower, upper] = [wrapped(coord - 1), wrapped(coord + 1)];
  return {
    extent,
    halo,
    wanted: [
      exists(coord - 1) ? map.halo(lower)[1] : 0,
      exists(coord + 1) ? map.halo(upper)[0] : 0,
    ],
    neighbours: [lower, upper],
  };
}

/** The directions in which there is something to send or to receive. */
function directionsOf(edges: readonly AxisEdges[], stencil: Stencil): Direction[] {
  let all: Direction[] = [[]];
  for (const { halo, wanted } of edges) {
    const steps = [0];
    if (halo[0] + wanted[0] > 0) steps.push(-1);
    if (halo[1] + wanted[1] > 0) steps.push(1);
    all = all.flatMap((direction) => steps.map((step) => [...direction, step]));
  }
  return all.filter((direction) => {
    const steps = direction.filter((step) => step !== 0).length;
    return stencil === 'star' ? steps === 1 : steps > 0;
  });
}

function neighbourAt(
  coords: readonly number[],
  edges: readonly AxisEdges[],
  direction: Direction,
): number[] {
  return coords.map((coord, axis) => {
    const step = direction[axis];
    return step === 0 ? coord : edges[axis].neighbours[step < 0 ? 0 : 1];
  });
}

/** The owned elements that the neighbour in a direction has room for; null when there are none. */
function ownedBox(edges: readonly AxisEdges[], direction: Direction): HaloBox | null {
  return boxOf(edges, (axis) => {
    const { extent, halo, wanted } = edges[axis];
    if (direction[axis] === 0) return [halo[0], extent];
    if (direction[axis] < 0) return [halo[0], wanted[0]];
    return [halo[0] + extent - wanted[1], wanted[1]];
  });
}

/** The halo in a direction; null when there is none. */
function haloBox(edges: readonly AxisEdges[], direction: Direction): HaloBox | null {
  return boxOf(edges, (axis) => {
    const { extent, halo } = edges[axis];
    if (direction[axis] === 0) return [halo[0], extent];
    return direction[axis] < 0 ? [0, halo[0]] : [halo[0] + extent, halo[1]];
  });
}

function boxOf(
  edges: readonly AxisEdges[],
  range: (axis: number) => readonly [start: number, extent: number],
): HaloBox | null {
  const ranges = edges.map((_, axis) => range(axis));
  if (ranges.some(([, extent]) => extent === 0)) return null;
  return { start: ranges.map(([start]) => start), shape: ranges.map(([, extent]) => extent) };
}

/** A number for each direction, counted along the axes that it moves along or not. */
function numberOf(direction: Direction): number {
  return direction.reduce((number, step) => 3 * number + step + 1, 0);
}
