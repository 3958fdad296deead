// ranks: 4
/** Contexts of DistArray 0.5 on 4 processes; differences are in docs/differences.md. */
import { strict as assert } from 'node:assert';
import { parseNumpyName } from '../../../../src/dtype/numpyNames.ts';
import {
  Context,
  CyclicMap,
  type DistArray,
  Distribution,
  type Dtype,
  type LocalArray,
  proxyize,
  ValueProxy,
} from '../../../../src/entry/index.ts';
import {
  type Described,
  described,
  describedGolden,
  type GoldenArray,
  type GoldenOutcome,
  inputOf,
  readExactly,
  sameOutcome,
  wanted,
} from '../../../support/goldenArrays.ts';
import { agreesWithGolden, outcome, REFUSED } from '../../../unit/maps/golden/golden.ts';

interface Case extends GoldenOutcome {
  readonly case: string;
}

interface ViewCase extends Case {
  readonly input: GoldenArray;
  readonly view_dtype: string | null;
}

const golden = readExactly<{
  readonly creation: readonly Case[];
  readonly view: readonly ViewCase[];
  readonly apply: readonly Case[];
}>('context');
const ctx = new Context();

const CREATION: Record<string, () => DistArray> = {
  'zeros((5,))': () => ctx.zeros([5]),
  'ones((2,2),complex)': () => ctx.ones([2, 2], { dtype: 'complex128' }),
  'zeros int shape 5': () => ctx.zeros(5 as never),
  'zeros bool': () => ctx.zeros([3], { dtype: 'bool' }),
  'zeros((0,))': () => ctx.zeros([0]),
  'fromarray list': () => ctx.fromArray([1, 2, 3]),
  'fromarray bool': () => ctx.fromArray([true, false, true]),
  'fromarray cyclic': () => ctx.fromArray([0n, 1n, 2n, 3n, 4n], { dist: 'c' }),
  'fromarray empty (0,)': () => ctx.fromArray({ data: new Float64Array(0), shape: [0] }),
  'same with targets': () => ctx.zeros([8], { targets: [0, 1] }),
  'block-cyclic partial (buggy)': () => {
    const map = new CyclicMap(9, 2, { blockSize: 2 });
    return ctx.arange(9).distributeAs(Distribution.fromMaps([map]));
  },
  'fromfunction dtype=int': () =>
    ctx.fromFunction((i, j) => 10 * i + j, [3, 4], { dtype: 'int64' }),
  'fromfunction lambda': () => ctx.fromFunction((i) => 2 * i, [5]),
  'fromfunction kwargs k=5': () => ctx.fromFunction((i) => i + 5, [5]),
  'fromfunction shape ()': () => ctx.fromFunction(() => 5, []),
};

/** How the arrays lie that are viewed, where the first dimension is not in blocks over all processes. */
const VIEWED: Record<string, { dist?: string; targets?: number[] }> = {
  'nb int32->int16': { dist: 'nb' },
  'cyclic int32->int16': { dist: 'c' },
  'subset targets [0,1] int32->i2': { targets: [0, 1] },
};

const six = ctx.arange(6);
const total = (part: LocalArray<'float64'>): number =>
  Array.from(part.toContiguous()).reduce((s, x) => s + x, 0);
const boom = (_: LocalArray): never => {
  throw new RangeError('boom');
};
/** Calls a function as a method of a context. */
function registered<Args extends never[]>(
  fn: (...args: Args) => unknown,
  ...args: unknown[]
): unknown {
  const own = new Context().register({ called: fn });
  const arrays = args.map((arg) => (arg === six ? own.arange(6) : arg));
  return (own.called as (...all: unknown[]) => unknown)(...arrays);
}

const APPLY: Record<string, () => unknown> = {
  'apply const': () => ctx.apply(() => 42),
  'apply with key': () => ctx.apply(total, [six]),
  'apply returns proxyize': () => ctx.apply(() => proxyize(10)),
  'apply proxy roundtrip': () => {
    const [proxy] = ctx.apply(() => proxyize(10));
    return ctx.apply((ten: number) => 2 * ten, [proxy]);
  },
  'apply builtin len': () => ctx.apply((list: readonly number[]) => list.length, [[1, 2]]),
  'apply autoproxyize': () => ctx.apply((part) => part, [six], { autoproxyize: true }),
  'apply raises on engines': () => ctx.apply(boom, [six]),
  'closure function': () => {
    const captured = 3;
    return ctx.apply(() => captured, [], { capture: { captured } });
  },
  'register sum: list, one per target': () => registered(total, six),
  'register one non-None: unwrapped': () =>
    registered((part: LocalArray) => (part.rank === 1 ? 'only' : null), six),
  'register ndarray': () => registered((part: LocalArray<'float64'>) => part.toContiguous(), six),
  'register kwarg DistArray': () => {
    const scaled = ({ part }: { part: LocalArray<'float64'> }) => total(part);
    const own = new Context().register({ scaled }, { capture: { total } });
    return own.scaled({ part: own.arange(6) });
  },
  'register comm info': () => registered((part: LocalArray) => [part.commRank, part.commSize], six),
  'register no DistArray arg': () => registered((n: number) => n, 3),
  'register raising': () => registered(boom, six),
  'register on subset targets [1,3]': () => {
    const own = new Context().register({ total });
    return own.total(own.arange(6, { targets: [1, 3] }));
  },
  'register underscore': () => new Context().register({ _priv: () => 1 }),
  'register allowed: name not in the clash list ("allclose")': () =>
    new Context().register({ allclose: () => 'method' }),
};

/** Python's names of types. */
const TYPES: Readonly<Record<string, string>> = {
  number: "<class 'int'>",
  LocalArray: "<class 'distarray.localapi.localarray.LocalArray'>",
};

/** In comparable form: typed arrays and proxies as the golden files write them. */
function plain(value: unknown): unknown {
  if (value instanceof ValueProxy) {
    const [prefix] = /^__distarray__/.exec(value.name) ?? [];
    const type = TYPES[value.typeString];
    return { Proxy: { type_str: type, module_name: '__main__', name_prefix: prefix } };
  }
  if (!(value instanceof Float64Array)) return Array.isArray(value) ? value.map(plain) : value;
  return { dtype: '<f8', shape: [value.length], data: Array.from(value) };
}

function plainGolden(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainGolden);
  const { ndarray } = (value ?? {}) as { ndarray?: GoldenArray };
  return ndarray === undefined ? value : (describedGolden(ndarray) satisfies Described);
}

/** What a call gives, or that it is refused; an error of the function is one, too. */
function answer(call: () => unknown): unknown {
  return outcome(() => {
    try {
      return plain(call());
    } catch (error) {
      if (/boom/.test(String(error))) return REFUSED;
      throw error;
    }
  });
}

describe('contexts and golden cases', () => {
  agreesWithGolden(
    'context.json: creation',
    golden.creation.map((one, i) => ({
      name: String(i),
      golden: wanted(one),
      ours: () => outcome(() => described(CREATION[one.case]())),
    })),
    sameOutcome,
  );

  agreesWithGolden(
    'context.json: view',
    golden.view.map((one, i) => ({
      name: String(i),
      golden: wanted(one),
      ours: () =>
        outcome(() => {
          const { input, dtype } = inputOf(one.input);
          const array = ctx.fromArray(input, { dtype, ...VIEWED[one.case] });
          if (one.view_dtype === null) return described(array.view());
          const view = array.view(parseNumpyName(`<${one.view_dtype}`).dtype as Dtype);
          const before = described(view);
          // The same memory: what is written to one shows in the other.
          array.fill(0);
          assert.ok(described(view).data.every((element) => Number(element) === 0));
          return before;
        }),
    })),
    sameOutcome,
  );

  agreesWithGolden(
    'context.json: apply',
    golden.apply.map((one, i) => ({
      name: String(i),
      golden: one.error === undefined ? plainGolden(one.result) : REFUSED,
      ours: () => answer(APPLY[one.case]),
    })),
  );
});
