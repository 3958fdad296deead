import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { DistributionNumbers } from '../../../src/engine/distributionForm.ts';
import { BlockMap, Distribution, UnstructuredMap } from '../../../src/entry/maps.ts';
import { type Decoder, decode, encode } from '../../../src/mpi/objects/encoding.ts';
import { anyDistribution, flatIndices } from '../../support/maps.ts';

/** What a value is at the other end, and how many bytes it took. */
function travelled(from: DistributionNumbers, to: DistributionNumbers, value: unknown) {
  const { head, parts } = from.writing(() => encode(value, 'value'));
  const decoder = decode(head) as Decoder;
  decoder.parts.forEach((part, k) => {
    part.set(parts[k]);
  });
  const bytes = parts.reduce((sum, { length }) => sum + length, head.length);
  return { value: to.during(() => decoder.finish()), bytes };
}

function assertSame(ours: Distribution, wanted: Distribution): void {
  assert.deepEqual(ours.shape, wanted.shape);
  assert.deepEqual(ours.dist, wanted.dist);
  assert.deepEqual(ours.gridShape, wanted.gridShape);
  assert.deepEqual(ours.targets, wanted.targets);
  assert.equal(ours.isReplicated, wanted.isReplicated);
  assert.ok(ours.isCompatible(wanted));
  for (let rank = 0; rank < wanted.numProcesses; rank++) {
    assert.equal(ours.targetOf(rank), wanted.targetOf(rank));
    assert.deepEqual(ours.localShape(rank), wanted.localShape(rank));
    assert.deepEqual(flatIndices(ours, rank), flatIndices(wanted, rank));
    const halos = [ours, wanted].map(({ maps, coordsFromRank }, which) => {
      const coords = coordsFromRank.call(which === 0 ? ours : wanted, rank);
      return maps.map((map, axis) => map.halo(coords[axis]));
    });
    assert.deepEqual(halos[0], halos[1]);
  }
}

describe('distributions in messages', () => {
  const shapes = fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 3 });

  it('are the same at the other end: every kind of map, views, any targets', () => {
    const any = shapes.chain((shape) => anyDistribution(shape, 6));
    fc.assert(
      fc.property(any, (distribution) => {
        const ends = [new DistributionNumbers(true), new DistributionNumbers(false)] as const;
        const { value } = travelled(...ends, { distribution });
        assertSame((value as { distribution: Distribution }).distribution, distribution);
      }),
      { numRuns: 300 },
    );
  });

  it('are told whole after a message that could not be sent', () => {
    const ends = [new DistributionNumbers(true), new DistributionNumbers(false)] as const;
    const distribution = Distribution.fromShape([5, 7], { dist: 'bb', gridShape: [2, 3], size: 6 });
    const message = { distribution, fails: () => 0 };
    assert.throws(() => ends[0].writing(() => encode(message, 'value')), {
      argument: 'value.fails',
    });
    const { value } = travelled(...ends, [distribution, distribution]);
    for (const ours of value as Distribution[]) assertSame(ours, distribution);
  });

  it('keep the order of targets of transposed ones', () => {
    const distribution = Distribution.fromShape([5, 7], { dist: 'bb', gridShape: [2, 3], size: 6 });
    const ends = [new DistributionNumbers(true), new DistributionNumbers(false)] as const;
    const { value } = travelled(...ends, distribution.transpose());
    assert.deepEqual((value as Distribution).targets, [0, 3, 1, 4, 2, 5]);
    assertSame(value as Distribution, distribution.transpose());
  });

  it('are written once: afterwards their number stands for them', () => {
    const client = new DistributionNumbers(true);
    const engine = new DistributionNumbers(false);
    const lists = [0, 1].map((r) => [...Array(4000).keys()].filter((i) => i % 2 === r));
    const map = UnstructuredMap.fromIndices(lists, { oneToOne: true });
    const distribution = Distribution.fromMaps([map]);
    const first = travelled(client, engine, distribution);
    assert.ok(first.bytes > 16_000);
    const second = travelled(client, engine, [distribution, distribution]);
    assert.ok(second.bytes < 100, `${second.bytes}`);
    const [known, again] = second.value as Distribution[];
    assert.equal(known, first.value);
    assert.equal(again, first.value);
    // What comes back is the one that was sent.
    assert.equal(travelled(engine, client, known).value, distribution);
  });

  it('that the engines have made come whole, and are new at the client', () => {
    const client = new DistributionNumbers(true);
    const engine = new DistributionNumbers(false);
    const made = Distribution.fromMaps([BlockMap.fromBounds([0, 2, 9])]);
    for (let times = 0; times < 2; times++) {
      assertSame(travelled(engine, client, made).value as Distribution, made);
    }
    // A number of an engine's is none of the client's.
    const given = travelled(client, engine, Distribution.fromShape([3], { size: 2 }));
    assert.deepEqual((given.value as Distribution).shape, [3]);
  });

  it('are forgotten when the client says so', () => {
    const client = new DistributionNumbers(true);
    const engine = new DistributionNumbers(false);
    const distribution = Distribution.fromShape([3], { size: 2 });
    travelled(client, engine, distribution);
    engine.forget([0]);
    const unknown = { code: 'ERR_UNKNOWN_DISTRIBUTION' };
    assert.throws(() => travelled(client, engine, distribution), unknown);
  });

  it('stand for themselves in messages that are none of a session', () => {
    const distribution = Distribution.fromShape([4, 4], { dist: 'cb', size: 4 });
    const { head } = encode(distribution, 'value');
    assertSame((decode(head) as Decoder).finish() as Distribution, distribution);
  });
});
