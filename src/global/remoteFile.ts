/** HDF5 files where the program holds no elements: the same objects, whose methods are called where the file is open. */
import type { Dtype, TypedArray } from '../dtype/dtype.ts';
import type { File, FileOptions } from '../io/hdf5/file.ts';
import {
  callForArray,
  callMember,
  FILE_CLASSES,
  type FileClass,
  isNdArray,
  NdArrayForm,
  type ObjectCall,
  ObjectReference,
  OperandReference,
  openFile,
  packArgument,
  visitAll,
} from '../io/hdf5/objectOperations.ts';
import { ndarrayOfView } from '../local/localNdArray.ts';
import type { Context } from './context.ts';
import { discovered } from './discovered.ts';
import { DistArray } from './distArray.ts';
import type { ArrayHandle, Session } from './session.ts';

/** What an object in the program knows of the one that it stands for. */
interface Remote {
  readonly context: Context;
  readonly number: number;
  /** The file must stay open as long as something of it is used. */
  readonly file: object | null;
}

const remotes = new WeakMap<object, Remote>();

/** Numbers of objects that programs have dropped, by session; they go with the next call. */
const unused = new WeakMap<Session, number[]>();
const dropped = new FinalizationRegistry<{ readonly list: number[]; readonly number: number }>(
  ({ list, number }) => list.push(number),
);

/** Opens an HDF5 file where the arrays of a context are. */
export function openRemoteFile(
  context: Context,
  name: string,
  options: Omit<FileOptions, 'comm'>,
): File<DistArray<Dtype>> {
  const { session, targets } = context;
  const reference = session.evaluate(openFile, [], { name, options, targets });
  return standIn(context, reference, null) as File<DistArray<Dtype>>;
}

/** Returns an object of the program that stands for another one. */
function standIn(context: Context, reference: ObjectReference, file: object | null): object {
  const { number, className, fields } = reference;
  const made: object = Object.assign(Object.create(prototypeOf(className)), fields);
  remotes.set(made, { context, number, file: file ?? made });
  dropped.register(made, { list: unusedOf(context.session), number });
  return made;
}

function unusedOf(session: Session): number[] {
  let list = unused.get(session);
  if (list === undefined) {
    list = [];
    unused.set(session, list);
  }
  return list;
}

/** What is done in the program, and not just asked for. */
const OWN_MEMBERS: Readonly<Record<string, PropertyDescriptor & ThisType<object>>> = {
  comm: {
    get() {
      return remoteOf(this).context.comm;
    },
  },
  [Symbol.dispose]: {
    value() {
      call(this, 'close', []);
    },
  },
  read: {
    value(...args: unknown[]) {
      const [params, handles] = callOf(this, 'read', args);
      return discovered(remoteOf(this).context, callForArray, params, handles);
    },
  },
  visit: {
    value(visitor: (name: string) => unknown) {
      return visited(this, (name) => visitor(name));
    },
  },
  visitItems: {
    value(visitor: (name: string, object: object) => unknown) {
      return visited(this, visitor);
    },
  },
  readHyperslab: {
    value(slab: unknown, options: { readonly out?: TypedArray } = {}) {
      const elements = call(this, 'readHyperslab', [slab, options]) as TypedArray;
      if (options.out === undefined) return elements;
      options.out.set(elements as never);
      return options.out;
    },
  },
};

/** Methods whose data are arrays: each process gets its part of them, and not everything. */
const WRITING: ReadonlySet<string> = new Set(['write', 'createDataset']);

const prototypes = new Map<FileClass, object>();

/** The prototype of objects that stand for those of a class. */
function prototypeOf(className: FileClass): object {
  let prototype = prototypes.get(className);
  if (prototype !== undefined) return prototype;
  const base = FILE_CLASSES[className].prototype as object;
  prototype = Object.create(base) as object;
  for (let level = base; level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    for (const member of Reflect.ownKeys(level)) {
      if (member === 'constructor' || Object.hasOwn(prototype, member)) continue;
      Object.defineProperty(prototype, member, memberOf(level, member));
    }
  }
  prototypes.set(className, prototype);
  return prototype;
}

function memberOf(base: object, member: string | symbol): PropertyDescriptor {
  const own = Object.getOwnPropertyDescriptor(OWN_MEMBERS, member);
  if (own !== undefined) return own.value as PropertyDescriptor;
  const name = String(member);
  const { get } = Object.getOwnPropertyDescriptor(base, member) as PropertyDescriptor;
  if (get === undefined) {
    return {
      value(this: object, ...args: unknown[]) {
        return call(this, name, args);
      },
    };
  }
  return {
    get(this: object) {
      return call(this, name, []);
    },
  };
}

function remoteOf(object: object): Remote {
  return remotes.get(object) as Remote;
}

function call(object: object, member: string, args: readonly unknown[]): unknown {
  const [params, handles] = callOf(object, member, args);
  const { context } = remoteOf(object);
  return received(object, context.session.evaluate(callMember, handles, params));
}

function callOf(
  object: object,
  member: string,
  args: readonly unknown[],
): readonly [ObjectCall, readonly ArrayHandle[]] {
  const { context, number } = remoteOf(object);
  const handles: ArrayHandle[] = [];
  const operandOf = (value: unknown): unknown => {
    const isWritten = WRITING.has(member) && (ArrayBuffer.isView(value) || isNdArray(value));
    const array = isWritten ? context.fromArray(value as TypedArray) : value;
    if (!(array instanceof DistArray)) return value;
    context.checkOwn(array);
    return new OperandReference(handles.push(array.handle) - 1);
  };
  const packed = args.map((arg) => packArgument(arg, operandOf));
  const list = unusedOf(context.session);
  return [{ object: number, member, args: packed, unused: list.splice(0) }, handles];
}

/** A result as the program has it. */
function received(object: object, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => received(object, each));
  if (value instanceof NdArrayForm) return ndarrayOfView(value.view);
  if (!(value instanceof ObjectReference)) return value;
  const { context, file } = remoteOf(object);
  return standIn(context, value, file);
}

function visited(object: object, visitor: (name: string, object: object) => unknown): unknown {
  const { context, file } = remoteOf(object);
  const [params] = callOf(object, 'visitItems', []);
  for (const [name, reference] of context.session.evaluate(visitAll, [], params)) {
    const answer = visitor(name, standIn(context, reference, file));
    if (answer !== undefined) return answer;
  }
  return undefined;
}
