/** Merging the states of reductions over the ranks of a communicator. */
import { DTYPE_NAMES } from '../../dtype/dtype.ts';
import type { States } from '../../kernels/reduction.ts';
import { newView, type StridedView } from '../../kernels/stridedView.ts';
import { ARGUMENT0, ARGUMENT1, command, OUTPUT, RESULT, raw } from '../../mpi/command.ts';
import type { Comm } from '../../mpi/communicator.ts';
import type { Datatype } from '../../mpi/datatype.ts';
import { commandError } from '../../mpi/errors.ts';
import { Op } from '../../mpi/operation.ts';
import { BYTE } from '../../mpi/predefinedTypes.ts';

// One of a kind, made when first used; like MPI's own they stay.
const operations = new Map<string, Op>();
const datatypes = new Map<number, Datatype>();

/**
 * Merges the states of all ranks, in the order of the ranks, into those of one. The others' are then of no
 * use.
 *
 * @remarks Collective: one `MPI_Reduce`.
 */
export function mergeStatesOnRoot(comm: Comm, states: States, root = 0): void {
  if (comm.size === 1 || states.count === 0) return;
  const { data, count } = states;
  const datatype = datatypeOf(states);
  const own = { data, count, datatype };
  const isRoot = comm.rank === root;
  const merged = isRoot ? data.slice() : null;
  const target = merged === null ? null : { data: merged, count, datatype };
  comm.reduce(own, target, { root, op: operationOf(states) });
  if (merged !== null) data.set(merged);
}

/**
 * Returns what a state of all ranks tells, merged in the order of the ranks: the same bits on every rank.
 *
 * @param parameter - of the reduction, as `States.finish` takes it
 * @param isKnown - whether every rank has the state of all elements already
 * @remarks Collective unless `isKnown`: one `MPI_Reduce`, one `MPI_Bcast`.
 */
export function finishOnAll(
  comm: Comm,
  states: States,
  parameter: number,
  isKnown: boolean,
): StridedView {
  if (comm.size === 1 || isKnown) return states.finish([1], parameter);
  mergeStatesOnRoot(comm, states);
  const told = comm.rank === 0 ? states.finish([1], parameter) : newView(states.output, [1]);
  comm.bcast(told.data, { root: 0 });
  return told;
}

/**
 * Replaces the states by those of the ranks before this one, merged; on rank 0 they are those of no
 * elements.
 *
 * @remarks Collective: one `MPI_Exscan`.
 */
export function mergeStatesBefore(comm: Comm, states: States, empty: States): void {
  const { data, count } = states;
  if (comm.size > 1 && count > 0) {
    const datatype = datatypeOf(states);
    const own = { data: data.slice(), count, datatype };
    comm.exscan(own, { data, count, datatype }, { op: operationOf(states) });
  }
  if (comm.rank === 0) data.set(empty.data);
}

function operationOf({ name, number, compute }: States): Op {
  const key = `${name} ${compute}`;
  let operation = operations.get(key);
  if (operation === undefined) {
    command[ARGUMENT0] = number;
    command[ARGUMENT1] = DTYPE_NAMES.indexOf(compute);
    raw.createKernelOperation();
    if (command[RESULT] !== 0) throw commandError('MPI_Op_create');
    operation = new Op(key, command[OUTPUT]);
    operations.set(key, operation);
  }
  return operation;
}

function datatypeOf({ size }: States): Datatype {
  let datatype = datatypes.get(size);
  if (datatype === undefined) {
    datatype = BYTE.contiguous(size);
    datatypes.set(size, datatype);
  }
  return datatype;
}
