/** Errors of compiling at run time. */
import { DistArrayError } from '../errors.ts';

/** One message of a compiler. */
export interface CompilerMessage {
  readonly severity: 'error' | 'warning' | 'note';
  readonly text: string;
  /** Line of the source, from 1; null for messages of the linker and others without a place. */
  readonly line: number | null;
  /** Column of the line, from 1; null when the compiler tells none. */
  readonly column: number | null;
}

/**
 * A source does not compile. `code` is `ERR_COMPILE`; the message shows what the compiler says, with the lines of
 * the source.
 */
export class CompileError extends DistArrayError {
  /** What the compiler says about places in the source. */
  readonly messages: readonly CompilerMessage[];
  /** All that the compiler has printed. */
  readonly output: string;

  constructor(message: string, messages: readonly CompilerMessage[], output: string) {
    super('ERR_COMPILE', message);
    this.name = 'CompileError';
    this.messages = messages;
    this.output = output;
  }
}
