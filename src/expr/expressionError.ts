/** What is wrong in the text of an expression. */
import { DistArrayError } from '../errors.ts';

/** An expression that cannot be read, or not be computed. `code` is `ERR_EXPRESSION`. */
export class ExpressionError extends DistArrayError {
  /** Where in the text, from 1; each `${…}` counts as the three characters `${}`. */
  readonly column: number;

  constructor(problem: string, text: string, column: number) {
    super('ERR_EXPRESSION', `${problem} at column ${column}:\n${pointAt(text, column)}`);
    this.name = 'ExpressionError';
    this.column = column;
  }
}

/** The line of the text that has the column, and a mark below it. */
function pointAt(text: string, column: number): string {
  const before = text.slice(0, column - 1);
  const start = before.lastIndexOf('\n') + 1;
  const end = text.indexOf('\n', column - 1);
  const line = text.slice(start, end < 0 ? undefined : end);
  // Tabs stay tabs, so that the mark stands below the character.
  return `  ${line}\n  ${before.slice(start).replace(/[^\t]/g, ' ')}^`;
}
