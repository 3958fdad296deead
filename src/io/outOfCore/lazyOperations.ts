/** What is computed from arrays in files block by block, as operations of sessions. */
import type { Dtype } from '../../dtype/dtype.ts';
import type { ReductionName } from '../../dtype/reductions.ts';
import type { LocalArray } from '../../local/localArray.ts';
import type { Distribution } from '../../maps/distribution.ts';
import { keep, keptValue, letGo } from '../../ops/keptValues.ts';
import {
  type OperationEnvironment,
  type ValueOperation,
  valueOperation,
} from '../../ops/operation.ts';
import { planReduction } from '../../ops/reduce/reduce.ts';
import { checkFileName, type WriteMode } from '../fileArguments.ts';
import type { Hdf5Mode } from '../hdf5/intoFile.ts';
import type { BlockSource } from './blockSource.ts';
import { computeBlocks, eachBlock, type LocalBlock } from './computeBlocks.ts';
import type { Expression } from './expression.ts';
import { withArrays } from './expressionArrays.ts';
import { hdf5Source } from './hdf5Source.ts';
import { type Bins, histogramBlocks } from './histogram.ts';
import { npySource } from './npySource.ts';
import { type BlockReduceOptions, reduceBlocks } from './reduceBlocks.ts';
import { storeHdf5, storeNpy } from './storeBlocks.ts';

/** A lazy array; the arrays in memory that it is made of are those of the operation. */
export interface LazyParams {
  readonly expression: Expression;
  /** Bytes that a process may use. */
  readonly memory: number;
}

/** The expression, and how it is computed here. */
function here<Params extends LazyParams>(
  locals: readonly LocalArray[],
  { expression, memory }: Params,
  { comm, traffic }: OperationEnvironment,
) {
  return [withArrays(expression, locals), { comm, traffic, memory }] as const;
}

/** {@link npySource} as an operation. */
export const openNpyOperation: ValueOperation<{ readonly name: string }, BlockSource> =
  valueOperation('openNpy', {
    check: (_, { name }) => checkFileName(name, 'name'),
    run: (_, { name }, { comm }) => npySource(name, comm),
  });

/** {@link hdf5Source} as an operation. */
export const openHdf5Operation: ValueOperation<
  { readonly name: string; readonly key: string },
  BlockSource
> = valueOperation('openHdf5', {
  check: (_, { name }) => checkFileName(name, 'name'),
  run: (_, { name, key }, { comm }) => hdf5Source(name, key, comm),
});

/** {@link computeBlocks} as an operation. */
export const computeLazy: ValueOperation<
  LazyParams & { readonly distribution: Distribution },
  LocalArray
> = valueOperation('lazy.compute', {
  check: () => {},
  run(locals, params, environment) {
    const [expression, evaluation] = here(locals, params, environment);
    return computeBlocks(expression, params.distribution, evaluation);
  },
});

/** {@link reduceBlocks} as an operation; returns the numbers of the results, which are kept. */
export const reduceLazy: ValueOperation<
  LazyParams & {
    readonly names: readonly ReductionName[];
    readonly options: BlockReduceOptions;
  },
  readonly number[]
> = valueOperation('lazy.reduce', {
  check(_, { expression, names, options }) {
    for (const name of names) planReduction(expression, name, options);
  },
  run(locals, params, environment) {
    const { names, options } = params;
    const [expression, evaluation] = here(locals, params, environment);
    const results = reduceBlocks(expression, names, options, evaluation);
    return results.map((result) => keep(environment.comm, result));
  },
});

/** {@link histogramBlocks} as an operation; returns the numbers of the results, which are kept. */
export const histogramLazy: ValueOperation<
  LazyParams & { readonly bins: Bins; readonly range: readonly [number, number] | undefined },
  { readonly counts: number; readonly edges: number }
> = valueOperation('lazy.histogram', {
  check: () => {},
  run(locals, params, environment) {
    const { bins, range } = params;
    const [expression, evaluation] = here(locals, params, environment);
    const { counts, edges } = histogramBlocks(expression, bins, range, evaluation);
    const keepHere = (result: LocalArray<Dtype>) => keep(environment.comm, result);
    return {
      counts: keepHere(counts as LocalArray<Dtype>),
      edges: keepHere(edges as LocalArray<Dtype>),
    };
  },
});

/** {@link storeNpy} as an operation. */
export const storeLazyNpy: ValueOperation<
  LazyParams & { readonly name: string; readonly mode: WriteMode },
  void
> = valueOperation('lazy.toNpy', {
  check: () => {},
  run(locals, params, environment) {
    const [expression, evaluation] = here(locals, params, environment);
    storeNpy(expression, params.name, params.mode, evaluation);
  },
});

/** {@link storeHdf5} as an operation. */
export const storeLazyHdf5: ValueOperation<
  LazyParams & { readonly name: string; readonly key: string; readonly mode: Hdf5Mode },
  void
> = valueOperation('lazy.toHdf5', {
  check: () => {},
  run(locals, params, environment) {
    const { name, key, mode } = params;
    const [expression, evaluation] = here(locals, params, environment);
    storeHdf5(expression, name, { key, mode }, evaluation);
  },
});

/** Begins to go through the blocks of an array ({@link eachBlock}); returns the number of what does. */
export const beginBlocks: ValueOperation<
  LazyParams & { readonly rows: number | undefined },
  number
> = valueOperation('lazy.beginBlocks', {
  check: () => {},
  run(locals, params, environment) {
    const [expression, evaluation] = here(locals, params, environment);
    const { rows } = params;
    // They are read until the end: nobody gives their memory to others before.
    for (const local of locals) local.handOut();
    return keep(environment.comm, eachBlock(expression, evaluation, { rows }));
  },
});

/** Goes on to the next block; returns where it begins, and the number under which it is kept. Null when all are done. */
export const nextBlock: ValueOperation<
  number,
  { readonly offset: readonly number[]; readonly array: number } | null
> = valueOperation('lazy.nextBlock', {
  check: () => {},
  run(_, blocks, { comm }) {
    const { value, done } = (keptValue(comm, blocks) as Generator<LocalBlock, undefined>).next();
    if (done === true || value === undefined) return null;
    const { offset, array } = value;
    // Its memory is used again: nothing that is computed from it may wait.
    array.handOut();
    return { offset, array: keep(comm, array) };
  },
});

/** Ends going through blocks, wherever it has come to. */
export const endBlocks: ValueOperation<number, void> = valueOperation('lazy.endBlocks', {
  check: () => {},
  run(_, blocks, { comm }) {
    (letGo(comm, blocks) as Generator<LocalBlock> | undefined)?.return(undefined);
  },
});
