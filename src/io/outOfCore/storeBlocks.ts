/** Arrays in files, and elementwise functions of them, computed into other files. */
import { DTYPES, type Dtype } from '../../dtype/dtype.ts';
import { type StridedView, sizeOfShape, viewOf } from '../../kernels/stridedView.ts';
import { agree } from '../../mpi/agreement.ts';
import { writeAtomically } from '../atomicFile.ts';
import { eachRun, withFile, writeAt } from '../boxTransfers.ts';
import { bytesOf } from '../byteOrder.ts';
import type { WriteMode } from '../fileArguments.ts';
import { raw } from '../hdf5/connection.ts';
import { rawSpecOf } from '../hdf5/datasetOptions.ts';
import { datasetPath, type Hdf5Mode, intoHdf5 } from '../hdf5/intoFile.ts';
import { formatNpyHeader } from '../npyHeader.ts';
import { stridesInOrder } from '../slabs.ts';
import { BlockRun, type Evaluation } from './blockRun.ts';
import { bytesOfShare } from './computeBlocks.ts';
import { atLeast1d, type Expression } from './expression.ts';

/**
 * Computes an expression into a .npy file, block by block. The file has the order of the largest file that is read, C or
 * Fortran, so that both are gone through from one end to the other. It gets its name only when it is complete and on
 * disk; it may be one of those that are read.
 *
 * @remarks Collective.
 * @throws {@link DistArrayError} on every process alike
 */
export function storeNpy(
  expression: Expression,
  name: string,
  mode: WriteMode,
  evaluation: Evaluation,
): void {
  const { comm } = evaluation;
  const { shape, dtype } = expression;
  const { itemsize } = DTYPES[dtype];
  const run = shape.includes(0)
    ? null
    : new BlockRun(atLeast1d(expression), evaluation, { extra: bytesOfShare(dtype) });
  try {
    const order = shape.length > 1 ? (run?.order ?? 'C') : 'C';
    const header = formatNpyHeader(dtype, shape, order === 'F');
    writeAtomically(comm, name, { exclusive: mode === 'w-' }, (temporary) =>
      withFile(comm, temporary, 'r+', (file) => {
        const writeHeader = () => {
          if (comm.rank === 0) writeAt(file, 0, header);
        };
        if (run === null) {
          writeHeader();
          return;
        }
        run.attempt(writeHeader);
        const layout = { shape: run.plan.shape, order, itemsize };
        const memory = agree(comm, () => run.memory.take(dtype, sizeOfShape(run.largestShare)));
        for (const { share, shape: extents, elements } of run.parts()) {
          run.attempt(() => {
            const size = sizeOfShape(extents);
            if (size === 0) return;
            const data = memory as StridedView['data'];
            const strides = stridesInOrder(extents, order);
            run.program.computeInto(elements, { data, dtype, shape: extents, strides, offset: 0 });
            const box = share.map(({ start, count }) => [start, count] as const);
            const bytes = bytesOf(memory).subarray(0, size * itemsize);
            eachRun(layout, box, bytes, (at, piece) => writeAt(file, header.length + at, piece));
          });
        }
        run.agreeOnFailure();
      }),
    );
  } finally {
    run?.close();
  }
}

/**
 * Computes an expression into a new dataset of an HDF5 file, block by block.
 *
 * @remarks Collective; what is given has been checked to be the same on every process.
 * @throws {@link DistArrayError} on every process alike
 */
export function storeHdf5(
  expression: Expression,
  name: string,
  { key, mode }: { readonly key: string; readonly mode: Hdf5Mode },
  evaluation: Evaluation,
): void {
  const { comm } = evaluation;
  const { shape, dtype } = expression;
  const bytes = sizeOfShape(shape) * DTYPES[dtype].itemsize;
  const run = shape.includes(0)
    ? null
    : new BlockRun(atLeast1d(expression), evaluation, { extra: bytesOfShare(dtype) });
  try {
    const path = datasetPath(key);
    intoHdf5(comm, name, { path, mode, bytes }, (connection) => {
      connection.perform(path, (file) =>
        raw.createDataset(file, path, rawSpecOf({ dtype, shape, fillTime: 'never' })),
      );
      if (run === null) return;
      const memory = agree(comm, () => run.memory.take(dtype, sizeOfShape(run.largestShare)));
      for (const { share, shape: extents, elements } of run.parts()) {
        run.attempt(() => {
          if (extents.includes(0)) return;
          run.program.computeInto(elements, viewOf<Dtype>(memory as never, dtype, extents));
          // A dataset without dimensions is selected as a whole.
          const selection = shape.map((_, axis) => {
            const { start, count } = share[axis];
            return Float64Array.of(start, count, 1, count);
          });
          connection.ask(path, (file) =>
            raw.writeDataset(file, path, memory, dtype, selection, false),
          );
        });
      }
      run.agreeOnFailure();
    });
  } finally {
    run?.close();
  }
}
