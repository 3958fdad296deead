/** Functions that run where the data are, with nothing of the program around them but what they declare. */
import { types } from 'node:util';
import { ArgumentRangeError, ArgumentTypeError, DistArrayError } from '../errors.ts';
import { registerClass } from '../mpi/objects/registry.ts';
import { type Binding, bindNames } from './functions/bindNames.ts';
import { functionOfText, textOfFunction } from './functions/functionText.ts';
import { replaceInside } from './functions/insideValues.ts';
import { checkName, isNamed, isVariable, named, registeredAt } from './functions/namespace.ts';
import { ValueProxy } from './functions/proxy.ts';
import {
  type FunctionReference,
  importReferenced,
  referenced,
  referenceOf,
} from './functions/references.ts';
import { FunctionStandIn, standInOf } from './functions/standIns.ts';

/** Values that a function uses from around it, by name. */
export type Capture = Readonly<Record<string, unknown>>;

type AnyFunction = (...args: never[]) => unknown;

/** What {@link ShippedFunction.of} needs to know. */
export interface ShippingOptions {
  /** Undefined for the function as it is. */
  readonly capture?: Capture;
  /** The function's name in errors. */
  readonly argument: string;
  /** Whether it is sent to other processes: then it is known at once whether it can be. */
  readonly travels?: boolean;
  /** Names that values have where it runs; see `ctx.push`. */
  readonly known?: ReadonlySet<string>;
}

/** What is sent of a function. */
type Form =
  | { readonly kind: 'text'; readonly text: string; readonly values: Capture }
  | { readonly kind: 'reference'; readonly reference: FunctionReference }
  /** Sent before, and kept under a key. */
  | { readonly kind: 'registered'; readonly key: string }
  /** Has a name among the values of the process. */
  | { readonly kind: 'named'; readonly name: string };

/**
 * A function that can be sent to processes that do not run the program: as its text with what it captures, or as a module
 * and what that exports. Where it is not sent, and captures nothing, it is the function itself.
 */
export class ShippedFunction {
  /** The function of this process; null where it came from another. */
  readonly #own: AnyFunction | null;
  readonly #options: ShippingOptions;
  #form: Form | null;
  #compiled: AnyFunction | null;
  /** What this one stands for, where it is kept under a key elsewhere. */
  #original: ShippedFunction | null = null;
  /** What went wrong when its module was imported. */
  #failure: unknown;

  private constructor(own: AnyFunction | null, form: Form | null, options: ShippingOptions) {
    this.#own = own;
    this.#form = form;
    this.#options = options;
    this.#compiled = form === null ? own : null;
  }

  /**
   * Returns a function in the form that travels.
   *
   * @param fn - a function, or the name of one that engines have (`ctx.pushFunction`), or a proxy of one
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for names that are none, and functions without text;
   * {@link CaptureError} for one that uses what it does not capture
   */
  static of(fn: unknown, options: ShippingOptions): ShippedFunction {
    const { capture, argument, travels = false } = options;
    if (capture !== undefined) checkCapture(capture);
    const name = fn instanceof ValueProxy ? fn.name : fn;
    if (typeof name === 'string') {
      if (typeof fn === 'string') checkName(fn, argument);
      return new ShippedFunction(null, { kind: 'named', name }, options);
    }
    if (typeof fn !== 'function') throw new ArgumentTypeError(argument, 'a function', fn);
    const own = fn as AnyFunction;
    const isOwn = capture === undefined;
    const form = isOwn && !travels ? null : formOf(own, options);
    const shipped = new ShippedFunction(own, form, options);
    // What is wrong with functions that it captures is found in every mode, and before anything is sent.
    if (form?.kind === 'text') replaceInside(form.values, (value) => shipped.#captured(value));
    // Nothing is captured where it runs anyway, however it is to be sent.
    if (isOwn) shipped.#compiled = own;
    return shipped;
  }

  /** Whether processes may have to import a module for it. */
  get needsModule(): boolean {
    const form = this.#form;
    if (form?.kind !== 'text') return form?.kind === 'reference';
    let isNeeded = false;
    replaceInside(form.values, (value) => {
      if (typeof value === 'function') isNeeded ||= referenceOf(value) !== undefined;
      return value;
    });
    return isNeeded;
  }

  /** Whether it came from another process. */
  get isForeign(): boolean {
    return this.#own === null && this.#form?.kind !== 'named';
  }

  /** The same function once it is kept elsewhere under a key: only that is sent. */
  keptAs(key: string): ShippedFunction {
    const kept = new ShippedFunction(this.#own, { kind: 'registered', key }, this.#options);
    kept.#original = this;
    return kept;
  }

  /** Imports modules that it needs and that are not there; undefined when all are. Never rejects. */
  load(): Promise<void> | undefined {
    if (this.#original !== null) return this.#original.load();
    if (this.#compiled !== null || this.#form === null) return undefined;
    const missing: Promise<void>[] = [];
    const look = (form: Form | null): void => {
      if (form?.kind === 'registered') {
        const kept = registeredAt(form.key);
        const loading = kept instanceof ShippedFunction ? kept.load() : undefined;
        if (loading !== undefined) missing.push(loading);
      } else if (form?.kind === 'reference') {
        if (isMissing(form.reference)) missing.push(importReferenced(form.reference));
      } else if (form?.kind === 'text') {
        replaceInside(form.values, (value) => {
          if (value instanceof ShippedFunction) look(value.#form);
          return value;
        });
      }
    };
    look(this.#form);
    if (missing.length === 0) return undefined;
    return Promise.all(missing).then(
      () => undefined,
      (error: unknown) => {
        this.#failure = error;
      },
    );
  }

  /** Returns the function: on a process that it has come to it is made once. */
  compile(): AnyFunction {
    if (this.#compiled !== null) return this.#compiled;
    if (this.#original !== null) return this.#original.compile();
    if (this.#failure !== undefined) throw this.#failure;
    const form = this.#form as Form;
    const made = madeOf(form);
    if (typeof made !== 'function') {
      throw new ArgumentTypeError(this.#options.argument, 'the name of a function', made);
    }
    // A name may mean something else the next time.
    if (form.kind !== 'named') this.#compiled = made as AnyFunction;
    return made as AnyFunction;
  }

  /** Returns what is sent. */
  serialize(): Form {
    this.#form ??= formOf(this.#own as AnyFunction, this.#options);
    const form = this.#form;
    if (form.kind !== 'text' || Object.keys(form.values).length === 0) return form;
    const values = replaceInside(form.values, (value) => this.#captured(value)) as Capture;
    return { ...form, values };
  }

  /** A captured value as it travels. */
  #captured(value: unknown): unknown {
    if (typeof value !== 'function') return value;
    const { known } = this.#options;
    const options = { argument: 'options.capture', known, travels: true };
    return standInOf(value as AnyFunction) ?? ShippedFunction.of(value, options);
  }

  /** Returns the function of what {@link ShippedFunction.serialize} has returned. */
  static deserialize(form: Form): ShippedFunction {
    return new ShippedFunction(null, form, { argument: 'fn' });
  }

  /** What is compared between processes that should have been given the same. */
  toJSON(): unknown {
    if (this.#own !== null) return `${Function.prototype.toString.call(this.#own)}`;
    return this.#form;
  }
}

registerClass<ShippedFunction, Form>(ShippedFunction as never, {
  name: 'distarray.ShippedFunction',
  serialize: (fn) => fn.serialize(),
  deserialize: (form) => ShippedFunction.deserialize(form),
});

/** Whether a function returns promises, as far as one can tell before it is called. */
export function isAsync(fn: AnyFunction): boolean {
  return types.isAsyncFunction(fn);
}

function formOf(fn: AnyFunction, { capture, argument, known }: ShippingOptions): Form {
  const reference = referenceOf(fn);
  if (reference !== undefined) return { kind: 'reference', reference };
  const { text, free } = textOfFunction(fn, argument);
  const binding: Binding = { capture: capture ?? {}, known, argument, name: fn.name };
  return { kind: 'text', text, values: bindNames(free, binding) };
}

function madeOf(form: Form): unknown {
  switch (form.kind) {
    case 'reference':
      return referenced(form.reference);
    case 'registered': {
      const kept = registeredAt(form.key);
      if (kept instanceof ShippedFunction) return kept.compile();
      throw new DistArrayError('ERR_FUNCTION', 'The registered function is not here any more');
    }
    case 'named':
      if (!isNamed(form.name)) {
        throw new DistArrayError('ERR_KEY', `This process has nothing of the name ${form.name}`);
      }
      return named(form.name);
    default:
      return functionOfText(form.text, replaceInside(form.values, used) as Capture);
  }
}

/** A captured value as the function uses it. */
function used(value: unknown): unknown {
  if (value instanceof ShippedFunction) return value.compile();
  if (value instanceof FunctionStandIn) return value.toFunction();
  return value instanceof ValueProxy ? value.dereference() : value;
}

function isMissing(reference: FunctionReference): boolean {
  try {
    return referenced(reference) === undefined;
  } catch {
    // It is said when the function is called.
    return false;
  }
}

function checkCapture(capture: unknown): void {
  if (typeof capture !== 'object' || capture === null || Array.isArray(capture)) {
    throw new ArgumentTypeError('options.capture', 'an object such as { k }', capture);
  }
  const wrong = Object.keys(capture).find((name) => !isVariable(name));
  if (wrong === undefined) return;
  throw new ArgumentRangeError('options.capture', 'names of variables', wrong);
}
