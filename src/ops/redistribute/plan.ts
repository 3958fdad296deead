/** Plans: what one process sends, receives and copies when the distribution of an array changes. */
import type { RunAxis } from '../../kernels/copyRuns.ts';
import type { Distribution } from '../../maps/distribution.ts';
import { type AxisOverlaps, axisOverlaps } from './axisOverlaps.ts';
import { type Overlap, receivingAxis, sendingAxis, stayingAxis } from './overlap.ts';

/** Elements at all combinations of places along the axes, packed in C order. */
export interface Piece {
  readonly axes: readonly RunAxis[];
  /** Number of elements. */
  readonly size: number;
}

/** Everything that travels from one process to another. */
export interface Message {
  /** Process of the communicator that it goes to, or comes from. */
  readonly peer: number;
  /** Number of elements. */
  readonly size: number;
  /** One after the other in the message. */
  readonly pieces: readonly Piece[];
}

/**
 * Where the places of a plan are in the memory of a part: null where they are indices of its axes;
 * otherwise the part is one run of the flat index, and its axes are those of an array of the other
 * shape.
 */
export interface FlatFrame {
  /** Of the flat index, along the axes of the other shape. */
  readonly strides: readonly number[];
  /** Flat index of the part's first element. */
  readonly first: number;
}

/** What one process does. Messages are in the order in which they should go. */
export interface Plan {
  readonly sends: readonly Message[];
  readonly receives: readonly Message[];
  /** What it copies from its old part to its new one. */
  readonly staying: readonly Piece[];
  readonly fromFrame: FlatFrame | null;
  readonly toFrame: FlatFrame | null;
}

/**
 * Returns what a process does so that an array of one distribution gets another one of the same
 * shape. Pure: it asks nobody, and any process can be asked for.
 *
 * @param process number of the process in the communicator; not necessarily a target
 * @throws {@link UnknownIndicesError} where unstructured maps are not known as a whole
 */
export function planRedistribution(from: Distribution, to: Distribution, process: number): Plan {
  const [fromCoords, toCoords] = [coordsOf(from, process), coordsOf(to, process)];
  const axes = from.maps.map((map, axis) =>
    axisOverlaps(map, fromCoords?.[axis] ?? null, to.maps[axis], toCoords?.[axis] ?? null),
  );
  return planOfAxes(from, to, process, axes);
}

/** Returns the plan of a process from what its parts have in common with others along each axis. */
export function planOfAxes(
  from: Distribution,
  to: Distribution,
  process: number,
  axes: readonly AxisOverlaps[],
): Plan {
  const outgoing = combinations(
    axes.map((axis) => axis.outgoing),
    sendingAxis,
  );
  const incoming = combinations(
    axes.map((axis) => axis.incoming),
    receivingAxis,
  );
  const overlaps = axes.map((axis) => axis.staying);
  const stays = stayingOn(from, to, process) && overlaps.every((overlap) => overlap !== null);
  const staying = stays ? [pieceOf(overlaps.map(stayingAxis))] : [];
  return {
    ...messagesOf(from, to, process, {
      outgoing: outgoing.map(({ coords, axes }) => ({ coords, pieces: [pieceOf(axes)] })),
      incoming: incoming.map(({ coords, axes }) => ({ coords, pieces: [pieceOf(axes)] })),
    }),
    staying,
    fromFrame: null,
    toFrame: null,
  };
}

/** What a process has in common with the part at these coordinates of the other grid. */
export interface Shared {
  readonly coords: readonly number[];
  readonly pieces: readonly Piece[];
}

/**
 * Returns the messages of a process: who gets and sends what it shares with others.
 *
 * @remarks Of an array that everybody has, everybody copies its own; those without it get it from
 * rank 0.
 */
export function messagesOf(
  from: Distribution,
  to: Distribution,
  process: number,
  { outgoing, incoming }: { outgoing: readonly Shared[]; incoming: readonly Shared[] },
): Pick<Plan, 'sends' | 'receives'> {
  const sends: Message[] = [];
  const receives: Message[] = [];
  const fromRank = from.rankOfTarget(process);
  if (fromRank >= 0 && (!from.isReplicated || fromRank === 0)) {
    for (const { coords, pieces } of outgoing) {
      for (const peer of processesAt(to, coords)) {
        const hasItself = from.isReplicated && from.rankOfTarget(peer) >= 0;
        if (peer !== process && !hasItself) sends.push({ peer, size: sizeOf(pieces), pieces });
      }
    }
  }
  if (to.rankOfTarget(process) >= 0 && !(from.isReplicated && fromRank >= 0)) {
    for (const { coords, pieces } of incoming) {
      const peer = from.targetOf(from.isReplicated ? 0 : from.rankFromCoords(coords));
      if (peer !== process) receives.push({ peer, size: sizeOf(pieces), pieces });
    }
  }
  // Everybody begins with its successor, so that not all send to the same process at once.
  const distance = (peer: number, sign: number) =>
    sign * (peer - process) + (sign * (peer - process) < 0 ? 2 ** 52 : 0);
  return {
    sends: sends.sort((a, b) => distance(a.peer, 1) - distance(b.peer, 1)),
    receives: receives.sort((a, b) => distance(a.peer, -1) - distance(b.peer, -1)),
  };
}

/** Returns whether a process copies elements to itself, where its parts have some in common. */
export function stayingOn(from: Distribution, to: Distribution, process: number): boolean {
  return from.rankOfTarget(process) >= 0 && to.rankOfTarget(process) >= 0;
}

/** Returns the grid coordinates of a process; null when it holds nothing. */
export function coordsOf(distribution: Distribution, process: number): readonly number[] | null {
  const rank = distribution.rankOfTarget(process);
  return rank < 0 ? null : distribution.coordsFromRank(rank);
}

/** Returns the piece of these axes. */
export function pieceOf(axes: readonly RunAxis[]): Piece {
  return { axes, size: axes.reduce((product, { extent }) => product * extent, 1) };
}

/** Returns the number of elements of some pieces. */
export function sizeOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { size }) => sum + size, 0);
}

function processesAt(distribution: Distribution, coords: readonly number[]): readonly number[] {
  if (distribution.isReplicated) return distribution.targets;
  return [distribution.targetOf(distribution.rankFromCoords(coords))];
}

interface Combination {
  readonly coords: readonly number[];
  readonly axes: readonly RunAxis[];
}

/** All combinations of what there is along the axes. The axes of several combinations are shared. */
function combinations(
  overlaps: readonly ReadonlyMap<number, Overlap>[],
  axisOf: (overlap: Overlap) => RunAxis,
): readonly Combination[] {
  let result: readonly Combination[] = [{ coords: [], axes: [] }];
  if (overlaps.some((ofAxis) => ofAxis.size === 0)) return [];
  for (const ofAxis of overlaps) {
    const entries = [...ofAxis].map(([coord, overlap]) => ({ coord, axis: axisOf(overlap) }));
    result = result.flatMap(({ coords, axes }) =>
      entries.map(({ coord, axis }) => ({ coords: [...coords, coord], axes: [...axes, axis] })),
    );
  }
  return result;
}

/** Returns the bytes that the tables of a plan take. */
export function tableBytes(plan: Plan): number {
  const seen = new Set<RunAxis>();
  let bytes = 0;
  const messages = [...plan.sends, ...plan.receives, { pieces: plan.staying }];
  for (const { pieces } of messages) {
    for (const { axes } of pieces) {
      bytes += 8 * axes.length;
      for (const axis of axes) {
        if (seen.has(axis)) continue;
        seen.add(axis);
        const { runs, placesFrom, placesTo } = axis;
        for (const table of [runs, placesFrom, placesTo]) bytes += table?.byteLength ?? 0;
      }
    }
  }
  return bytes;
}
