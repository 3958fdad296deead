/** Functions of tasks, as they travel. */
import { ArgumentTypeError, DistArrayError } from '../errors.ts';
import { isNamed, named as namedValue } from '../ops/functions/namespace.ts';
import { ValueProxy } from '../ops/functions/proxy.ts';
import { type Capture, ShippedFunction } from '../ops/shippedFunction.ts';

/** Any function of a program. */
export type AnyFunction = (...args: never[]) => unknown;

/** What is sent of a function: it as it travels, or the name of one that workers have. */
export type SentFunction = ShippedFunction | { readonly name: string };

/**
 * Returns a function in the form that travels.
 * @param fn - a function, or the name of one that workers have
 * @param argument - its name in errors
 * @throws {@link ArgumentTypeError}; {@link CaptureError} for a function that uses what it does not capture
 */
export function sentFunction(
  fn: unknown,
  capture: Capture | undefined,
  argument: string,
): SentFunction {
  if (typeof fn === 'string') return { name: fn };
  if (typeof fn !== 'function' && !(fn instanceof ValueProxy)) {
    throw new ArgumentTypeError(argument, 'a function, or the name of one of the pool’s', fn);
  }
  return ShippedFunction.of(fn, { capture, argument, travels: true });
}

/** Imports what a function needs that is not there; undefined when all is. Never rejects. */
export function loadedFunction(sent: SentFunction): Promise<void> | undefined {
  return sent instanceof ShippedFunction ? sent.load() : undefined;
}

/**
 * Returns the function that was sent, as this process calls it.
 * @param own - returns the function of a name that the pool has; otherwise it is one that the process has by `pushFunction`
 */
export function calledFunction(
  sent: SentFunction,
  own: (name: string) => AnyFunction | undefined,
): AnyFunction {
  if (sent instanceof ShippedFunction) return sent.compile();
  const { name } = sent;
  const found = own(name) ?? (isNamed(name) ? namedValue(name) : undefined);
  if (typeof found === 'function') return found as AnyFunction;
  const message = `Neither the pool nor the worker has a function ${name}: see { functions } and pushFunction()`;
  throw new DistArrayError('ERR_TASK_FUNCTION', message);
}
