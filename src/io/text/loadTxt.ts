/** Numbers in text files, CSV among them, read by all processes together. */
import type { Dtype } from '../../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError, DistArrayError } from '../../errors.ts';
import { LocalArray } from '../../local/localArray.ts';
import { BlockMap } from '../../maps/blockMap.ts';
import { Distribution } from '../../maps/distribution.ts';
import type { FromShapeOptions } from '../../maps/distributionOptions.ts';
import { UndistributedMap } from '../../maps/undistributedMap.ts';
import { agree, checkSame, onRoot } from '../../mpi/agreement.ts';
import { COMM_WORLD, type Comm } from '../../mpi/communicator.ts';
import { redistribute } from '../../ops/redistribute/redistribute.ts';
import type { Traffic } from '../../ops/redistribute/traffic.ts';
import { checkEverywhere } from '../atomicFile.ts';
import { checkComm, checkFileName, checkOptions } from '../fileArguments.ts';
import { TransferProgress } from '../transferProgress.ts';
import { lineError, readRows, type TextRows } from './rowReader.ts';
import { type CheckedTextOptions, checkTextOptions, type TextOptions } from './textFormat.ts';
import { TextFile, type TextHead } from './textLines.ts';

/** Options of {@link loadTxt}. */
export interface LoadTxtOptions<D extends Dtype = Dtype>
  extends TextOptions<D>,
    Omit<FromShapeOptions, 'size'> {
  /** How the array is spread, in the place of `dist`, `gridShape`, …; its shape must be that of the file. */
  readonly distribution?: Distribution;
  /** Processes that share the array; default `COMM_WORLD`. */
  readonly comm?: Comm;
  /** Counts what this process sends to others. @internal */
  readonly traffic?: Traffic;
}

/**
 * Reads a text of numbers, one row a line, into an array (`numpy.loadtxt`): of the shape (rows, columns), or (rows) with
 * a number as `useCols`. The file is split by bytes: each process reads the lines that begin in its share, a few MiB at a
 * time. Lines end in `\n` or `\r\n`; empty ones and comments are skipped.
 *
 * Numbers are what the dtype has next to the decimal ones: `1.5`, `-2e-3`, `.5`, `inf`, `nan`; of 64-bit integers all
 * digits count; complex ones are `1+2j` or `(1+2j)`, bools integers or `true` and `false`.
 *
 * @param name - path of the file, seen by all processes
 * @returns the local part
 * @remarks Collective over `options.comm`.
 * @throws {@link DistArrayError} on every process alike: `ENOENT`, `EACCES`, …, `ERR_TXT_RAGGED` for a row with another
 * number of fields than the first, `ERR_TXT_NUMBER` for a field that is no number and `ERR_TXT_QUOTE` for a quoted one that does
 * not end with a quote on its line, all with the number of the line,
 * `ERR_TXT_SHAPE` when the distribution has another shape
 */
export function loadTxt<D extends Dtype = 'float64'>(
  name: string,
  options: LoadTxtOptions<D> = {},
): LocalArray<D> {
  checkOptions(options);
  const { comm = COMM_WORLD, traffic, distribution: given, ...rest } = options;
  const { dtype, delimiter, quoteChar, comments, skipRows, useCols, ...others } = rest;
  const { fillingValue, missingValues, ...shaped } = others;
  checkComm(comm);
  const format = { dtype, delimiter, quoteChar, comments, skipRows, useCols };
  const text = { ...format, fillingValue, missingValues };
  const checked = agree(comm, () => {
    checkFileName(name, 'name');
    if (given !== undefined && !(given instanceof Distribution)) {
      throw new ArgumentTypeError('options.distribution', 'a Distribution', given);
    }
    return checkTextOptions(text);
  });
  checkSame(comm, {
    name,
    options: JSON.stringify([text, shaped], (_, value) =>
      typeof value === 'bigint' || typeof value === 'number' ? `${value}` : value,
    ),
    'options.distribution': String(given),
  });
  checkEverywhere(comm, name, 'r');
  const read = new TextReader(comm, name, checked).read();
  const { globalShape } = read;
  const distribution = agree(comm, () => {
    const made = given ?? Distribution.fromShape(globalShape, { size: comm.size, ...shaped });
    if (String(made.shape) === String(globalShape)) return made;
    throw new DistArrayError(
      'ERR_TXT_SHAPE',
      `The shape of '${name}' is [${globalShape.join(', ')}], but the distribution's is ` +
        `[${made.shape.join(', ')}]`,
    );
  });
  if (distribution.isCompatible(read.distribution)) {
    return new LocalArray(distribution, {
      comm,
      dtype: read.dtype,
      data: read.data,
    }) as LocalArray<D>;
  }
  return redistribute(read, distribution, { traffic }) as LocalArray<D>;
}

/** Reads one file. Its methods are collective. */
class TextReader {
  readonly #comm: Comm;
  readonly #name: string;
  readonly #checked: CheckedTextOptions;

  constructor(comm: Comm, name: string, checked: CheckedTextOptions) {
    this.#comm = comm;
    this.#name = name;
    this.#checked = checked;
  }

  /** Returns the rows, those of each process where it has read them. */
  read(): LocalArray {
    const { format, skipRows, columns, isFlat } = this.#checked;
    const comm = this.#comm;
    const head: TextHead = JSON.parse(
      onRoot(comm, () => JSON.stringify(this.#open((file) => file.head(skipRows, format)))),
    );
    const { fields } = head;
    const chosen = columns === null ? null : resolveColumns(columns, fields);
    const width = chosen?.length ?? fields;
    const exact = {
      ...format,
      fields: chosen === null ? fields : null,
      columns: chosen === null ? null : Int32Array.from(chosen),
    };
    const { rows, lines, data, problem } = this.#rows(head, exact, width);
    const counts = new Float64Array(2 * comm.size);
    comm.allgather(Float64Array.of(rows, lines), counts);
    const before = (each: number, rank: number) =>
      counts.subarray(0, 2 * rank).reduce((sum, count, k) => sum + (k % 2 === each ? count : 0), 0);
    agree(comm, () => {
      if (problem === null) return;
      throw lineError(this.#name, skipRows + before(1, comm.rank) + lines + 1, problem);
    });
    const bounds = Array.from({ length: comm.size + 1 }, (_, rank) => before(0, rank));
    const maps = [BlockMap.fromBounds(bounds), ...(isFlat ? [] : [new UndistributedMap(width)])];
    return new LocalArray<Dtype>(Distribution.fromMaps(maps), {
      comm,
      dtype: format.dtype,
      data,
      isOwn: true,
    });
  }

  #rows(head: TextHead, format: CheckedTextOptions['format'], width: number): TextRows {
    const { begin, size, fields } = head;
    const { rank, size: processes } = this.#comm;
    const bound = (each: number) => begin + Math.floor(((size - begin) * each) / processes);
    const share = bound(rank + 1) - bound(rank);
    return agree(this.#comm, () => {
      const progress = new TransferProgress(this.#comm, 'reading', this.#name, share);
      try {
        return this.#open((file) => {
          const from = file.lineFrom(bound(rank), begin);
          const to = rank + 1 === processes ? size : file.lineFrom(bound(rank + 1), begin);
          return readRows(file, [from, to], format, fields, width, (bytes) => progress.add(bytes));
        });
      } finally {
        progress.finish();
      }
    });
  }

  #open<T>(use: (file: TextFile) => T): T {
    const file = new TextFile(this.#name);
    try {
      return use(file);
    } finally {
      file.close();
    }
  }
}

/** Columns from 0, of rows with as many fields as the first. */
function resolveColumns(columns: readonly number[], fields: number): readonly number[] {
  if (fields === 0) return columns;
  return columns.map((column) => {
    const positive = column < 0 ? column + fields : column;
    if (positive >= 0 && positive < fields) return positive;
    const expected = `columns of rows with ${fields} fields, as the first one has`;
    throw new ArgumentRangeError('options.useCols', expected, column);
  });
}
