/** Lists and typed arrays in pieces, which follow each other on engines. */
import { ArgumentTypeError } from '../errors.ts';
import { isNamed, named, setNamed, unknownName } from '../ops/functions/namespace.ts';
import { nameExports } from '../ops/functions/references.ts';

/** A list, or a typed array. */
export type Sequence = readonly unknown[] | (ArrayBufferView & ArrayLike<unknown>);

/** Returns so many pieces of a sequence, of which the first ones are one longer where it does not come out even. */
export function piecesOf(sequence: Sequence, count: number): Sequence[] {
  const each = Math.floor(sequence.length / count);
  const more = sequence.length % count;
  return Array.from({ length: count }, (_, k) => {
    const begin = k * each + Math.min(k, more);
    return (sequence as unknown[]).slice(begin, begin + each + (k < more ? 1 : 0));
  });
}

/**
 * Returns the sequence that pieces make: a typed array of typed arrays of one kind, otherwise a list.
 * @throws {@link ArgumentTypeError} for what is no sequence
 */
export function joined(pieces: readonly unknown[], name: string): Sequence {
  for (const piece of pieces) {
    if (!isSequence(piece)) {
      throw new ArgumentTypeError('name', `the name of lists or typed arrays (${name})`, piece);
    }
  }
  const [first] = pieces as readonly Sequence[];
  const isOneKind = pieces.every((piece) => (piece as object).constructor === first?.constructor);
  if (!isOneKind || Array.isArray(first)) {
    return (pieces as readonly Sequence[]).flatMap((piece) => Array.from(piece));
  }
  const typed = pieces as readonly Float64Array[];
  const length = typed.reduce((sum, piece) => sum + piece.length, 0);
  const whole = new (first.constructor as Float64ArrayConstructor)(length);
  let at = 0;
  for (const piece of typed) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

export function isSequence(value: unknown): value is Sequence {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);
}

/** Gives a piece its name on this process. */
export function keepPiece(name: string, piece: unknown): void {
  setNamed(name, piece);
}

/** Returns what has a name on this process. */
export function namedPiece(name: string): unknown {
  if (!isNamed(name)) throw unknownName(name, 0);
  return named(name);
}

// Engines have them under these names.
nameExports('distarray/tasks', { keepPiece, namedPiece });
