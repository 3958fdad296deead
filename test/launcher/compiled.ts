import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Where `scripts/build-ts.mjs --tests` puts what it makes of `src/` and `test/`. */
const FOLDER = join('build', 'tests');

/**
 * Compiles the tests, if something has changed: a process that reads TypeScript itself computes for 0.7 s more before
 * its first test.
 * @returns whether that was possible
 */
export function compileTests(): boolean {
  const args = ['scripts/build-ts.mjs', '--tests', '--quiet'];
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status === 0;
}

/** How node runs files of TypeScript. */
export interface Loading {
  /** Options of node. */
  readonly options: readonly string[];
  /** What it is given for a file; both are paths from the working directory. */
  readonly pathOf: (file: string) => string;
}

/** By a loader, as they are. */
export const BY_LOADER: Loading = { options: ['--import', 'tsx'], pathOf: (file) => file };

const COMPILED: Loading = {
  options: ['--enable-source-maps'],
  pathOf: (file) => join(FOLDER, file.replace(/\.ts$/, '.js')),
};

/** The tests that are compiled run so, others by the loader. */
export function loadingOf(file: string): Loading {
  return existsSync(COMPILED.pathOf(file)) ? COMPILED : BY_LOADER;
}

/** The path of the source of a file, from the working directory. */
export function sourceOf(file: string): string {
  const local = relative(process.cwd(), file);
  if (!local.startsWith(`${FOLDER}/`)) return local;
  return relative(FOLDER, local).replace(/\.js$/, '.ts');
}
