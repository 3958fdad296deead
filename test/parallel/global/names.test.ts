/** The names of DistArray 0.5 that docs/names.md promises, as programs find them when they run. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import * as distarray from '../../../src/entry/index.ts';
import { size } from '../../support/mode.ts';

const { Context, DistArray, Distribution } = distarray;
const ctx = new Context();
const array = ctx.ones([size, 2]);

/** What has the members of a name such as `DistArray.fill`. */
const OBJECTS: Record<string, readonly unknown[]> = {
  Context: [ctx],
  ContextRandom: [ctx.random],
  DimensionMap: array.distribution.maps,
  DistArray: [array],
  Distribution: [Distribution, array.distribution],
};

/** Our names for those of DistArray's global arrays, by theirs. */
function promised(): [string, string[]][] {
  const text = readFileSync(new URL('../../../docs/names.md', import.meta.url), 'utf8');
  const sections = text.split(/^## /m).filter((part) => part.startsWith('distarray.globalapi.'));
  const lines = sections.flatMap((section) => section.split('\n'));
  return lines.flatMap((line): [string, string[]][] => {
    const [, theirs, here] =
      line.match(/^\| `([\w.]+)` \| (.+) \| `distarray(?:\/maps)?` \|$/) ?? [];
    if (theirs === undefined) return [];
    return [[theirs, [...here.matchAll(/`([^`]+)`/g)].map(([, name]) => name)]];
  });
}

describe('names of DistArray 0.5', () => {
  it('are there at run time, members of arrays and contexts too', () => {
    const missing: string[] = [];
    let count = 0;
    for (const [theirs, names] of promised()) {
      for (const name of names) {
        count++;
        const [first, member] = name.split('.');
        const owners = OBJECTS[first];
        const isThere =
          owners !== undefined && member !== undefined
            ? owners.some((owner) => member in (owner as object))
            : first in distarray || owners !== undefined;
        if (!isThere) missing.push(`${theirs}: ${name}`);
      }
    }
    assert.deepEqual(missing, []);
    assert.ok(count > 250, String(count));
  });

  it('are attributes that need no call', () => {
    const { shape, ndim, size: elements, globalSize, itemsize, nbytes, dtype } = array;
    assert.deepEqual(
      { shape, ndim, elements, globalSize, itemsize, nbytes, dtype },
      {
        shape: [size, 2],
        ndim: 2,
        elements: 2 * size,
        globalSize: 2 * size,
        itemsize: 8,
        nbytes: 16 * size,
        dtype: 'float64',
      },
    );
    assert.deepEqual(
      [array.dist, array.gridShape],
      [
        ['b', 'n'],
        [size, 1],
      ],
    );
    assert.deepEqual(array.targets, ctx.targets);
    assert.equal(array.context, ctx);
    assert.equal(array.distribution.ndim, 2);
    assert.deepEqual(array.localShapes(), Array(size).fill([1, 2]));
  });

  it('are methods and functions alike', () => {
    assert.ok(array instanceof DistArray);
    const twice = distarray.add(array, array);
    assert.ok(ctx.allclose(twice, array.add(array)));
    assert.ok(ctx.allclose(distarray.sum(twice, { axis: 0 }), twice.sum({ axis: 0 })));
    assert.ok(ctx.allclose(distarray.subtract(5, twice), twice.negative().add(5)));
    assert.equal(+distarray.var(array), +array.var());
  });

  it('are the seed and the draws of a context', () => {
    const draw = () => {
      ctx.random.seed(7);
      return [
        ctx.random.rand([5]),
        ctx.random.randn([5]),
        ctx.random.normal([5], 2, 3),
        ctx.random.randint([5], 0, 10),
      ].map((drawn) => drawn.toNested());
    };
    assert.deepEqual(draw(), draw());
  });
});
