/** What the addon exports of parallel HDF5; `src/native.ts` loads it. */

/** What a new dataset shall be like; see `createDataset` in `native/hdf5/hdf5_datasets.cc`. */
export interface RawDatasetSpec {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** -1 stands for no limit; no numbers for the shape. */
  readonly maxshape: readonly number[];
  /** No numbers for one piece. */
  readonly chunks: readonly number[];
  /** -1 for none. */
  readonly deflate: number;
  readonly shuffle: boolean;
  /** One element. */
  readonly fillValue: ArrayBufferView | null;
  readonly filled: boolean;
}

/** What a stored dataset is like; see `describeDataset` in `native/hdf5/hdf5_datasets.cc`. */
export interface RawDatasetInfo {
  readonly shape: number[];
  readonly maxshape: number[];
  readonly chunks: number[];
  readonly dtype: string;
  /** Bytes of an element in the file. */
  readonly itemsize: number;
  readonly deflate: number;
  readonly shuffle: boolean;
  readonly filters: number;
  /** Name of a filter that the library does not have; '' when it has all. */
  readonly missingFilter: string;
  readonly offset: number;
  readonly storageSize: number;
  readonly isNative: boolean;
  /** Whether every chunk has its place in the file. */
  readonly isAllocated: boolean;
  /** Whether new chunks get theirs at once. */
  readonly allocatesEarly: boolean;
}

/** Of parallel HDF5. Objects are named by a file and a path; see `native/hdf5/`. */
export interface RawHdf5 {
  createFile(
    path: string,
    comm: number,
    hints: readonly string[],
    alignment: number,
    threshold: number,
  ): number;
  openFile(
    path: string,
    comm: number,
    hints: readonly string[],
    alignment: number,
    threshold: number,
    readOnly: boolean,
  ): number;
  probeFile(path: string): void;
  flushFile(file: number): void;
  closeFile(file: number): void;
  libraryVersion(): string;
  kindOf(file: number, path: string): 'group' | 'dataset' | 'datatype' | 'dangling' | '';
  identityOf(file: number, path: string): string;
  linkTarget(file: number, path: string): string;
  linksIn(file: number, path: string): string[];
  createGroup(file: number, path: string): void;
  createSoftLink(file: number, target: string, path: string): void;
  deleteLink(file: number, path: string): void;
  createDataset(file: number, path: string, spec: RawDatasetSpec): void;
  describeDataset(file: number, path: string): RawDatasetInfo;
  fillValueOf(file: number, path: string, dtype: string, buffer: ArrayBufferView): void;
  resizeDataset(file: number, path: string, shape: readonly number[]): void;
  writeDataset(
    file: number,
    path: string,
    buffer: ArrayBufferView,
    dtype: string,
    selection: readonly Float64Array[],
    collective: boolean,
  ): void;
  readDataset(
    file: number,
    path: string,
    buffer: ArrayBufferView,
    dtype: string,
    selection: readonly Float64Array[],
    collective: boolean,
  ): void;
  hasAttribute(file: number, path: string, name: string): boolean;
  attributesOf(file: number, path: string): string[];
  describeAttribute(
    file: number,
    path: string,
    name: string,
  ): { readonly shape: number[] | null; readonly dtype: string };
  readAttribute(
    file: number,
    path: string,
    name: string,
    dtype: string,
    buffer: ArrayBufferView,
  ): void;
  readTexts(file: number, path: string, name: string): string[];
  writeAttribute(
    file: number,
    path: string,
    name: string,
    dtype: string,
    shape: readonly number[],
    buffer: ArrayBufferView,
  ): void;
  writeTexts(
    file: number,
    path: string,
    name: string,
    shape: readonly number[],
    texts: readonly string[],
    length: number,
  ): void;
  deleteAttribute(file: number, path: string, name: string): void;
}
