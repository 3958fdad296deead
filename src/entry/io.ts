/** The package's `distarray/io`: distributed arrays in files, and the methods of contexts that write and read them. */
import '../global/files.ts';
import '../global/checkpoints.ts';
import '../global/plainFiles.ts';
import '../global/lazy/openFiles.ts';

export type {
  CheckpointMethods,
  CheckpointOptions,
  Restored,
  RestoreOptions,
} from '../global/checkpoints.ts';
export {
  type Block,
  type BlocksOptions,
  LazyArray,
  type LazyFunctionOptions,
  type LazyOperand,
  type LazyReductionOptions,
} from '../global/lazy/lazyArray.ts';
export type { LazyFileMethods, OpenHdf5Options, OpenNpyOptions } from '../global/lazy/openFiles.ts';
export type { PlainFileMethods, ToFileMethod } from '../global/plainFiles.ts';
export {
  type LoadCheckpointOptions,
  type LoadedCheckpoint,
  loadCheckpoint,
} from '../io/checkpoint/loadCheckpoint.ts';
export {
  type CheckpointContents,
  type SaveCheckpointOptions,
  saveCheckpoint,
} from '../io/checkpoint/saveCheckpoint.ts';
export {
  type DnpyName,
  type LoadDnpyOptions,
  loadDnpy,
  type SaveDnpyOptions,
  saveDnpy,
} from '../io/dnpy.ts';
export { type DnpyHeader, formatDnpyHeader, parseDnpyHeader } from '../io/dnpyHeader.ts';
export type { WriteMode } from '../io/fileArguments.ts';
export { flushMemmap, type MemmapMode, type MemmapOptions, memmap } from '../io/memmap.ts';
export {
  type LoadNpyOptions,
  type LoadNpyShapedOptions,
  loadNpy,
  type SaveNpyOptions,
  saveNpy,
} from '../io/npy.ts';
export { formatNpyHeader, type NpyHeader, parseNpyHeader } from '../io/npyHeader.ts';
export {
  type FromFileOptions,
  fromFile,
  type RawFileOptions,
  type ToFileOptions,
  toFile,
} from '../io/rawFile.ts';
export { type LoadTxtOptions, loadTxt } from '../io/text/loadTxt.ts';
export { type SaveTxtOptions, saveTxt } from '../io/text/saveTxt.ts';
export type { TextOptions } from '../io/text/textFormat.ts';
export * from './hdf5.ts';
