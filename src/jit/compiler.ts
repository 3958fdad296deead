/** Finding compilers. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { DistArrayError } from '../errors.ts';
import { versionOf } from './compilerVersion.ts';

/** Languages that are compiled at run time. */
export type Language = 'c' | 'c++' | 'fortran';

/** A compiler that is there. */
export interface Compiler {
  /** Absolute path of the program. */
  readonly path: string;
  /** What the environment says after its name, as in `CC="gcc -m64"`. */
  readonly args: readonly string[];
  /** First line of what `--version` prints. */
  readonly version: string;
}

interface Search {
  /** What the language is called in messages. */
  readonly title: string;
  /** Environment variables that name the compiler, the first that is set. */
  readonly variables: readonly string[];
  /** Programs that are looked for on `PATH` otherwise. */
  readonly names: readonly string[];
}

const SEARCHES: Readonly<Record<Language, Search>> = {
  c: { title: 'C', variables: ['DISTARRAY_CC', 'CC'], names: ['cc', 'gcc', 'clang'] },
  'c++': {
    title: 'C++',
    variables: ['DISTARRAY_CXX', 'CXX'],
    names: ['c++', 'g++', 'clang++'],
  },
  fortran: {
    title: 'Fortran',
    variables: ['DISTARRAY_FC', 'FC'],
    names: ['gfortran', 'flang-new', 'flang'],
  },
};

/** Returns what a language is called. */
export function titleOf(language: Language): string {
  return SEARCHES[language].title;
}

const found = new Map<string, Compiler | string>();

/**
 * Returns the compiler of a language: the one that `DISTARRAY_CC` or `CC` names (`DISTARRAY_CXX`, `CXX`; `DISTARRAY_FC`,
 * `FC`), else the first of `cc`, `gcc` and `clang` on `PATH`. Its version is asked once.
 *
 * @throws {@link DistArrayError} `ERR_NO_COMPILER` when there is none, also when the first of these variables is `none`
 */
export function findCompiler(language: Language): Compiler {
  const { variables } = SEARCHES[language];
  const settings = [...variables, 'PATH'].map((name) => process.env[name] ?? '');
  const key = JSON.stringify([language, settings]);
  let compiler = found.get(key);
  if (compiler === undefined) {
    compiler = look(language);
    found.set(key, compiler);
  }
  if (typeof compiler === 'string') throw new DistArrayError('ERR_NO_COMPILER', compiler);
  return compiler;
}

/** The compiler, or why there is none. */
function look(language: Language): Compiler | string {
  const { title, variables, names } = SEARCHES[language];
  const variable = variables.find((name) => (process.env[name] ?? '').trim() !== '');
  const remedy = `install one (${names[1]}), or name it by ${variables[0]}`;
  if (variable === undefined) {
    const path = firstOnPath(names);
    if (path === null) {
      return `There is no ${title} compiler: none of ${names.join(', ')} is on PATH; ${remedy}.`;
    }
    return withVersion(path, [], title);
  }
  const setting = process.env[variable]!.trim();
  if (setting === 'none' && variable === variables[0]) {
    return `Nothing is compiled from ${title}, since ${variable} is 'none'.`;
  }
  const [name, ...args] = setting.split(/\s+/);
  const path = firstOnPath([name]);
  if (path === null) {
    return `There is no ${title} compiler: ${variable} is '${setting}', but there is no such program; ${remedy}.`;
  }
  return withVersion(path, args, title);
}

function withVersion(path: string, args: readonly string[], title: string): Compiler | string {
  try {
    return { path, args, version: versionOf(path, args) };
  } catch (error) {
    return `There is no ${title} compiler: ${path} does not run (${(error as Error).message}).`;
  }
}

function firstOnPath(names: readonly string[]): string | null {
  for (const name of names) {
    const folders = name.includes('/') ? [''] : (process.env.PATH ?? '').split(delimiter);
    for (const folder of folders) {
      const path = resolve(folder, name);
      if (isProgram(path)) return path;
    }
  }
  return null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
