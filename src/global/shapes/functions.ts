/** All functions that change shapes. */
export { diagonal } from './diagonal.ts';
export { diff } from './diff.ts';
export { concat, concatenate, hstack, stack, vstack } from './join.ts';
export { pad } from './pad.ts';
export { repeat, roll, tile } from './repeat.ts';
export { broadcastArrays, broadcastTo, flatten, ravel, reshape } from './reshape.ts';
export { arraySplit, dsplit, hsplit, split, unstack, vsplit } from './split.ts';
export {
  expandDims,
  flip,
  matrixTranspose,
  moveaxis,
  permuteDims,
  rot90,
  squeeze,
  swapaxes,
  transpose,
} from './views.ts';
