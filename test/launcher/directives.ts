import {
  type Mode,
  type MpiFlavour,
  parseCount,
  parseFlavours,
  parseModes,
  parseRanks,
  UsageError,
} from './options.ts';

/** What a test file says about its own runs, in comments above its first line of code. */
export interface Directives {
  /** `// ranks: 2,4`: the rank counts that it is written for. */
  readonly ranks: readonly number[] | null;
  /** `// mpi: openmpi`: the MPIs that it is written for. */
  readonly mpi: readonly MpiFlavour[] | null;
  /** `// modes: spmd`: the modes that it is written for. */
  readonly modes: readonly Mode[] | null;
  /** `// timeLimit: 120`: seconds for the whole file. */
  readonly timeLimit: number | null;
}

const KEYS = ['ranks', 'mpi', 'modes', 'timeLimit'] as const;
const MISSPELT = /^(ranks?|mpis?|modes?|time[ _-]?limit|time[ _-]?out)$/i;

/**
 * The directives of a test file, read without running it.
 * @throws {UsageError} on a directive whose value cannot be, or that is misspelt.
 */
export function parseDirectives(source: string, file: string): Directives {
  const found = new Map<string, string>();
  const lines = source.split('\n');
  for (const [index, line] of lines.entries()) {
    const text = line.trim();
    if (text === '' || text.startsWith('#!')) continue;
    if (!text.startsWith('//')) break;
    const match = /^\/\/\s*([A-Za-z][A-Za-z _-]*?)\s*:\s*(.*)$/.exec(text);
    const key = match?.[1];
    if (match === null || key === undefined) continue;
    if (KEYS.some((known) => known === key)) {
      found.set(key, match[2] ?? '');
    } else if (MISSPELT.test(key)) {
      throw new UsageError(
        `${file}:${index + 1}: expected one of ${KEYS.map((known) => `'// ${known}:'`).join(', ')}, but found '// ${key}:'`,
      );
    }
  }
  const ranks = found.get('ranks');
  const mpi = found.get('mpi');
  const modes = found.get('modes');
  const timeLimit = found.get('timeLimit');
  return {
    ranks: ranks === undefined ? null : parseRanks(ranks, `'// ranks:' of ${file}`),
    mpi: mpi === undefined ? null : parseFlavours(mpi, `'// mpi:' of ${file}`),
    modes: modes === undefined ? null : parseModes(modes, `'// modes:' of ${file}`),
    timeLimit: timeLimit === undefined ? null : parseCount(timeLimit, `'// timeLimit:' of ${file}`),
  };
}
