/** Distributed arrays in .dnpy files, DistArray's format: one file a process, with its part and where that belongs. */
import { closeSync, openSync } from 'node:fs';
import type { Dtype } from '../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError, DistArrayError } from '../errors.ts';
import { checkPiecesTogether } from '../local/checkPiecesTogether.ts';
import { checkOrder, distributionOfParts } from '../local/distArrayProtocol.ts';
import { LocalArray } from '../local/localArray.ts';
import { agree, broadcastText, checkSame } from '../mpi/agreement.ts';
import { COMM_WORLD, type Comm } from '../mpi/communicator.ts';
import { UNDEFINED } from '../mpi/environment.ts';
import type { DimSummary } from '../protocol/pieceSummary.ts';
import type { DimDict, EmptyDimDict } from '../protocol/structure.ts';
import { writeEachAtomically } from './atomicFile.ts';
import { bytesOf } from './byteOrder.ts';
import { type DnpyPart, gridOf, readDnpy } from './dnpyFile.ts';
import { formatDnpyHeader } from './dnpyHeader.ts';
import {
  checkComm,
  checkFileName,
  checkOptions,
  checkWriteMode,
  type WriteMode,
} from './fileArguments.ts';
import { writeAll } from './fileBytes.ts';
import { formatNpyHeader } from './npyHeader.ts';
import { writesNothing } from './slabs.ts';

/** The files of an array: `<name>_<rank>.dnpy`, or one name for each process. */
export type DnpyName = string | readonly string[];

/** Options of {@link saveDnpy}. */
export interface SaveDnpyOptions {
  /** What becomes of files that exist; default `w`. */
  readonly mode?: WriteMode;
  /** The processes that a list of names is for, ascending; default all of the communicator. */
  readonly targets?: readonly number[];
}

/** Options of {@link loadDnpy}. */
export interface LoadDnpyOptions {
  /** Processes that share the array; default `COMM_WORLD`. */
  readonly comm?: Comm;
  /** Those of them that read a file each, ascending; default 0, 1, 2, … as many as there are parts. */
  readonly targets?: readonly number[];
}

/**
 * Writes each process's part of an array to a file of its own, in DistArray's format (`save_dnpy`). Padding is left
 * out; unstructured dimensions and views are written, too. Of copies on all processes the first is written.
 *
 * All files get their names when all are complete and on disk.
 *
 * @param name - `<name>_<rank>.dnpy` with the rank in the array's distribution, or a list of names
 * @param array - the local part, on every process of its communicator
 * @remarks Collective over `array.comm`.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}, also for a list of another length
 * @throws {@link DistArrayError} on every process alike: `EEXIST` (`w-`), `EACCES`, `ENOENT`, …
 */
export function saveDnpy(name: DnpyName, array: LocalArray, options: SaveDnpyOptions = {}): void {
  if (!(array instanceof LocalArray)) throw new ArgumentTypeError('array', 'a LocalArray', array);
  const { comm, dtype, distribution, rank, localShape } = array;
  const targets = agree(comm, () => {
    checkOptions(options);
    checkWriteMode(options.mode ?? 'w');
    return checkNames(name, comm, options.targets);
  });
  const { mode = 'w' } = options;
  const names = JSON.stringify([name, targets]);
  checkSame(comm, { name: names, mode, dtype, distribution: String(distribution) });
  const path = agree(comm, () =>
    writesNothing(array) ? null : pathOf(name, rank, targets.indexOf(targetInOrder(array))),
  );
  writeEachAtomically(comm, path, { exclusive: mode === 'w-' }, (temporary) => {
    const descriptor = openSync(temporary, 'r+');
    try {
      let at = 0;
      for (const bytes of [
        formatDnpyHeader(dimDataOf(array)),
        formatNpyHeader(dtype, localShape),
        bytesOf(array.toContiguous()),
      ]) {
        writeAll(descriptor, bytes, at);
        at += bytes.length;
      }
    } finally {
      closeSync(descriptor);
    }
  });
}

/**
 * Reads an array from .dnpy files, ours or DistArray's (`load_dnpy`): each process reads the file of its part,
 * and the array is distributed as it was.
 *
 * @param name - as {@link saveDnpy} takes it
 * @returns the local part; processes beyond those that wrote the array have an empty one
 * @remarks Collective over `options.comm`. Of unstructured dimensions each process knows its own indices.
 * @throws {@link DistArrayError} on every process alike: `ENOENT`, `EACCES`, …, `ERR_DNPY_HEADER`, `ERR_NPY_HEADER`,
 * `ERR_NPY_DTYPE`, `ERR_NPY_TRUNCATED`, and `ERR_DNPY_PARTS` when the files make no array together, or need
 * more processes than there are
 */
export function loadDnpy(name: DnpyName, options: LoadDnpyOptions = {}): LocalArray {
  checkOptions(options);
  const { comm = COMM_WORLD } = options;
  checkComm(comm);
  const targets = agree(comm, () => checkNames(name, comm, options.targets));
  checkSame(comm, { name: JSON.stringify([name, targets]) });
  const fileOf = (rank: number) => pathOf(name, rank, rank);
  // The first file tells how many there are.
  const parts = gridSize(comm, targets, fileOf(0));
  const holders = targets.slice(0, parts);
  const rank = holders.indexOf(comm.rank);
  const part = agree(comm, () => readDnpy(fileOf(Math.max(rank, 0)), rank >= 0));
  checkDtypes(comm, part, fileOf(Math.max(rank, 0)), holders[0]);
  const perRank = summaries(comm, holders, rank, part);
  return agree(comm, () =>
    named(`'${fileOf(0)}' and the files beside it`, () => {
      const distribution = distributionOfParts(perRank, part.dimData, holders);
      const { dtype, data, shape } = part;
      const memory = rank < 0 || data === null ? {} : { data: { data, shape, dtype } };
      return new LocalArray<Dtype>(distribution, { comm, dtype, ...memory });
    }),
  );
}

/** Checks the name or names, and returns the processes that they are for. */
function checkNames(
  name: unknown,
  comm: Comm,
  targets: readonly number[] = [...Array(comm.size).keys()],
): readonly number[] {
  const isAscending = (list: readonly number[]) =>
    list.every((target, k) => target < comm.size && target > (list[k - 1] ?? -1));
  if (!Array.isArray(targets) || !targets.every(Number.isInteger)) {
    throw new ArgumentTypeError('options.targets', 'an array of targets', targets);
  }
  if (targets.length === 0 || !isAscending(targets)) {
    const expected = `ascending targets below ${comm.size}`;
    throw new ArgumentRangeError('options.targets', expected, targets);
  }
  if (typeof name === 'string') {
    checkFileName(name, 'name');
    return targets;
  }
  if (!Array.isArray(name)) throw new ArgumentTypeError('name', 'a string or a list', name);
  for (const [k, one] of name.entries()) checkFileName(one, `name[${k}]`);
  if (name.length !== targets.length || new Set(name).size !== name.length) {
    const expected = `${targets.length} different names, one for each process`;
    throw new ArgumentRangeError('name', expected, name);
  }
  return targets;
}

/** The file of a rank of the array; of a list, that of the process at a place among the targets. */
function pathOf(name: DnpyName, rank: number, place: number): string {
  if (typeof name === 'string') return `${name}_${rank}.dnpy`;
  if (place >= 0) return name[place];
  const expected = 'all processes of the array (the names are for these)';
  throw new ArgumentRangeError('options.targets', expected, `not rank ${rank}`);
}

/**
 * The target of this process's rank where ranks ascend with targets: parts are named in the order of the grid, also
 * of a transposed one, whose ranks do not.
 */
function targetInOrder({ distribution, rank }: LocalArray): number {
  return [...distribution.targets].sort((a, b) => a - b)[rank];
}

/** The dictionaries of this process without padding: what it owns. */
function dimDataOf({ distribution, cartCoords, dimData }: LocalArray): (DimDict | EmptyDimDict)[] {
  return distribution.maps.map((map, axis) => {
    const dict = dimData[axis];
    const { size } = map;
    if (dict.dist_type === 'n') {
      const whole = { proc_grid_rank: 0, proc_grid_size: 1, start: 0, stop: size };
      return { dist_type: 'b', size, ...whole };
    }
    if (dict.dist_type !== 'b') return dict;
    const [run] = map.runs(cartCoords[axis]);
    const { proc_grid_rank, proc_grid_size } = dict;
    const start = run?.start ?? dict.start;
    const stop = start + (run?.blockSize ?? 0);
    return { dist_type: 'b', size, proc_grid_rank, proc_grid_size, start, stop };
  });
}

/** Number of parts, as the first target finds it in the first file. */
function gridSize(comm: Comm, targets: readonly number[], first: string): number {
  const [root] = targets;
  const told = agree(comm, () => (comm.rank === root ? String(gridOf(first)) : ''));
  const parts = Number(broadcastText(comm, told, root));
  if (parts <= targets.length) return parts;
  const message = `'${first}' belongs to an array of ${parts} processes, but there are ${targets.length}`;
  throw new DistArrayError('ERR_DNPY_PARTS', message);
}

function checkDtypes(comm: Comm, part: DnpyPart, path: string, root: number): void {
  const dtype = broadcastText(comm, part.dtype, root);
  agree(comm, () => {
    if (part.dtype === dtype) return;
    const message = `'${path}' has elements of dtype ${part.dtype}, but the first file of ${dtype}`;
    throw new DistArrayError('ERR_DNPY_PARTS', message);
  });
}

/** What each process that has a part has of every dimension, checked to make one array, on all processes. */
function summaries(
  comm: Comm,
  holders: readonly number[],
  rank: number,
  { dimData }: DnpyPart,
): DimSummary[][] {
  const check = (members: Comm) =>
    named('the files', () => {
      const perRank = checkPiecesTogether(members, dimData);
      checkOrder(perRank);
      return perRank;
    });
  if (holders.length === comm.size) return agree(comm, () => check(comm));
  const members = comm.split(rank < 0 ? UNDEFINED : 0, { key: comm.rank });
  try {
    const own = agree(comm, () => (rank < 0 ? null : check(members)));
    return comm.bcastObject(own, { root: holders[0] }) as DimSummary[][];
  } finally {
    if (rank >= 0) members.free();
  }
}

/** Runs a check; what it says of parts is said of files. */
function named<T>(what: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof ArgumentRangeError || error instanceof ArgumentTypeError)) throw error;
    const message = `Together, ${what} make no array: ${error.message}`;
    throw new DistArrayError('ERR_DNPY_PARTS', message, { cause: error });
  }
}
