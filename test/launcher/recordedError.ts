import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import type { RecordedError } from './records.ts';

/** Frames that say nothing about the test. */
const OUTSIDE = /^\.\.|node_modules|rankReporter\.ts$/;
const MAX_FRAMES = 8;
const MAX_DIFF_LINES = 40;
/** Newer versions of Node append a diff to the caller's own message. */
const DIFF_IN_MESSAGE = / !== |^\+ actual - expected$/m;

/** Describes an error for the records: message, place, the project's stack frames, diff. */
export function describeError(error: unknown, testFile: string): RecordedError {
  if (!(error instanceof Error)) {
    return { message: `thrown: ${inspect(error)}`, at: null, stack: [], diff: null };
  }
  const stack = projectFrames(error.stack ?? '');
  const inTest = testFile === '' ? undefined : stack.find((frame) => frame.includes(testFile));
  return {
    message: messageOf(error),
    at: placeOf(inTest ?? stack[0]),
    stack: stack.slice(0, MAX_FRAMES),
    diff: diffOf(error),
  };
}

function messageOf(error: Error): string {
  const code = (error as { code?: unknown }).code;
  const prefix =
    code === 'ERR_ASSERTION'
      ? ''
      : `${error.name}${typeof code === 'string' ? ` [${code}]` : ''}: `;
  const cause = error.cause instanceof Error ? `\ncaused by ${messageOf(error.cause)}` : '';
  return prefix + error.message.trim() + cause;
}

/** The frames of a stack that lie in the working directory, with paths relative to it. */
function projectFrames(stack: string): string[] {
  const frames: string[] = [];
  for (const line of stack.split('\n')) {
    const match = /^\s+at (?:(.*) \()?([^()]+?):(\d+):(\d+)\)?$/.exec(line);
    if (match === null || match[2] === undefined) continue;
    if (match[2].startsWith('node:')) continue;
    const path = match[2].startsWith('file:') ? fileURLToPath(match[2]) : resolve(match[2]);
    const local = relative(process.cwd(), path);
    if (OUTSIDE.test(local)) continue;
    const place = `${local}:${match[3]}:${match[4]}`;
    frames.push(match[1] === undefined ? place : `${match[1]} (${place})`);
  }
  return frames;
}

function placeOf(frame: string | undefined): string | null {
  const match = frame === undefined ? null : /([^\s(]+:\d+):\d+\)?$/.exec(frame);
  return match?.[1] ?? null;
}

/** Actual and expected value of an assertion error whose message is the caller's own. */
function diffOf(error: Error): string | null {
  const compared = error as { actual?: unknown; expected?: unknown; generatedMessage?: unknown };
  if (compared.generatedMessage === true || DIFF_IN_MESSAGE.test(error.message)) return null;
  if (compared.actual === undefined && compared.expected === undefined) return null;
  if (typeof compared.expected === 'function') return null; // what assert.throws was to match
  return `+ actual:   ${shown(compared.actual)}\n- expected: ${shown(compared.expected)}`;
}

function shown(value: unknown): string {
  const lines = inspect(value, { depth: 5, maxArrayLength: 60, breakLength: 80 }).split('\n');
  const cut = lines.length > MAX_DIFF_LINES ? [...lines.slice(0, MAX_DIFF_LINES), '…'] : lines;
  return cut.join('\n            ');
}
