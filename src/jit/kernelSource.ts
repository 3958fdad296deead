/** Sources of kernels: what functions they have, and how they are compiled. */
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import type { Comm } from '../mpi/communicator.ts';
import { registerClass } from '../mpi/objects/registry.ts';
import { MAX_ARGUMENTS } from './block.ts';
import { compile } from './compile.ts';
import { type Language, titleOf } from './compiler.ts';
import { explained, type SourceOrigin } from './compilerMessages.ts';
import { compileTogether } from './compileTogether.ts';
import { functionsOfC } from './cPrototypes.ts';
import { CompileError } from './errors.ts';
import { functionsOfFortran } from './fortranPrototypes.ts';
import type { Library } from './library.ts';
import { NativeFunction } from './nativeFunction.ts';
import { type ParsedSource, type Prototype, prototypeText } from './prototype.ts';
import { type CompileRequest, sourceName } from './request.ts';
import type { Place } from './template.ts';
import { callers, externalCallers, prelude } from './trampoline.ts';

/** Options of kernels. */
export interface KernelOptions {
  /** Arguments of the compiler, after ours: `['-fopenmp']`, `['-ffast-math']`, `['-lblas']`. */
  readonly flags?: readonly string[];
  /** Files that the source includes; it is compiled anew when they change. */
  readonly depends?: readonly string[];
}

/** A source of kernels. It is compiled when a function of it is called for the first time. */
export class KernelSource {
  readonly language: Language;
  /** The functions that can be called, by name. */
  readonly functions: ReadonlyMap<string, NativeFunction>;
  /** What it was made of: it is made again where it is sent. */
  readonly parts: SourceParts;
  readonly #request: CompileRequest;
  readonly #origin: SourceOrigin;
  readonly #compiledBy = new WeakSet<Comm>();
  #library: Library | null = null;

  /**
   * @param place - where the source stands in the program
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for options that are none, and a source without a
   * function that can be called
   */
  constructor(language: Language, source: string, options: KernelOptions, place: Place | null) {
    const { flags = [], depends = [] } = checkKernelOptions(options);
    const title = titleOf(language);
    const parsed = parse(language, source);
    checkFunctions(parsed, title);
    checkIncludes(source, depends);
    const name = sourceName(language);
    this.language = language;
    this.parts = [language, source, { flags, depends }, place];
    this.#origin = { text: source, name, place, title: `${title} kernel` };
    const { functions } = parsed;
    this.#request =
      language === 'fortran'
        ? { language, source, extraC: externalCallers(functions), flags, depends }
        : {
            language,
            source: `${prelude(language, name)}${source}${callers(functions, language)}`,
            flags,
            depends,
          };
    this.functions = new Map(
      functions.map((prototype) => [
        prototype.name,
        new NativeFunction(prototype, () => this.compile()),
      ]),
    );
  }

  /** Whether functions may throw: those of C++ may. */
  get mayThrow(): boolean {
    return this.language === 'c++';
  }

  /**
   * Returns the library, compiled unless it is there already.
   * @remarks Local.
   * @throws {@link CompileError}, {@link DistArrayError} `ERR_NO_COMPILER`, `ERR_CACHE`
   */
  compile(): Library {
    if (this.#library !== null) return this.#library;
    try {
      this.#library = compile(this.#request);
    } catch (error) {
      throw error instanceof CompileError ? this.#explained(error) : error;
    }
    return this.#library;
  }

  /**
   * The same on all processes of a communicator, where one process of each host compiles.
   * @remarks Collective the first time for this communicator, local afterwards.
   * @throws as `compile`, on every process alike
   */
  compileTogether(comm: Comm): Library {
    if (this.#library !== null && this.#compiledBy.has(comm)) return this.#library;
    this.#library = compileTogether(comm, this.#request, (error) => this.#explained(error));
    this.#compiledBy.add(comm);
    return this.#library;
  }

  /** What tells it from others, as text. */
  toJSON(): unknown {
    return this.#request;
  }

  #explained({ output }: CompileError): CompileError {
    return explained(output, this.#origin);
  }
}

type SourceParts = readonly [
  language: Language,
  source: string,
  options: KernelOptions,
  place: Place | null,
];

/** Most sources that are remembered where they have been sent to. */
const MOST_KNOWN = 1024;
/** Those that have come from elsewhere, by what they are made of: one is compiled, and its library loaded, once. */
const known = new Map<string, KernelSource>();

registerClass(KernelSource, {
  name: 'distarray.KernelSource',
  serialize: ({ parts }) => parts,
  deserialize(parts: SourceParts) {
    const key = JSON.stringify(parts);
    let source = known.get(key);
    if (source === undefined) {
      source = new KernelSource(...parts);
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(key, source);
    }
    return source;
  },
});

function parse(language: Language, source: string): ParsedSource {
  const parsed =
    language === 'fortran' ? functionsOfFortran(source) : functionsOfC(source, language);
  const byName = new Map<string, Prototype>();
  for (const prototype of parsed.functions) {
    const { name } = prototype;
    const known = byName.get(name);
    // Alternatives of the preprocessor are alike; overloaded functions are not.
    if (known !== undefined && prototypeText(known) !== prototypeText(prototype)) {
      throw new ArgumentRangeError('source', 'functions with different names', name);
    }
    byName.set(name, prototype);
  }
  return { ...parsed, functions: [...byName.values()] };
}

/** Returns the options, once they are known to be some. */
export function checkKernelOptions(options: unknown): KernelOptions {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ArgumentTypeError('options', 'an object such as { flags }', options);
  }
  const { flags, depends } = options as KernelOptions;
  for (const [name, list] of Object.entries({ flags, depends })) {
    if (list === undefined) continue;
    if (!Array.isArray(list) || list.some((each) => typeof each !== 'string' || each === '')) {
      throw new ArgumentTypeError(`options.${name}`, 'an array of strings', list);
    }
  }
  return options as KernelOptions;
}

const EXAMPLES: Readonly<Record<string, string>> = {
  Fortran: "subroutine f(a, out, n) bind(c, name='f')",
};
const EXAMPLE = 'void f(const double* a, double* out, size_t n) { … }';

function checkFunctions({ functions, refused }: ParsedSource, title: string): void {
  const expected = `a function in ${title} such as ${EXAMPLES[title] ?? EXAMPLE}`;
  if (functions.length === 0) {
    const [first] = refused;
    const received = first === undefined ? 'none' : `${first.name}: ${first.reason}`;
    throw new ArgumentRangeError('source', expected, received);
  }
  for (const { name, parameters } of functions) {
    if (parameters.length > MAX_ARGUMENTS) {
      const many = `at most ${MAX_ARGUMENTS} parameters of ${name}`;
      throw new ArgumentRangeError('source', many, parameters.length);
    }
  }
}

/** What is included belongs to the name in the cache, or a change of it would go unnoticed. */
function checkIncludes(source: string, depends: readonly string[]): void {
  const included = /^\s*(?:#\s*include\s+"([^"]+)"|include\s+['"]([^'"]+)['"])/im.exec(source);
  if (included === null || depends.length > 0) return;
  const file = included[1] ?? included[2];
  const expected = `the files that the source includes, such as '${file}',`;
  throw new ArgumentTypeError('options.depends', expected, undefined);
}
