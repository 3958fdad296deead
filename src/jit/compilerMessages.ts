/** What compilers print, with the lines of the source. */
import { CompileError, type CompilerMessage } from './errors.ts';

/** Where a source comes from. */
export interface SourceOrigin {
  /** The text, as the compiler counts its lines. */
  readonly text: string;
  /** The name that the compiler knows the file by. */
  readonly name: string;
  /** The file that the text is written in, and the line of it that the text begins on; null when not known. */
  readonly place: { readonly file: string; readonly line: number } | null;
  /** What it is, as in `C kernel`. */
  readonly title: string;
}

/** Messages that are shown; what follows are mostly consequences. */
const SHOWN = 20;

/** Returns the error of a source that does not compile: the compiler's messages, in terms of where the source is written. */
export function explained(output: string, origin: SourceOrigin): CompileError {
  const messages: CompilerMessage[] = [];
  const shown: string[] = [];
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !isIdle(line));
  for (const line of lines) {
    const message = parseMessage(line, origin.name);
    if (message !== null) messages.push(message);
    if (shown.length === SHOWN) shown.push('…');
    if (shown.length > SHOWN) continue;
    shown.push(message === null ? line : showMessage(message, origin));
  }
  const { title, place } = origin;
  const where = place === null ? '' : ` at ${place.file}:${place.line}`;
  return new CompileError(
    `The ${title}${where} does not compile:\n${shown.join('\n')}`,
    messages,
    output,
  );
}

/** Lines that tell nothing that the others do not. */
function isIdle(line: string): boolean {
  return (
    /: In (?:member |static )?function |: At (?:global scope|top level):|^compilation terminated|^\d+ errors? generated/.test(
      line,
    ) || /some warnings being treated as errors$|: error: ld returned \d+ exit status/.test(line)
  );
}

function parseMessage(line: string, name: string): CompilerMessage | null {
  if (!line.startsWith(`${name}:`)) return null;
  const found = /^(\d+):(?:(\d+):)? (?:fatal )?(error|warning|note): (.*)$/i.exec(
    line.slice(name.length + 1),
  );
  if (found === null) return null;
  const [, row, column, severity, text] = found;
  return {
    severity: severity.toLowerCase() as CompilerMessage['severity'],
    text,
    line: Number(row),
    column: column === undefined ? null : Number(column),
  };
}

function showMessage(
  { severity, text, line, column }: CompilerMessage,
  origin: SourceOrigin,
): string {
  const { place, name } = origin;
  const own = line ?? 1;
  const row = place === null ? own : place.line + own - 1;
  const at = `${place?.file ?? name}:${row}${column === null ? '' : `:${column}`}`;
  const source = origin.text.split('\n')[own - 1];
  const said = `${at}: ${severity}: ${text}`;
  if (severity === 'note' || source === undefined || source.trim() === '') return said;
  const margin = `${row}`.padStart(6);
  // Tabs stay, so that the mark comes below what it means.
  const before = source.slice(0, (column ?? 1) - 1).replace(/[^\t]/g, ' ');
  const mark = column === null ? '' : `\n${' '.repeat(6)} | ${before}^`;
  return `${said}\n${margin} | ${source}${mark}`;
}
