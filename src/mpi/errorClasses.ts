/** Error classes, codes and their texts: those of MPI, and an application's own. */
import { ArgumentTypeError, checkInteger } from '../errors.ts';
import { ARGUMENT0, command, OUTPUT, RESULT, raw, SEND_ADDRESS, SEND_COUNT } from './command.ts';
import { commandError } from './errors.ts';

/** Numbers of the error classes by their names (`MPI_ERR_TRUNCATE`); they differ between the MPIs. */
export const errorClasses: Readonly<Record<string, number>> = Object.freeze(raw.errorClasses());

const LARGEST = 2 ** 31 - 1;

/** Returns the text of an error class or code (`MPI_Error_string`). */
export function errorString(code: number): string {
  checkInteger('code', code, 0, LARGEST);
  return raw.errorInfo(code).text;
}

/** Returns the class that an error code belongs to (`MPI_Error_class`). */
export function errorClassOf(code: number): number {
  checkInteger('code', code, 0, LARGEST);
  return raw.errorInfo(code).classNumber;
}

/** Returns a new error class of this process (`MPI_Add_error_class`). */
export function addErrorClass(): number {
  raw.addErrorClass();
  if (command[RESULT] !== 0) throw commandError('MPI_Add_error_class');
  return command[OUTPUT];
}

/**
 * Returns a new error code that belongs to a class (`MPI_Add_error_code`).
 * @param errorClass of {@link addErrorClass} or of {@link errorClasses}
 */
export function addErrorCode(errorClass: number): number {
  checkInteger('errorClass', errorClass, 0, LARGEST);
  command[ARGUMENT0] = errorClass;
  raw.addErrorCode();
  if (command[RESULT] !== 0) throw commandError('MPI_Add_error_code', ARGUMENT0);
  return command[OUTPUT];
}

/**
 * Gives an own error class or code a text (`MPI_Add_error_string`), which {@link errorString} returns.
 * @throws {@link MPIError} when the code is one of MPI's, or the text is too long
 */
export function addErrorString(code: number, text: string): void {
  checkInteger('code', code, 0, LARGEST);
  if (typeof text !== 'string') throw new ArgumentTypeError('text', 'a string', text);
  const bytes = new TextEncoder().encode(`${text}\0`);
  command[ARGUMENT0] = code;
  command[SEND_ADDRESS] = raw.addressOf(bytes);
  command[SEND_COUNT] = bytes.length;
  raw.addErrorString();
  if (command[RESULT] !== 0) throw commandError('MPI_Add_error_string', ARGUMENT0);
}
