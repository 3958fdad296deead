/** Writing arrays to files and reading them, as operations of sessions. */
import type { LocalArray } from '../local/localArray.ts';
import type { Distribution } from '../maps/distribution.ts';
import { keep } from '../ops/keptValues.ts';
import {
  type OperationEnvironment,
  type ValueOperation,
  valueOperation,
} from '../ops/operation.ts';
import type { RandomState } from '../ops/random/randomStream.ts';
import { type LoadedCheckpoint, loadCheckpoint } from './checkpoint/loadCheckpoint.ts';
import { saveCheckpoint } from './checkpoint/saveCheckpoint.ts';
import {
  type DnpyName,
  type LoadDnpyOptions,
  loadDnpy,
  type SaveDnpyOptions,
  saveDnpy,
} from './dnpy.ts';
import { checkFileName, checkOptions } from './fileArguments.ts';
import { type LoadHdf5ShapedOptions, loadHdf5, type SaveHdf5Options, saveHdf5 } from './hdf5.ts';
import { type LoadNpyShapedOptions, loadNpy, type SaveNpyOptions, saveNpy } from './npy.ts';
import { type FromFileOptions, fromFile, type ToFileOptions, toFile } from './rawFile.ts';
import { type LoadTxtOptions, loadTxt } from './text/loadTxt.ts';
import { type SaveTxtOptions, saveTxt } from './text/saveTxt.ts';

/** Arguments beside the array. */
export interface SaveParams<Name, Options> {
  readonly name: Name;
  readonly options: Options;
}

/** An operation that writes an array to a file. */
export type SaveOperation<Name, Options> = ValueOperation<SaveParams<Name, Options>, void>;

/** {@link saveHdf5} as an operation. */
export const saveHdf5Operation: SaveOperation<string, SaveHdf5Options> = valueOperation(
  'saveHdf5',
  {
    check: (_, { name, options }) => checkSave(name, options),
    run: ([array], { name, options }, { traffic }) =>
      saveHdf5(name, array, { ...options, traffic }),
  },
);

/** {@link saveNpy} as an operation. */
export const saveNpyOperation: SaveOperation<string, SaveNpyOptions> = valueOperation('saveNpy', {
  check: (_, { name, options }) => checkSave(name, options),
  run: ([array], { name, options }, { traffic }) => saveNpy(name, array, { ...options, traffic }),
});

/** {@link saveDnpy} as an operation. */
export const saveDnpyOperation: SaveOperation<DnpyName, SaveDnpyOptions> = valueOperation(
  'saveDnpy',
  {
    check(_, { name, options }) {
      for (const one of typeof name === 'string' ? [name] : name) checkSave(one, options);
    },
    run: ([array], { name, options }) => saveDnpy(name, array, options),
  },
);

/** {@link toFile} as an operation. */
export const toFileOperation: SaveOperation<string, ToFileOptions> = valueOperation('toFile', {
  check: (_, { name, options }) => checkSave(name, options),
  run: ([array], { name, options }, { traffic }) => toFile(name, array, { ...options, traffic }),
});

/** {@link saveTxt} as an operation. */
export const saveTxtOperation: SaveOperation<string, SaveTxtOptions> = valueOperation('saveTxt', {
  check: (_, { name, options }) => checkSave(name, options),
  run: ([array], { name, options }, { traffic }) => saveTxt(name, array, { ...options, traffic }),
});

/** What {@link saveCheckpointOperation} takes beside the arrays. */
export interface CheckpointParams {
  readonly directory: string;
  /** Of the arrays, in their order. */
  readonly names: readonly string[];
  readonly state: unknown;
  readonly random: RandomState;
  readonly keep: number | undefined;
}

/** {@link saveCheckpoint} as an operation. */
export const saveCheckpointOperation: ValueOperation<CheckpointParams, number> = valueOperation(
  'checkpoint',
  {
    check: (_, { directory }) => checkFileName(directory, 'directory'),
    run: (locals, { directory, names, state, random, keep }, { comm, traffic }) => {
      const arrays = Object.fromEntries(names.map((name, k) => [name, locals[k]]));
      return saveCheckpoint(directory, { arrays, state, random }, { comm, keep, traffic });
    },
  },
);

/** What {@link restoreOperation} takes. */
export interface RestoreParams {
  readonly directory: string;
  /** Those of the context. */
  readonly targets: readonly number[];
  readonly distributions: Readonly<Record<string, Distribution>> | undefined;
  readonly generation: number | undefined;
}

/** A checkpoint whose arrays are kept where they have been read: `takeKept` returns them by their numbers. */
export type KeptCheckpoint = Omit<LoadedCheckpoint, 'arrays'> & {
  readonly arrays: readonly (readonly [name: string, number: number])[];
};

/** {@link loadCheckpoint} as an operation. */
export const restoreOperation: ValueOperation<RestoreParams, KeptCheckpoint> = valueOperation(
  'restore',
  {
    check: (_, { directory }) => checkFileName(directory, 'directory'),
    run: (_, { directory, ...options }, { comm, traffic }) => {
      const { arrays, ...rest } = loadCheckpoint(directory, { ...options, comm, traffic });
      const kept = Object.entries(arrays).map(
        ([name, array]) => [name, keep(comm, array)] as const,
      );
      return { arrays: kept, ...rest };
    },
  },
);

/** Arguments of reading. */
export interface LoadParams<Name, Options> {
  readonly name: Name;
  /** The distribution of the result, where it is given rather than made by the options. */
  readonly distribution?: Distribution;
  readonly options: Options;
}

/** An operation that reads an array from a file. */
export type LoadOperation<Name, Options> = ValueOperation<LoadParams<Name, Options>, LocalArray>;

function loadOperation<Name, Options>(
  name: string,
  run: (params: LoadParams<Name, Options>, environment: OperationEnvironment) => LocalArray,
): LoadOperation<Name, Options> {
  return valueOperation(name, {
    check(_, { name: given, options }) {
      for (const one of Array.isArray(given) ? given : [given]) checkFileName(one, 'name');
      checkOptions(options);
    },
    run: (_, params, environment) => run(params, environment),
  });
}

/** {@link loadHdf5} as an operation. */
export const loadHdf5Operation = loadOperation<string, LoadHdf5ShapedOptions>(
  'loadHdf5',
  ({ name, distribution, options }, { comm, traffic }) => {
    const all = { ...options, comm, traffic };
    return distribution === undefined ? loadHdf5(name, all) : loadHdf5(name, distribution, all);
  },
);

/** {@link loadNpy} as an operation. */
export const loadNpyOperation = loadOperation<string, LoadNpyShapedOptions>(
  'loadNpy',
  ({ name, distribution, options }, { comm, traffic }) => {
    const all = { ...options, comm, traffic };
    return distribution === undefined ? loadNpy(name, all) : loadNpy(name, distribution, all);
  },
);

/** {@link loadDnpy} as an operation. */
export const loadDnpyOperation = loadOperation<DnpyName, LoadDnpyOptions>(
  'loadDnpy',
  ({ name, options }, { comm }) => loadDnpy(name, { ...options, comm }),
);

/** {@link fromFile} as an operation. */
export const fromFileOperation = loadOperation<string, FromFileOptions>(
  'fromFile',
  ({ name, options }, { comm, traffic }) => fromFile(name, { ...options, comm, traffic }),
);

/** {@link loadTxt} as an operation. */
export const loadTxtOperation = loadOperation<string, LoadTxtOptions>(
  'loadTxt',
  ({ name, options }, { comm, traffic }) => loadTxt(name, { ...options, comm, traffic }),
);

function checkSave(name: unknown, options: unknown): void {
  checkFileName(name, 'name');
  checkOptions(options);
}
