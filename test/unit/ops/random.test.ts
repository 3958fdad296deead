/** Random numbers of one process: known answers, NumPy's stream, moments and distribution functions. */
import { strict as assert } from 'node:assert';
import type { Dtype } from '../../../src/dtype/dtype.ts';
import { raw } from '../../../src/kernels/block.ts';
import { fillRandom } from '../../../src/kernels/random.ts';
import { newView } from '../../../src/kernels/stridedView.ts';
import { LocalArray } from '../../../src/local/localArray.ts';
import { Distribution } from '../../../src/maps/distribution.ts';
import { type RandomState, RandomStream } from '../../../src/ops/random/randomStream.ts';
import { decode, type Encoded, needNumpy } from '../../support/numpy.ts';
import { askReductions } from '../../support/numpyReductions.ts';

function zeros<D extends Dtype>(shape: readonly number[], dtype: D): LocalArray<D> {
  return new LocalArray<D>(Distribution.fromShape(shape, { size: 1 }), { dtype });
}

const stream = (seed: number | bigint = 20140311) => new RandomStream(undefined, { seed });

describe('Philox4x64-10', () => {
  // Random123 1.14, tests/kat_vectors: counter, key, answer.
  const vectors = [
    [
      '0000000000000000 0000000000000000 0000000000000000 0000000000000000',
      '0000000000000000 0000000000000000',
      '16554d9eca36314c db20fe9d672d0fdc d7e772cee186176b 7e68b68aec7ba23b',
    ],
    [
      'ffffffffffffffff ffffffffffffffff ffffffffffffffff ffffffffffffffff',
      'ffffffffffffffff ffffffffffffffff',
      '87b092c3013fe90b 438c3c67be8d0224 9cc7d7c69cd777b6 a09caebf594f0ba0',
    ],
    [
      '243f6a8885a308d3 13198a2e03707344 a4093822299f31d0 082efa98ec4e6c89',
      '452821e638d01377 be5466cf34e90c6c',
      'a528f45403e61d95 38c72dbd566e9788 a5a1610e72fd18b5 57bd43b5e52b7fe6',
    ],
  ].map((vector) => vector.map((words) => words.split(' ').map((word) => BigInt(`0x${word}`))));

  it('gives the known answers of Random123', () => {
    for (const [counter, key, answer] of vectors) {
      const words = raw.philox(BigUint64Array.from(counter), BigUint64Array.from(key));
      assert.deepEqual([...words], answer);
    }
  });

  it('gives the same in rows as one by one, from every beginning', () => {
    const key = [123456789n, 987654321n] as const;
    for (const [first, count] of [
      [0, 300],
      [1, 3],
      [2, 65],
      [3, 200],
      [1021, 64],
      [7, 1],
    ]) {
      const view = newView('uint64', [count]);
      const places = [{ table: null, start: first, blockSize: count, stride: count }];
      // Below 2^64: the draws as they are.
      const parameters = { key, offset: 0, integers: [0n, 0n] } as const;
      fillRandom(view, 'integers', places, [count], parameters);
      const expected = Array.from(view.data, (_, i) => {
        const counter = BigUint64Array.of(BigInt(Math.floor((first + i) / 4) + 1), 0n, 0n, 0n);
        return raw.philox(counter, BigUint64Array.from(key))[(first + i) % 4];
      });
      assert.deepEqual([...view.data], expected);
    }
  });
});

describe('a random stream beside NumPy', () => {
  before(function () {
    needNumpy(this);
  });

  it('rand gives the numbers of Generator(Philox(key)), call after call', () => {
    const shapes = [[3], [5, 7], [1], [2, 3, 4], [], [1000]];
    const seeds = [0n, 42n, 2n ** 64n - 1n, 2n ** 64n + 12345n, 2n ** 128n - 1n];
    const jobs = seeds.map((key) => ({ job: 'rand', key: String(key), shapes }));
    const answers = askReductions<Encoded[]>(jobs);
    seeds.forEach((seed, k) => {
      const random = stream(seed);
      shapes.forEach((shape, call) => {
        const expected = decode(answers[k][call]);
        assert.deepEqual(random.rand(zeros(shape, 'float64')).toContiguous(), expected.data);
      });
    });
  });

  it('uniform is its uniform', () => {
    const job = { job: 'uniform', key: '7', low: -2.5, high: 1e3, shape: [500] };
    const [expected] = askReductions<Encoded>([job]);
    const actual = stream(7).uniform(zeros([500], 'float64'), -2.5, 1e3);
    assert.deepEqual(actual.toContiguous(), decode(expected).data);
  });

  it('normal numbers are the quantiles of the draws', () => {
    const count = 2000;
    const draws = newView('uint64', [count]);
    const places = [{ table: null, start: 0, blockSize: count, stride: count }];
    fillRandom(draws, 'integers', places, [count], { key: [5n, 0n], offset: 0 });
    const lower = [...draws.data].map(
      (word) => (word >> 63n ? 2n ** 64n - 1n - word : word) >> 11n,
    );
    const [quantiles] = askReductions<number[]>([{ job: 'quantiles', k: lower.map(Number) }]);
    const normals = stream(5)
      .randn(zeros([count], 'float64'))
      .toContiguous();
    normals.forEach((z, i) => {
      const expected = draws.data[i] >> 63n ? -quantiles[i] : quantiles[i];
      assert.ok(Math.abs(z - expected) <= 4e-16 * Math.abs(expected) + 1e-300, `${z}, ${expected}`);
    });
  });
});

describe('distributions of a random stream', function () {
  this.timeout(20_000);
  const count = 100_000;

  /** Largest distance between the empirical distribution function and the true one, times √n. */
  function distance(values: ArrayLike<number>, cdf: (x: number) => number): number {
    const sorted = Float64Array.from(values).sort();
    let most = 0;
    sorted.forEach((x, i) => {
      const p = cdf(x);
      most = Math.max(most, p - i / sorted.length, (i + 1) / sorted.length - p);
    });
    return most * Math.sqrt(sorted.length);
  }
  // Kolmogorov's distribution: 1.63 is passed once in a hundred, 2 once in 1500. Seeds are fixed.
  const BOUND = 1.63;

  function assertMoments(values: ArrayLike<number>, mean: number, variance: number): void {
    const n = values.length;
    const found = Array.from(values).reduce((sum, x) => sum + x, 0) / n;
    const spread = Array.from(values).reduce((sum, x) => sum + (x - found) ** 2, 0) / n;
    assert.ok(Math.abs(found - mean) < 4 * Math.sqrt(variance / n), `mean ${found}, not ${mean}`);
    assert.ok(Math.abs(spread / variance - 1) < 0.05, `variance ${spread}, not ${variance}`);
  }

  /** Regularized lower incomplete gamma function, by its series or continued fraction. */
  function gammaCdf(a: number, x: number): number {
    if (x <= 0) return 0;
    const front = Math.exp(a * Math.log(x) - x - logGamma(a));
    if (x < a + 1) {
      let term = 1 / a;
      let sum = term;
      for (let k = 1; term > sum * 1e-16; k++) {
        term *= x / (a + k);
        sum += term;
      }
      return front * sum;
    }
    let b = x + 1 - a;
    let c = 1e300;
    let d = 1 / b;
    let h = d;
    for (let k = 1; k < 500; k++) {
      const an = -k * (k - a);
      b += 2;
      d = 1 / (an * d + b);
      c = b + an / c;
      h *= d * c;
      if (Math.abs(d * c - 1) < 1e-15) break;
    }
    return 1 - front * h;
  }

  /** Stirling's series, after shifting the argument up. */
  function logGamma(x: number): number {
    let shift = 0;
    let y = x;
    while (y < 12) shift += Math.log(y++);
    const z = 1 / (y * y);
    const series = (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z / 1680))) / y;
    return (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series - shift;
  }

  const normalCdf = (z: number) =>
    (z < 0 ? 1 - gammaCdf(0.5, (z * z) / 2) : 1 + gammaCdf(0.5, (z * z) / 2)) / 2;
  const floats = () => zeros([count], 'float64');

  it('rand fills [0, 1) evenly, in float32 too', () => {
    for (const dtype of ['float64', 'float32'] as const) {
      const values = stream(1)
        .rand(zeros([count], dtype))
        .toContiguous();
      assert.ok(values.every((x) => x >= 0 && x < 1));
      assert.ok(distance(values, (x) => x) < BOUND);
      assertMoments(values, 1 / 2, 1 / 12);
    }
  });

  it('normal and randn are normal', () => {
    const values = stream(2).randn(floats()).toContiguous();
    assert.ok(distance(values, normalCdf) < BOUND);
    assertMoments(values, 0, 1);
    const moved = stream(2).normal(floats(), 5, 0.25).toContiguous();
    assert.ok(moved.every((x, i) => Math.abs(x - (5 + 0.25 * values[i])) < 1e-14));
  });

  it('lognormal is the exponential of normal', () => {
    const values = stream(3).lognormal(floats(), 1, 0.5).toContiguous();
    assert.ok(distance(values, (x) => normalCdf((Math.log(x) - 1) / 0.5)) < BOUND);
  });

  it('exponential is exponential', () => {
    const values = stream(4).exponential(floats(), 3).toContiguous();
    assert.ok(distance(values, (x) => 1 - Math.exp(-x / 3)) < BOUND);
    assertMoments(values, 3, 9);
  });

  it('gamma is gamma, for shapes below and above 1', () => {
    for (const shape of [0.3, 1, 2.5, 40]) {
      const values = stream(50).gamma(floats(), shape, 2).toContiguous();
      assert.ok(distance(values, (x) => gammaCdf(shape, x / 2)) < BOUND, `shape ${shape}`);
      assertMoments(values, 2 * shape, 4 * shape);
    }
    assert.ok(
      stream(5)
        .gamma(zeros([9], 'float64'), 0)
        .toContiguous()
        .every((x) => x === 0),
    );
  });

  it('beta is beta', () => {
    for (const [a, b] of [
      [2, 3],
      [0.5, 0.5],
      [1, 1],
      [8, 0.7],
    ]) {
      const values = stream(6).beta(floats(), a, b).toContiguous();
      assert.ok(values.every((x) => x >= 0 && x <= 1));
      assertMoments(values, a / (a + b), (a * b) / ((a + b) ** 2 * (a + b + 1)));
    }
    const arcsine = stream(7).beta(floats(), 0.5, 0.5).toContiguous();
    assert.ok(distance(arcsine, (x) => (2 / Math.PI) * Math.asin(Math.sqrt(x))) < BOUND);
    const even = stream(8).beta(floats(), 1, 1).toContiguous();
    assert.ok(distance(even, (x) => x) < BOUND);
    // Shapes so small that both gamma variates are 0 in float64.
    const ends = stream(9).beta(floats(), 1e-3, 1e-3).toContiguous();
    assert.ok(ends.every((x) => x >= 0 && x <= 1));
    assertMoments(ends, 0.5, 0.25 / 1.002);
  });

  it('poisson has its probabilities, for small and large means', () => {
    for (const mean of [0.5, 9.5, 30, 1000]) {
      const values = stream(10)
        .poisson(zeros([count], 'int64'), mean)
        .toContiguous();
      assertMoments(Array.from(values, Number), mean, mean);
      const counts = new Map<number, number>();
      for (const value of values) counts.set(Number(value), (counts.get(Number(value)) ?? 0) + 1);
      let below = 0;
      let found = 0;
      let most = 0;
      for (let k = 0; k < mean + 10 * Math.sqrt(mean); k++) {
        below += Math.exp(k * Math.log(mean) - mean - logGamma(k + 1));
        found += (counts.get(k) ?? 0) / count;
        most = Math.max(most, Math.abs(below - found));
      }
      assert.ok(most * Math.sqrt(count) < BOUND, `mean ${mean}: ${most}`);
    }
    assert.ok(
      stream(1)
        .poisson(zeros([9], 'int32'), 0)
        .toContiguous()
        .every((x) => x === 0),
    );
  });

  it('integers are all equally likely, of every dtype', () => {
    for (const dtype of ['int8', 'uint8', 'int16', 'uint32', 'int64', 'uint64'] as const) {
      const low = dtype.startsWith('u') ? 3 : -3;
      const values = stream(11)
        .randint(zeros([count], dtype), low, low + 7)
        .toContiguous();
      const counts = new Array(7).fill(0);
      for (const value of values) counts[Number(value) - low]++;
      const chi = counts.reduce((sum, n) => sum + (n - count / 7) ** 2 / (count / 7), 0);
      // 6 degrees of freedom: 16.8 is passed once in a hundred.
      assert.ok(chi < 16.8, `${dtype}: ${counts}`);
    }
  });

  it('integers reach both ends of an interval, and no further', () => {
    const bytes = stream(12).integers(zeros([10_000], 'int8'), -128, 127, { endpoint: true });
    assert.equal(new Set(bytes.toContiguous()).size, 256);
    const wide = stream(13).integers(zeros([1000], 'int64'), -(2n ** 63n), 2n ** 63n - 1n, {
      endpoint: true,
    });
    assert.ok([...wide.toContiguous()].some((x) => x < -(2n ** 62n)));
    // Just above 2^63: every other draw is rejected.
    const most = stream(14)
      .integers(zeros([10_000], 'uint64'), 2n ** 63n + 1n)
      .toContiguous();
    assert.ok([...most].every((x) => x <= 2n ** 63n));
    assertMoments(
      Array.from(most, (x) => Number(x) / 2 ** 63),
      1 / 2,
      1 / 12,
    );
    assert.deepEqual(
      [
        ...stream(15)
          .integers(zeros([3], 'uint8'), 5, 6)
          .toContiguous(),
      ],
      [5, 5, 5],
    );
  });

  it('permutation has every number once', () => {
    for (const n of [0, 1, 2, 7, 4096, 4097, 5000, 65_536]) {
      const values = stream(16)
        .permutation(zeros([n], 'int64'))
        .toContiguous();
      assert.deepEqual(
        [...values].map(Number).sort((a, b) => a - b),
        [...Array(n).keys()],
      );
    }
  });

  it('permutation gives all orders of few numbers equally often', () => {
    const random = stream(17);
    const counts = new Map<string, number>();
    for (let k = 0; k < 6000; k++) {
      const order = random
        .permutation(zeros([3], 'uint8'))
        .toContiguous()
        .join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    assert.equal(counts.size, 6);
    const chi = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    // 5 degrees of freedom.
    assert.ok(chi < 15.1, `${[...counts.values()]}`);
  });

  it('permutation of many numbers moves each anywhere, independently of its neighbours', () => {
    const n = 50_000;
    const values = stream(18)
      .permutation(zeros([n], 'int32'))
      .toContiguous();
    let product = 0;
    let along = 0;
    values.forEach((x, i) => {
      product += (x - n / 2) * (values[(i + 1) % n] - n / 2);
      along += (x - n / 2) * (i - n / 2);
    });
    const scale = (n * n) / 12;
    assert.ok(Math.abs(product / n / scale) < 4 / Math.sqrt(n), 'neighbours hang together');
    assert.ok(Math.abs(along / n / scale) < 4 / Math.sqrt(n), 'numbers hang together with places');
    const fixed = values.reduce((sum, x, i) => sum + (x === i ? 1 : 0), 0);
    assert.ok(fixed <= 8, `${fixed} fixed points`);
  });
});

describe('the state of a random stream', () => {
  it('is JSON, and what the stream goes on from', () => {
    const random = stream(99);
    random.rand(zeros([5], 'float64'));
    const state: RandomState = JSON.parse(JSON.stringify(random.getState()));
    assert.deepEqual(state, { bitGenerator: 'Philox4x64-10', key: '99', offset: '5' });
    const ahead = random.rand(zeros([6], 'float64')).toContiguous();
    const again = stream(1)
      .setState(state)
      .rand(zeros([6], 'float64'))
      .toContiguous();
    assert.deepEqual(again, ahead);
    assert.throws(() => random.setState({} as never), /state/);
    assert.throws(() => random.setState({ ...state, offset: '-1' }), /state.offset/);
  });

  it('moves on by the draws of rand, and by whole blocks of all else', () => {
    const random = stream(1);
    const offset = () => random.getState().offset;
    random.rand(zeros([3], 'float64'));
    assert.equal(offset(), '3');
    random.randn(zeros([2], 'float64'));
    assert.equal(offset(), '8');
    random.rand(zeros([1], 'float32'));
    assert.equal(offset(), '12');
    random.uniform(zeros([1], 'float64'));
    random.integers(zeros([9], 'int8'), 2);
    assert.equal(offset(), '28');
  });

  it('has another key each time when none is given', () => {
    assert.notEqual(new RandomStream().getState().key, new RandomStream().getState().key);
  });

  it('refuses what cannot be', () => {
    const random = stream();
    const array = zeros([2], 'float64');
    assert.throws(() => random.seed(-1), /seed/);
    assert.throws(() => random.seed(0.5), TypeError);
    assert.throws(() => random.seed(2n ** 128n), RangeError);
    assert.throws(() => random.normal(array, 0, -1), /scale/);
    assert.throws(() => random.beta(array, 0, 1), /a number > 0 for a/);
    assert.throws(() => random.uniform(array, 1, 0), /high/);
    assert.throws(() => random.rand(zeros([2], 'int8') as never), /array/);
    assert.throws(() => random.randint(zeros([2], 'int8'), 0, 300), /high.*300/);
    assert.throws(() => random.randint(zeros([2], 'int8'), 3, 3), /high/);
    assert.throws(() => random.randint(array, 3), /an integer dtype/);
    assert.throws(() => random.permutation(zeros([2, 2], 'int8')), /one dimension/);
    assert.throws(() => random.permutation(zeros([300], 'uint8')), /at most 256/);
    assert.throws(() => random.poisson(zeros([2], 'int8'), 1000), /mean/);
  });
});
