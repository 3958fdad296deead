/** The package's `distarray/plot`: pictures of arrays. */
export { type CoarseMatrix, type CoarsenOptions, coarsen } from '../ops/coarsen.ts';
export { type ColormapName, colorOf, type Rgb } from '../plot/colormap.ts';
export { type HeatMapOptions, heatMapPng } from '../plot/heatMap.ts';
