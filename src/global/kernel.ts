/** Kernels: functions in C, C++ and Fortran inside of a program. */
import type { Dtype } from '../dtype/dtype.ts';
import { isScalar, type Scalar } from '../dtype/scalar.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import type { Language } from '../jit/compiler.ts';
import { checkKernelOptions, type KernelOptions, KernelSource } from '../jit/kernelSource.ts';
import type { NativeFunction } from '../jit/nativeFunction.ts';
import type { Prototype } from '../jit/prototype.ts';
import { placeOfCall, sourceOfTemplate } from '../jit/template.ts';
import { Comm } from '../mpi/communicator.ts';
import { registerClass } from '../mpi/objects/registry.ts';
import { callKernel, type KernelArgument } from '../ops/compiled/kernelCall.ts';
import { compileKernel, mapKernelOperation } from '../ops/compiled/mapKernel.ts';
import { FunctionStandIn, travelAs } from '../ops/functions/standIns.ts';
import { Context } from './context.ts';
import { DistArray } from './distArray.ts';
import type { ArrayOperand } from './elementwise/options.ts';
import { sameContext } from './isDistArray.ts';
import type { ArrayHandle } from './session.ts';

/** Options of {@link KernelFunction.map}. */
export interface MapOptions<D extends Dtype = Dtype> {
  /** Where the result goes, instead of to a new array; operands are brought to its distribution. */
  readonly out?: DistArray<D>;
}

/** What every function of a kernel has. */
export interface KernelFunction {
  /** What it takes and returns. */
  readonly prototype: Prototype;
  /**
   * Returns a new array, computed element by element. The function is of the form
   * `void f(const double* a, …, double* out, size_t n)`: arrays that are only read and numbers in any order, one array that
   * is written, and last the number of elements. The operands are those parameters in their order, without
   * the last and the one that is written.
   *
   * Operands are broadcast together, brought to one distribution and cast (`sameKind`) as those of elementwise functions
   * are; a number for an array is repeated. Each process calls the function with its elements in C order.
   *
   * @remarks Collective.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for operands that do not fit
   * @throws {@link CompileError} or {@link DistArrayError} `ERR_NO_COMPILER`, `ERR_CACHE`, and for exceptions of C++ `ERR_KERNEL`, on
   * every process alike
   */
  map<D extends Dtype = Dtype>(
    ...operandsAndOptions: [...operands: ArrayOperand[], options: MapOptions<D>]
  ): DistArray<D>;
  map<D extends Dtype = Dtype>(...operands: ArrayOperand[]): DistArray<D>;
}

/** What every kernel has, beside its functions. */
export interface KernelMembers {
  /**
   * Compiles the kernel, unless the cache has it, and returns it. Without this the first call does.
   *
   * @param group - a context or communicator; then one process of each host compiles. On a client, the engines of the
   * context do
   * @remarks Collective with a group, local without.
   * @throws {@link CompileError} or {@link DistArrayError} `ERR_NO_COMPILER`, `ERR_CACHE`, with a group on every process alike
   */
  compile(group?: Comm | { readonly comm: Comm }): this;
}

/** A function as the types of a program see it when the program does not tell. */
export type AnyKernelFunction = (...args: KernelArgument[]) => Scalar | undefined;

type Callable = (...args: never[]) => unknown;

/**
 * A kernel: its functions are properties, and where there is one only, the kernel is that function as well.
 *
 * @typeParam S - the type of that function, or of an object with all of them
 */
export type Kernel<S = AnyKernelFunction> = KernelMembers &
  (S extends Callable
    ? S & KernelFunction
    : { readonly [Name in keyof S]: S[Name] & KernelFunction });

/** Makes kernels of templates, or, with options, what makes kernels of templates. */
export interface KernelTag {
  <S = AnyKernelFunction>(strings: TemplateStringsArray, ...values: number[]): Kernel<S>;
  (
    options: KernelOptions,
  ): <S = AnyKernelFunction>(strings: TemplateStringsArray, ...values: number[]) => Kernel<S>;
}

/**
 * Functions in C, C++ and Fortran inside of a program:
 *
 *     const axpy = kernel.c`
 *       void axpy(double k, const double* x, double* y, size_t n) {
 *         for (size_t i = 0; i < n; i++) y[i] += k * x[i];
 *       }`;
 *     axpy(2, x, y, x.length);                                            // typed arrays or LocalArrays
 *     ctx.apply((a, b) => void axpy(2, a, b, a.localSize), [a, b]);       // local parts
 *
 * A kernel is compiled when it is called for the first time, for this processor, with rounding as written. The library is
 * kept on disk, where other processes and later jobs find it. See docs/kernels.md.
 */
export const kernel = Object.freeze({
  /** In C: what is neither `static` nor `inline`, takes numbers and pointers to them. */
  c: tagOf('c'),
  /** In C++: the same; neither overloaded nor in a namespace. */
  cpp: tagOf('c++'),
  /** In Fortran, free form: procedures with `bind(c)`. */
  fortran: tagOf('fortran'),
});

type AnyKernel = Kernel<Record<string, AnyKernelFunction>>;

function tagOf(language: Language): KernelTag {
  const known = new WeakMap<TemplateStringsArray, Map<string, AnyKernel>>();
  /** The kernel of a template, made once for the same values. */
  const made = (
    strings: TemplateStringsArray,
    values: readonly unknown[],
    options: KernelOptions,
    tag: Callable,
  ): AnyKernel => {
    let kernels = known.get(strings);
    if (kernels === undefined) {
      kernels = new Map();
      known.set(strings, kernels);
    }
    const key = JSON.stringify([options, values.map((value) => [typeof value, text(value)])]);
    let found = kernels.get(key);
    if (found === undefined) {
      const source = sourceOfTemplate(strings, values, language);
      found = kernelOf(new KernelSource(language, source, options, placeOfCall(tag)));
      kernels.set(key, found);
    }
    return found;
  };
  const tag = (first: unknown, ...values: unknown[]): unknown => {
    if (isTemplate(first)) return made(first, values, {}, tag);
    const options = checkKernelOptions(first);
    const withOptions = (strings: unknown, ...others: unknown[]) => {
      if (!isTemplate(strings)) throw new ArgumentTypeError('source', 'a template', strings);
      return made(strings, others, options, withOptions);
    };
    return withOptions;
  };
  return tag as KernelTag;
}

function text(value: unknown): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function isTemplate(value: unknown): value is TemplateStringsArray {
  return Array.isArray(value) && Array.isArray((value as { raw?: unknown }).raw);
}

/** Names that a kernel has itself. */
const OWN_NAMES = new Set([
  ...['compile', 'map', 'prototype', 'name', 'length', 'arguments', 'caller'],
  ...Object.getOwnPropertyNames(Function.prototype),
  ...Object.getOwnPropertyNames(Object.prototype),
]);

/** A kernel, or one of its functions, that a function which is sent captures. */
class KernelReference extends FunctionStandIn {
  readonly source: KernelSource;
  /** Null for the kernel. */
  readonly name: string | null;

  constructor(source: KernelSource, name: string | null) {
    super();
    this.source = source;
    this.name = name;
  }

  toFunction(): Callable {
    let whole = received.get(this.source);
    if (whole === undefined) {
      whole = kernelOf(this.source);
      received.set(this.source, whole);
    }
    const { name } = this;
    return (name === null ? whole : whole[name]) as unknown as Callable;
  }
}

/** Kernels of sources that have come from elsewhere. */
const received = new WeakMap<KernelSource, AnyKernel>();

registerClass(KernelReference, {
  name: 'distarray.KernelReference',
  serialize: ({ source, name }) => ({ source, name }),
  deserialize: ({ source, name }: Pick<KernelReference, 'source' | 'name'>) =>
    new KernelReference(source, name),
});

function kernelOf(source: KernelSource): AnyKernel {
  const functions = [...source.functions.values()];
  const isSingle = functions.length === 1;
  const taken = functions
    .map(({ prototype }) => prototype.name)
    .find((name) => OWN_NAMES.has(name));
  if (taken !== undefined && !isSingle) {
    throw new ArgumentRangeError('source', 'functions with names that kernels do not have', taken);
  }
  const callables = functions.map((each) => [each.prototype.name, callable(source, each)] as const);
  const whole = isSingle ? callables[0][1] : severalOf(callables.map(([name]) => name));
  if (!isSingle) travelAs(whole, new KernelReference(source, null));
  for (const [name, value] of callables) {
    travelAs(value, new KernelReference(source, isSingle ? null : name));
    if (name !== taken) Object.defineProperty(whole, name, { value, enumerable: true });
  }
  const compile = (group?: Comm | { readonly comm: Comm }) => {
    if (group === undefined) source.compile();
    else if (group instanceof Context) group.session.evaluate(compileKernel, [], { source });
    else source.compileTogether(commOf(group));
    return whole;
  };
  Object.defineProperty(whole, 'compile', { value: compile });
  return whole as unknown as AnyKernel;
}

function severalOf(names: readonly string[]): Callable {
  return () => {
    const expected = `a call of one of the kernel's functions, ${names.join(', ')}`;
    throw new ArgumentTypeError('kernel', expected, 'a call of the kernel');
  };
}

function commOf(group: unknown): Comm {
  const comm = group instanceof Comm ? group : (group as { comm?: unknown } | null)?.comm;
  if (comm instanceof Comm && !comm.isNull) return comm;
  throw new ArgumentTypeError('group', 'a context or a communicator', group);
}

function callable(source: KernelSource, fn: NativeFunction): AnyKernelFunction & KernelFunction {
  const call = (...args: KernelArgument[]) => callKernel(fn, args);
  const map = (...args: unknown[]) => mapOver(source, fn.prototype, args);
  Object.defineProperties(call, {
    name: { value: fn.prototype.name },
    prototype: { value: fn.prototype },
    map: { value: map },
  });
  return call as unknown as AnyKernelFunction & KernelFunction;
}

function mapOver(
  source: KernelSource,
  { name }: Prototype,
  args: readonly unknown[],
): DistArray<Dtype> {
  const last = args.at(-1);
  const hasOptions = args.length > 0 && !isScalar(last) && !(last instanceof DistArray);
  const operands = hasOptions ? args.slice(0, -1) : args;
  const out = hasOptions ? outOf(last) : undefined;
  const arrays: DistArray<Dtype>[] = [];
  const scalars = operands.map((operand, k): Scalar | null => {
    if (operand instanceof DistArray) arrays.push(operand);
    else if (isScalar(operand)) return operand;
    else {
      const argument = `operand ${k + 1} of ${name}`;
      throw new ArgumentTypeError(argument, 'a DistArray or a number', operand);
    }
    return null;
  });
  if (out !== undefined) arrays.push(out);
  if (arrays.length === 0) {
    const received = operands.length === 0 ? 'none' : 'only numbers';
    throw new ArgumentTypeError(`operands of ${name}`, 'at least one DistArray', received);
  }
  for (const array of arrays) sameContext(arrays[0], array);
  const { context } = arrays[0];
  const handles = arrays.map(({ handle }): ArrayHandle => handle);
  const params = { source, name, scalars, hasOut: out !== undefined };
  const result = context.session.execute(mapKernelOperation, handles, params);
  return out ?? new DistArray(context, result);
}

function outOf(options: unknown): DistArray<Dtype> | undefined {
  const isObject = typeof options === 'object' && options !== null;
  if (!isObject || Array.isArray(options) || ArrayBuffer.isView(options)) {
    throw new ArgumentTypeError('operand or options', 'a DistArray, a number or { out }', options);
  }
  const { out } = options as MapOptions;
  if (out === undefined || out instanceof DistArray) return out;
  throw new ArgumentTypeError('options.out', 'a DistArray', out);
}
