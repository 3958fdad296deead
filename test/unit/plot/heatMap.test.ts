import { strict as assert } from 'node:assert';
import { PNG } from 'pngjs';
import { colorOf } from '../../../src/plot/colormap.ts';
import { heatMapPng } from '../../../src/plot/heatMap.ts';

const pixels = (png: Buffer) => {
  const { data, width, height } = PNG.sync.read(png);
  const all = Array.from({ length: width * height }, (_, k) => [
    ...data.subarray(4 * k, 4 * k + 3),
  ]);
  return { all, width, height };
};

describe('heatMapPng', () => {
  it('draws one pixel an element, row by row', () => {
    const { all, width, height } = pixels(
      heatMapPng([0, 1, 2, 3, 4, 5], [2, 3], { colormap: 'gray' }),
    );
    assert.deepEqual([width, height], [3, 2]);
    assert.deepEqual(
      all.map(([red]) => red),
      [0, 51, 102, 153, 204, 255],
    );
  });

  it('takes limits, a scale, and a colour for what lies above', () => {
    const options = { min: 0, max: 4, colormap: 'gray', over: [1, 2, 3] } as const;
    const scale = (fraction: number) => Math.max(fraction, 0) ** 2;
    const { all } = pixels(heatMapPng([-1, 2, 4, 9], [1, 4], { ...options, scale }));
    assert.deepEqual(all, [
      [0, 0, 0],
      [64, 64, 64],
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it('draws a constant matrix in one colour', () => {
    const { all } = pixels(heatMapPng([7, 7], [1, 2]));
    assert.deepEqual(all[0], [...colorOf('ember', 0)]);
    assert.deepEqual(all[0], all[1]);
  });

  it('refuses data of another length', () => {
    assert.throws(() => heatMapPng([1, 2, 3], [2, 2]), { argument: 'data' });
  });
});

describe('colorOf', () => {
  it('grows lighter from end to end', () => {
    const lightness = (value: number) => {
      const [red, green, blue] = colorOf('ember', value);
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    for (let k = 1; k <= 20; k++) assert.ok(lightness(k / 20) > lightness((k - 1) / 20));
  });
});
