/** Whether the parts of all processes make one distributed array. */
import type { TypedArray } from '../dtype/dtype.ts';
import { type BufferView, readBuffer, toContiguous } from './buffer.ts';
import { duplicateIn } from './indices.ts';
import { communicationPadding, numberOwned } from './ownership.ts';
import type { BlockDimDict, DimDict, EmptyDimDict, UnstructuredDimDict } from './structure.ts';
import { validateDimData } from './validate.ts';

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

/** What {@link checkPieces} may leave to its caller. */
export interface CheckPiecesOptions {
  /** Whether to look for indices with two owners, which needs all indices at hand. Default true. */
  readonly oneToOne?: boolean;
}

/**
 * Returns what is wrong with the dimension dictionaries of all processes together, by rank: nothing
 * when they make one distributed array.
 *
 * @param dimDataPerRank `dim_data` of each process; rank r of the process grid in C order at place r
 * @remarks An empty dictionary fits any extent, which only the buffer tells; so its size is not
 * compared. Each rule is the protocol's; see `docs/protocol.md`.
 */
export function checkPieces(
  dimDataPerRank: readonly (readonly (DimDict | EmptyDimDict)[])[],
  options: CheckPiecesOptions = {},
): PieceProblem[] {
  const problems: PieceProblem[] = [];
  dimDataPerRank.forEach((dimData, rank) => {
    const { valid, message } = validateDimData(dimData);
    if (!valid)
      problems.push({ kind: 'invalid', axis: null, rank, message: `rank ${rank}: ${message}` });
  });
  if (problems.length > 0 || dimDataPerRank.length === 0) return problems;
  const ndim = dimDataPerRank[0].length;
  const other = dimDataPerRank.findIndex((dimData) => dimData.length !== ndim);
  if (other >= 0) {
    const message = `rank ${other} has ${dimDataPerRank[other].length} dimensions, rank 0 has ${ndim}`;
    return [{ kind: 'ndim', axis: null, rank: other, message }];
  }
  const dicts = dimDataPerRank.map((dimData) => dimData.map(spelledOut));
  for (let axis = 0; axis < ndim; axis++) {
    problems.push(
      ...sameOnAll(
        dicts.map((dimData) => dimData[axis]),
        axis,
      ),
    );
  }
  if (problems.length > 0) return problems;
  problems.push(...gridProblems(dicts));
  if (problems.length > 0) return problems;
  for (let axis = 0; axis < ndim; axis++) {
    const line = dicts.map((dimData) => dimData[axis]);
    const inconsistent = sameCoordinate(line, axis);
    problems.push(...inconsistent);
    if (inconsistent.length === 0) problems.push(...alongAxis(line, axis, options));
  }
  return problems;
}

/** An empty dictionary as a block; its size is unknown and taken as 0. */
function spelledOut(dict: DimDict | EmptyDimDict): DimDict {
  if (dict.dist_type !== undefined) return dict as DimDict;
  return { dist_type: 'b', size: 0, proc_grid_size: 1, proc_grid_rank: 0, start: 0, stop: 0 };
}

function sameOnAll(line: readonly DimDict[], axis: number): PieceProblem[] {
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
    const said = (dict: DimDict) => (dict as Partial<Record<typeof key, unknown>>)[key] ?? absent;
    const rank = line.findIndex((dict) => said(dict) !== said(line[0]));
    if (rank < 0) continue;
    const values = `${said(line[rank])} on rank ${rank}, but ${said(line[0])} on rank 0`;
    const message = `${key} of dimension ${axis} is ${values}`;
    problems.push({ kind: 'inconsistent', axis, rank, message });
  }
  return problems;
}

function gridProblems(dicts: readonly (readonly DimDict[])[]): PieceProblem[] {
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
function sameCoordinate(line: readonly DimDict[], axis: number): PieceProblem[] {
  const first = new Map<number, number>();
  const problems: PieceProblem[] = [];
  line.forEach((dict, rank) => {
    const coord = Number(dict.proc_grid_rank);
    const model = first.get(coord);
    if (model === undefined) first.set(coord, rank);
    else if (!isSame(dict, line[model])) {
      const message = `dimension ${axis} of rank ${rank} differs from that of rank ${model}, with the same proc_grid_rank ${coord}`;
      problems.push({ kind: 'inconsistent', axis, rank, message });
    }
  });
  return problems;
}

function isSame(a: DimDict, b: DimDict): boolean {
  if (a.dist_type === 'b' && b.dist_type === 'b') {
    // Boundary padding may differ: the protocol's one exception.
    const widths = (dict: BlockDimDict) => communicationPadding(dict).join();
    return a.start === b.start && a.stop === b.stop && widths(a) === widths(b);
  }
  if (a.dist_type !== 'u' || b.dist_type !== 'u') return true;
  const [left, right] = [indicesOf(a), indicesOf(b)];
  if (left.length !== right.length) return false;
  for (let k = 0; k < left.length; k++) if (BigInt(left[k]) !== BigInt(right[k])) return false;
  return true;
}

function alongAxis(
  line: readonly DimDict[],
  axis: number,
  options: CheckPiecesOptions,
): PieceProblem[] {
  const byCoord: { dict: DimDict; rank: number }[] = [];
  line.forEach((dict, rank) => {
    byCoord[Number(dict.proc_grid_rank)] ??= { dict, rank };
  });
  if (line[0].dist_type === 'b') return blockProblems(byCoord as BlockOf[], axis);
  if (line[0].dist_type === 'u') return unstructuredProblems(byCoord as IndicesOf[], axis, options);
  return [];
}

interface BlockOf {
  readonly dict: BlockDimDict;
  readonly rank: number;
}

interface IndicesOf {
  readonly dict: UnstructuredDimDict;
  readonly rank: number;
}

function blockProblems(blocks: readonly BlockOf[], axis: number): PieceProblem[] {
  const problems: PieceProblem[] = [];
  blocks.slice(1).forEach((right, k) => {
    problems.push(...neighbourProblems(blocks[k], right, axis));
  });
  const { size } = blocks[0].dict;
  const owned = blocks.reduce((sum, { dict }) => sum + numberOwned(dict), 0);
  const { dict: last, rank } = blocks[blocks.length - 1];
  if (problems.length === 0 && (Number(last.stop) !== Number(size) || owned !== Number(size))) {
    const message = `the processes own ${owned} indices of dimension ${axis} and end at ${last.stop}, but its size is ${size}`;
    problems.push({ kind: 'size', axis, rank, message });
  }
  return problems;
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
  const needed = [numberOwned(left.dict), numberOwned(right.dict)];
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

function unstructuredProblems(
  parts: readonly IndicesOf[],
  axis: number,
  { oneToOne = true }: CheckPiecesOptions,
): PieceProblem[] {
  if (parts[0].dict.one_to_one !== true) return [];
  const { size } = parts[0].dict;
  const count = parts.reduce((sum, { dict }) => sum + numberOwned(dict), 0);
  const problems: PieceProblem[] = [];
  if (count !== Number(size)) {
    const message = `the processes have ${count} indices of dimension ${axis}, but its size is ${size}`;
    problems.push({ kind: 'size', axis, rank: parts[0].rank, message });
  }
  const twice = oneToOne ? sharedIndex(parts.map(({ dict }) => indicesOf(dict))) : undefined;
  if (twice !== undefined) {
    const holders = parts.filter(({ dict }) => holds(indicesOf(dict), twice));
    const ranks = holders.map(({ rank }) => rank);
    const message = `index ${twice} of dimension ${axis} belongs to ranks ${ranks.join(' and ')} although one_to_one is set`;
    problems.push({ kind: 'one_to_one', axis, rank: ranks[0], message });
  }
  return problems;
}

/** Returns an index that two of the arrays, each without duplicates, have in common. */
function sharedIndex(arrays: readonly TypedArray[]): bigint | undefined {
  const total = arrays.reduce((sum, { length }) => sum + length, 0);
  const all = new BigInt64Array(total);
  let at = 0;
  for (const array of arrays) for (const index of array) all[at++] = BigInt(index);
  return duplicateIn(all) as bigint | undefined;
}

function holds(indices: TypedArray, index: bigint): boolean {
  return Array.prototype.some.call(indices, (own: number | bigint) => BigInt(own) === index);
}

function indicesOf(dict: UnstructuredDimDict): TypedArray {
  return toContiguous(readBuffer(dict.indices) as BufferView);
}
