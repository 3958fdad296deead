/** Single elements of distributed arrays. */
import { DTYPES, type Dtype, type TypedArrayOf } from '../../dtype/dtype.ts';
import { assignedAs, type Scalar } from '../../dtype/scalar.ts';
import { readElement, writeElement } from '../../local/elementAccess.ts';
import type { LocalArray } from '../../local/localArray.ts';
import { positiveIndices } from '../../maps/processGrid.ts';
import { MIN } from '../../mpi/operation.ts';
import { type ArrayMeta, valueOperation } from '../operation.ts';
import { isPartlyKnown } from '../redistribute/askedOverlaps.ts';

/**
 * Reads the element at a global index, and tells it to every process: one broadcast from its owner. Of an array
 * that every process has, nothing is sent.
 */
export const getElement = valueOperation<readonly number[], Scalar>('getElement', {
  check: ([{ distribution }], index) => {
    positiveIndices('index', index, distribution.shape);
  },
  run: ([array], index, { comm }) => {
    const { distribution, dtype } = array;
    const global = positiveIndices('index', index, distribution.shape);
    const everywhere = distribution.isReplicated && distribution.numProcesses === comm.size;
    if (everywhere || comm.size === 1) return array.get(...array.localFromGlobal(global));
    const { arrayType, lanes } = DTYPES[dtype];
    const element = new arrayType(lanes) as TypedArrayOf<Dtype>;
    const owner = ownerOf(array, global);
    if (comm.rank === owner) {
      writeElement(element, dtype, 0, array.get(...array.localFromGlobal(global)));
    }
    comm.bcast(element, { root: owner });
    return readElement(element, dtype, 0);
  },
});

/** What {@link setElement} takes. */
export interface SetElementParams {
  readonly index: readonly number[];
  readonly value: Scalar;
}

/** Gives the element at a global index a value, on every process that has it; sends nothing. */
export const setElement = valueOperation<SetElementParams, void>('setElement', {
  isSilent: true,
  check: checkSet,
  run: ([array], params) => {
    checkSet([array], params);
    const local = array.ownedIndex(params.index);
    if (local !== null) array.set(params.value, ...local);
  },
});

function checkSet(
  [{ distribution, dtype }]: readonly ArrayMeta[],
  { index, value }: SetElementParams,
): void {
  positiveIndices('index', index, distribution.shape);
  assignedAs(value, dtype);
}

/** The process of the communicator that has an element; where all must be asked, the first that has it. */
function ownerOf(array: LocalArray, index: readonly number[]): number {
  const { distribution, comm } = array;
  if (!distribution.maps.some(isPartlyKnown)) {
    return distribution.targetOf(distribution.owningRank(index));
  }
  const owns = array.ownedIndex(index) !== null;
  return comm.allreduce(owns ? comm.rank : comm.size, { op: MIN });
}
