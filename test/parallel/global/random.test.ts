import { strict as assert } from 'node:assert';
import { ArgumentRangeError, ArgumentTypeError, Context } from '../../../src/entry/index.ts';
import { fromRoot, size } from '../../support/mode.ts';

const ctx = new Context();

after(() => ctx.close());

describe('ctx.random', () => {
  // numpy.random.Generator(numpy.random.Philox(key=42)).random((2, 3)), and then .random(2)
  const first = [
    [0.8201981478608876, 0.18924562408645496, 0.8676608148821462],
    [0.3945814702827203, 0.36812845090913937, 0.4344462539595917],
  ];
  const second = [0.1946354913878905, 0.06224821089808552];

  it('gives what NumPy gives for the same key, call after call', () => {
    for (const dist of ['bn', 'nb', 'cn', 'cc', 'nn']) {
      ctx.random.seed(42);
      assert.deepEqual(ctx.random.rand([2, 3], { dist }).toNested(), first);
      assert.deepEqual(ctx.random.rand([2], { dist: dist[0] }).toNested(), second);
    }
  });

  it('makes arrays of a distribution, and of other dtypes', () => {
    const distribution = ctx.distribution([4, size + 1], { dist: 'nb' });
    const single = ctx.random.seed(1).rand(distribution, { dtype: 'float32' });
    assert.equal(single.dtype, 'float32');
    assert.deepEqual(single.dist, ['n', 'b']);
    const integers = ctx.random.randint([100], -2, 3, { dtype: 'int8' });
    assert.equal(integers.dtype, 'int8');
    assert.equal(+integers.min(), -2);
    assert.equal(+integers.max(), 2);
    assert.equal(ctx.random.integers([5], 1n).dtype, 'int64');
  });

  it('is the same for every distribution', () => {
    const make = (dist: string): unknown[] => {
      const random = ctx.random.seed(7);
      return [
        random.normal([5, 7], 10, 2, { dist }),
        random.exponential([5, 7], 3, { dist }),
        random.beta([5, 7], 2, 3, { dist }),
        random.poisson([5, 7], 4, { dist }),
        random.uniform([5, 7], -1, 1, { dist }),
      ].map((array) => array.toNested());
    };
    assert.deepEqual(make('cb'), make('bn'));
  });

  it('permutes', () => {
    const numbers = ctx.random.permutation(50, { dist: 'c' }).toNested() as unknown as bigint[];
    assert.deepEqual(
      numbers.map(Number).sort((a, b) => a - b),
      Array.from({ length: 50 }, (_, i) => i),
    );
    assert.notDeepEqual(numbers, [...numbers].sort());
  });

  it('goes on from a state', () => {
    const state = JSON.parse(JSON.stringify(ctx.random.getState()));
    const numbers = ctx.random.randn([6]).toNested();
    assert.deepEqual(ctx.random.setState(state).randn([6]).toNested(), numbers);
  });

  it('is seeded alike on all processes without a seed', () => {
    using other = new Context();
    const key = other.random.getState().key;
    assert.equal(
      fromRoot(() => key),
      key,
    );
    assert.notEqual(other.random.seed().getState().key, key);
  });

  it('stays where it is when arguments are wrong', () => {
    const state = ctx.random.getState();
    assert.throws(() => ctx.random.normal([3], 0, -1), ArgumentRangeError);
    assert.throws(() => ctx.random.rand([3], { dtype: 'int8' as 'float32' }), ArgumentTypeError);
    assert.throws(() => ctx.random.randint([3], 5, 5), ArgumentRangeError);
    assert.throws(() => ctx.random.randint([3], 0, 300, { dtype: 'int8' }), ArgumentRangeError);
    assert.throws(() => ctx.random.seed(-1), ArgumentRangeError);
    assert.deepEqual(ctx.random.getState(), state);
  });
});
