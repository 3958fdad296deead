/** Functions of tasks, as they travel. */
import { ArgumentTypeError, DistArrayError } from '../errors.ts';
import { type Capture, ShippedFunction } from '../ops/shippedFunction.ts';

/** Any function of a program. */
export type AnyFunction = (...args: never[]) => unknown;

/** What is sent of a function: it, or the name of one that workers have. */
export type SentFunction = { readonly fn: ShippedFunction } | { readonly name: string };

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
  return { fn: ShippedFunction.of(fn, { capture, argument, travels: true }) };
}

/**
 * Returns the function that was sent, as this process calls it.
 * @param named - returns the function of a name
 */
export function calledFunction(
  sent: SentFunction,
  named: (name: string) => AnyFunction | undefined,
): AnyFunction {
  if ('fn' in sent) return sent.fn.compile();
  const found = named(sent.name);
  if (found !== undefined) return found;
  const message = `The pool has no function ${sent.name} on this worker: see { functions }`;
  throw new DistArrayError('ERR_TASK_FUNCTION', message);
}
