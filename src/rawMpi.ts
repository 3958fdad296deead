/** What the addon has of MPI: native/mpi/. */

/** MPI functions that take their arguments from the command block (`src/mpi/command.ts`). */
export type CommandName =
  | 'abort'
  | 'acceptConnection'
  | 'addErrorClass'
  | 'addErrorCode'
  | 'addErrorString'
  | 'adoptCommunicator'
  | 'allgather'
  | 'allgatherv'
  | 'allreduce'
  | 'alltoall'
  | 'alltoallv'
  | 'alltoallw'
  | 'attachBuffer'
  | 'barrier'
  | 'bcast'
  | 'cartCoords'
  | 'cartDimensions'
  | 'cartGet'
  | 'cartMap'
  | 'cartRank'
  | 'cartShift'
  | 'cartSub'
  | 'closePort'
  | 'communicatorGroup'
  | 'communicatorKind'
  | 'compareCommunicators'
  | 'completeMany'
  | 'connectTo'
  | 'createCart'
  | 'createDistGraph'
  | 'createDistGraphAdjacent'
  | 'createFromGroup'
  | 'createGraph'
  | 'createGroup'
  | 'createIntercommunicator'
  | 'createKernelOperation'
  | 'createOperation'
  | 'detachBuffer'
  | 'dimsCreate'
  | 'disconnect'
  | 'distGraphDegrees'
  | 'distGraphNeighbors'
  | 'dup'
  | 'dupWithInfo'
  | 'exscan'
  | 'fileAtomicity'
  | 'fileByteOffset'
  | 'fileClose'
  | 'fileDelete'
  | 'fileGroup'
  | 'fileInfo'
  | 'fileMode'
  | 'fileOpen'
  | 'filePosition'
  | 'filePositionShared'
  | 'filePreallocate'
  | 'fileRead'
  | 'fileReadAll'
  | 'fileReadAt'
  | 'fileReadAtAll'
  | 'fileReadOrdered'
  | 'fileReadShared'
  | 'fileSeek'
  | 'fileSeekShared'
  | 'fileSetAtomicity'
  | 'fileSetInfo'
  | 'fileSetSize'
  | 'fileSetView'
  | 'fileSize'
  | 'fileSync'
  | 'fileToFortran'
  | 'fileTypeExtent'
  | 'fileWrite'
  | 'fileWriteAll'
  | 'fileWriteAt'
  | 'fileWriteAtAll'
  | 'fileWriteOrdered'
  | 'fileWriteShared'
  | 'free'
  | 'freeOperation'
  | 'fromFortran'
  | 'gather'
  | 'gatherv'
  | 'getInfo'
  | 'getName'
  | 'getParent'
  | 'graphDegree'
  | 'graphDimensions'
  | 'graphGet'
  | 'graphMap'
  | 'graphNeighbors'
  | 'groupCombine'
  | 'groupCompare'
  | 'groupFree'
  | 'groupRankAndSize'
  | 'groupSelect'
  | 'groupSelectRanges'
  | 'groupToFortran'
  | 'groupTranslate'
  | 'idup'
  | 'joinConnection'
  | 'lookupName'
  | 'matchedProbe'
  | 'matchedRecv'
  | 'mergeIntercommunicator'
  | 'neighborAllgather'
  | 'neighborAllgatherv'
  | 'neighborAlltoall'
  | 'neighborAlltoallv'
  | 'neighborAlltoallw'
  | 'openPort'
  | 'operationCommutes'
  | 'pack'
  | 'packSize'
  | 'pcontrol'
  | 'predefinedAttribute'
  | 'probe'
  | 'publishName'
  | 'rankAndSize'
  | 'recv'
  | 'reduce'
  | 'reduceLocal'
  | 'reduceScatter'
  | 'reduceScatterBlock'
  | 'remoteGroup'
  | 'remoteSize'
  | 'requestCancel'
  | 'requestFree'
  | 'requestGetStatus'
  | 'requestStart'
  | 'requestTest'
  | 'requestWait'
  | 'runStep'
  | 'scan'
  | 'scatter'
  | 'scatterv'
  | 'send'
  | 'sendrecv'
  | 'sendrecvReplace'
  | 'setInfo'
  | 'setName'
  | 'spawn'
  | 'split'
  | 'splitType'
  | 'statusElements'
  | 'toFortran'
  | 'typeContents'
  | 'typeContiguous'
  | 'typeDarray'
  | 'typeDup'
  | 'typeEnvelope'
  | 'typeExtents'
  | 'typeFortran90'
  | 'typeFree'
  | 'typeFromFortran'
  | 'typeGetName'
  | 'typeHindexed'
  | 'typeHindexedBlock'
  | 'typeHvector'
  | 'typeIndexed'
  | 'typeIndexedBlock'
  | 'typeMatchSize'
  | 'typeResized'
  | 'typeSetName'
  | 'typeStrided'
  | 'typeStruct'
  | 'typeSubarray'
  | 'typeToFortran'
  | 'typeVector'
  | 'unpack'
  | 'unpublishName'
  | 'winAccumulate'
  | 'winAllocate'
  | 'winAttach'
  | 'winCompareAndSwap'
  | 'winComplete'
  | 'winCreate'
  | 'winCreateDynamic'
  | 'winDetach'
  | 'winFence'
  | 'winFetchAndOp'
  | 'winFlush'
  | 'winFlushAll'
  | 'winFlushLocal'
  | 'winFlushLocalAll'
  | 'winFree'
  | 'winGet'
  | 'winGetAccumulate'
  | 'winGetInfo'
  | 'winGetName'
  | 'winGroup'
  | 'winLock'
  | 'winLockAll'
  | 'winModel'
  | 'winPost'
  | 'winPut'
  | 'winSetInfo'
  | 'winSetName'
  | 'winSharedQuery'
  | 'winStart'
  | 'winSync'
  | 'winTest'
  | 'winToFortran'
  | 'winUnlock'
  | 'winUnlockAll'
  | 'winWait';

/** The access modes of MPI files. */
export type FileModeName =
  | 'MODE_RDONLY'
  | 'MODE_RDWR'
  | 'MODE_WRONLY'
  | 'MODE_CREATE'
  | 'MODE_EXCL'
  | 'MODE_DELETE_ON_CLOSE'
  | 'MODE_UNIQUE_OPEN'
  | 'MODE_SEQUENTIAL'
  | 'MODE_APPEND';

/** What `MPI_Init_thread` left behind: integer handles and the implementation's constants. */
export interface RawInit {
  readonly threadLevel: number;
  readonly handles: Readonly<Record<string, number>>;
  readonly constants: Readonly<
    Record<
      | 'ANY_SOURCE'
      | 'ANY_TAG'
      | 'MAX_COUNT'
      | 'PROC_NULL'
      | 'ROOT'
      | 'UNDEFINED'
      | 'TAG_UB'
      | FileModeName,
      number
    >
  >;
  readonly libraryVersion: string;
}

export interface RawMpi extends Readonly<Record<CommandName, () => void>> {
  /** The command block, shared with C++. */
  readonly command: Float64Array;
  init(threadLevel: number): RawInit;
  leave(status: number): void;
  markCrashed(): void;
  isInitialized(): boolean;
  isFinalized(): boolean;
  isThreadMain(): boolean;
  wtime(): number;
  wtick(): number;
  /** Major and minor version of the standard. */
  version(): [number, number];
  errorClasses(): Record<string, number>;
  processorName(): string;
  errorInfo(code: number): {
    readonly errorClass: string;
    readonly classNumber: number;
    readonly text: string;
  };
  addressOf(view: ArrayBufferView): number;
  setReducer(
    reduce: (slot: number, kind: number, memory: ArrayBuffer, elements: number) => boolean,
  ): void;
  allocMem(bytes: number, limit: number, zeroed: boolean): ArrayBuffer | null;
  freeMem(buffer: ArrayBufferLike): boolean;
  collectYoungBy(scavenge: () => void): void;
  offerKeptMemory(): boolean;
  adviseHugePages(view: ArrayBufferView): boolean;
  bufferOver(address: number, bytes: number): ArrayBuffer;
  detachMemory(buffer: ArrayBufferLike): void;
  /** Makes a prepared step (`native/mpi/prepared_step.h`) and returns its address; 0 when it cannot be prepared. */
  createStep(code: Float64Array): number;
  freeStep(address: number): void;
  setStepNumbers(step: number, numbers: number): void;
}
