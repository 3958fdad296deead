/** The area under a curve, summed by a loop of JavaScript and by a kernel in C. */
import { kernel } from 'distarray';

/** Sums y at the points k·dx, `begin` ≤ k < `end`, of the curve y = 0.7 x³ − 2 x² + 4, and multiplies by dx. */
export type Area = (begin: number, end: number, dx: number) => number;

/** The same for any curve. */
function areaUnder(curve: (x: number) => number, begin: number, end: number, dx: number): number {
  let sum = 0;
  for (let k = begin; k < end; k++) sum += curve(k * dx);
  return sum * dx;
}

const inJs: Area = (begin, end, dx) => areaUnder((x) => (0.7 * x - 2) * x * x + 4, begin, end, dx);

const inC = kernel.c<Area>`
  static double curve(double x) { return (0.7 * x - 2) * x * x + 4; }

  double area(long begin, long end, double dx) {
    double sum = 0;
    for (long k = begin; k < end; k++) sum += curve(k * dx);
    return sum * dx;
  }`;

/** Both, by the name of their language. */
export const areas = { js: inJs, c: inC };

/** The curve is summed from 0 to here. */
export const WIDTH = 3;
