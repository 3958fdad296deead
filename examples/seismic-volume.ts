/**
 * A seismic volume (DistArray's example): lines × traces × samples, of which each rank has a block of lines and traces.
 *
 *   distarray run -n 4 examples/seismic-volume.ts --dir seismic
 *   distarray run --client -n 4 examples/seismic-volume.ts --dir seismic
 *   distarray run -n 4 examples/seismic-volume.ts --lines 256 --traces 256 --samples 1024 --json
 *
 * Creates the volume and stores it in an HDF5 file; loads it with room for the neighbours' traces; computes statistics of
 * each trace and two filters of three points; stores these next to the volume, and draws slices.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Context, type DistArray, DistArrayError, MPI, maximum, registerModule } from 'distarray';
import { type HeatMapOptions, heatMapPng } from 'distarray/plot';
import * as model from './seismic/model.ts';

const { values: options } = parseArgs({
  options: {
    lines: { type: 'string', default: '96' },
    traces: { type: 'string', default: '128' },
    samples: { type: 'string', default: '256' },
    /** How strong the noise is. */
    noise: { type: 'string', default: '0.15' },
    /** Where the file and the pictures go. */
    dir: { type: 'string', default: 'seismic' },
    json: { type: 'boolean', default: false },
  },
});

// Where the arrays are elsewhere, this module is imported there.
registerModule(new URL('./seismic/model.ts', import.meta.url), model);
const { writeTraces } = model;

type Volume = DistArray<'float32'>;

const ctx = new Context();
const shape = [Number(options.lines), Number(options.traces), Number(options.samples)];
ctx.onRoot(() => void mkdirSync(options.dir, { recursive: true }));
const file = join(options.dir, 'volume.h5');
const seconds: Record<string, number> = {};
const files = ['volume.h5'];

/** Returns what something makes, and notes how long it takes on all ranks. */
function timed<T>(name: string, work: () => T): T {
  ctx.barrier();
  const start = MPI.wtime();
  const made = work();
  ctx.barrier();
  seconds[name] = MPI.wtime() - start;
  return made;
}

/** Draws a matrix, on the rank that has it. */
function draw(name: string, matrix: Volume, colours: HeatMapOptions): void {
  files.push(name);
  const gathered = matrix.toArray({ root: 0 });
  if (gathered === null) return;
  const [height, width] = gathered.shape;
  const pixels = new Float32Array(height * width);
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) pixels[i * width + j] = gathered.get(i, j);
  }
  writeFileSync(join(options.dir, name), heatMapPng(pixels, [height, width], colours));
}

/** The mean of three neighbours along an axis; the first and the last have none. */
function mean3(volume: Volume, axis: number): Volume {
  const [before, middle, after] = shifted(volume, axis);
  return before.add(middle).add(after).divide(3);
}

/** The largest of three neighbours along an axis. */
function max3(volume: Volume, axis: number): Volume {
  const [before, middle, after] = shifted(volume, axis);
  return maximum(maximum(before, middle), after) as Volume;
}

/** Views of a volume that are shifted along an axis: what other ranks have is read from the halo. */
function shifted(volume: Volume, axis: number): [Volume, Volume, Volume] {
  const view = (start: number, stop: number | null) =>
    volume.slice(volume.shape.map((_, k) => (k === axis ? { start, stop } : null)));
  return [view(0, -2), view(1, -1), view(2, null)];
}

// Whole traces stay together.
const made = timed('create', () => {
  const clean = ctx.fromIndexArrays<'float32'>(
    (indices, out) => writeTraces(indices, shape, out),
    shape,
    { dtype: 'float32', dist: 'bbn', capture: { shape, writeTraces } },
  );
  const noise = ctx.random.seed(11).randn(shape, { dtype: 'float32', dist: 'bbn' });
  return clean.add(noise.multiply(Number(options.noise)));
});
timed('save', () => ctx.saveHdf5(file, made, { key: 'volume', mode: 'w' }));

// One trace of each neighbour has room beside the block.
const padded = ctx.distribution(shape, { dist: 'bbn', commPadding: 1 });
const volume = timed('load', () => ctx.loadHdf5(file, padded, { key: 'volume' })) as Volume;
if (!volume.equal(made).all().item()) {
  throw new DistArrayError('ERR_DIFFERS', `'${file}' does not hold what was written to it`);
}

const statistics = timed('statistics', () => ({
  min: volume.min({ axis: 2 }),
  max: volume.max({ axis: 2 }),
  mean: volume.mean({ axis: 2 }),
  var: volume.var({ axis: 2 }),
  std: volume.std({ axis: 2 }),
}));

const filters = timed('filters', () => ({
  // Neighbouring lines have the same reflections, but not the same noise.
  mean3: mean3(mean3(volume, 0), 1),
  max3: max3(volume, 2),
}));

timed('save results', () => {
  for (const [key, array] of Object.entries({ ...statistics, ...filters })) {
    ctx.saveHdf5(file, array, { key });
  }
});

timed('pictures', () => {
  const grey = { colormap: 'gray', min: -1, max: 1 } as const;
  const [line, , sample] = shape.map((extent) => Math.floor(extent / 2));
  // A section of the ground: traces from left to right, samples downwards.
  draw('line.png', volume.slice([line, null, null]).transpose(), grey);
  draw('line-mean3.png', filters.mean3.slice([line - 1, null, null]).transpose(), grey);
  draw('line-max3.png', filters.max3.slice([line, null, null]).transpose(), grey);
  draw('depth.png', filters.mean3.slice([null, null, sample]), grey);
  // Without the noise the traces differ by what they meet: at the fault, and where reflections are close.
  draw('std.png', filters.mean3.std({ axis: 2 }) as Volume, { colormap: 'ember' });
});

const round = (value: number) => Number(value.toPrecision(5));
const sums = Object.fromEntries(
  Object.entries({ volume, ...statistics, ...filters }).map(([name, array]) => [
    name,
    round(+array.astype('float64').sum()),
  ]),
);
if (options.json) {
  const report = { example: 'seismic-volume', ranks: ctx.size, shape, sums, files, seconds };
  ctx.print(JSON.stringify(report));
} else {
  ctx.print(`${shape.join(' × ')} samples of float32 on ${ctx.size} ranks`);
  for (const [name, time] of Object.entries(seconds)) {
    ctx.print(`  ${name.padEnd(13)} ${time.toFixed(3)} s`);
  }
  ctx.print(`Written to ${options.dir}: ${files.join(', ')}`);
}
ctx.close();
