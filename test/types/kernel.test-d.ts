/** Checked by the TypeScript compiler only: what must and what must not compile. */
import { type DistArray, kernel, type LocalArray } from '../../src/entry/index.ts';

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function check<Holds extends true>(): Holds;
declare const floats: DistArray<'float64'>;
declare const part: LocalArray<'float64'>;
declare const comm: import('../../src/entry/mpi.ts').MPI.Comm;

const sum = kernel.c<
  (a: Float64Array, n: number) => number
>`double sum(const double* a, size_t n) { return n; }`;
const total = sum(new Float64Array(3), 3);
check<Equal<typeof total, number>>();
// @ts-expect-error: the type says what it takes
sum(part, 3);

const both = kernel.cpp<{
  f(n: number): bigint;
  g(): void;
}>`long f(int n) { return n; } void g() {}`;
const long = both.compile(comm).f(1);
check<Equal<typeof long, bigint>>();
// @ts-expect-error: a kernel of several functions is none itself
both();

const any = kernel.fortran({ flags: ['-O2'] })`subroutine f(a) bind(c)`;
any(part, new Float32Array(1), 3n, { re: 1, im: 2 });
// @ts-expect-error: strings are no arguments
any('text');
const mapped = any.map<'float32'>(floats, 2, { out: floats as never });
check<Equal<typeof mapped, DistArray<'float32'>>>();
// @ts-expect-error: only numbers may stand in a template
kernel.c`int f() { return ${'3'}; }`;
