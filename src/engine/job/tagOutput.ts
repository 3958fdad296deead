/**
 * Begins every line that this process writes with its rank (`distarray run --tag`, loaded by
 * `--import` before the script). With `?client` in the module's address it is `client`, with `?engine` the rank among the
 * engines, which come behind the client. The launchers' own options tag in the middle of lines. For text: a
 * carriage return ends a line too, or a progress bar would show at its end only.
 */
import { writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

type Callback = (error?: Error | null) => void;

const rank = process.env.OMPI_COMM_WORLD_RANK ?? process.env.PMI_RANK ?? '0';
const { search } = new URL(import.meta.url);
const label = search === '?client' ? 'client' : search === '?engine' ? Number(rank) - 1 : rank;

tag(process.stdout, 1);
tag(process.stderr, 2);

function tag(stream: NodeJS.WriteStream, descriptor: number): void {
  const decoder = new StringDecoder('utf8');
  let unfinished = '';
  const write = stream.write.bind(stream);
  const tagged = (
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | Callback,
    callback?: Callback,
  ): boolean => {
    const done = typeof encoding === 'function' ? encoding : callback;
    const bytes =
      typeof chunk === 'string'
        ? Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8')
        : Buffer.from(chunk);
    const lines = (unfinished + decoder.write(bytes)).split(/(?<=\r\n|\n|\r(?!\n))/);
    unfinished = /[\r\n]$/.test(lines.at(-1) ?? '') ? '' : (lines.pop() ?? '');
    if (lines.length > 0) return write(lines.map((line) => `[${label}] ${line}`).join(''), done);
    if (done) process.nextTick(done);
    return true;
  };
  stream.write = tagged as typeof stream.write;
  process.on('exit', () => {
    const rest = unfinished + decoder.end();
    if (rest) writeSync(descriptor, `[${label}] ${rest}\n`);
  });
}
