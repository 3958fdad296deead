/** What engines print goes to files, from which a client that waits, and does not turn its event loop, can read it. */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Gets what one of the streams has more. */
export type OutputSink = (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void;

/** The files of both streams, in the folder of a job. */
export function outputFiles(folder: string): { readonly stdout: string; readonly stderr: string } {
  return { stdout: join(folder, 'out.log'), stderr: join(folder, 'err.log') };
}

const PIECE = 65_536;
/** Bytes of the end that an error may show. */
const LAST_WORDS = 8192;
/** Lines of it: processes that fail alike tell it each, and mpiexec after them. */
const LAST_LINES = 60;

/** Follows the files that the engines write. */
export class EngineOutput {
  readonly #streams: {
    readonly name: 'stdout' | 'stderr';
    readonly descriptor: number;
    at: number;
  }[];
  readonly #piece = new Uint8Array(PIECE);
  readonly #timer: NodeJS.Timeout;
  /** Where it goes. */
  sink: OutputSink = writeThrough;
  #isClosed = false;

  /** @param from - whether to begin with what is written from now on */
  constructor(folder: string, from: 'beginning' | 'now') {
    const files = outputFiles(folder);
    this.#streams = (['stdout', 'stderr'] as const).map((name) => {
      const descriptor = openSync(files[name], 'r');
      return { name, descriptor, at: from === 'now' ? fstatSync(descriptor).size : 0 };
    });
    this.#timer = setInterval(() => this.pump(), 50).unref();
  }

  /** Passes on what is new. */
  pump(): void {
    if (this.#isClosed) return;
    for (const stream of this.#streams) {
      for (;;) {
        const count = readSync(stream.descriptor, this.#piece, 0, PIECE, stream.at);
        if (count === 0) break;
        stream.at += count;
        this.sink(stream.name, this.#piece.subarray(0, count));
      }
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.pump();
    this.#isClosed = true;
    clearInterval(this.#timer);
    for (const { descriptor } of this.#streams) closeSync(descriptor);
  }

  /** Returns the end of what was written to stderr, indented. */
  lastWords(): string {
    if (this.#isClosed) return '';
    const { descriptor } = this.#streams[1];
    return endOf(descriptor);
  }
}

/** Returns the end of a file of output, indented; nothing when it cannot be read. */
export function endOfFile(path: string): string {
  try {
    const descriptor = openSync(path, 'r');
    try {
      return endOf(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}

function endOf(descriptor: number): string {
  const { size } = fstatSync(descriptor);
  const bytes = Buffer.alloc(Math.min(size, LAST_WORDS));
  readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
  const lines = bytes.toString('utf8').trimEnd().split(/\r?\n/);
  const shown = lines.filter((line) => line.trim() !== '').slice(-LAST_LINES);
  return shown.map((line) => `\n  ${line}`).join('');
}

function writeThrough(stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
  const descriptor = stream === 'stdout' ? 1 : 2;
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      // A pipe that is full.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
