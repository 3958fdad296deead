/** Hints to MPI (`MPI_Info`): plain objects of strings. */
import { ArgumentTypeError } from '../errors.ts';
import { command, SEND_ADDRESS, SEND_COUNT } from './command.ts';
import { addressOfTexts, checkText } from './text.ts';

/** Hints by name. MPI ignores those that it does not know. */
export type Info = Readonly<Record<string, string>>;

/** The hints as texts: key, value, key, value, … */
export function infoTexts(argument: string, info: Info | undefined): string[] {
  if (info === undefined) return [];
  if (info === null || typeof info !== 'object' || Array.isArray(info)) {
    throw new ArgumentTypeError(argument, 'an object of strings', info);
  }
  return Object.entries(info).flatMap(([key, value]) => {
    checkText(`${argument}.${key}`, key);
    checkText(`${argument}.${key}`, value);
    return [key, value];
  });
}

/** Puts hints into the command block. */
export function setInfo(argument: string, info: Info | undefined): void {
  const texts = infoTexts(argument, info);
  command[SEND_ADDRESS] = addressOfTexts(...texts);
  command[SEND_COUNT] = texts.length / 2;
}

/** Texts that a command has left, as hints. */
export function infoOfTexts(texts: readonly string[]): Record<string, string> {
  const info: Record<string, string> = {};
  for (let k = 0; k + 1 < texts.length; k += 2) info[texts[k]] = texts[k + 1];
  return info;
}
