/** Files of bare elements and of text, as methods of contexts and arrays. */
import type { Dtype } from '../dtype/dtype.ts';
import {
  fromFileOperation,
  loadTxtOperation,
  saveTxtOperation,
  toFileOperation,
} from '../io/fileOperations.ts';
import type { FromFileOptions, ToFileOptions } from '../io/rawFile.ts';
import type { LoadTxtOptions } from '../io/text/loadTxt.ts';
import type { SaveTxtOptions } from '../io/text/saveTxt.ts';
import { Distribution } from '../maps/distribution.ts';
import { DISTRIBUTION_OPTIONS } from '../maps/distributionOptions.ts';
import { checkOptions, type OptionNames, optionNames } from '../options.ts';
import { Context } from './context.ts';
import { discovered } from './discovered.ts';
import { DistArray } from './distArray.ts';

/** Options of files that are not the context's to choose. */
type Chosen<Options> = Omit<Options, 'comm' | 'traffic'>;

const FROM_FILE_OPTIONS = optionNames<Chosen<FromFileOptions>>({
  ...DISTRIBUTION_OPTIONS,
  distribution: true,
  dtype: true,
  shape: true,
  count: true,
  offset: true,
  order: true,
  byteOrder: true,
});
const LOAD_TXT_OPTIONS = optionNames<Chosen<LoadTxtOptions>>({
  ...DISTRIBUTION_OPTIONS,
  distribution: true,
  dtype: true,
  delimiter: true,
  quoteChar: true,
  comments: true,
  skipRows: true,
  useCols: true,
  fillingValue: true,
  missingValues: true,
});
const SAVE_TXT_OPTIONS = optionNames<Chosen<SaveTxtOptions>>({
  delimiter: true,
  fmt: true,
  newline: true,
  header: true,
  footer: true,
  comments: true,
  mode: true,
});
const TO_FILE_OPTIONS = optionNames<Chosen<ToFileOptions>>({ mode: true });

/** The methods of contexts that read plain files, and write text. */
export interface PlainFileMethods {
  /**
   * Reads an array from a file of nothing but its elements (`numpy.fromfile`).
   *
   *     ctx.fromFile('volume.bin', { dtype: 'float32', shape: [256, 256, 1024], dist: 'bbn' });
   *
   * @param options - `dtype` (default float64), `shape` or `count`, `offset` in bytes, `order`, `byteOrder`; `dist` and
   * the like, or `distribution`
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike: `ENOENT`, `ERR_FILE_TRUNCATED` when the file has fewer
   * elements or ends within one, …
   */
  fromFile<D extends Dtype = 'float64'>(
    name: string,
    options?: Chosen<FromFileOptions<D>>,
  ): DistArray<D>;
  /**
   * Reads numbers from a text, a row a line (`numpy.loadtxt`); with `delimiter: ','` a CSV file. Each process reads the
   * lines of its share of the file.
   *
   *     ctx.loadTxt('data.csv', { delimiter: ',', skipRows: 1, useCols: [0, 2], fillingValue: NaN });
   *
   * @remarks Collective. The result has two dimensions, one with a number as `useCols`.
   * @throws {@link DistArrayError} on every process alike: `ENOENT`, …, and with the number of the line
   * `ERR_TXT_RAGGED`, `ERR_TXT_NUMBER`, `ERR_TXT_QUOTE`
   */
  loadTxt<D extends Dtype = 'float64'>(
    name: string,
    options?: Chosen<LoadTxtOptions<D>>,
  ): DistArray<D>;
  /**
   * Writes an array of one or two dimensions as text, a row a line (`numpy.savetxt`).
   *
   * @param options - `delimiter` (default a space), `fmt`, `header`, `footer`, `mode`, …
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike: `EEXIST` (`mode: 'w-'`), `EACCES`, `ENOENT`, …
   */
  saveTxt(name: string, array: DistArray<Dtype>, options?: Chosen<SaveTxtOptions>): void;
}

/** The method of arrays that writes bare elements. */
export interface ToFileMethod {
  /**
   * Writes the elements, one after the other in C order, into a file, and nothing else (`ndarray.tofile`).
   *
   * @param options - `mode`: `'w'` replaces a file (the default), `'w-'` fails when there is one
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike: `EEXIST`, `EACCES`, `ENOENT`, …
   */
  toFile(name: string, options?: Chosen<ToFileOptions>): void;
}

const CONTEXT_METHODS: PlainFileMethods & ThisType<Context> = {
  fromFile<D extends Dtype>(name: string, options: Chosen<FromFileOptions<D>> = {}) {
    const params = { name, options: placed(this, options, FROM_FILE_OPTIONS) };
    return discovered<typeof params, D>(this, fromFileOperation, params);
  },
  loadTxt<D extends Dtype>(name: string, options: Chosen<LoadTxtOptions<D>> = {}) {
    const params = { name, options: placed(this, options, LOAD_TXT_OPTIONS) };
    return discovered<typeof params, D>(this, loadTxtOperation, params);
  },
  saveTxt(name, array, options = {}) {
    this.checkOwn(array);
    checkOptions(options, SAVE_TXT_OPTIONS, "{ delimiter: ',' }");
    this.session.evaluate(saveTxtOperation, [array.handle], { name, options });
  },
};

/** The options with what the context has to say. */
function placed<Options extends Chosen<FromFileOptions<Dtype> | LoadTxtOptions<Dtype>>>(
  context: Context,
  options: Options,
  names: OptionNames,
) {
  const { session, targets } = context;
  session.agree(() => {
    checkOptions(options, names, "{ dtype: 'float32' }");
    const { distribution } = options;
    if (distribution instanceof Distribution) {
      context.checkDistribution(distribution, 'options.distribution');
    }
  });
  return { targets, ...options };
}

const ARRAY_METHODS: ToFileMethod & ThisType<DistArray> = {
  toFile(name, options = {}) {
    checkOptions(options, TO_FILE_OPTIONS, "{ mode: 'w-' }");
    this.context.session.evaluate(toFileOperation, [this.handle], { name, options });
  },
};

for (const [owner, methods] of [
  [Context.prototype, CONTEXT_METHODS],
  [DistArray.prototype, ARRAY_METHODS],
] as const) {
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(owner, name, { value, writable: true, configurable: true });
  }
}
