import { strict as assert } from 'node:assert';
import { Distribution } from '../../../src/entry/maps.ts';
import { planProduct } from '../../../src/ops/product/productPlan.ts';
import { planTensordot } from '../../../src/ops/product/tensordotPlan.ts';

const P = 4;
const meta = (shape: number[], dist: string, options: object = {}) => ({
  dtype: 'float64' as const,
  distribution: Distribution.fromShape(shape, { dist, size: P, ...options }),
});
const copies = (shape: number[]) => ({
  dtype: 'float64' as const,
  distribution: Distribution.replicated(shape, { size: P }),
});

describe('the plan of a product of matrices', () => {
  it('keeps rows of the first and columns of the second on a common grid', () => {
    for (const dist of ['bb', 'cc', 'bn', 'nb', 'nn']) {
      const [a, b] = [meta([8, 8], dist), meta([8, 8], dist)];
      const { result, ...factors } = planProduct(a, b, []);
      assert.ok(result.isCompatible(a.distribution), dist);
      assert.ok(factors.a.distribution.isCompatible(a.distribution), dist);
      assert.ok(factors.b.distribution.isCompatible(b.distribution), dist);
    }
    const { result } = planProduct(meta([8, 8], 'bc'), meta([8, 8], 'cb'), []);
    assert.deepEqual(result.dist, ['b', 'b']);
    assert.deepEqual(result.gridShape, [2, 2]);
  });

  it('otherwise lets the fewest bytes travel', () => {
    const tall = meta([10_000, 3], 'bn');
    const small = planProduct(tall, meta([3, 3], 'bb', { size: 2 }), []);
    assert.ok(small.result.maps[0].equals(tall.distribution.maps[0]));
    assert.ok(small.a.distribution.isCompatible(tall.distribution));
    const wide = meta([3, 10_000], 'nb');
    const left = planProduct(meta([3, 3], 'bn', { size: 2 }), wide, []);
    assert.ok(left.result.isCompatible(wide.distribution));
    const many = { size: 64 };
    const square = planProduct(meta([640, 640], 'bn', many), meta([640, 640], 'nb', many), []);
    assert.deepEqual(square.result.gridShape, [8, 8]);
  });

  it('lets sums travel where both factors are spread along a long inner dimension', () => {
    const [a, b] = [meta([6, 10_000], 'nb'), meta([10_000, 5], 'bn')];
    const plan = planProduct(a, b, []);
    assert.equal(plan.mergedAxis, 0);
    assert.deepEqual(plan.result.gridShape, [4, 1]);
    assert.equal(planProduct(a, meta([10_000, 5], 'cn'), []).mergedAxis, null);
    assert.equal(planProduct(meta([600, 10], 'nb'), meta([10, 500], 'bn'), []).mergedAxis, null);
    assert.equal(planProduct(meta([5, 10_000], 'nc'), meta([10_000, 6], 'cn'), []).mergedAxis, 1);
  });

  it('leaves replicated factors where they are when whole ones are needed', () => {
    const a = meta([8, 5], 'bn');
    const plan = planProduct(a, copies([5, 3]), []);
    assert.deepEqual(plan.b.spread, []);
    assert.ok(plan.result.maps[0].equals(a.distribution.maps[0]));
    assert.ok(planProduct(copies([2, 5]), copies([5, 3]), []).result.isReplicated);
  });

  it('has stacks spread along their first dimension multiplied in place', () => {
    const [a, b] = [meta([8, 3, 4], 'bnn'), meta([8, 4, 5], 'bnn')];
    const { result, ...factors } = planProduct(a, b, [8]);
    assert.deepEqual(result.gridShape, [4, 1, 1]);
    assert.ok(factors.b.distribution.isCompatible(b.distribution));
  });

  it('spreads one matrix for a whole stack over all processes', () => {
    const a = meta([8, 3, 4], 'bnn');
    const b = meta([4, 5], 'bn');
    const plan = planProduct(a, b, [8]);
    assert.ok(plan.result.maps[0].equals(a.distribution.maps[0]));
    assert.deepEqual(plan.b.spread, [0, 1]);
    assert.deepEqual(plan.b.distribution.gridShape, [1, 4, 1]);
  });
});

describe('the plan of a sum over pairs of axes', () => {
  it('keeps the larger factor that is spread along an axis of the result', () => {
    const a = meta([8, 6, 4], 'bnn');
    const b = meta([6, 4, 3], 'bnn');
    const plan = planTensordot(a, b, { a: [1, 2], b: [0, 1] }, P);
    assert.ok(plan.a.distribution.isCompatible(a.distribution));
    assert.ok(plan.b.distribution.isCompatible(b.distribution));
    assert.deepEqual(plan.result.gridShape, [4, 1]);
  });

  it('otherwise spreads the longest axis of the result', () => {
    const a = meta([4, 6], 'nb');
    const b = meta([9, 6], 'nb');
    const plan = planTensordot(a, b, { a: [1], b: [1] }, P);
    assert.deepEqual(plan.result.shape, [4, 9]);
    assert.deepEqual(plan.result.gridShape, [1, 4]);
  });

  it('makes sums over all axes known to every process', () => {
    const plan = planTensordot(meta([4, 6], 'bn'), meta([6, 4], 'bn'), { a: [0, 1], b: [1, 0] }, P);
    assert.ok(plan.result.isReplicated);
    assert.deepEqual(plan.result.shape, []);
  });
});
