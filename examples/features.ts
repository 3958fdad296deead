/**
 * A tour of distributed arrays: making them, what they tell, slices, reductions, functions, distributions, random numbers, and code
 * that runs next to the data.
 *
 *   distarray run -n 4 examples/features.ts
 *   distarray run -n 4 examples/features.ts --json
 */
import { parseArgs } from 'node:util';
import { Context, LocalArray, sin } from 'distarray';

const { values: options } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

/** Takes the mean of a process's own elements off them. */
function localDemean(part: LocalArray<'float64'>): LocalArray<'float64'> {
  const { distribution, comm } = part;
  const elements = part.toContiguous();
  const mean = elements.reduce((sum, value) => sum + value, 0) / Math.max(1, elements.length);
  return new LocalArray(distribution, { comm, data: elements.map((value) => value - mean) });
}

const ctx = new Context().register({ localDemean });
const report: Record<string, unknown> = { ranks: ctx.size };

/** Shows a result, or keeps it for the report. */
function show(title: string, value: unknown): void {
  if (!options.json) ctx.print(`${title}:\n${value}\n`);
}

// Making arrays: by default the first dimension is cut into blocks.
const a = ctx.fromFunction((i, j) => 4 * i + j, [3, 4]);
show('a', a);
report.shape = a.shape;
report.dtype = a.dtype;
report.dist = a.dist;
report.nbytes = a.nbytes;

// Slices are views: what is written to them shows in the array.
const inner = a.slice('1:, ::2');
inner.assign([-1, -2]);
show('a after a[1:, ::2] = [-1, -2]', a);
report.sliced = a.toNested();

// Reductions over an axis, or over all.
report.columnSums = a.sum({ axis: 0 }).toNested();
report.sum = +a.sum();
show('a.sum(axis=0)', a.sum({ axis: 0 }));

// Functions of elements, operators as methods.
const waves = sin(a.mul(Math.PI / 2)).round();
show('round(sin(a · π/2))', waves);
report.waves = waves.toNested();

// Distributions: operands that lie differently are brought together.
const cyclic = a.distributeAs(a.shape, { dist: 'nc' });
report.cyclicDist = cyclic.dist;
report.same = ctx.allclose(cyclic, a);
report.mixed = +cyclic.add(a).sum();
show('a in cyclic columns', `${cyclic.distribution}`);

// Random numbers: those of numpy.random.Generator(numpy.random.Philox(key=42)), however they are spread.
const noise = ctx.random.seed(42).rand([2, 3]);
report.random = noise.toNested();
show('random numbers', noise);

// Code next to the data: one result a process, known to all.
const sizes = ctx.apply((part) => part.localSize, [a], { targets: ctx.targets });
report.elements = sizes.reduce((sum, size) => sum + size, 0);
show('elements of each process', sizes);

// A function of local parts as a method that makes a distributed array.
const demeaned = ctx.localDemean(ctx.arange(2 * ctx.size));
report.demeaned = +demeaned.abs().sum();
show('local means taken off', demeaned);

if (options.json) ctx.print(JSON.stringify(report));
ctx.close();
