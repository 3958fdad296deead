/**
 * HDF5 files of programs that hold no elements: what is open stays with the processes that hold the arrays, and calls of
 * its methods are operations.
 */

import type { StridedView } from '../../kernels/stridedView.ts';
import { readArrayInput } from '../../local/arrayInput.ts';
import { LocalArray } from '../../local/localArray.ts';
import { ndarrayOfView } from '../../local/localNdArray.ts';
import { registerClass } from '../../mpi/objects/registry.ts';
import { keep, keptValue, letGo } from '../../ops/keptValues.ts';
import {
  type OperationEnvironment,
  type ValueOperation,
  valueOperation,
} from '../../ops/operation.ts';
import { checkFileName } from '../fileArguments.ts';
import type { ArrayKind } from './arrayKind.ts';
import { Attributes } from './attributes.ts';
import { Dataset } from './dataset.ts';
import { DatasetSlice } from './datasetSlice.ts';
import { File, type FileOptions } from './file.ts';
import { Group } from './group.ts';

/** The classes of what is in files, by name. */
export const FILE_CLASSES = { File, Group, Dataset, DatasetSlice, Attributes } as const;
export type FileClass = keyof typeof FILE_CLASSES;

/** What a program is told of an object in its place. */
export class ObjectReference {
  readonly number: number;
  readonly className: FileClass;
  /** Its own fields. */
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(number: number, className: FileClass, fields: Readonly<Record<string, unknown>>) {
    this.number = number;
    this.className = className;
    this.fields = fields;
  }
}

/** An array of the operation, in the place of an argument. */
export class OperandReference {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

/** An ndarray of scijs on its way: its class does not travel. */
export class NdArrayForm {
  readonly view: StridedView;

  constructor(view: StridedView) {
    this.view = view;
  }
}

registerClass(ObjectReference, {
  name: 'distarray.ObjectReference',
  serialize: ({ number, className, fields }) => [number, className, fields] as const,
  deserialize: (all: Readonly<ConstructorParameters<typeof ObjectReference>>) =>
    new ObjectReference(...all),
});
registerClass(OperandReference, {
  name: 'distarray.OperandReference',
  serialize: ({ index }) => index,
  deserialize: (index: number) => new OperandReference(index),
});
registerClass(NdArrayForm, {
  name: 'distarray.NdArrayForm',
  serialize: ({ view }) => view,
  deserialize: (view: StridedView) => new NdArrayForm(view),
});

/** Whether a value is an ndarray of scijs. */
export function isNdArray(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'stride' in value && 'data' in value;
}

/** Returns a value with ndarrays in a form that travels: itself, and what options have. */
export function packNdArrays(value: unknown): unknown {
  return isNdArray(value) ? new NdArrayForm(readArrayInput(value)) : value;
}

/** What opening a file takes. */
export interface OpenParams {
  readonly name: string;
  readonly options: Omit<FileOptions, 'comm'>;
  /** Processes that hold what is read, unless told otherwise. */
  readonly targets: readonly number[];
}

/** Opens a file ({@link File}). */
export const openFile: ValueOperation<OpenParams, ObjectReference> = valueOperation('hdf5.open', {
  check: (_, { name }) => checkFileName(name, 'name'),
  run(_, { name, options, targets }, environment) {
    const { comm, traffic } = environment;
    const arrays: ArrayKind<LocalArray> = {
      comm,
      targets,
      traffic,
      isArray: (value) => value instanceof LocalArray,
      toLocal: (array) => array,
      fromLocal: (local) => local,
    };
    const file = new File(name, { ...options, comm }, arrays);
    return packed(file, environment) as ObjectReference;
  },
});

/** A call of a method, or a look at a property. */
export interface ObjectCall {
  /** Number of the object. */
  readonly object: number;
  readonly member: string;
  readonly args: readonly unknown[];
  /** Numbers of objects that the program does not use any more; files among them are closed. */
  readonly unused: readonly number[];
}

/** Calls a method of an object, or returns a property. */
export const callMember: ValueOperation<ObjectCall, unknown> = valueOperation('hdf5.call', {
  check: () => {},
  run: (locals, call, environment) => packed(called(locals, call, environment), environment),
});

/** Calls a method that returns an array. */
export const callForArray: ValueOperation<ObjectCall, LocalArray> = valueOperation('hdf5.read', {
  check: () => {},
  run: (locals, call, environment) => called(locals, call, environment) as LocalArray,
});

/** Returns what a visit of a group comes to, with names. */
export const visitAll: ValueOperation<ObjectCall, readonly (readonly [string, ObjectReference])[]> =
  valueOperation('hdf5.visit', {
    check: () => {},
    run(locals, call, environment) {
      const found: (readonly [string, ObjectReference])[] = [];
      const visitor = (name: string, object: unknown) => {
        found.push([name, packed(object, environment) as ObjectReference]);
      };
      called(locals, { ...call, member: 'visitItems', args: [visitor] }, environment);
      return found;
    },
  });

function called(
  locals: readonly LocalArray[],
  { object: number, member, args, unused }: ObjectCall,
  { comm }: OperationEnvironment,
): unknown {
  for (const each of unused) {
    const object = letGo(comm, each);
    if (object instanceof File) object.close();
  }
  const object = keptValue(comm, number) as Record<string, unknown>;
  const found = object[member];
  if (typeof found !== 'function') return found;
  return found.apply(
    object,
    args.map((arg) => unpacked(arg, locals)),
  );
}

/** What a program gets in the place of what it cannot have. */
function packed(value: unknown, environment: OperationEnvironment): unknown {
  if (Array.isArray(value)) return value.map((each) => packed(each, environment));
  const { comm } = environment;
  for (const [className, Class] of Object.entries(FILE_CLASSES)) {
    // A file is a group, too.
    if (!(value instanceof Class)) continue;
    return new ObjectReference(keep(comm, value), className as FileClass, { ...value });
  }
  return packNdArrays(value);
}

/** The argument that was meant; see {@link packArgument}. */
function unpacked(arg: unknown, locals: readonly LocalArray[]): unknown {
  if (arg instanceof OperandReference) return locals[arg.index];
  if (arg instanceof NdArrayForm) return ndarrayOfView(arg.view);
  if (!isPlain(arg)) return arg;
  return Object.fromEntries(
    Object.entries(arg).map(([name, value]) => [name, unpacked(value, locals)]),
  );
}

/**
 * Returns an argument as it travels, and so what is in options.
 * @param operandOf - returns what stands for arrays of the program, and other values as they are
 */
export function packArgument(arg: unknown, operandOf: (value: unknown) => unknown): unknown {
  const operand = operandOf(arg);
  if (operand !== arg) return operand;
  if (isNdArray(arg)) return packNdArrays(arg);
  if (!isPlain(arg)) return arg;
  return Object.fromEntries(
    Object.entries(arg).map(([name, value]) => [name, packArgument(value, operandOf)]),
  );
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value))
  );
}
