import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseDirectives } from './directives.ts';
import {
  type LauncherOptions,
  MODES,
  type Mode,
  type MpiFlavour,
  type SuiteKind,
} from './options.ts';
import { patience } from './patience.ts';

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
  readonly modes: readonly Mode[];
  /** Whether the tests around it run in every mode, and it says that it does not. */
  readonly isSpmdOnly: boolean;
}

/** One way to run a parallel test file: on so many processes, or as the client of so many. */
export interface Configuration {
  readonly mode: Mode;
  readonly size: number;
}

/** `×3` for three processes, `1+2` for a client and two engines. */
export function sizeText({ mode, size }: Configuration): string {
  return mode === 'client' ? `1+${size}` : `×${size}`;
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

/** Seconds that a test file may take, on `size` ranks of an MPI or in a plain process, with the patience of this run. */
export function timeLimitOf(
  file: TestFile,
  flavour: MpiFlavour | null,
  size: number,
  cores: number = availableParallelism(),
  factor: number = patience(),
): number {
  const crowded = flavour === 'mpich' && size > cores;
  return factor * (file.timeLimit ?? (crowded ? CROWDED_MPICH_TIME_LIMIT : TIME_LIMIT));
}

/** Rank counts of a file in a sample. */
const SAMPLED = 2;

/**
 * The rank counts that a file runs on under one MPI. A sample takes two of them, and leaves one to each of the
 * MPIs; which ones depends on the file's name. So every file meets both MPIs, few ranks and many, and every rank count
 * meets two files in five.
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
  const places = ranks.length > SAMPLED ? [0, 2].map((k) => (first + k) % ranks.length) : null;
  const sampled = places === null ? ranks : ranks.filter((_, k) => places.includes(k));
  if (mpi.length < 2 || sampled.length < 2) return sampled;
  return sampled.filter((_, k) => mpi[(first + k) % mpi.length] === flavour);
}

/** Number of processes of a job. */
export function processesOf({ mode, size }: Configuration): number {
  return mode === 'client' ? size + 1 : size;
}

/** The ways to run a file under one MPI. In a sample a file is the client of some number of engines once. */
export function configurationsUnder(
  file: ParallelFile,
  flavour: MpiFlavour,
  sample: boolean,
): readonly Configuration[] {
  const { modes, ranks, mpi } = file;
  const spmd = modes.includes('spmd') ? ranksUnder(file, flavour, sample) : [];
  let engines = modes.includes('client') ? ranks : [];
  if (sample && engines.length > 0) {
    let sum = 0;
    for (const letter of file.name) sum = (31 * sum + (letter.codePointAt(0) ?? 0)) % 65521;
    const isHere = mpi[sum % mpi.length] === flavour;
    engines = isHere ? [ranks[Math.floor(sum / mpi.length) % ranks.length] as number] : [];
  }
  return [
    ...spmd.map((size): Configuration => ({ mode: 'spmd', size })),
    ...engines.map((size): Configuration => ({ mode: 'client', size })),
  ];
}

/** Folder of the tests whose programs run in every mode. */
const IN_EVERY_MODE = 'global/';

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
      .filter(({ mpi, ranks, modes }) => mpi.length > 0 && ranks.length > 0 && modes.length > 0),
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
  const name = path.slice(join(options.testsFolder, kind).length + 1).replace(/(\.test)?\.ts$/, '');
  const isInEveryMode = kind === 'parallel' && name.startsWith(IN_EVERY_MODE);
  const modes: readonly Mode[] = directives.modes ?? (isInEveryMode ? MODES : ['spmd']);
  return {
    path,
    name,
    modes: modes.filter((mode) => options.modes.includes(mode)),
    isSpmdOnly: isInEveryMode && !modes.includes('client'),
    timeLimit: directives.timeLimit,
    mpi: options.mpi.filter((flavour) => directives.mpi?.includes(flavour) ?? true),
    ranks: ranks.filter((count) => options.ranks?.includes(count) ?? true),
  };
}
