import { strict as assert } from 'node:assert';
import { BlockMap, Distribution, UndistributedMap } from '../../../src/entry/maps.ts';
import { planHalo } from '../../../src/ops/halo/haloPlan.ts';

const periodic = (size: number, gridSize: number) =>
  BlockMap.even(size, gridSize, { commPadding: 1, periodic: true });

describe('planHalo', () => {
  it('has four neighbours in a plane with a star, eight with a box', () => {
    const distribution = Distribution.fromMaps([periodic(9, 3), periodic(9, 3)]);
    for (let process = 0; process < 9; process++) {
      assert.equal(planHalo(distribution, process, 'star').sends.length, 4);
      assert.equal(planHalo(distribution, process, 'box').receives.length, 8);
    }
  });

  it('sends what the other side receives: same direction, same size', () => {
    const maps = [
      BlockMap.fromBounds([0, 4, 6, 11], { commPadding: [2, 1] }),
      periodic(8, 2),
      new UndistributedMap(3),
    ];
    const distribution = Distribution.fromMaps(maps);
    const plans = Array.from({ length: 6 }, (_, process) => planHalo(distribution, process, 'box'));
    plans.forEach(({ receives }, process) => {
      for (const { peer, direction, box } of receives) {
        const sent = plans[peer].sends.filter(
          (message) => message.peer === process && message.direction === direction,
        );
        assert.deepEqual(
          sent.map((message) => message.box.shape),
          [box.shape],
        );
      }
    });
    const count = (kind: 'sends' | 'receives') =>
      plans.reduce((n, plan) => n + plan[kind].length, 0);
    assert.equal(count('sends'), count('receives'));
  });

  it('tells the two messages between two processes of a ring apart', () => {
    const { sends } = planHalo(Distribution.fromMaps([periodic(6, 2)]), 0, 'star');
    assert.deepEqual(
      sends.map(({ peer, direction, box }) => [peer, direction, box.start[0]]),
      [
        [1, 0, 1],
        [1, 2, 3],
      ],
    );
  });

  it('copies around a ring of one process, and sends nothing', () => {
    const { sends, receives, local } = planHalo(Distribution.fromMaps([periodic(6, 1)]), 0, 'star');
    assert.deepEqual([sends, receives], [[], []]);
    assert.deepEqual(
      local.map(({ from, to }) => [from.start[0], to.start[0]]),
      [
        [6, 0],
        [1, 7],
      ],
    );
  });

  it('asks nothing of processes without a part, and of parts that are empty', () => {
    const map = BlockMap.fromBounds([0, 3, 3, 6], { commPadding: 0 });
    const distribution = Distribution.fromMaps([map]);
    for (const process of [0, 1, 2, 7]) {
      assert.deepEqual(planHalo(distribution, process, 'box'), {
        sends: [],
        receives: [],
        local: [],
      });
    }
  });
});
