/** Whether the parts of all processes make one distributed array. */
import type { TypedArray } from '../dtype/dtype.ts';
import { duplicateIn } from './indices.ts';
import { communicationPadding, wholeBlock } from './ownership.ts';
import { countOf, type DimSummary, indicesOf, isSamePart, summarize } from './pieceSummary.ts';
import type {
  BlockDimDict,
  DimDict,
  EmptyDimDict,
  UndistributedDimDict,
  UnstructuredDimDict,
} from './structure.ts';
import { validateDimData } from './validate.ts';
import { isDictionary } from './values.ts';

/** Names of what can be wrong with parts that are each valid. */
export type PieceProblemKind =
  /** The parts of a rank alone are not valid. */
  | 'invalid'
  /** The ranks have different numbers of dimensions. */
  | 'ndim'
  /** A dimension has different kinds of distribution. */
  | 'dist_type'
  /** The ranks do not agree on `size`, or what they own does not add up to it. */
  | 'size'
  /** The ranks do not agree on the process grid, or it has not as many places as there are ranks. */
  | 'proc_grid_size'
  /** A place of the grid is taken twice, or the ranks are not in C order. */
  | 'proc_grid_rank'
  /** Ranks with the same grid coordinate have different dictionaries, or a block size differs. */
  | 'inconsistent'
  /** Neighbouring blocks leave a gap, or overlap by more or less than their padding. */
  | 'start_stop'
  /** Neighbours have different communication padding, or one is wider than what the other owns. */
  | 'padding'
  /** An index has two owners although `one_to_one` is set. */
  | 'one_to_one';

/** Something that is wrong with the parts of an array. */
export interface PieceProblem {
  readonly kind: PieceProblemKind;
  /** The dimension, or `null` when it concerns all. */
  readonly axis: number | null;
  /** The lowest rank that it concerns. */
  readonly rank: number;
  readonly message: string;
}

/**
 * Returns what is wrong with the dimension dictionaries of all processes together, by rank: nothing
 * when they make one distributed array.
 *
 * @param dimDataOfRanks `dim_data` of each process; rank r of the process grid in C order at place r
 * @remarks An empty dictionary fits any extent, which only the buffer tells: it counts as a whole
 * block of the size that another process says. Copies of a 0-d array need no grid. A dictionary of kind `'n'`, as distributions give them, counts as the block that
 * `exportDistArray` makes of it. Each rule is the protocol's; see `docs/protocol.md`.
 */
export function checkPieces(
  dimDataOfRanks: readonly (readonly (DimDict | EmptyDimDict | UndistributedDimDict)[])[],
): PieceProblem[] {
  const problems: PieceProblem[] = [];
  const dimDataPerRank = dimDataOfRanks.map(withoutUndistributed);
  dimDataPerRank.forEach((dimData, rank) => {
    const { valid, message } = validateDimData(dimData);
    if (valid) return;
    problems.push({ kind: 'invalid', axis: null, rank, message: `rank ${rank}: ${message}` });
  });
  if (problems.length > 0) return problems;
  const summaries = withExtents(dimDataPerRank).map((dimData) => dimData.map(summarize));
  problems.push(...checkSummaries(summaries));
  if (problems.some(({ kind }) => kind !== 'size')) return problems;
  summaries[0]?.forEach((summary, axis) => {
    if (summary.dist_type !== 'u' || !summary.one_to_one) return;
    const parts = watchedRanks(summaries, axis).map((rank) => ({
      rank,
      indices: indicesOf(dimDataPerRank[rank][axis] as UnstructuredDimDict),
    }));
    const problem = sharedIndexProblem(parts, axis);
    if (problem !== undefined) problems.push(problem);
  });
  return problems;
}

/** Nothing is known yet of what comes. */
function withoutUndistributed(
  dimData: readonly (DimDict | EmptyDimDict | UndistributedDimDict)[],
): readonly (DimDict | EmptyDimDict)[] {
  if (!Array.isArray(dimData)) return dimData as never;
  return dimData.map((dict) =>
    isDictionary(dict) && dict.dist_type === 'n' ? wholeBlock(dict.size as number) : dict,
  );
}

/** The valid dictionaries, with the extent of other ranks in place of empty ones. */
function withExtents(
  dimDataPerRank: readonly (readonly (DimDict | EmptyDimDict)[])[],
): readonly (readonly (DimDict | EmptyDimDict)[])[] {
  const isEmpty = (dict: DimDict | EmptyDimDict) => dict.dist_type === undefined;
  return dimDataPerRank.map((dimData) =>
    dimData.map((dict, axis) => {
      if (!isEmpty(dict)) return dict;
      const others = dimDataPerRank.map((theirs) => theirs[axis]);
      const model = others.find((other) => other !== undefined && !isEmpty(other));
      return model === undefined ? dict : wholeBlock(Number(model.size));
    }),
  );
}

/** All that {@link checkPieces} looks at, apart from validity and indices with two owners. */
export function checkSummaries(perRank: readonly (readonly DimSummary[])[]): PieceProblem[] {
  if (perRank.length === 0) return [];
  const ndim = perRank[0].length;
  const other = perRank.findIndex((summaries) => summaries.length !== ndim);
  if (other >= 0) {
    const message = `rank ${other} has ${perRank[other].length} dimensions, rank 0 has ${ndim}`;
    return [{ kind: 'ndim', axis: null, rank: other, message }];
  }
  // An array without dimensions has no grid: each process holds a copy.
  if (ndim === 0) return [];
  const lines = perRank[0].map((_, axis) => perRank.map((summaries) => summaries[axis]));
  const different = lines.flatMap(sameOnAll);
  if (different.length > 0) return different;
  const misplaced = gridProblems(perRank);
  if (misplaced.length > 0) return misplaced;
  return lines.flatMap((line, axis) => {
    const inconsistent = sameCoordinate(line, axis);
    return inconsistent.length > 0 ? inconsistent : alongAxis(line, axis);
  });
}

/** Ranks that stand for the coordinates along an axis: those whose other coordinates are 0. */
export function watchedRanks(perRank: readonly (readonly DimSummary[])[], axis: number): number[] {
  const ranks = perRank.map((_, rank) => rank);
  return ranks.filter((rank) =>
    perRank[rank].every((summary, a) => a === axis || Number(summary.proc_grid_rank) === 0),
  );
}

/** Returns the problem of an index that two ranks have; each array has its own indices once. */
export function sharedIndexProblem(
  parts: readonly { readonly rank: number; readonly indices: TypedArray }[],
  axis: number,
): PieceProblem | undefined {
  const total = parts.reduce((sum, { indices }) => sum + indices.length, 0);
  const all = new BigInt64Array(total);
  let at = 0;
  for (const { indices } of parts) for (const index of indices) all[at++] = BigInt(index);
  const twice = duplicateIn(all);
  if (twice === undefined) return undefined;
  const ranks = parts
    .filter(({ indices }) => holds(indices, BigInt(twice)))
    .map(({ rank }) => rank);
  const message = `index ${twice} of dimension ${axis} belongs to ranks ${ranks.join(' and ')} although one_to_one is set`;
  return { kind: 'one_to_one', axis, rank: ranks[0], message };
}

function sameOnAll(line: readonly DimSummary[], axis: number): PieceProblem[] {
  const problems: PieceProblem[] = [];
  for (const key of ['dist_type', 'size', 'proc_grid_size'] as const) {
    const rank = line.findIndex((dict) => dict[key] !== line[0][key]);
    if (rank < 0) continue;
    const values = `${line[rank][key]} on rank ${rank}, but ${line[0][key]} on rank 0`;
    problems.push({ kind: key, axis, rank, message: `${key} of dimension ${axis} is ${values}` });
  }
  for (const [key, absent] of [
    ['block_size', 1],
    ['periodic', false],
    ['one_to_one', false],
  ] as const) {
    const said = (dict: DimSummary) =>
      (dict as Partial<Record<typeof key, unknown>>)[key] ?? absent;
    const rank = line.findIndex((dict) => said(dict) !== said(line[0]));
    if (rank < 0) continue;
    const values = `${said(line[rank])} on rank ${rank}, but ${said(line[0])} on rank 0`;
    const message = `${key} of dimension ${axis} is ${values}`;
    problems.push({ kind: 'inconsistent', axis, rank, message });
  }
  return problems;
}

function gridProblems(dicts: readonly (readonly DimSummary[])[]): PieceProblem[] {
  const gridShape = dicts[0].map((dict) => Number(dict.proc_grid_size));
  const places = gridShape.reduce((product, extent) => product * extent, 1);
  if (places !== dicts.length) {
    const message = `proc_grid_size [${gridShape.join(', ')}] makes ${places} places for ${dicts.length} processes`;
    return [{ kind: 'proc_grid_size', axis: null, rank: 0, message }];
  }
  const takenBy = new Map<number, number>();
  const problems: PieceProblem[] = [];
  dicts.forEach((dimData, rank) => {
    const coords = dimData.map((dict) => Number(dict.proc_grid_rank));
    const place = coords.reduce((sum, coord, axis) => sum * gridShape[axis] + coord, 0);
    const first = takenBy.get(place);
    takenBy.set(place, first ?? rank);
    const at = `proc_grid_rank [${coords.join(', ')}]`;
    const message =
      first !== undefined
        ? `${at} is that of rank ${first} and of rank ${rank}`
        : `${at} of rank ${rank} is the place of rank ${place} in C order`;
    if (first !== undefined || place !== rank) {
      problems.push({ kind: 'proc_grid_rank', axis: null, rank, message });
    }
  });
  return problems;
}

/** Processes with one coordinate must have one dictionary. */
function sameCoordinate(line: readonly DimSummary[], axis: number): PieceProblem[] {
  const first = new Map<number, number>();
  const problems: PieceProblem[] = [];
  line.forEach((dict, rank) => {
    const coord = Number(dict.proc_grid_rank);
    const model = first.get(coord);
    if (model === undefined) first.set(coord, rank);
    else if (!isSamePart(dict, line[model])) {
      const message = `dimension ${axis} of rank ${rank} differs from that of rank ${model}, with the same proc_grid_rank ${coord}`;
      problems.push({ kind: 'inconsistent', axis, rank, message });
    }
  });
  return problems;
}

function alongAxis(line: readonly DimSummary[], axis: number): PieceProblem[] {
  const byCoord: { dict: DimSummary; rank: number }[] = [];
  line.forEach((dict, rank) => {
    byCoord[Number(dict.proc_grid_rank)] ??= { dict, rank };
  });
  if (line[0].dist_type === 'b') return blockProblems(byCoord as BlockOf[], axis);
  return line[0].dist_type === 'u' && line[0].one_to_one ? countProblems(byCoord, axis) : [];
}

interface BlockOf {
  readonly dict: BlockDimDict;
  readonly rank: number;
}

function blockProblems(blocks: readonly BlockOf[], axis: number): PieceProblem[] {
  // An empty part may begin anywhere; the protocol suggests the size.
  const held = blocks.filter(({ dict }) => Number(dict.start) !== Number(dict.stop));
  const problems = held.slice(1).flatMap((right, k) => neighbourProblems(held[k], right, axis));
  if (problems.length > 0) return problems;
  const size = Number(blocks[0].dict.size);
  const owned = held.reduce((sum, { dict }) => sum + countOf(dict), 0);
  const begin = Number(held[0]?.dict.start ?? 0);
  const end = Number(held.at(-1)?.dict.stop ?? 0);
  if (begin === 0 && end === size && owned === size) return [];
  const message = `the processes own ${owned} indices of dimension ${axis}, from ${begin} to ${end}, but its size is ${size}`;
  return [{ kind: 'size', axis, rank: (held.at(-1) ?? blocks[0]).rank, message }];
}

function neighbourProblems(left: BlockOf, right: BlockOf, axis: number): PieceProblem[] {
  const problem = (kind: PieceProblemKind, message: string) => [
    { kind, axis, rank: Math.min(left.rank, right.rank), message },
  ];
  const who = `ranks ${left.rank} and ${right.rank} in dimension ${axis}`;
  const upper = communicationPadding(left.dict)[1];
  const lower = communicationPadding(right.dict)[0];
  if (upper !== lower) {
    return problem('padding', `${who} have communication padding ${upper} and ${lower}`);
  }
  const needed = [countOf(left.dict), countOf(right.dict)];
  const poor = [left, right].findIndex((_, k) => needed[k] < upper);
  if (poor >= 0) {
    return problem(
      'padding',
      `communication padding ${upper} of ${who} is wider than the ${needed[poor]} indices that rank ${[left, right][poor].rank} owns`,
    );
  }
  const [stop, start] = [Number(left.dict.stop) - upper, Number(right.dict.start) + lower];
  return stop === start
    ? []
    : problem('start_stop', `${who}: one owns indices below ${stop}, the other from ${start} on`);
}

function countProblems(
  parts: readonly { readonly dict: DimSummary; readonly rank: number }[],
  axis: number,
): PieceProblem[] {
  const [{ dict, rank }] = parts;
  const count = parts.reduce((sum, part) => sum + countOf(part.dict), 0);
  if (count === Number(dict.size)) return [];
  const message = `the processes have ${count} indices of dimension ${axis}, but its size is ${dict.size}`;
  return [{ kind: 'size', axis, rank, message }];
}

function holds(indices: TypedArray, index: bigint): boolean {
  return Array.prototype.some.call(indices, (own: number | bigint) => BigInt(own) === index);
}
