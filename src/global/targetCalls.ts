/** Calls of functions next to the data: how contexts prepare them, and what they make of what comes back. */
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { Targets } from '../maps/targets.ts';
import { type ApplyParams, applyFunction, type Returned } from '../ops/applyFunction.ts';
import { replaceInside } from '../ops/functions/insideValues.ts';
import { deleteValues } from '../ops/functions/namedValues.ts';
import { cleanBy, ValueProxy } from '../ops/functions/proxy.ts';
import { type Capture, ShippedFunction } from '../ops/shippedFunction.ts';
import { separateArrays } from './arrayArguments.ts';
import type { Context } from './context.ts';
import type { ArrayHandle, Settle } from './session.ts';

/** A function that is to be called next to the data. */
export interface FunctionCall {
  readonly fn: ShippedFunction;
  readonly args: readonly unknown[];
  readonly targets?: readonly number[];
  /** Whether arrays that it returns are kept where they are. */
  readonly keepsArrays: boolean;
}

/** Returns a function in the form that travels from this context. */
export function shipped(
  context: Context,
  fn: unknown,
  capture: Capture | undefined,
  argument = 'fn',
) {
  const { session, names: known } = context;
  return ShippedFunction.of(fn, { capture, argument, known, travels: session.rank === null });
}

/**
 * Calls a function on targets, and returns what each has returned.
 * @param prepare - returns the call, or throws what is wrong with it, which all processes are told
 */
export function callFunction(context: Context, prepare: () => FunctionCall): Returned[] {
  const { session } = context;
  // Where the program runs on the processes themselves, they cannot wait.
  const awaits = session.rank === null;
  const { handles, params } = preparedCall(context, awaits, prepare);
  return bound(context, session.evaluate(applyFunction, handles, params) as Returned[]);
}

/** The same for functions that take their time; also what is wrong with the call goes to `settle`. */
export function callFunctionLater(
  context: Context,
  prepare: () => FunctionCall,
  { resolve, reject }: Settle<Returned[]>,
): void {
  try {
    const { handles, params } = preparedCall(context, true, prepare);
    context.session.evaluateLater(applyFunction, handles, params, {
      resolve: (returned) => resolve(bound(context, returned)),
      reject,
    });
  } catch (error) {
    reject(error);
  }
}

/** What `apply` gives of what targets have returned. */
export function valuesOf(returned: readonly Returned[]): unknown[] {
  return returned.map((one) => (one.kind === 'value' ? one.value : one.proxy));
}

/**
 * Returns the processes that targets name, in ascending order; all of the context without.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}, for those that do not exist too
 */
export function targetsOf(context: Context, targets: readonly number[] | undefined): number[] {
  if (targets === undefined) return [...context.targets];
  const list = [...Targets.someOf(targets, 'options.targets').toArray()].sort((a, b) => a - b);
  const last = list[list.length - 1];
  if (last < context.size) return list;
  const expected = `targets below ${context.size}, the size of the context`;
  throw new ArgumentRangeError('options.targets', expected, last);
}

function preparedCall(
  context: Context,
  awaits: boolean,
  prepare: () => FunctionCall,
): { readonly handles: readonly ArrayHandle[]; readonly params: ApplyParams } {
  const { scope } = context;
  const { handles, ...params } = context.agreed(() => {
    const { fn, args, targets, keepsArrays } = prepare();
    if (!Array.isArray(args)) throw new ArgumentTypeError('args', 'an array of arguments', args);
    const { arrays, rest } = separateArrays(args);
    for (const array of arrays) context.checkOwn(array);
    const callers = targets === undefined && arrays.length > 0 ? [...arrays[0].targets] : targets;
    const handles = arrays.map(({ handle }) => handle);
    return { handles, fn, args: rest, targets: targetsOf(context, callers), keepsArrays };
  });
  return { handles, params: { ...params, scope, awaits } };
}

/** Proxies of what only other processes have are cleaned up there. */
function bound(context: Context, returned: Returned[]): Returned[] {
  if (context.session.rank !== null) return returned;
  for (const one of returned) bindProxies(context, one.kind === 'value' ? one.value : one.proxy);
  return returned;
}

/** Lets proxies in a value forget their objects on the processes that have them. */
export function bindProxies(context: Context, value: unknown): void {
  replaceInside(value, (part) => {
    if (part instanceof ValueProxy) cleanBy(part, (name) => forget(context, name));
    return part;
  });
}

function forget(context: Context, name: string): void {
  if (context.isClosed) return;
  const targets = Array.from({ length: context.size }, (_, target) => target);
  context.session.evaluate(deleteValues, [], { names: [name], targets, ifThere: true });
}
