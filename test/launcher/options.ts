import { parseArgs } from 'node:util';

/** The MPIs that the package is built and tested with. */
export const MPI_FLAVOURS = ['openmpi', 'mpich'] as const;
export type MpiFlavour = (typeof MPI_FLAVOURS)[number];

/** What a suite is: run once, under mpiexec, or by the type checker. */
export const SUITE_KINDS = ['unit', 'types', 'parallel'] as const;
export type SuiteKind = (typeof SUITE_KINDS)[number];

/** How a program runs: on every process, or on one, the client of the others. */
export const MODES = ['spmd', 'client'] as const;
export type Mode = (typeof MODES)[number];

export interface LauncherOptions {
  readonly mpi: readonly MpiFlavour[];
  /** Rank counts asked for; `null`: those of each file, 1–5 where it names none. */
  readonly ranks: readonly number[] | null;
  readonly kinds: readonly SuiteKind[];
  readonly modes: readonly Mode[];
  /** Only files whose path contains this. */
  readonly file: string | null;
  /** Only tests whose full title contains this. */
  readonly grep: string | null;
  /** Whether each rank count of a file runs under one MPI only. */
  readonly sample: boolean;
  /** Whether tests of all combinations take all of them, not a sample. */
  readonly exhaustive: boolean;
  readonly jobs: number;
  readonly verbose: boolean;
  readonly list: boolean;
  readonly help: boolean;
  /** The file that the native build writes about the MPI variants it made. */
  readonly variantsFile: string;
  /** The folder with `unit/`, `parallel/` and `types/`. */
  readonly testsFolder: string;
}

/** A command line or a directive that cannot be: reported in one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `usage: node --import tsx test/launcher/main.ts [options]

  --mpi openmpi,mpich          the MPIs to use (default: both)
  --ranks 1-5                  rank counts, such as 2, 1-3 or 2,4 (default: 1-5)
  --only unit|parallel|types   one kind of suite (default: all)
  --mode spmd|client           parallel suites: every process runs them, or the client of as many engines (default: both)
  --file SUBSTRING             only files whose path contains it
  --grep TEXT                  only tests whose full title contains it
  --sample                     two rank counts of a file, each under one of the MPIs, and one as a client
  --exhaustive                 all combinations in tests that take a sample of them otherwise
  --jobs N                     suite runs at a time (default: 1)
  --verbose                    show the output of every suite run
  --list                       show what would run
  --variants FILE              description of the MPI variants (default: build/variants.json)
  --tests DIR                  folder of the suites (default: test)`;

/**
 * The options that a command line asks for.
 * @throws {UsageError} on unknown options and on values that cannot be.
 */
export function parseOptions(args: readonly string[]): LauncherOptions {
  const values = readArguments(args);
  return {
    mpi: values.mpi === undefined ? MPI_FLAVOURS : parseFlavours(values.mpi, '--mpi'),
    ranks: values.ranks === undefined ? null : parseRanks(values.ranks, '--ranks'),
    kinds: values.only === undefined ? SUITE_KINDS : [parseKind(values.only)],
    modes: values.mode === undefined ? MODES : parseModes(values.mode, '--mode'),
    file: values.file ?? null,
    grep: values.grep ?? null,
    sample: values.sample ?? false,
    exhaustive: values.exhaustive ?? false,
    jobs: values.jobs === undefined ? 1 : parseCount(values.jobs, '--jobs'),
    verbose: values.verbose ?? false,
    list: values.list ?? false,
    help: values.help ?? false,
    variantsFile: values.variants ?? 'build/variants.json',
    testsFolder: values.tests ?? 'test',
  };
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: false,
      options: {
        mpi: { type: 'string' },
        ranks: { type: 'string' },
        only: { type: 'string' },
        mode: { type: 'string' },
        file: { type: 'string' },
        grep: { type: 'string' },
        sample: { type: 'boolean' },
        exhaustive: { type: 'boolean' },
        jobs: { type: 'string' },
        verbose: { type: 'boolean' },
        list: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        variants: { type: 'string' },
        tests: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The rank counts that a list such as `2`, `1-3` or `2,4-5` names, in ascending order. */
export function parseRanks(text: string, name: string): number[] {
  const ranks = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part.trim());
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? match?.[1]);
    if (match === null || first < 1 || last < first || last > 1024) {
      throw new UsageError(
        `Expected rank counts such as 2, 1-3 or 2,4 (each at least 1) for ${name}, but received '${text}'`,
      );
    }
    for (let count = first; count <= last; count++) ranks.add(count);
  }
  return [...ranks].sort((a, b) => a - b);
}

/** The MPIs that a list such as `openmpi,mpich` names. */
export function parseFlavours(text: string, name: string): MpiFlavour[] {
  return parseList(text, MPI_FLAVOURS, name);
}

/** The modes that a list such as `spmd,client` names. */
export function parseModes(text: string, name: string): Mode[] {
  return parseList(text, MODES, name);
}

function parseList<Name extends string>(text: string, names: readonly Name[], name: string) {
  return text.split(',').map((part) => {
    const found = names.find((known) => known === part.trim());
    if (found !== undefined) return found;
    throw new UsageError(
      `Expected ${names.join(' or ')} for ${name}, but received '${part.trim()}'`,
    );
  });
}

/** A count of at least 1. */
export function parseCount(text: string, name: string): number {
  const count = /^\d+$/.test(text.trim()) ? Number(text) : 0;
  if (count < 1 || !Number.isSafeInteger(count)) {
    throw new UsageError(`Expected a count of at least 1 for ${name}, but received '${text}'`);
  }
  return count;
}

function parseKind(text: string): SuiteKind {
  const kind = SUITE_KINDS.find((known) => known === text);
  if (kind === undefined) {
    throw new UsageError(`Expected ${SUITE_KINDS.join(', ')} for --only, but received '${text}'`);
  }
  return kind;
}
