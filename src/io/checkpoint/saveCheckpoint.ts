/** Writing checkpoints: several arrays and what a program needs beside them, as one whole. */
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../../errors.ts';
import { LocalArray } from '../../local/localArray.ts';
import { storeDistribution } from '../../maps/storedDistribution.ts';
import { agree, checkSame, onRoot } from '../../mpi/agreement.ts';
import { COMM_WORLD, type Comm } from '../../mpi/communicator.ts';
import type { RandomState } from '../../ops/random/randomStream.ts';
import type { Traffic } from '../../ops/redistribute/traffic.ts';
import { checkEverywhere } from '../atomicFile.ts';
import { checksumText, PieceChecksums } from '../checksums.ts';
import { arrangeForFile, writeElements } from '../elementFile.ts';
import { checkComm, checkFileName, checkOptions } from '../fileArguments.ts';
import { formatNpyHeader } from '../npyHeader.ts';
import { TransferProgress } from '../transferProgress.ts';
import { beginGeneration, commitGeneration, syncFile } from './generations.ts';
import { unstructuredAxes, writeIndices } from './indicesFile.ts';
import {
  FORMAT,
  formatManifest,
  type JsonValue,
  jsonOf,
  MANIFEST,
  type Manifest,
  type StoredArray,
  type StoredIndices,
} from './manifest.ts';

/** What a checkpoint holds. */
export interface CheckpointContents {
  /** Local parts by name, all of one communicator. */
  readonly arrays?: Readonly<Record<string, LocalArray>>;
  /** Whatever JSON keeps: numbers, texts, lists, plain objects. Default null. */
  readonly state?: unknown;
  /** Where a stream of random numbers is. */
  readonly random?: RandomState;
}

/** Options of {@link saveCheckpoint}. */
export interface SaveCheckpointOptions {
  /** The processes; default those of the arrays, or `COMM_WORLD`. */
  readonly comm?: Comm;
  /** How many generations stay, this one among them. Default 2. */
  readonly keep?: number;
  /** Counts what this process sends to others. @internal */
  readonly traffic?: Traffic;
}

/** Generations that stay unless told otherwise: when the disk has lost the last one, there is one before. */
const KEEP = 2;
/** Characters of names of arrays that are file names themselves, with room for what is added. */
const LONGEST_NAME = 160;

/**
 * Writes a checkpoint: arrays of any distribution and a state, in a directory of its own within `directory`. The
 * directory gets its name when all is complete and on the disk, by one renaming; until then, and when the job is
 * killed, the former checkpoint is the valid one. What killed jobs have left is removed by the next checkpoint.
 *
 * @param directory - seen by all processes; made when it is not there. One job at a time writes to it
 * @returns the number of this generation: 1, 2, …
 * @remarks Collective. Elements are written as {@link saveNpy} does, into .npy files that NumPy reads.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} before anything is written
 * @throws {@link DistArrayError} on every process alike: `EACCES`, `ENOSPC`, `ENOTDIR`, …
 */
export function saveCheckpoint(
  directory: string,
  contents: CheckpointContents,
  options: SaveCheckpointOptions = {},
): number {
  checkOptions(options);
  const { keep = KEEP, traffic } = options;
  const comm = options.comm ?? firstArray(contents)?.comm ?? COMM_WORLD;
  checkComm(comm);
  const { arrays, random, json } = agree(comm, () => {
    checkFileName(directory, 'directory');
    checkOptions(contents, 'contents');
    checkOptions(contents.arrays ?? {}, 'arrays');
    checkInteger('options.keep', keep, 1);
    const { arrays: given = {}, state = null, random: stream = null } = contents;
    checkArrays(given, comm);
    return { arrays: given, random: stream, json: jsonOf(state, 'state') };
  });
  checkSame(comm, {
    directory,
    state: json,
    'options.keep': String(keep),
    arrays: Object.entries(arrays)
      .map(([name, { dtype, distribution }]) => `${name} ${dtype} ${distribution}`)
      .join('\n'),
    random: JSON.stringify(random),
  });
  const begun = JSON.parse(onRoot(comm, () => JSON.stringify(beginGeneration(directory)))) as {
    temporary: string;
    generation: number;
  };
  try {
    const writer = new GenerationWriter(comm, begun.temporary, traffic);
    const stored = writer.writeArrays(arrays, directory);
    onRoot(comm, () => {
      const manifest: Manifest = {
        format: FORMAT,
        version: 1,
        generation: begun.generation,
        processes: comm.size,
        arrays: stored,
        state: JSON.parse(json) as JsonValue,
        random,
      };
      const path = join(begun.temporary, MANIFEST);
      writeFileSync(path, formatManifest(manifest), { flag: 'wx' });
      for (const file of [...writer.files, MANIFEST]) syncFile(join(begun.temporary, file));
      commitGeneration(directory, begun, keep);
      return '';
    });
  } catch (error) {
    if (comm.rank === 0) rmSync(begun.temporary, { recursive: true, force: true });
    throw error;
  }
  return begun.generation;
}

function firstArray(contents: CheckpointContents | null | undefined): LocalArray | undefined {
  const [first] = Object.values(contents?.arrays ?? {});
  return first instanceof LocalArray ? first : undefined;
}

/** Writes the files of one generation. Its methods are collective. */
class GenerationWriter {
  readonly #comm: Comm;
  readonly #path: string;
  readonly #traffic: Traffic | undefined;
  /** Names of the files that there are. */
  readonly files: string[] = [];

  constructor(comm: Comm, path: string, traffic: Traffic | undefined) {
    this.#comm = comm;
    this.#path = path;
    this.#traffic = traffic;
  }

  writeArrays(
    arrays: Readonly<Record<string, LocalArray>>,
    label: string,
  ): Record<string, StoredArray> {
    const bytes = Object.values(arrays).reduce((sum, { nbytes }) => sum + nbytes, 0);
    const share = bytes / this.#comm.size;
    const progress = new TransferProgress(this.#comm, 'checkpoint', label, share);
    try {
      return Object.fromEntries(
        Object.entries(arrays).map(([name, array]) => [name, this.#write(name, array, progress)]),
      );
    } finally {
      progress.finish();
    }
  }

  #write(name: string, array: LocalArray, progress: TransferProgress): StoredArray {
    const { dtype, globalShape, distribution } = array;
    const file = `${fileNameOf(name)}.npy`;
    const path = this.#create(file);
    const checksums = new PieceChecksums();
    const arranged = arrangeForFile(array, this.#traffic);
    writeElements(path, formatNpyHeader(dtype, globalShape), arranged, {
      observe: (at, bytes) => checksums.add(at, bytes),
      progress,
    });
    const checksum = checksumText(checksums.whole(this.#comm, array.globalSize * array.itemsize));
    const indices: Record<string, StoredIndices> = {};
    for (const axis of unstructuredAxes(array)) {
      const list = `${fileNameOf(name)}.${axis}.indices`;
      indices[axis] = writeIndices(this.#create(list), list, array, axis);
    }
    return { file, dtype, checksum, distribution: storeDistribution(distribution), indices };
  }

  /** Makes an empty file that all processes can write to, and returns its path. */
  #create(file: string): string {
    const path = join(this.#path, file);
    this.files.push(file);
    onRoot(this.#comm, () => {
      closeSync(openSync(path, 'wx'));
      return '';
    });
    checkEverywhere(this.#comm, path, 'r+');
    return path;
  }
}

function checkArrays(arrays: Readonly<Record<string, unknown>>, comm: Comm): void {
  for (const [name, array] of Object.entries(arrays)) {
    if (!(array instanceof LocalArray)) {
      throw new ArgumentTypeError(`arrays.${name}`, 'a LocalArray', array);
    }
    if (array.comm !== comm && array.comm.compare(comm) === 'unequal') {
      const expected = 'an array of the same communicator as the others';
      throw new ArgumentRangeError(`arrays.${name}`, expected, array.comm);
    }
    // A text that is no Unicode has no bytes either.
    const isText = Buffer.from(name).toString() === name;
    if (name !== '' && isText && fileNameOf(name).length <= LONGEST_NAME) continue;
    throw new ArgumentRangeError('arrays', `names of 1 to ${LONGEST_NAME} letters`, name);
  }
}

/** The name of an array as one of a file. */
function fileNameOf(name: string): string {
  return encodeURIComponent(name).replaceAll('*', '%2A');
}
