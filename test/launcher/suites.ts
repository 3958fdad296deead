import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseDirectives } from './directives.ts';
import type { LauncherOptions, MpiFlavour, SuiteKind } from './options.ts';

/** A test file that the options select. */
export interface TestFile {
  readonly path: string;
  /** The path without the kind's folder and the ending. */
  readonly name: string;
  /** Seconds for the whole file, if it names them. */
  readonly timeLimit: number | null;
}

/** A parallel test file with the configurations that it runs under. */
export interface ParallelFile extends TestFile {
  readonly mpi: readonly MpiFlavour[];
  readonly ranks: readonly number[];
}

/** All that a launcher run is about to do. */
export interface Plan {
  readonly unit: readonly TestFile[];
  readonly types: readonly TestFile[];
  readonly parallel: readonly ParallelFile[];
}

const DEFAULT_RANKS = [1, 2, 3, 4, 5];
const TIME_LIMIT = 60;
/** MPICH's waits never yield the processor: a message then takes a scheduler's time slice. */
const CROWDED_MPICH_TIME_LIMIT = 180;

/** Seconds that a test file may take, on `size` ranks of an MPI or in a plain process. */
export function timeLimitOf(
  file: TestFile,
  flavour: MpiFlavour | null,
  size: number,
  cores: number = availableParallelism(),
): number {
  const crowded = flavour === 'mpich' && size > cores;
  return file.timeLimit ?? (crowded ? CROWDED_MPICH_TIME_LIMIT : TIME_LIMIT);
}

/** Rank counts of a file in a sample. */
const SAMPLED = 3;

/**
 * The rank counts that a file runs on under one MPI. A sample takes three of them, every other one in turn, and leaves
 * each to one of the MPIs in turn; where both begin depends on the file's name. So every file meets both MPIs, few and
 * many ranks, and every rank count meets three files in five.
 */
export function ranksUnder(
  file: ParallelFile,
  flavour: MpiFlavour,
  sample: boolean,
): readonly number[] {
  if (!sample) return file.ranks;
  let first = 0;
  for (const letter of file.name) first += letter.codePointAt(0) ?? 0;
  const { ranks, mpi } = file;
  const places = ranks.length > SAMPLED ? [0, 2, 4].map((k) => (first + k) % ranks.length) : null;
  const sampled = places === null ? ranks : ranks.filter((_, k) => places.includes(k));
  if (mpi.length < 2 || sampled.length < 2) return sampled;
  return sampled.filter((_, k) => mpi[(first + k) % mpi.length] === flavour);
}

/**
 * Finds the test files that the options select and reads their directives.
 * @throws {UsageError} on a directive that cannot be.
 */
export function makePlan(options: LauncherOptions): Plan {
  const filesOf = (kind: SuiteKind, ending: string) =>
    options.kinds.includes(kind) ? findFiles(options, kind, ending) : [];
  return {
    unit: filesOf('unit', '.test.ts').map((file) => describe(options, 'unit', file)),
    types: filesOf('types', '.ts').map((file) => describe(options, 'types', file)),
    parallel: filesOf('parallel', '.test.ts')
      .map((file) => describe(options, 'parallel', file))
      .filter(({ mpi, ranks }) => mpi.length > 0 && ranks.length > 0),
  };
}

function findFiles(options: LauncherOptions, kind: SuiteKind, ending: string): string[] {
  const folder = join(options.testsFolder, kind);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .filter((path) => options.file === null || path.includes(options.file))
    .sort();
}

function describe(options: LauncherOptions, kind: SuiteKind, path: string): ParallelFile {
  const directives = parseDirectives(readFileSync(path, 'utf8'), path);
  const ranks = directives.ranks ?? options.ranks ?? DEFAULT_RANKS;
  return {
    path,
    name: path.slice(join(options.testsFolder, kind).length + 1).replace(/(\.test)?\.ts$/, ''),
    timeLimit: directives.timeLimit,
    mpi: options.mpi.filter((flavour) => directives.mpi?.includes(flavour) ?? true),
    ranks: ranks.filter((count) => options.ranks?.includes(count) ?? true),
  };
}
