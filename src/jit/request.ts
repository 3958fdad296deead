/** What is compiled, and the command that does it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, resolve } from 'node:path';
import { ArgumentRangeError } from '../errors.ts';
import type { Compiler, Language } from './compiler.ts';

/** A source to be compiled to a shared library. */
export interface CompileRequest {
  readonly language: Language;
  /** The source. Its lines are counted from a `#line 1 "kernel.c"` where it has one ({@link sourceName}). */
  readonly source: string;
  /** A second source, in C, for the same library. */
  readonly extraC?: string;
  /** Arguments of the compiler after ours, and after the sources. */
  readonly flags?: readonly string[];
  /** Files that the source includes: what is in them is a part of the library's name in the cache. */
  readonly depends?: readonly string[];
}

/** Changes when libraries of former versions cannot be used any longer. */
const FORMAT = 1;

const SOURCE_NAMES: Readonly<Record<Language, string>> = {
  c: 'kernel.c',
  'c++': 'kernel.cc',
  fortran: 'kernel.f90',
};

/** Returns the name of the file that a source of a language is compiled from, as messages have it. */
export function sourceName(language: Language): string {
  return SOURCE_NAMES[language];
}

/** The files of a request by name. */
export function filesOf({ language, source, extraC }: CompileRequest): [string, string][] {
  const files: [string, string][] = [[SOURCE_NAMES[language], source]];
  if (extraC !== undefined) files.push(['calls.c', extraC]);
  return files;
}

/**
 * Returns the name of a request's library in the cache: 32 hexadecimal digits that depend on the compiler and its version,
 * the processor, the flags and the source.
 * @throws {@link ArgumentRangeError} when a file of `depends` cannot be read
 */
export function keyOf(request: CompileRequest, compiler: Compiler): string {
  const { depends = [] } = request;
  const hash = createHash('sha256');
  const command = commandOf(request, compiler);
  hash.update(JSON.stringify([FORMAT, compiler.version, processor(), command, filesOf(request)]));
  for (const file of depends) {
    const bytes = contentsOf(file);
    hash.update(`${bytes.length} `).update(bytes);
  }
  return hash.digest('hex').slice(0, 32);
}

function contentsOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const expected = 'files that can be read';
    throw new ArgumentRangeError('options.depends', expected, (error as Error).message);
  }
}

/**
 * Returns the command that compiles the files of a request, in the folder that it is called in, to `kernel.so`.
 *
 * Rounding is as written: nothing is fused to multiply-adds, nothing reordered, so that all ranks, whatever their processors,
 * come to the same bits. Nobody looks at errno or floating-point traps.
 */
export function commandOf(request: CompileRequest, { path, args, version }: Compiler): string[] {
  const { language, flags = [], depends = [] } = request;
  const includes = new Set(depends.map((file) => `-I${dirname(resolve(file))}`));
  return [
    path,
    ...args,
    '-O3',
    process.platform === 'darwin' && process.arch === 'arm64' ? '-mcpu=native' : '-march=native',
    '-ffp-contract=off',
    '-fno-math-errno',
    '-fno-trapping-math',
    '-fPIC',
    '-shared',
    '-fdiagnostics-color=never',
    ...MESSAGES[/clang|flang/i.test(version) ? 'clang' : 'gnu'],
    ...LANGUAGE_FLAGS[language],
    // Calls inside of the library stay there, whatever node has of the same name; and all that is called is found.
    ...(process.platform === 'darwin' ? [] : ['-Wl,-Bsymbolic', '-Wl,-z,defs']),
    ...includes,
    '-o',
    'kernel.so',
    ...filesOf(request).map(([name]) => name),
    ...flags,
    '-lm',
  ];
}

/** We show the lines of the source, which the compiler knows by another name. */
const MESSAGES = {
  gnu: ['-fno-diagnostics-show-caret'],
  clang: ['-fno-caret-diagnostics'],
};

// What C++ forbids, and C only warns of.
const LANGUAGE_FLAGS: Readonly<Record<Language, readonly string[]>> = {
  c: [
    '-ftabstop=1',
    '-fvisibility=hidden',
    '-Werror=implicit-function-declaration',
    '-Werror=incompatible-pointer-types',
    '-Werror=int-conversion',
  ],
  'c++': ['-ftabstop=1', '-fvisibility=hidden'],
  fortran: [],
};

let knownProcessor: string | undefined;

/** What `-march=native` depends on. */
function processor(): string {
  if (knownProcessor !== undefined) return knownProcessor;
  try {
    const [first] = readFileSync('/proc/cpuinfo', 'utf8').split('\n\n');
    const told = first
      .split('\n')
      .filter((line) => /^(vendor_id|cpu family|model|flags|Features|CPU )/.test(line));
    knownProcessor = told.join('\n');
  } catch {
    knownProcessor = `${process.arch} ${cpus()[0]?.model}`;
  }
  return knownProcessor;
}
