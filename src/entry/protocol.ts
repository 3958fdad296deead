/** The package's `distarray/protocol`: the Distributed Array Protocol, without MPI. */
export { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
export {
  checkPieces,
  type PieceProblem,
  type PieceProblemKind,
} from '../protocol/checkPieces.ts';
export {
  type ExportableDimDict,
  type ExportParts,
  exportDistArray,
  type ImportedPart,
  importDistArray,
  structureOf,
} from '../protocol/exchange.ts';
export { numOwnedIndices } from '../protocol/numOwnedIndices.ts';
export {
  type BlockDimDict,
  type CommonDimDict,
  type CyclicDimDict,
  type DimDict,
  type DistArrayExporter,
  type DistributedArrayStructure,
  type EmptyDimDict,
  type PlainDimDict,
  PROTOCOL_VERSION,
  type ProtocolBuffer,
  type ScijsBuffer,
  type StridedBuffer,
  type UndistributedDimDict,
  type UnstructuredDimDict,
} from '../protocol/structure.ts';
export {
  type DistArrayTransfer,
  decodeDistArray,
  encodeDistArray,
  transferSizes,
} from '../protocol/transfer.ts';
export { type Verdict, validate, validateDimData, validateDimDict } from '../protocol/validate.ts';
