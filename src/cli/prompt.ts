/** Node's prompt, for a program whose waits are synchronous. */
import type { EventEmitter } from 'node:events';
import { clearLine, cursorTo } from 'node:readline';
import { type REPLEval, type REPLServer, start } from 'node:repl';
import { inspect } from 'node:util';
import type { ClientLink } from '../engine/clientLink.ts';
import { AbortError } from '../engine/interrupts.ts';
import type { EngineOutput } from '../engine/job/engineOutput.ts';
import { DistArray } from '../global/distArray.ts';

/** Arrays of more elements are told of, not shown. */
const MOST_SHOWN = 1000;
/** Milliseconds between looks for Ctrl-C while a promise is awaited. */
const PERIOD = 50;

/** What is behind a prompt. */
export interface PromptOptions {
  readonly link: ClientLink;
  readonly output: EngineOutput;
  /** What is there by name. */
  readonly names: Readonly<Record<string, unknown>>;
}

/** A prompt at the terminal. */
export class Prompt {
  readonly #link: ClientLink;
  readonly #output: EngineOutput;
  readonly #names: Readonly<Record<string, unknown>>;
  /** Whether the user may type. */
  #isIdle = false;
  /** Called when nothing is evaluated any more. */
  #whenIdle: (() => void) | null = null;
  /** The last value and its text: to make that may need the engines, and must be done while Ctrl-C is a signal. */
  #shown: { readonly value: unknown; readonly text: string } | null = null;

  constructor({ link, output, names }: PromptOptions) {
    this.#link = link;
    this.#output = output;
    this.#names = names;
  }

  say(line: string): void {
    process.stdout.write(`${line}\n`);
  }

  /** Reads and evaluates until the user has enough. */
  run(history: string): Promise<void> {
    this.#define();
    const server = start({
      prompt: '> ',
      // In a context of its own, typed arrays would be of other classes than those of the library.
      useGlobal: true,
      // A look ahead would compute.
      preview: false,
      writer: (value) => {
        const shown = this.#shown;
        if (shown !== null && shown.value === value) return shown.text;
        return inspect(told(value), inspectOptions());
      },
    });
    Object.assign(server, { eval: this.#interruptible(server as ServerParts, server.eval) });
    // The prompt reports what nobody has caught, and goes on.
    process.removeAllListeners('uncaughtException');
    this.#showOutput(server);
    this.#isIdle = true;
    if (server.terminal) server.setupHistory(history, () => {});
    return new Promise((resolve) => {
      server.on('exit', () => {
        const end = () => {
          this.#isIdle = false;
          resolve();
        };
        if (this.#isIdle) end();
        else this.#whenIdle = end;
      });
    });
  }

  #define(): void {
    for (const [name, value] of Object.entries(this.#names)) {
      // What JavaScript has by this name the library needs, too.
      if (name === 'default' || Object.hasOwn(globalThis, name)) continue;
      Object.defineProperty(globalThis, name, {
        ...{ value, writable: true, enumerable: true, configurable: true },
      });
    }
  }

  /** Evaluates with a terminal in which Ctrl-C is a signal, which waits look for. */
  #interruptible(server: ServerParts, evaluate: REPLEval): REPLEval {
    const raw = (isRaw: boolean) => {
      if (server.terminal && process.stdin.isTTY) process.stdin.setRawMode(isRaw);
    };
    /** Evaluations that have not ended: the first is under way, the others wait, as lines of a file do. */
    const waiting: (() => void)[] = [];
    let settle = () => {};
    // What is thrown goes there, and not to who has asked for the evaluation.
    server._domain.on('error', () => settle());
    const begin = () => {
      // Interrupts so far were meant for something else.
      this.#link.takeInterrupt();
      this.#isIdle = false;
      raw(false);
      const timer = setInterval(() => {
        if (!this.#link.takeInterrupt()) return;
        settle();
        // The promise that is awaited is given up.
        server.emit('SIGINT');
      }, PERIOD);
      settle = () => {
        clearInterval(timer);
        settle = () => {};
        this.#link.takeInterrupt();
        if (!server.closed) raw(true);
        waiting.shift();
        this.#isIdle = waiting.length === 0;
        if (waiting.length > 0) setImmediate(waiting[0]);
        else this.#whenIdle?.();
      };
    };
    const show = (value: unknown) => this.#show(value);
    return function (this: REPLServer, code, context, file, callback) {
      const start = () => {
        begin();
        letAwaitsBeInterrupted(server);
        evaluate.call(this, code, context, file, (error, value) => {
          const failure = error ?? show(value);
          settle();
          callback(failure, value);
        });
      };
      waiting.push(start);
      if (waiting.length === 1) start();
    };
  }

  /** Makes the text of a value; returns what went wrong with it. */
  #show(value: unknown): Error | null {
    this.#shown = null;
    if (!(value instanceof DistArray) || value.size > MOST_SHOWN) return null;
    try {
      this.#shown = { value, text: value.toString() };
      return null;
    } catch (error) {
      return error as Error;
    }
  }

  /** What engines print comes above the line that is typed. */
  #showOutput(server: REPLServer): void {
    // The memory is used again.
    const write = (stream: 'stdout' | 'stderr', bytes: Uint8Array) =>
      process[stream].write(bytes.slice());
    this.#output.sink = (stream, bytes) => {
      if (!this.#isIdle || !server.terminal) {
        write(stream, bytes);
        return;
      }
      cursorTo(process.stdout, 0);
      clearLine(process.stdout, 0);
      write(stream, bytes);
      server.displayPrompt(true);
    };
  }
}

/** What servers have that is not declared. */
type ServerParts = REPLServer & { readonly _domain: EventEmitter; readonly closed: boolean };

/**
 * Node gives up a promise at Ctrl-C only where it watches for the signal itself while code runs, which it then ends
 * wherever it is, also between two halves of a message. So it is told that it does when it asks for the fourth time in an
 * evaluation, which is when it has run the code and begins to await.
 */
function letAwaitsBeInterrupted(server: REPLServer): void {
  let asked = 0;
  Object.defineProperty(server, 'breakEvalOnSigint', {
    configurable: true,
    get: () => ++asked > 3,
  });
}

/** Errors as they are shown. */
function told(value: unknown): unknown {
  const isInterrupt = (value as { code?: unknown } | null)?.code === INTERRUPTED;
  return isInterrupt ? new AbortError('the promise') : value;
}

const INTERRUPTED = 'ERR_SCRIPT_EXECUTION_INTERRUPTED';

function inspectOptions() {
  return { colors: process.stdout.isTTY && process.stdout.hasColors(), depth: 4 };
}
