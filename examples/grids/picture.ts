/** Pictures of grids. */
import { writeFileSync } from 'node:fs';
import type { DistArray } from 'distarray';
import { coarsen, type HeatMapOptions, heatMapPng } from 'distarray/plot';

/** Side of a picture in pixels, unless the grid is smaller. */
const SIDE = 800;

/** Draws a matrix into a PNG file, row 0 at the top. Collective; the first process writes. */
export function drawGrid(file: string, grid: DistArray, options: HeatMapOptions): void {
  const [height, width] = grid.shape.map((extent) => Math.min(extent, SIDE));
  const means = coarsen(grid.local, [height, width]);
  if (means !== null) writeFileSync(file, heatMapPng(means.data, [height, width], options));
}
