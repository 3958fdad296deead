/** Local arrays that processes keep by name as a distributed one. */
import type { Dtype } from '../../dtype/dtype.ts';
import { ArgumentTypeError } from '../../errors.ts';
import { LocalArray } from '../../local/localArray.ts';
import type { DimData } from '../../maps/dimData.ts';
import type { Distribution } from '../../maps/distribution.ts';
import { agree } from '../../mpi/agreement.ts';
import { arrayOperation, valueOperation } from '../operation.ts';
import { deleteNamed, named } from './namespace.ts';

/** What a process tells of its part of an array. */
export interface PartMeta {
  readonly dtype: Dtype;
  readonly dimData: readonly DimData[];
  readonly shape: readonly number[];
  readonly isReplicated: boolean;
}

/** Returns what a process tells of its part. */
export function partMeta({ dtype, dimData, globalShape, distribution }: LocalArray): PartMeta {
  const { isReplicated } = distribution;
  return { dtype, dimData: [...dimData], shape: [...globalShape], isReplicated };
}

/** What is known of local arrays that processes keep under one name: from each process, null where it has none. */
export const describeParts = valueOperation<{ readonly name: string }, (PartMeta | null)[]>(
  'describeParts',
  {
    check: () => undefined,
    run: (_, { name }, { comm }) => {
      const own = agree(comm, () => {
        const part = named(name);
        if (part === undefined) return null;
        if (part instanceof LocalArray) return partMeta(part);
        throw new ArgumentTypeError('local', 'a proxy of LocalArrays', part);
      });
      return comm.size === 1 ? [own] : comm.allgatherObjects(own);
    },
  },
);

/** What {@link arrayOfParts} takes. */
export interface PartsParams {
  /** The name of the parts on the processes that have one. */
  readonly name: string;
  readonly dtype: Dtype;
  readonly distribution: Distribution;
  /** Whether the name is forgotten. */
  readonly forget: boolean;
}

/** Makes an array of what processes keep under a name; those that have nothing there have nothing of the array. */
export const arrayOfParts = arrayOperation<PartsParams>('arrayOfParts', {
  infer: (_, { dtype, distribution }) => ({ dtype, distribution }),
  run: (_, { name, dtype, distribution, forget }, { comm }) => {
    const part = named(name);
    if (forget) deleteNamed(name);
    if (part === undefined) return new LocalArray(distribution, { dtype, comm });
    if (!(part instanceof LocalArray))
      throw new ArgumentTypeError('local', 'a proxy of LocalArrays', part);
    part.handOut();
    if (part.distribution.isCompatible(distribution)) return part;
    // The same indices, described in another way: a slice as the list of what it has.
    const data = part.isStrided ? part.strided : part.toContiguous();
    return new LocalArray(distribution, { dtype, comm, data });
  },
});
