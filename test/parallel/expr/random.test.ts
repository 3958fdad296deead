// ranks: 1-5
/** Random expressions: what NumPy gives, and what the same functions give one after the other. */
import { strict as assert } from 'node:assert';
import type { Dtype } from '../../../src/dtype/dtype.ts';
import { canCast } from '../../../src/dtype/promotion.ts';
import { Context, type DistArray, type ExpressionOperand, expr } from '../../../src/entry/index.ts';
import { type StridedView, viewOf } from '../../../src/kernels/stridedView.ts';
import { ask, assertHolds, withCheckedInference } from '../../support/distributedOracle.ts';
import { firstDifference } from '../../support/elements.ts';
import {
  Expressions,
  expressionJob,
  inChain,
  type Node,
  type Range,
  templateOf,
  textOfRanges,
} from '../../support/expressions.ts';
import { Arrays, Dice } from '../../support/indexCases.ts';
import { decode, type Encoded, needNumpy } from '../../support/numpy.ts';
import { sharedSeed } from '../../support/sharedSeed.ts';

const ctx = new Context();
ctx.eager = true;

/** A template whose strings are made while the test runs. */
type Call = (strings: TemplateStringsArray, ...values: ExpressionOperand[]) => DistArray;
const call = (tag: Call, [strings, values]: readonly [string[], ExpressionOperand[]]) =>
  tag(strings as unknown as TemplateStringsArray, ...values);

const anyShape = (dice: Dice) =>
  Array.from({ length: dice.between(1, 3) }, () => dice.oneOf([1, 2, 3, 4, 5, 6, 7, 9, 0]));

const shown = ([strings, values]: readonly [string[], ExpressionOperand[]]) =>
  strings.reduce((text, part, k) => {
    const value = values[k - 1];
    const inside = typeof value === 'object' && 'distribution' in value;
    return `${text}\${${inside ? `${value.dtype} ${value.distribution}` : String(value)}}${part}`;
  });

const elementsOf = (array: DistArray): StridedView => {
  const { data, shape } = array.toArray();
  return viewOf(data as StridedView['data'], array.dtype, shape);
};

describe('random expressions', function () {
  this.timeout(60_000);
  before(function () {
    needNumpy(this);
  });

  it('give what they give in NumPy, in every dtype and distribution', () => {
    const dice = new Dice(sharedSeed());
    const arrays = new Arrays(ctx, dice);
    const jobs: object[] = [];
    const results: { array: DistArray; text: string }[] = [];
    withCheckedInference(ctx, () => {
      for (let k = 0; k < 40; k++) {
        const expressions = new Expressions(dice, { shape: anyShape(dice), isForNumpy: true });
        const operands = expressions.views.map((view) => arrays.of(view));
        const tree = expressions.tree(3);
        const template = templateOf(tree, operands);
        results.push({ array: call(expr, template), text: shown(template) });
        jobs.push(expressionJob(tree, expressions.views));
      }
    });
    const expected = ask<Encoded>(jobs);
    results.forEach(({ array, text }, k) => {
      assertHolds(array, decode(expected[k]), text);
    });
  });

  it('give the bits that the functions give one after the other', () => {
    const dice = new Dice(sharedSeed());
    const arrays = new Arrays(ctx, dice);
    for (let k = 0; k < 40; k++) {
      const expressions = new Expressions(dice, { shape: anyShape(dice), isForNumpy: false });
      const operands = expressions.views.map((view) => arrays.of(view));
      const tree = expressions.tree(3);
      const template = templateOf(tree, operands);
      const [fused, chain] = [call(expr, template), inChain(tree, operands) as DistArray];
      assert.deepEqual(fused.shape, chain.shape, shown(template));
      const difference = firstDifference(elementsOf(fused), elementsOf(chain));
      assert.equal(difference, undefined, shown(template));
    }
  });

  it('go into arrays and slices of them, which may be among the operands', () => {
    const dice = new Dice(sharedSeed());
    const arrays = new Arrays(ctx, dice);
    const jobs: object[] = [];
    const results: { array: DistArray; text: string }[] = [];
    while (jobs.length < 30) {
      const shape = anyShape(dice);
      const expressions = new Expressions(dice, { shape, isForNumpy: true });
      const tree = expressions.tree(2);
      const target = targetOf(dice, expressions, shape, tree);
      if (target === null) continue;
      const operands = expressions.views.map((view, place) =>
        // Which of several copies of an element stays is told by no order.
        arrays.of(view, place === target.into ? once(arrays, view) : undefined),
      );
      const template = templateOf(tree, operands);
      const out = operands[target.into];
      const tag =
        target.slice === null ? expr.into(out) : expr.assign(out, textOfRanges(target.slice));
      const result = call(tag, template);
      assert.equal(result.dtype, out.dtype);
      results.push({ array: out, text: `${JSON.stringify(target)} ${shown(template)}` });
      jobs.push(expressionJob(tree, expressions.views, target));
    }
    const expected = ask<Encoded>(jobs);
    results.forEach(({ array, text }, k) => {
      assertHolds(array, decode(expected[k]), text);
    });
  });

  it('are reduced as NumPy reduces them', () => {
    const dice = new Dice(sharedSeed());
    const arrays = new Arrays(ctx, dice);
    const jobs: object[] = [];
    const results: { array: DistArray; text: string; isRounded: boolean }[] = [];
    while (jobs.length < 30) {
      const shape = anyShape(dice);
      const dtypes: Dtype[] = ['bool', 'int8', 'int32', 'int64', 'uint8', 'float64'];
      const expressions = new Expressions(dice, { shape, isForNumpy: true, dtypes });
      const tree = expressions.tree(2);
      if (tree.kind !== 'call' || !tree.isExact || tree.dtype === 'complex128') continue;
      // Sums of what is no integer depend on their order.
      const names = ['sum', 'mean', 'var', 'std', 'max', 'min', 'any', 'all', 'count_nonzero'];
      const name = dice.oneOf([...names, 'prod', 'argmax', 'argmin']);
      if (['argmax', 'argmin'].includes(name) && tree.dtype === 'bool') continue;
      const needsSome = ['max', 'min', 'argmax', 'argmin', 'mean', 'var', 'std'].includes(name);
      const result = shapeOfTree(tree, expressions);
      if (result.length === 0 || (needsSome && result.includes(0))) continue;
      const axes = [...result.keys()].filter(() => dice.chance(0.5));
      const single = name.startsWith('arg');
      const axis = dice.chance(0.4) ? null : single ? dice.below(result.length) : axes;
      const keepdims = dice.chance(0.5);
      const ddof = name === 'var' || name === 'std' ? 0 : undefined;
      const operands = expressions.views.map((view) => arrays.of(view, once(arrays, view)));
      const [strings, values] = templateOf(tree, operands);
      const axisText =
        axis === null ? 'None' : single ? `${axis}` : `(${axes.map((a) => `${a},`).join(' ')})`;
      strings[0] = `${name}(${strings[0]}`;
      strings[strings.length - 1] +=
        `, axis=${axisText}, keepdims=${keepdims ? 'True' : 'False'}${ddof === undefined ? '' : `, ddof=${ddof}`})`;
      results.push({
        array: call(expr, [strings, values]),
        text: shown([strings, values]),
        isRounded: ['mean', 'var', 'std', 'prod', 'sum'].includes(name),
      });
      const options = { axis, keepdims, ...(ddof === undefined ? {} : { ddof }) };
      jobs.push(expressionJob(tree, expressions.views, { reduce: name, options }));
    }
    const expected = ask<Encoded>(jobs);
    results.forEach(({ array, text, isRounded }, k) => {
      const wanted = decode(expected[k]);
      const tolerance = { ulps: isRounded ? 8 : 0, loose: true };
      assert.deepEqual(array.shape, wanted.shape, text);
      const difference = firstDifference(elementsOf(array), wanted, tolerance);
      assert.equal(difference, undefined, `${text}`);
    });
  });
});

/** A distribution without copies of elements. */
function once(arrays: Arrays, { shape }: StridedView) {
  for (;;) {
    const distribution = arrays.distribution(shape);
    if (!distribution.dist.includes('u')) return distribution;
  }
}

function shapeOfTree(node: Node, { views }: Expressions): readonly number[] {
  if (node.kind === 'scalar') return [];
  if (node.kind === 'array') {
    const { shape } = views[node.array];
    return node.ranges?.map((range, axis) => lengthOf(range, shape[axis])) ?? shape;
  }
  const shapes = node.operands.map((each) => shapeOfTree(each, { views } as Expressions));
  const ndim = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: ndim }, (_, axis) => {
    const extents = shapes.map((shape) => shape[axis - ndim + shape.length] ?? 1);
    return extents.find((extent) => extent !== 1) ?? 1;
  });
}

function lengthOf([start, stop, given]: Range, extent: number): number {
  const step = given ?? 1;
  const from = start ?? (step > 0 ? 0 : extent - 1);
  const to = stop === null ? (step > 0 ? extent : -1) : stop < 0 ? stop + extent : stop;
  return Math.max(0, Math.ceil((to - from) / step));
}

/** Where the result goes: an operand or a slice of one that it can be cast to. */
function targetOf(
  dice: Dice,
  expressions: Expressions,
  shape: readonly number[],
  tree: Node,
): { into: number; slice: ReturnType<typeof rangesFor> | null } | null {
  const into = dice.oneOf([0, 2, 3]);
  const view = expressions.views[into];
  if (tree.kind === 'scalar' || !canCast(tree.dtype, view.dtype, 'sameKind')) return null;
  return { into, slice: into === 0 ? null : rangesFor(dice, shape, view.shape) };
}

function rangesFor(dice: Dice, shape: readonly number[], base: readonly number[]) {
  return shape.map((extent, axis): [number, number | null, number | null] => {
    const low = dice.between(0, base[axis] - extent);
    if (extent > 0 && dice.chance(0.2)) return [low + extent - 1, low === 0 ? null : low - 1, -1];
    return [low, low + extent, null];
  });
}
