/** Arrays as text, one row a line, written by all processes together. */
import type { Dtype } from '../../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../../errors.ts';
import { readElement } from '../../local/elementAccess.ts';
import { LocalArray } from '../../local/localArray.ts';
import { Distribution } from '../../maps/distribution.ts';
import { agree, checkSame } from '../../mpi/agreement.ts';
import type { Comm } from '../../mpi/communicator.ts';
import { redistribute } from '../../ops/redistribute/redistribute.ts';
import type { Traffic } from '../../ops/redistribute/traffic.ts';
import { writeAtomically } from '../atomicFile.ts';
import { withFile, writeAt } from '../boxTransfers.ts';
import { checkFileName, checkOptions, checkWriteMode, type WriteMode } from '../fileArguments.ts';
import { TransferProgress } from '../transferProgress.ts';
import { numberFormat } from './numberFormat.ts';

/** Options of {@link saveTxt}. */
export interface SaveTxtOptions {
  /** What stands between two numbers of a row. Default a space. */
  readonly delimiter?: string;
  /** The format of each number, as that of `printf`: `%.18e` is NumPy's default; ours the shortest exact text. */
  readonly fmt?: string;
  /** What ends a line. Default `\n`. */
  readonly newline?: '\n' | '\r\n';
  /** Lines before the numbers, each behind `comments`. */
  readonly header?: string;
  /** Lines behind the numbers, each behind `comments`. */
  readonly footer?: string;
  /** Default `'# '`. */
  readonly comments?: string;
  /** What becomes of a file that exists; default `w`, as in NumPy. */
  readonly mode?: WriteMode;
  /** Counts what this process sends to others. @internal */
  readonly traffic?: Traffic;
}

/** Elements that are formatted at once. */
const BLOCK_ELEMENTS = 2 ** 16;

/**
 * Writes an array of one or two dimensions as text, a line a row, or an element of one dimension (`numpy.savetxt`).
 * Each process formats its rows, and holds their text. The file gets its name when it is complete and on disk.
 *
 * @param name - path of the file, seen by all processes
 * @param array - the local part, on every process of its communicator
 * @remarks Collective over `array.comm`. Arrays that do not lie in blocks of rows are redistributed first.
 * @throws {@link DistArrayError} on every process alike: `EEXIST` (`w-`), `EACCES`, `ENOENT`, `ENOSPC`, …
 */
export function saveTxt(name: string, array: LocalArray, options: SaveTxtOptions = {}): void {
  if (!(array instanceof LocalArray)) throw new ArgumentTypeError('array', 'a LocalArray', array);
  const { comm, dtype, distribution, globalShape } = array;
  agree(comm, () => {
    checkOptions(options);
    checkFileName(name, 'name');
    checkWriteMode(options.mode ?? 'w');
    numberFormat(options.fmt);
    for (const key of ['delimiter', 'header', 'footer', 'comments'] as const) {
      const value = options[key];
      if (value === undefined || typeof value === 'string') continue;
      throw new ArgumentTypeError(`options.${key}`, 'a text', value);
    }
    if (!['\n', '\r\n'].includes(options.newline ?? '\n')) {
      throw new ArgumentRangeError('options.newline', "'\\n' or '\\r\\n'", options.newline);
    }
    if (array.ndim === 1 || array.ndim === 2) return;
    throw new ArgumentRangeError('array', 'an array of one or two dimensions', globalShape);
  });
  const { mode = 'w', traffic, ...text } = options;
  const said = JSON.stringify(text);
  checkSame(comm, { name, mode, dtype, distribution: String(distribution), options: said });
  const inRows = Distribution.fromShape(globalShape, { dist: { 0: 'b' }, size: comm.size });
  const rows = distribution.isCompatible(inRows) ? array : redistribute(array, inRows, { traffic });
  writeAtomically(comm, name, { exclusive: mode === 'w-' }, (temporary) =>
    writeRows(comm, temporary, name, rows, text),
  );
}

function writeRows(
  comm: Comm,
  path: string,
  name: string,
  array: LocalArray,
  options: SaveTxtOptions,
): void {
  const { header, footer, comments = '# ', newline = '\n' } = options;
  const remark = (text: string | undefined) =>
    text === undefined
      ? ''
      : text.replace(/^/gm, () => comments).replaceAll('\n', newline) + newline;
  withFile(comm, path, 'r+', (file) => {
    const progress = new TransferProgress(comm, 'writing', name, array.localSize);
    try {
      const pieces = agree(comm, () => [
        Buffer.from(comm.rank === 0 ? remark(header) : ''),
        ...formatted(array, options, (elements) => progress.add(elements)),
        Buffer.from(comm.rank === comm.size - 1 ? remark(footer) : ''),
      ]);
      const own = pieces.reduce((sum, { length }) => sum + length, 0);
      const total = comm.scan(own);
      let at = total - own;
      for (const piece of pieces) {
        if (piece.length > 0) writeAt(file, at, piece);
        at += piece.length;
      }
    } finally {
      progress.finish();
    }
  });
}

/** The text of this process's rows. */
function formatted(
  array: LocalArray,
  { delimiter = ' ', fmt, newline = '\n' }: SaveTxtOptions,
  progress: (elements: number) => void,
): Buffer[] {
  const { dtype, localShape, localSize } = array;
  const format = numberFormat(fmt);
  const [rows, columns = 1] = array.rank < 0 ? [0] : localShape;
  const data = localSize > 0 ? array.toContiguous() : null;
  const rowsOfBlock = Math.max(1, Math.floor(BLOCK_ELEMENTS / Math.max(1, columns)));
  const pieces: Buffer[] = [];
  for (let first = 0; first < rows; first += rowsOfBlock) {
    const end = Math.min(rows, first + rowsOfBlock);
    const lines: string[] = [];
    for (let row = first; row < end; row++) {
      const fields: string[] = [];
      for (let k = row * columns; k < (row + 1) * columns; k++) {
        fields.push(format(readElement<Dtype>(data as NonNullable<typeof data>, dtype, k)));
      }
      lines.push(fields.join(delimiter) + newline);
    }
    pieces.push(Buffer.from(lines.join('')));
    progress((end - first) * columns);
  }
  return pieces;
}
