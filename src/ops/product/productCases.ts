/** Which kind of product a call comes to. */
import type { LocalArray } from '../../local/localArray.ts';
import { elementwiseOperation } from '../elementwise/elementwiseOperation.ts';
import type { ArrayMeta, OperationEnvironment } from '../operation.ts';
import { inferInnerProduct, innerProduct } from './innerProduct.ts';
import { inferMatrices, multiplyMatrices } from './matrices.ts';
import { inferOuter, multiplyOuter } from './outer.ts';
import { inferTensordot, tensordot } from './tensordot.ts';
import type { TensordotAxes } from './tensordotPlan.ts';
import { inferVector, multiplyVector } from './vectors.ts';

/** A product of two arrays whose shapes fit. */
export interface ProductCase {
  /** Dtype and distribution of the result. Pure. */
  infer(a: ArrayMeta, b: ArrayMeta, processes: number): ArrayMeta;
  /** @remarks Collective. */
  run(a: LocalArray, b: LocalArray, environment: OperationEnvironment): LocalArray;
}

/** The sum of products of two vectors. */
export const INNER: ProductCase = {
  infer: inferInnerProduct,
  run: (a, b, environment) => innerProduct(a, b, false, environment),
};

/** Matrices, or stacks of them. */
export const MATRICES: ProductCase = { infer: inferMatrices, run: multiplyMatrices };

const MULTIPLY = {
  name: 'multiply',
  scalars: [null, null],
  hasOut: false,
  hasWhere: false,
} as const;

/** Element by element, broadcast: what products with arrays without dimensions are. */
export const ELEMENTWISE: ProductCase = {
  infer: (a, b, processes) => elementwiseOperation.infer([a, b], MULTIPLY, processes),
  run: (a, b, environment) => elementwiseOperation.run([a, b], MULTIPLY, environment),
};

/** Every element with every one. */
export const EVERY_PAIR: ProductCase = { infer: inferOuter, run: multiplyOuter };

/** An array and a vector that its axis is summed over with. */
export function arrayAndVector(axis: number): ProductCase {
  return {
    infer: (a, b) => inferVector(a, b, axis),
    run: (a, b, environment) => multiplyVector(a, b, axis, environment),
  };
}

/** The same, the vector first. */
export function vectorAndArray(axis: number): ProductCase {
  return {
    infer: (a, b) => inferVector(b, a, axis),
    run: (a, b, environment) => multiplyVector(b, a, axis, environment),
  };
}

/** Sums over pairs of axes. */
export function contraction(axes: TensordotAxes): ProductCase {
  return {
    infer: (a, b, processes) => inferTensordot(a, b, axes, processes),
    run: (a, b, environment) => tensordot(a, b, axes, environment),
  };
}
