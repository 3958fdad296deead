/** The package's `distarray/hdf5`: distributed arrays in HDF5 files. */

export type { SpreadOptions } from '../io/hdf5/arrayKind.ts';
export {
  type AttributeInput,
  Attributes,
  type AttributeValue,
  type NestedText,
  type SetAttributeOptions,
} from '../io/hdf5/attributes.ts';
export type { FileAccessOptions } from '../io/hdf5/connection.ts';
export { Dataset } from '../io/hdf5/dataset.ts';
export type { DatasetSpec, StorageOptions } from '../io/hdf5/datasetOptions.ts';
export { DatasetSlice, type ReadOptions, type WriteOptions } from '../io/hdf5/datasetSlice.ts';
export { File, type FileMode, type FileOptions } from '../io/hdf5/file.ts';
export { type CreateDatasetOptions, Group } from '../io/hdf5/group.ts';
export type { Hyperslab } from '../io/hdf5/hyperslab.ts';
export type { TransferMode } from '../io/hdf5/transfer.ts';
export {
  type Hdf5Mode,
  type LoadHdf5Options,
  type LoadHdf5ShapedOptions,
  loadHdf5,
  type SaveHdf5Options,
  saveHdf5,
} from '../io/hdf5.ts';
