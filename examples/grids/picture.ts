/** Pictures of grids. */
import { writeFileSync } from 'node:fs';
import { type DistArray, registerModule } from 'distarray';
import { type HeatMapOptions, heatMapPng } from 'distarray/plot';
import * as parts from './means.ts';

/** Side of a picture in pixels, unless the grid is smaller. */
const SIDE = 800;

// Engines of a client import it.
registerModule(new URL('./means.ts', import.meta.url), parts);

/** Draws a matrix into a PNG file, row 0 at the top. Collective; one process writes: the first, or the client. */
export function drawGrid(file: string, grid: DistArray, options: HeatMapOptions): void {
  const { context, shape } = grid;
  const [height, width] = shape.map((extent) => Math.min(extent, SIDE));
  const told = context.apply(parts.meansOfRectangles, [grid, height, width]);
  const means = told.find((one) => one !== null);
  if (context.isRoot && means) {
    writeFileSync(file, heatMapPng(means, [height, width], options));
  }
}
