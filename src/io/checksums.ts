/** Checksums (CRC-32, as in zlib and PNG) of files of which each process writes or reads some pieces. */
import { crc32 } from 'node:zlib';
import { DistArrayError } from '../errors.ts';
import { onRoot } from '../mpi/agreement.ts';
import type { Comm } from '../mpi/communicator.ts';

/** The checksum of bytes that lie one after the other in a file. */
interface Piece {
  readonly at: number;
  readonly length: number;
  readonly crc: number;
}

/** The checksums of the pieces that this process transfers. */
export class PieceChecksums {
  readonly #pieces: Piece[] = [];

  /** Takes in bytes of a place of the file; pieces ascend. */
  add(at: number, bytes: Uint8Array): void {
    const last = this.#pieces.at(-1);
    if (last !== undefined && last.at + last.length === at) {
      const crc = crc32(bytes, last.crc);
      this.#pieces[this.#pieces.length - 1] = { ...last, length: last.length + bytes.length, crc };
    } else if (bytes.length > 0) {
      this.#pieces.push({ at, length: bytes.length, crc: crc32(bytes) });
    }
  }

  /**
   * Returns the checksum of the whole: of the pieces of all processes, which make so many bytes together. Several
   * may have the same piece.
   *
   * @remarks Collective.
   * @throws {@link DistArrayError} `ERR_CHECKSUM` on every process alike when they have seen different bytes
   */
  whole(comm: Comm, bytes: number): number {
    const all = comm.gatherObjects(this.#pieces, { root: 0 });
    return Number(onRoot(comm, () => String(combine((all as Piece[][]).flat(), bytes))));
  }
}

/** Returns a checksum as files show it. */
export function checksumText(crc: number): string {
  return (crc >>> 0).toString(16).padStart(8, '0');
}

function combine(pieces: Piece[], bytes: number): number {
  pieces.sort((a, b) => a.at - b.at);
  let whole: Piece = { at: 0, length: 0, crc: 0 };
  let last = whole;
  for (const piece of pieces) {
    if (piece.at === last.at && piece.length === last.length && piece.crc === last.crc) continue;
    if (piece.at !== whole.length) throw differing(piece.at);
    const crc = combined(whole.crc, piece.crc, piece.length);
    whole = { at: 0, length: whole.length + piece.length, crc };
    last = piece;
  }
  if (whole.length !== bytes) throw differing(whole.length);
  return whole.crc;
}

function differing(at: number): DistArrayError {
  return new DistArrayError('ERR_CHECKSUM', `Processes have read different bytes at place ${at}`);
}

// Polynomials over GF(2) modulo that of CRC-32; the highest bit is the coefficient of x⁰ (zlib's crc32_combine).
const POLYNOMIAL = 0xedb88320;
const ONE = 0x80000000;

/** The checksum of two runs of bytes one after the other, from those of both and the second one's length. */
function combined(first: number, second: number, length: number): number {
  let shift = ONE;
  // x^(8 · length), by the binary digits of the length.
  let power = 0x00800000;
  for (let rest = length; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) shift = product(power, shift);
    power = product(power, power);
  }
  return (product(shift, first) ^ second) >>> 0;
}

function product(a: number, b: number): number {
  let sum = 0;
  let shifted = b;
  for (let bit = 31; bit >= 0; bit--) {
    if ((a >>> bit) & 1) sum ^= shifted;
    shifted = shifted & 1 ? (shifted >>> 1) ^ POLYNOMIAL : shifted >>> 1;
  }
  return sum >>> 0;
}
