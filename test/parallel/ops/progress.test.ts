import { strict as assert } from 'node:assert';
import { MPI, Progress } from '../../../src/entry/index.ts';

const world = MPI.COMM_WORLD;
const { rank } = world;

/** What is written to stderr while `work` runs. */
function written(work: () => void): string {
  const { write } = process.stderr;
  let text = '';
  process.stderr.write = ((chunk: string) => {
    text += chunk;
    return true;
  }) as typeof write;
  try {
    work();
  } finally {
    process.stderr.write = write;
  }
  return text;
}

function withColumns(columns: string, work: () => void): void {
  const before = process.env.DISTARRAY_COLUMNS;
  process.env.DISTARRAY_COLUMNS = columns;
  try {
    work();
  } finally {
    if (before === undefined) delete process.env.DISTARRAY_COLUMNS;
    else process.env.DISTARRAY_COLUMNS = before;
  }
}

describe('Progress', () => {
  it('draws one bar for the job on rank 0 and removes it', () => {
    withColumns(rank === 0 ? '80' : '0', () => {
      const text = written(() => {
        const progress = new Progress(world, 'working');
        for (let k = 1; k <= 50; k++) progress.update(k / 50);
        progress.finish();
      });
      if (rank !== 0) return assert.equal(text, '');
      assert.match(text, /\rworking [█░]{30} {1,3}\d+ %/);
      assert.ok(text.endsWith('\r'));
    });
  });

  it('is silent where there is no terminal, also when a rank never tells', () => {
    withColumns('0', () => {
      const text = written(() => {
        const progress = new Progress(world, 'working');
        if (rank === 0) progress.update(0.5);
        progress.finish();
      });
      assert.equal(text, '');
    });
  });

  it('leaves no message behind', () => {
    withColumns('80', () => {
      for (let k = 0; k < 3; k++) {
        written(() => {
          const progress = new Progress(world, 'again');
          progress.update(0.3);
          progress.finish();
        });
      }
    });
    assert.equal(world.iprobe(), null);
  });
});
