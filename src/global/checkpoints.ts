/** Checkpoints of distributed arrays, as methods of contexts. */
import type { Dtype } from '../dtype/dtype.ts';
import { jsonOf } from '../io/checkpoint/manifest.ts';
import { checkFileName, checkOptions as checkObject } from '../io/fileArguments.ts';
import { restoreOperation, saveCheckpointOperation } from '../io/fileOperations.ts';
import type { Distribution } from '../maps/distribution.ts';
import { checkOptions, optionNames } from '../options.ts';
import { Context } from './context.ts';
import { taken } from './discovered.ts';
import type { DistArray } from './distArray.ts';

/** What {@link CheckpointMethods.checkpoint} writes. */
export interface CheckpointOptions {
  /** Arrays by name, of any distribution; their names are those of files. */
  readonly arrays?: Readonly<Record<string, DistArray<Dtype>>>;
  /** Whatever JSON keeps: finite numbers, texts, booleans, null, lists, plain objects. Default null. */
  readonly state?: unknown;
  /** How many checkpoints stay in the directory, this one among them. Default 2. */
  readonly keep?: number;
}

/** Options of {@link CheckpointMethods.restore}. */
export interface RestoreOptions {
  /** Distributions of arrays, by name. */
  readonly distributions?: Readonly<Record<string, Distribution>>;
  /** Number of the checkpoint; default the last one. */
  readonly generation?: number;
}

const CHECKPOINT_OPTIONS = optionNames<CheckpointOptions>({
  arrays: true,
  state: true,
  keep: true,
});
const RESTORE_OPTIONS = optionNames<RestoreOptions>({ distributions: true, generation: true });

/** What {@link CheckpointMethods.restore} returns. */
export interface Restored<State = unknown> {
  /** The arrays by their names. */
  readonly arrays: Readonly<Record<string, DistArray>>;
  readonly state: State;
  /** Number of the checkpoint. */
  readonly generation: number;
}

/** The methods of contexts that write and read checkpoints. */
export interface CheckpointMethods {
  /**
   * Writes several arrays and a state as one whole, together with where `ctx.random` is; returns the number of the
   * checkpoint: 1, 2, ….
   *
   *     ctx.checkpoint('run', { arrays: { u, v }, state: { step } });
   *     const { arrays: { u, v }, state } = ctx.restore('run');
   *
   * A job that is killed meanwhile, at whatever point, leaves the former checkpoint valid; `docs/io.md` says what is
   * in the directory.
   *
   * @param directory - seen by all processes; made when it is not there. One job at a time writes to it
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike: `EACCES`, `ENOSPC`, `ENOTDIR`, …
   */
  checkpoint(directory: string, contents: CheckpointOptions): number;
  /**
   * Reads the last checkpoint of a directory, compares its checksums, and sets `ctx.random` to where it was.
   *
   * On as many processes as wrote it the arrays are distributed as they were; on others in the same kind of
   * distribution (blocks, cyclic, …) over the context's targets, unless `distributions` names another.
   *
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike: `ERR_CHECKPOINT_NONE` when there is no complete one,
   * `ERR_CHECKPOINT_CORRUPT` when a file is missing or a byte of one has changed, `ERR_CHECKPOINT_DISTRIBUTION` when
   * an array needs a distribution, …; `ctx.random` stays as it is then
   */
  restore<State = unknown>(directory: string, options?: RestoreOptions): Restored<State>;
}

const METHODS: CheckpointMethods & ThisType<Context> = {
  checkpoint(directory, contents) {
    const { names, handles, state, keep } = this.session.agree(() => {
      checkFileName(directory, 'directory');
      checkOptions(contents, CHECKPOINT_OPTIONS, '{ arrays: { u }, state }', 'contents');
      const { arrays = {}, state: given = null, keep: kept } = contents;
      checkObject(arrays, 'contents.arrays');
      for (const array of Object.values(arrays)) this.checkOwn(array);
      return {
        names: Object.keys(arrays),
        handles: Object.values(arrays).map(({ handle }) => handle),
        state: JSON.parse(jsonOf(given, 'contents.state')) as unknown,
        keep: kept,
      };
    });
    const random = this.random.getState();
    const params = { directory, names, state, random, keep };
    return this.session.evaluate(saveCheckpointOperation, handles, params);
  },
  restore<State>(directory: string, options: RestoreOptions = {}): Restored<State> {
    const { session, targets } = this;
    session.agree(() => checkOptions(options, RESTORE_OPTIONS, '{ generation: 3 }'));
    const { distributions, generation } = options;
    const params = { directory, targets, distributions, generation };
    const { arrays, state, random, ...rest } = session.evaluate(restoreOperation, [], params);
    const made = arrays.map(([name, number]) => [name, taken(this, number)] as const);
    if (random !== null) this.random.setState(random);
    return { arrays: Object.fromEntries(made), state: state as State, ...rest };
  },
};

for (const [name, value] of Object.entries(METHODS)) {
  Object.defineProperty(Context.prototype, name, { value, writable: true, configurable: true });
}
