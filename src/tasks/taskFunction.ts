/** Functions of tasks, as they travel. */
import { ArgumentTypeError, DistArrayError } from '../errors.ts';
import { type Capture, shippedFunction } from '../ops/shippedFunction.ts';

/** Any function of a program. */
export type AnyFunction = (...args: never[]) => unknown;

/** What is sent of a function: its text and what it captures, or the name of one that workers have. */
export type SentFunction =
  | { readonly text: string; readonly capture: Capture }
  | { readonly name: string };

/**
 * Returns a function in the form that travels.
 * @param fn - a function, or the name of one that the pool has on its workers
 * @param argument - its name in errors
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function sentFunction(
  fn: AnyFunction | string,
  capture: Capture | undefined,
  argument: string,
): SentFunction {
  if (typeof fn === 'string') return { name: fn };
  if (typeof fn !== 'function') {
    throw new ArgumentTypeError(argument, 'a function, or the name of one of the pool’s', fn);
  }
  // That it can be read is seen here, and not on the engines.
  shippedFunction(fn, capture ?? {}, argument);
  return { text: Function.prototype.toString.call(fn), capture: capture ?? {} };
}

/**
 * Returns the function that was sent, as this process calls it.
 * @param named - returns the function of a name
 */
export function calledFunction(
  sent: SentFunction,
  named: (name: string) => AnyFunction | undefined,
): AnyFunction {
  if ('text' in sent) {
    const { text, capture } = sent;
    const fn = Object.assign(() => undefined, { toString: () => text });
    return shippedFunction(fn, capture, 'fn') as AnyFunction;
  }
  const found = named(sent.name);
  if (found !== undefined) return found;
  const message = `The pool has no function ${sent.name} on this worker: see { functions }`;
  throw new DistArrayError('ERR_TASK_FUNCTION', message);
}
