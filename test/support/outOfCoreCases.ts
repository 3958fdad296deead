/** Random arrays in .npy files and what is computed from them, as NumPy is told and as lazy arrays take it. */
import type { Dtype } from '../../src/dtype/dtype.ts';
import { numpyName } from '../../src/dtype/numpyNames.ts';
import type { Context, LazyArray } from '../../src/entry/index.ts';
import type { Dice } from './indexCases.ts';

/** A reduction, for both. */
export interface ReductionCase {
  readonly names: readonly (
    | 'sum'
    | 'mean'
    | 'var'
    | 'std'
    | 'min'
    | 'max'
    | 'any'
    | 'all'
    | 'countNonzero'
  )[];
  readonly axis: number | readonly number[] | null;
  readonly keepdims: boolean;
}

/** A file, an expression of its array, and how much memory there is. */
export interface OutOfCoreCase {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly memory: number;
  /** What is computed. */
  readonly lazy: (opened: LazyArray) => LazyArray;
  readonly text: string;
  readonly reduction: ReductionCase;
  /** What test/fixtures/numpy/out_of_core.py takes. */
  readonly numpy: {
    readonly seed: number;
    readonly shape: readonly number[];
    readonly dtype: string;
    readonly byteorder: string;
    readonly order: string;
    readonly nan: boolean;
    readonly expressions: Readonly<Record<string, string>>;
  };
}

interface Step {
  readonly text: (x: string) => string;
  readonly apply: (x: LazyArray) => LazyArray;
}

const DTYPES: readonly Dtype[] = [
  'float64',
  'float64',
  'float32',
  'int32',
  'int64',
  'uint8',
  'bool',
  'complex128',
];

/** Functions that any array of numbers can take. */
const anyNumbers = (ctx: Context, dice: Dice): Step[] => {
  const k = dice.between(1, 5);
  return [
    { text: (x) => `(${x}) * 2 + ${k}`, apply: (x) => x.mul(2).add(k) },
    { text: (x) => `np.square(${x}) - (${x})`, apply: (x) => x.square().sub(x) },
    {
      text: (x) => `-(${x})[..., ::-1] + (${x})`,
      apply: (x) => x.slice('..., ::-1').negative().add(x),
    },
    { text: (x) => `(${x}) != ${k}`, apply: (x) => x.notEqual(k) },
    {
      text: (x) => `(${x}) + np.arange((${x}).shape[-1], dtype='float64')`,
      apply: (x) => x.add(ctx.arange(x.shape[x.ndim - 1], { dist: dice.oneOf(['b', 'c', 'n']) })),
    },
  ];
};
const realNumbers = (_: Context, dice: Dice): Step[] => {
  const k = dice.between(1, 5);
  return [
    {
      text: (x) => `np.abs((${x}).astype('float64')) ** 0.5`,
      apply: (x) => x.astype('float64').abs().power(0.5),
    },
    { text: (x) => `np.clip(${x}, 1, ${k + 1})`, apply: (x) => x.clip(1, k + 1) },
    { text: (x) => `np.maximum(${x}, ${k})`, apply: (x) => x.maximum(k) },
    { text: (x) => `np.sin((${x}).astype('float64'))`, apply: (x) => x.astype('float64').sin() },
  ];
};

/** A slice of an array of this shape that leaves a dimension. */
function anySlice(dice: Dice, shape: readonly number[]): string {
  const bound = (extent: number) =>
    dice.chance(0.4) ? '' : String(dice.between(-extent - 2, extent + 2));
  const range = (extent: number) =>
    `${bound(extent)}:${bound(extent)}:${dice.oneOf(['', '1', '2', '3', '-1', '-2'])}`;
  const entries = shape.map((extent, axis) =>
    extent > 0 && axis < shape.length - 1 && dice.chance(0.2)
      ? String(dice.between(-extent, extent - 1))
      : range(extent),
  );
  const most = dice.chance(0.3) ? entries.slice(0, dice.between(1, entries.length)) : entries;
  if (dice.chance(0.15)) most.splice(dice.below(most.length), 0, 'None');
  return most.join(', ');
}

/** Returns a random case. */
export function anyOutOfCoreCase(ctx: Context, dice: Dice): OutOfCoreCase {
  const ndim = dice.oneOf([1, 2, 2, 3]);
  const longest = [0, 40_000, 300, 40][ndim];
  const shape = Array.from({ length: ndim }, () =>
    dice.chance(0.03) ? 0 : dice.between(1, longest),
  );
  const dtype = dice.oneOf(DTYPES);
  const steps: Step[] = [];
  let sliced = shape;
  for (let k = dice.below(3); k > 0; k--) {
    // What is left has the same extents for NumPy; only bounds beyond it depend on the shape.
    const spec = anySlice(dice, sliced);
    steps.push({ text: (x) => `(${x})[${spec}]`, apply: (x) => x.slice(spec) });
    sliced = shapeAfter(ctx, sliced, spec);
  }
  let kind = dtype;
  for (let k = dice.below(3); k > 0; k--) {
    if (kind === 'bool') break;
    const choices = anyNumbers(ctx, dice);
    if (kind !== 'complex128') choices.push(...realNumbers(ctx, dice));
    const step = dice.oneOf(choices);
    steps.push(step);
    if (step.text('x').includes('!=')) kind = 'bool';
  }
  const text = steps.reduce((x, step) => step.text(x), 'a');
  const reduction = anyReduction(dice, sliced.length, kind);
  const axis = Array.isArray(reduction.axis)
    ? `(${reduction.axis.map((each) => `${each},`).join('')})`
    : (reduction.axis ?? 'None');
  const python = (name: string) => {
    const function_ = name === 'countNonzero' ? 'count_nonzero' : name;
    return `reduced('${function_}', ${text}, axis=${axis}, keepdims=${reduction.keepdims ? 'True' : 'False'})`;
  };
  return {
    dtype,
    shape,
    memory: dice.oneOf([2 ** 16, 100_000, 2 ** 18, 2 ** 20]),
    lazy: (opened) => steps.reduce((x, step) => step.apply(x), opened),
    text,
    reduction,
    numpy: {
      seed: dice.below(1e6),
      shape,
      dtype: numpyName(dtype),
      byteorder: dice.chance(0.3) ? '>' : '<',
      order: dice.chance(0.3) ? 'F' : 'C',
      nan: dice.chance(0.1),
      expressions: {
        whole: text,
        ...Object.fromEntries(reduction.names.map((name) => [name, python(name)])),
      },
    },
  };
}

function anyReduction(dice: Dice, ndim: number, dtype: Dtype): ReductionCase {
  const all = [...Array(ndim).keys()];
  const some = all
    .filter(() => dice.chance(0.5))
    .map((axis) => (dice.chance(0.5) ? axis : axis - ndim));
  const axis = dice.oneOf([null, some, dice.between(-ndim, ndim - 1)]);
  const sums = ['sum', 'mean', 'any', 'all', 'countNonzero'] as const;
  const real = [...sums, 'var', 'std', 'min', 'max'] as const;
  const possible: readonly (typeof real)[number][] =
    dtype === 'complex128' ? [...sums, 'var'] : real;
  const names = [dice.oneOf(possible), dice.oneOf(possible), 'sum' as const];
  return { names: [...new Set(names)], axis, keepdims: dice.chance(0.5) };
}

/** The shape that a slice leaves. */
function shapeAfter(ctx: Context, shape: readonly number[], spec: string): number[] {
  return [...ctx.distribution(shape).slice(spec).shape];
}
