import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { DTYPES, type Dtype, type TypedArray } from '../../../src/dtype/dtype.ts';
import { CLIENT } from '../../../src/engine/channel.ts';
import {
  partsOf,
  placeParts,
  receivePart,
  sendPart,
  sendParts,
} from '../../../src/engine/transfers.ts';
import { LocalArray } from '../../../src/entry/local.ts';
import { Distribution } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { cast } from '../../../src/kernels/copy.ts';
import type { StridedView } from '../../../src/kernels/stridedView.ts';
import type { Comm } from '../../../src/mpi/communicator.ts';
import { contiguousCopy } from '../../support/elements.ts';
import { filled } from '../../support/indexCases.ts';
import { anyDistribution, flatIndices } from '../../support/maps.ts';
import { memoryChannels } from '../../support/memoryChannel.ts';

const PROCESSES = 5;

/** A communicator as far as the local part of an array asks for it. */
function commOf(rank: number): Comm {
  return Object.create(MPI.COMM_SELF, { rank: { value: rank }, size: { value: PROCESSES } });
}

const shapes = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 3 });
const distributions = shapes.chain((shape) =>
  fc.oneof(
    { weight: 8, arbitrary: anyDistribution(shape, PROCESSES) },
    { weight: 1, arbitrary: fc.constant(Distribution.replicated(shape, { size: PROCESSES })) },
  ),
);
const dtypes = fc.constantFrom<Dtype[]>('float64', 'int8', 'int64', 'complex64', 'bool');

/** Data of a shape, some of them turned around. */
function dataOf(shape: readonly number[], dtype: Dtype, isTurned: boolean): StridedView {
  const view = filled(dtype, shape, (k) => k % 120) as StridedView;
  if (!isTurned || shape.length === 0 || view.data.length === 0) return view;
  const [stride] = view.strides;
  const offset = view.offset + (shape[0] - 1) * stride;
  return { ...view, offset, strides: [-stride, ...view.strides.slice(1)] };
}

function elementsAt(data: StridedView, flat: readonly number[]): (number | bigint)[] {
  const { lanes } = DTYPES[data.dtype];
  const all = contiguousCopy(data).data;
  return flat.flatMap((at) => Array.from({ length: lanes }, (_, lane) => all[at * lanes + lane]));
}

const listOf = (elements: TypedArray) => Array.from(elements as Iterable<number | bigint>);

describe('elements between the client and the owners', () => {
  it('reach those that have them, and nobody else, of every kind of distribution', () => {
    fc.assert(
      fc.property(distributions, dtypes, dtypes, fc.boolean(), (d, given, dtype, isTurned) => {
        const data = dataOf(d.shape, given, isTurned);
        const [client, ...engines] = memoryChannels(PROCESSES);
        sendParts(client, data, d);
        for (const [process, engine] of engines.entries()) {
          const part = new LocalArray(d, { dtype, comm: commOf(process) });
          receivePart(engine, given, d, part);
          assert.equal(engine.left, 0);
          const wanted = elementsAt(cast(data, dtype), flatIndices(d, part.rank));
          assert.deepEqual(listOf(part.toContiguous() as TypedArray), wanted);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('come back in their places', () => {
    fc.assert(
      fc.property(distributions, dtypes, fc.boolean(), (d, dtype, isTurned) => {
        const data = dataOf(d.shape, dtype, isTurned);
        const [client, ...engines] = memoryChannels(PROCESSES);
        sendParts(client, data, d);
        for (const [process, engine] of engines.entries()) {
          const part = new LocalArray(d, { dtype, comm: commOf(process) });
          receivePart(engine, dtype, d, part);
          sendPart(engine, part);
        }
        const whole = placeParts(dtype, d, ({ engine }, elements) => {
          client.receiveElements(engine, elements);
        });
        assert.equal(client.left, 0);
        assert.deepEqual(whole.shape, d.shape);
        const listed = new Set<number>();
        for (let rank = 0; rank < d.numProcesses; rank++) {
          for (const flat of flatIndices(d, rank)) listed.add(flat);
        }
        const flat = [...listed];
        assert.deepEqual(elementsAt(whole, flat), elementsAt(data, flat));
      }),
      { numRuns: 200 },
    );
  });

  it('are dropped where there is no memory for them', () => {
    const d = Distribution.fromShape([7, 3], { dist: 'bn', size: 2 });
    const [client, ...engines] = memoryChannels(2);
    sendParts(client, dataOf([7, 3], 'int16', false), d);
    for (const engine of engines) {
      receivePart(engine, 'int16', d, null);
      assert.equal(engine.left, 0);
    }
  });

  it('of what every process has come once', () => {
    const d = Distribution.replicated([3], { size: PROCESSES });
    assert.deepEqual(
      partsOf(d).map(({ engine, rank }) => [engine, rank]),
      [[CLIENT + 1, 0]],
    );
    assert.deepEqual(partsOf(Distribution.fromShape([0, 3], { size: PROCESSES })), []);
  });
});
