/** Classes whose instances travel as instances. */
import { ArgumentRangeError, ArgumentTypeError } from '../../errors.ts';

/** How the instances of a class travel. */
export interface ClassForm<T, Plain> {
  /** Makes of an instance a value that can be sent. */
  readonly serialize: (instance: T) => Plain;
  /** Makes an instance of that value, on the receiving rank. */
  readonly deserialize: (plain: Plain) => T;
  /** The name under which all ranks know the class. Default: the name of the class. */
  readonly name?: string;
}

/** A class, as processes know it. */
export interface Registration {
  readonly name: string;
  readonly form: ClassForm<object, unknown>;
  /** What is expected instead of an instance, where none can be sent. */
  readonly refusal?: string;
}

const byPrototype = new Map<object, Registration>();
const byName = new Map<string, Registration>();

/**
 * Makes instances of a class arrive as instances; without it they arrive as plain objects with the
 * same fields, as structured clone has it. Register the class on every rank, under the same name.
 * @remarks Instances of classes that extend it are not meant: register those themselves. Not
 * collective.
 * @throws {@link ArgumentTypeError} when something is not a function; {@link ArgumentRangeError} when
 * another class has the name
 */
export function registerClass<T extends object, Plain>(
  Class: abstract new (...args: never[]) => T,
  form: ClassForm<T, Plain>,
): void {
  if (typeof Class !== 'function') {
    throw new ArgumentTypeError('construClass', 'a class', Class);
  }
  for (const name of ['serialize', 'deserialize'] as const) {
    const given = form?.[name];
    if (typeof given !== 'function') throw new ArgumentTypeError(name, 'a function', given);
  }
  const prototype: object = Class.prototype;
  const name = form.name ?? Class.name;
  if (typeof name !== 'string' || name === '') {
    throw new ArgumentRangeError('name', 'a name, since the class has none', name);
  }
  const known = byName.get(name);
  if (known !== undefined && byPrototype.get(prototype) !== known) {
    throw new ArgumentRangeError('name', 'a name that no other class has', name);
  }
  const former = byPrototype.get(prototype);
  if (former !== undefined) byName.delete(former.name);
  const registration = { name, form: form as unknown as ClassForm<object, unknown> };
  byPrototype.set(prototype, registration);
  byName.set(name, registration);
}

/**
 * Makes instances of a class an error among what is sent. As plain objects they would arrive as something that looks like
 * data and is of no use.
 * @param expected - what is to be sent instead, for the error
 */
export function refuseInstances(
  Class: abstract new (...args: never[]) => object,
  expected: string,
): void {
  const serialize = (instance: object): never => {
    throw new ArgumentTypeError('value', expected, instance);
  };
  const form = { serialize, deserialize: () => ({}) };
  byPrototype.set(Class.prototype, { name: Class.name, form, refusal: expected });
}

/** The registration of the class of an object. */
export function registrationOf(object: object): Registration | undefined {
  if (byPrototype.size === 0) return undefined;
  return byPrototype.get(Object.getPrototypeOf(object));
}

/** The registration of a name that came from another rank. */
export function registrationNamed(name: string): Registration | undefined {
  return byName.get(name);
}
