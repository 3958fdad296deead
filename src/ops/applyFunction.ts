/** Running a function of a program next to the data. */
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { LocalArray } from '../local/localArray.ts';
import type { Comm } from '../mpi/communicator.ts';
import { type PartMeta, partMeta } from './functions/arrayOfParts.ts';
import { replaceInside } from './functions/insideValues.ts';
import { beginCall } from './functions/namespace.ts';
import { callKeeping, proxyize, ValueProxy } from './functions/proxy.ts';
import { callOnTargets, checkTargets, notAwaited } from './functions/targetCall.ts';
import { valueOperation } from './operation.ts';
import { isAsync, type ShippedFunction } from './shippedFunction.ts';

/** Stands among the arguments for the next array. */
export const NEXT_ARRAY: symbol = Symbol.for('distarray.nextArray');

/** A call of a function on several processes: plain data, apart from the function. */
export interface ApplyParams {
  readonly fn: ShippedFunction;
  /** What the function is called with: values, and {@link NEXT_ARRAY} for each array, also in lists and object literals. */
  readonly args: readonly unknown[];
  /** The processes that call it. */
  readonly targets: readonly number[];
  /** Whose names objects get that the function keeps; see `openScope`. */
  readonly scope: number;
  /** Whether arrays that it returns are kept, and proxies told of; otherwise they are an error. */
  readonly keepsArrays: boolean;
  /** Whether promises are waited for. */
  readonly awaits: boolean;
}

/** What a target has returned: a value, or an array, which stays where it is. */
export type Returned =
  | { readonly kind: 'value'; readonly value: unknown }
  | {
      readonly kind: 'array';
      readonly proxy: ValueProxy<LocalArray>;
      readonly part: PartMeta;
    };

/**
 * Calls a function on some processes with the local parts of arrays, and tells all processes what each has
 * returned, in the order of the targets. A local array is not sent: the processes that returned it keep it. The result is a
 * promise where the function returns one, and where its module must be imported first.
 */
export const applyFunction = valueOperation<ApplyParams, Returned[] | Promise<Returned[]>>(
  'apply',
  {
    check: (_, { targets }) => checkTargets(targets, Number.MAX_SAFE_INTEGER),
    run: (arrays, params, { comm }) => {
      const { fn, args, targets, awaits, keepsArrays } = params;
      const names = beginCall(params.scope);
      const run = () => {
        let compiled: (...args: never[]) => unknown;
        return callOnTargets<Returned>(comm, {
          targets,
          awaits,
          prepare: () => {
            checkTargets(targets, comm.size);
            for (const array of arrays) array.handOut();
            // A name means something on the targets only.
            compiled = targets.includes(comm.rank) ? fn.compile() : NOTHING;
            if (!awaits && isAsync(compiled)) throw notAwaited();
          },
          call: () => {
            let next = 0;
            const filled = (value: unknown) => {
              if (value === NEXT_ARRAY) return arrays[next++];
              return value instanceof ValueProxy ? value.dereference() : value;
            };
            const given = args.map((arg) => replaceInside(arg, filled));
            return callKeeping(names, awaits, () =>
              (compiled as (...all: unknown[]) => unknown)(...given),
            );
          },
          tell: (value) => {
            if (!(value instanceof LocalArray)) return { kind: 'value', value };
            if (!keepsArrays) throw notData(value);
            checkComm(value, comm);
            value.handOut();
            // Also where it is the result of a promise.
            const proxy = callKeeping(`${names}r`, false, () => proxyize<LocalArray>(value));
            return { kind: 'array', proxy, part: partMeta(value) };
          },
        });
      };
      const loading = fn.load();
      return loading === undefined ? run() : loading.then(run);
    },
  },
);

const NOTHING = () => undefined;

function notData(array: LocalArray): ArgumentTypeError {
  const expected = 'a function that returns data (see register() and { autoproxyize: true })';
  return new ArgumentTypeError('fn', expected, array);
}

function checkComm(array: LocalArray, comm: Comm): void {
  if (array.comm === comm || array.comm.compare(comm) !== 'unequal') return;
  throw new ArgumentRangeError('fn', 'arrays of the context’s communicator as results', array.comm);
}
