/**
 * Begins every line that this process writes with its rank (`distarray run --tag`, loaded by
 * `--import` before the script). The launchers' own options tag in the middle of lines.
 */
import { writeSync } from 'node:fs';

const rank = process.env.OMPI_COMM_WORLD_RANK ?? process.env.PMI_RANK ?? '0';

tag(process.stdout, 1);
tag(process.stderr, 2);

function tag(stream: NodeJS.WriteStream, descriptor: number): void {
  let unfinished = '';
  const write = stream.write.bind(stream);
  const tagged: typeof stream.write = (
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | ((error?: Error | null) => void),
    callback?: (error?: Error | null) => void,
  ): boolean => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    const lines = (unfinished + text).split('\n');
    unfinished = lines.pop() ?? '';
    const done = typeof encoding === 'function' ? encoding : callback;
    if (lines.length === 0) {
      done?.();
      return true;
    }
    return write(lines.map((line) => `[${rank}] ${line}\n`).join(''), done);
  };
  stream.write = tagged;
  process.on('exit', () => {
    if (unfinished) writeSync(descriptor, `[${rank}] ${unfinished}\n`);
  });
}
