/** What `MPI` holds: the public names of `distarray/mpi`. */
export { ArgumentRangeError, ArgumentTypeError, DistArrayError } from '../errors.ts';
export {
  APPNUM,
  createKeyval,
  HOST,
  IO,
  Keyval,
  type KeyvalOptions,
  LASTUSEDCODE,
  UNIVERSE_SIZE,
  WTIME_IS_GLOBAL,
} from '../mpi/attributes.ts';
export { BaseComm, type DupOptions } from '../mpi/baseComm.ts';
export {
  type BufferLike,
  type BufferSpec,
  IN_PLACE,
  type InPlace,
  type TypedArray,
} from '../mpi/buffer.ts';
export { attachBuffer, BSEND_OVERHEAD, detachBuffer } from '../mpi/bufferedSend.ts';
export type { AlltoallOptions, BlockOptions, RootOptions } from '../mpi/collectives.ts';
export {
  COMM_NULL,
  COMM_SELF,
  COMM_WORLD,
  Comm,
  type SplitOptions,
  type SplitTypeOptions,
  type TagOptions,
} from '../mpi/communicator.ts';
export {
  type RequestOrNull,
  startAll,
  testAll,
  testAny,
  testSome,
  waitAll,
  waitAny,
  waitSome,
} from '../mpi/completion.ts';
export { Datatype, type TypeClass, type TypeContents } from '../mpi/datatype.ts';
export {
  ANY_SOURCE,
  ANY_TAG,
  finalize,
  flavour,
  getLibraryVersion,
  getProcessorName,
  getVersion,
  isFinalized,
  isInitialized,
  isThreadMain,
  PROC_NULL,
  pcontrol,
  queryThread,
  ROOT,
  TAG_UB,
  type ThreadLevel,
  UNDEFINED,
  wtick,
  wtime,
} from '../mpi/environment.ts';
export {
  addErrorClass,
  addErrorCode,
  addErrorString,
  errorClasses,
  errorClassOf,
  errorString,
} from '../mpi/errorClasses.ts';
export { MPIError } from '../mpi/errors.ts';
export { File, type FileOptions } from '../mpi/file.ts';
export type {
  DataRepresentation,
  FileOffset,
  FileView,
  FileViewOptions,
} from '../mpi/fileHandle.ts';
export {
  type FileMode,
  MODE_APPEND,
  MODE_CREATE,
  MODE_DELETE_ON_CLOSE,
  MODE_EXCL,
  MODE_RDONLY,
  MODE_RDWR,
  MODE_SEQUENTIAL,
  MODE_UNIQUE_OPEN,
  MODE_WRONLY,
} from '../mpi/fileMode.ts';
export type { FileInfo } from '../mpi/fileText.ts';
export type { SeekOptions, Whence } from '../mpi/fileTransfers.ts';
export {
  type AdjacentGraphOptions,
  DistGraphComm,
  type DistGraphOptions,
  GraphComm,
  type GraphEdges,
  type GraphOptions,
  graphMap,
  type WeightedNeighbors,
} from '../mpi/graphTopology.ts';
export { type Comparison, GROUP_EMPTY, Group, type RankRange } from '../mpi/group.ts';
export type { Info } from '../mpi/info.ts';
export { InterComm } from '../mpi/interComm.ts';
export * from '../mpi/languageTypes.ts';
export { allocMem, freeMem, type TypedArrayConstructor } from '../mpi/memory.ts';
export { Message } from '../mpi/message.ts';
export { NeighborhoodComm, type Neighbors } from '../mpi/neighborhood.ts';
export type { ReceivedObject, SendrecvObjectOptions } from '../mpi/objects/objectMessages.ts';
export { ObjectRequest } from '../mpi/objects/objectRequest.ts';
export { type ClassForm, registerClass } from '../mpi/objects/registry.ts';
export {
  BAND,
  BOR,
  BXOR,
  LAND,
  LOR,
  LXOR,
  MAX,
  MAXLOC,
  MIN,
  MINLOC,
  NO_OP,
  Op,
  PROD,
  REPLACE,
  SUM,
} from '../mpi/operation.ts';
export type { PackFormOptions, PackMemory, PackOptions } from '../mpi/packing.ts';
export type {
  ProbeOptions,
  RecvOptions,
  SendOptions,
  SendrecvOptions,
} from '../mpi/pointToPoint.ts';
export {
  BYTE,
  C_BOOL,
  C_DOUBLE_COMPLEX,
  C_FLOAT_COMPLEX,
  DOUBLE,
  DOUBLE_INT,
  FLOAT,
  FLOAT_INT,
  INT_INT,
  INT8_T,
  INT16_T,
  INT32_T,
  INT64_T,
  LONG_INT,
  SHORT_INT,
  UINT8_T,
  UINT16_T,
  UINT32_T,
  UINT64_T,
} from '../mpi/predefinedTypes.ts';
export type { OpOptions, ReduceScatterOptions, ValueIndex } from '../mpi/reductions.ts';
export { PersistentRequest, Request } from '../mpi/request.ts';
export {
  type ConnectOptions,
  closePort,
  getParent,
  join,
  lookupName,
  openPort,
  type PortOptions,
  publishName,
  type SpawnCommand,
  type SpawnMultipleOptions,
  type SpawnOptions,
  unpublishName,
} from '../mpi/spawn.ts';
export { Status } from '../mpi/status.ts';
export type { NdArrayLike } from '../mpi/stridedView.ts';
export {
  CartComm,
  type CartOptions,
  type CartShift,
  cartMap,
  dimsCreate,
} from '../mpi/topology.ts';
export type { DarrayDistribution, OrderOptions, TypeEnvelope } from '../mpi/typeConstructors.ts';
export { type CreateOpOptions, createOp, type Reducer } from '../mpi/userOperation.ts';
export {
  Win,
  type WindowFlavor,
  type WindowMemoryOptions,
  type WindowOptions,
  type WindowView,
} from '../mpi/window.ts';
export type {
  AccumulateOptions,
  ElementOptions,
  FetchOptions,
  TargetOptions,
} from '../mpi/windowAccess.ts';
export type {
  FenceOptions,
  LockOptions,
  PostOptions,
  StartOptions,
} from '../mpi/windowSync.ts';
