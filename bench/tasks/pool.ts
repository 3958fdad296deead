/** Run as the client of engines: seconds a task of maps over tiny tasks, as JSON in the last line. */
import { TaskPool } from '../../dist/entry/tasks.js';

const [, , tasks, repetitions] = process.argv.map(Number);
const pool = new TaskPool();
const items = Array.from({ length: tasks }, (_, k) => k);
const tiny = (n: number) => n + 1;
const seconds: Record<string, number[]> = {};

/** Measures maps, and checks what comes of them. */
async function measure(name: string, map: () => Promise<number[]> | number[]): Promise<void> {
  await map();
  seconds[name] = [];
  for (let k = 0; k < repetitions; k++) {
    const start = performance.now();
    const mapped = await map();
    seconds[name].push((performance.now() - start) / 1000 / tasks);
    if (mapped[tasks - 1] !== tasks) throw new Error(`${name}: ${mapped[tasks - 1]} ≠ ${tasks}`);
  }
}

await measure('map, one task a message', () => pool.map(tiny, items, { chunkSize: 1 }));
await measure(
  'mapAsync, one task a message',
  async () => await pool.mapAsync(tiny, items, { chunkSize: 1 }),
);
await measure('map, chunks as they pay', () => pool.map(tiny, items));
console.log(JSON.stringify({ engines: pool.size, seconds }));
