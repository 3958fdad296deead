/** Writing of arrays to files, as operations of sessions. */
import { type ValueOperation, valueOperation } from '../ops/operation.ts';
import type { RandomState } from '../ops/random/randomStream.ts';
import { saveCheckpoint } from './checkpoint/saveCheckpoint.ts';
import { type DnpyName, type SaveDnpyOptions, saveDnpy } from './dnpy.ts';
import { checkFileName, checkOptions } from './fileArguments.ts';
import { type SaveHdf5Options, saveHdf5 } from './hdf5.ts';
import { type SaveNpyOptions, saveNpy } from './npy.ts';
import { type ToFileOptions, toFile } from './rawFile.ts';
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

function checkSave(name: unknown, options: unknown): void {
  checkFileName(name, 'name');
  checkOptions(options);
}
