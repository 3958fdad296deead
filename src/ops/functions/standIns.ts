/** Functions that are not sent as texts: an object that stands for one travels, and makes it again. */

type AnyFunction = (...args: never[]) => unknown;

/** What travels in the place of a function; its class is registered. */
export abstract class FunctionStandIn {
  /** Returns the function. */
  abstract toFunction(): AnyFunction;
}

const standIns = new WeakMap<AnyFunction, FunctionStandIn>();

/** From now on an object travels in the place of a function that is captured. */
export function travelAs(fn: AnyFunction, standIn: FunctionStandIn): void {
  standIns.set(fn, standIn);
}

/** Returns what travels in the place of a function; undefined where its text or a reference does. */
export function standInOf(fn: AnyFunction): FunctionStandIn | undefined {
  return standIns.get(fn);
}
