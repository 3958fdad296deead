import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { Context, Distribution, MPI } from '../../../src/entry/index.ts';
import { coincide } from '../../../src/ops/align.ts';
import type { Numbers } from '../../support/einsum.ts';
import { anyDistribution } from '../../support/maps.ts';
import { anyProduct } from '../../support/productCases.ts';
import { sharedProperty } from '../../support/sharedProperty.ts';
import { sharedSeed } from '../../support/sharedSeed.ts';

const { size } = MPI.COMM_WORLD;
const ctx = new Context();

/** Small integers, so that sums are exact in any order. */
function numbersOf(shape: readonly number[], seed: number): Numbers {
  const count = shape.reduce((product, extent) => product * extent, 1);
  const data = Array.from({ length: count }, (_, k) => (((k + seed) * 7919) % 13) - 6);
  return { shape, data };
}

/** Any distribution, of transposed grids too. */
function anyPlaced(shape: readonly number[]): fc.Arbitrary<Distribution> {
  const turned = anyDistribution([...shape].reverse(), size).map((other) => other.transpose());
  return fc.oneof(
    { weight: 3, arbitrary: anyDistribution(shape, size) },
    { weight: 1, arbitrary: turned },
  );
}

const calls = anyProduct.chain((call) =>
  fc.tuple(fc.constant(call), fc.tuple(...call.shapes.map(anyPlaced)), fc.nat(100)),
);

describe('products', () => {
  it('are those of one process, whatever the distributions, and lie where `infer` says', () => {
    fc.assert(
      sharedProperty(calls, ([call, distributions, seed]) => {
        const plain = call.shapes.map((shape, k) => numbersOf(shape, seed + 5 * k));
        const arrays = plain.map(({ shape, data }, k) =>
          ctx.fromArray(
            { data: Float64Array.from(data), shape },
            { distribution: distributions[k] },
          ),
        );
        const result = call.run(arrays);
        const { shape, data } = call.expected(plain);
        assert.deepEqual([...result.shape], [...shape]);
        const inferred = call.infer(arrays, size);
        assert.equal(result.dtype, inferred.dtype);
        const { distribution } = result;
        assert.ok(
          coincide(distribution, inferred.distribution) &&
            distribution.equals(inferred.distribution),
          `${distribution} is not ${inferred.distribution}`,
        );
        const everywhere = Distribution.replicated(shape, { size });
        const found = result.distributeAs(everywhere).local.toContiguous();
        assert.deepEqual(
          Array.from(found as Float64Array, (value) => value + 0),
          data.map((value) => value + 0),
        );
      }),
      { seed: sharedSeed(), numRuns: 100 },
    );
  });
});
