/** Arrays in files, and elementwise functions of them, computed into other files. */
import { DTYPES } from '../../dtype/dtype.ts';
import { type StridedView, sizeOfShape } from '../../kernels/stridedView.ts';
import { agree } from '../../mpi/agreement.ts';
import { writeAtomically } from '../atomicFile.ts';
import { eachRun, withFile, writeAt } from '../boxTransfers.ts';
import { bytesOf } from '../byteOrder.ts';
import type { WriteMode } from '../fileArguments.ts';
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
