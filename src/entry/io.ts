/** The package's `distarray/io`: distributed arrays in files, and the methods of contexts that write and read them. */
import '../global/files.ts';
import '../global/lazy/openFiles.ts';

export {
  type Block,
  type BlocksOptions,
  LazyArray,
  type LazyFunctionOptions,
  type LazyOperand,
  type LazyReductionOptions,
} from '../global/lazy/lazyArray.ts';
export type { LazyFileMethods, OpenHdf5Options, OpenNpyOptions } from '../global/lazy/openFiles.ts';
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
export * from './hdf5.ts';
