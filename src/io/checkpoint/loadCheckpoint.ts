/** Reading checkpoints, on as many processes as there were or on others. */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  ArgumentRangeError,
  ArgumentTypeError,
  checkInteger,
  DistArrayError,
} from '../../errors.ts';
import type { LocalArray } from '../../local/localArray.ts';
import { Distribution } from '../../maps/distribution.ts';
import {
  adaptDistribution,
  restoreDistribution,
  type StoredMap,
  storedShape,
} from '../../maps/storedDistribution.ts';
import { agree, checkSame, onRoot } from '../../mpi/agreement.ts';
import { COMM_WORLD, type Comm } from '../../mpi/communicator.ts';
import type { RandomState } from '../../ops/random/randomStream.ts';
import type { Traffic } from '../../ops/redistribute/traffic.ts';
import { checkEverywhere } from '../atomicFile.ts';
import { checksumText, PieceChecksums } from '../checksums.ts';
import { readElements } from '../elementFile.ts';
import { checkComm, checkFileName, checkOptions } from '../fileArguments.ts';
import { readBytes } from '../fileBytes.ts';
import { formatNpyHeader, npyDataBytes } from '../npyHeader.ts';
import { TransferProgress } from '../transferProgress.ts';
import { generationPath, listGenerations } from './generations.ts';
import { readIndices } from './indicesFile.ts';
import {
  type JsonValue,
  MANIFEST,
  type Manifest,
  parseManifest,
  type StoredArray,
} from './manifest.ts';

/** Options of {@link loadCheckpoint}. */
export interface LoadCheckpointOptions {
  /** Processes that share the arrays; default `COMM_WORLD`. */
  readonly comm?: Comm;
  /** Distributions of arrays by their names; of the others they are as they were, or of the same kind. */
  readonly distributions?: Readonly<Record<string, Distribution>>;
  /** The generation that is read; default the last one. */
  readonly generation?: number;
  /** The processes of arrays whose number of processes has changed; default all. */
  readonly targets?: readonly number[];
  /** Counts what this process sends to others. @internal */
  readonly traffic?: Traffic;
}

/** What {@link loadCheckpoint} has read. */
export interface LoadedCheckpoint {
  readonly arrays: Record<string, LocalArray>;
  readonly state: JsonValue;
  readonly random: RandomState | null;
  readonly generation: number;
}

const CORRUPT = 'ERR_CHECKPOINT_CORRUPT';

/**
 * Reads the last complete checkpoint of a directory, or the one asked for, and compares all checksums.
 *
 * On as many processes as wrote it the arrays are distributed as they were. On others their distribution is one of the
 * same kind (`adaptDistribution`) over all processes, unless `distributions` names one.
 *
 * @param directory - that of {@link saveCheckpoint}
 * @remarks Collective over `options.comm`.
 * @throws {@link DistArrayError} on every process alike: `ERR_CHECKPOINT_NONE` when there is no complete one,
 * `ERR_CHECKPOINT_CORRUPT` when a file is missing or a byte has changed, `ERR_CHECKPOINT_DISTRIBUTION` when the kind of
 * distribution does not suit the number of processes, `EACCES`, …
 */
export function loadCheckpoint(
  directory: string,
  options: LoadCheckpointOptions = {},
): LoadedCheckpoint {
  checkOptions(options);
  const { comm = COMM_WORLD, distributions = {}, generation } = options;
  checkComm(comm);
  agree(comm, () => {
    checkFileName(directory, 'directory');
    checkOptions(distributions, 'options.distributions');
    if (generation !== undefined) checkInteger('options.generation', generation, 1);
    for (const [name, given] of Object.entries(distributions)) {
      if (given instanceof Distribution) continue;
      throw new ArgumentTypeError(`options.distributions.${name}`, 'a Distribution', given);
    }
  });
  checkSame(comm, {
    directory,
    'options.generation': String(generation),
    'options.distributions': Object.entries(distributions).join('\n'),
  });
  const { path, manifest } = JSON.parse(
    onRoot(comm, () => JSON.stringify(openCheckpoint(directory, generation))),
  ) as { path: string; manifest: Manifest };
  checkEverywhere(comm, join(path, MANIFEST), 'r');
  const chosen = agree(comm, () => chooseDistributions(path, manifest, options, comm));
  const entries = Object.entries(manifest.arrays);
  const share = entries.reduce((sum, [, stored]) => sum + dataBytes(stored), 0) / comm.size;
  const progress = new TransferProgress(comm, 'restoring', directory, share);
  const read: [string, LocalArray][] = [];
  try {
    for (const [name, stored] of entries) {
      const array = readArray(path, stored, chosen[name], comm, progress, options.traffic);
      read.push([name, array]);
    }
  } finally {
    progress.finish();
  }
  // Not by assignment: a name may be __proto__.
  const arrays = Object.fromEntries(read);
  const { state, random } = manifest;
  return { arrays, state, random, generation: manifest.generation };
}

/** Reads the manifest, and checks the files' lengths and headers. Not collective. */
function openCheckpoint(
  directory: string,
  wanted: number | undefined,
): { path: string; manifest: Manifest } {
  const generations = listGenerations(directory);
  const generation = wanted ?? generations.at(-1);
  if (generation === undefined || !generations.includes(generation)) {
    const there = generations.length > 0 ? `, only ${generations.join(', ')}` : '';
    const what = wanted === undefined ? 'complete checkpoint' : `checkpoint ${wanted}`;
    throw new DistArrayError('ERR_CHECKPOINT_NONE', `'${directory}' has no ${what}${there}`);
  }
  const path = generationPath(directory, generation);
  const manifest = inFile(join(path, MANIFEST), (file) =>
    parseManifest(readFileSync(file, 'utf8')),
  );
  for (const stored of Object.values(manifest.arrays)) {
    inFile(join(path, stored.file), (file) => checkFile(file, stored));
  }
  return { path, manifest };
}

function checkFile(file: string, stored: StoredArray): void {
  const header = formatNpyHeader(stored.dtype, storedShape(stored.distribution));
  const descriptor = openSync(file, 'r');
  try {
    const found = readBytes(descriptor, 0, header.length);
    if (Buffer.compare(found, header) !== 0) throw corrupt('its header is another one');
    const { size } = fstatSync(descriptor);
    const expected = header.length + dataBytes(stored);
    if (size !== expected) throw corrupt(`it has ${size} bytes instead of ${expected}`);
  } finally {
    closeSync(descriptor);
  }
}

/** Names the file in errors of what it holds; one that is not there makes the checkpoint a corrupt one. */
function inFile<T>(path: string, read: (path: string) => T): T {
  try {
    return read(path);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === 'ENOENT') throw corrupt(`'${path}' is missing`, error);
    if (!code?.startsWith('ERR_CHECKPOINT')) throw error;
    throw new DistArrayError(code, `'${path}' cannot be read: ${message}`, { cause: error });
  }
}

/** The distribution of each array. Not collective. */
function chooseDistributions(
  path: string,
  { arrays, processes }: Manifest,
  { distributions = {}, targets }: LoadCheckpointOptions,
  comm: Comm,
): Record<string, Distribution> {
  for (const name of Object.keys(distributions)) {
    if (Object.hasOwn(arrays, name)) continue;
    const expected = `names of arrays: ${Object.keys(arrays).join(', ')}`;
    throw new ArgumentRangeError('options.distributions', expected, name);
  }
  return Object.fromEntries(
    Object.entries(arrays).map(([name, stored]) => {
      if (Object.hasOwn(distributions, name)) {
        return [name, checkGiven(name, distributions[name], stored, comm)];
      }
      if (processes === comm.size) return [name, formerDistribution(path, stored, comm)];
      return [name, otherDistribution(name, stored, targets ?? [...Array(comm.size).keys()])];
    }),
  );
}

function checkGiven(
  name: string,
  given: Distribution,
  { distribution }: StoredArray,
  comm: Comm,
): Distribution {
  const argument = `options.distributions.${name}`;
  const shape = storedShape(distribution);
  if (String(given.shape) !== String(shape)) {
    const expected = `a distribution of shape [${shape.join(', ')}], as '${name}' has`;
    throw new ArgumentRangeError(argument, expected, [...given.shape]);
  }
  if (given.highestTarget < comm.size) return given;
  const expected = `targets below ${comm.size}, the size of the communicator`;
  throw new ArgumentRangeError(argument, expected, given.highestTarget);
}

function formerDistribution(path: string, stored: StoredArray, comm: Comm): Distribution {
  const { distribution, indices } = stored;
  const { maps, targets } = distribution;
  const rank = typeof targets === 'number' ? comm.rank : targets.indexOf(comm.rank);
  const coords = coordsOf(
    maps,
    rank < 0 || (typeof targets === 'number' && rank >= targets) ? 0 : rank,
  );
  return restoreDistribution(distribution, (map, axis) => {
    const list = indices[axis];
    const file = join(path, list.file);
    return inFile(file, () => readIndices(file, list, map, coords[axis]));
  });
}

function otherDistribution(
  name: string,
  { distribution }: StoredArray,
  targets: readonly number[],
): Distribution {
  try {
    return adaptDistribution(distribution, targets);
  } catch (error) {
    const message =
      `Array '${name}' cannot be spread over ${targets.length} processes as it was: ` +
      `${(error as Error).message}. Give options.distributions.${name}`;
    throw new DistArrayError('ERR_CHECKPOINT_DISTRIBUTION', message, { cause: error });
  }
}

/** Coordinates of a rank in the grid, in C order. */
function coordsOf(maps: readonly StoredMap[], rank: number): number[] {
  const coords: number[] = [];
  let rest = rank;
  for (const map of maps.toReversed()) {
    const extent = map.dist_type === 'n' ? 1 : map.proc_grid_size;
    coords.unshift(rest % extent);
    rest = Math.floor(rest / extent);
  }
  return coords;
}

/** Reads an array and compares its checksum. Collective. */
function readArray(
  path: string,
  { file, dtype, checksum, distribution: stored }: StoredArray,
  distribution: Distribution,
  comm: Comm,
  progress: TransferProgress,
  traffic: Traffic | undefined,
): LocalArray {
  const shape = storedShape(stored);
  const name = join(path, file);
  const offset = formatNpyHeader(dtype, shape).length;
  const layout = { dtype, shape, offset, order: 'C', byteOrder: 'little' } as const;
  const checksums = new PieceChecksums();
  checkEverywhere(comm, name, 'r');
  const array = readElements(comm, name, layout, distribution, CORRUPT, {
    observe: (at, bytes) => checksums.add(at, bytes),
    progress,
    traffic,
  });
  const found = checksumOf(checksums, comm, array.globalSize * array.itemsize, basename(name));
  if (found === checksum) return array;
  throw corrupt(`The checksum of '${name}' is ${found} instead of ${checksum}`);
}

function checksumOf(checksums: PieceChecksums, comm: Comm, bytes: number, name: string): string {
  try {
    return checksumText(checksums.whole(comm, bytes));
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_CHECKSUM') throw error;
    throw corrupt(`'${name}': ${(error as Error).message}`, error);
  }
}

function dataBytes({ dtype, distribution }: StoredArray): number {
  return npyDataBytes({ dtype, shape: storedShape(distribution) });
}

function corrupt(message: string, cause?: unknown): DistArrayError {
  return new DistArrayError(CORRUPT, message, cause === undefined ? undefined : { cause });
}
