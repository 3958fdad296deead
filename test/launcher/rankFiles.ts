import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { foldRecords, type RankLog } from './rankLog.ts';
import { parseRecords, recordFileName } from './records.ts';

/** The logs of ranks 0 … size − 1 as they stand now. */
export function readRankLogs(folder: string, size: number): RankLog[] {
  return Array.from({ length: size }, (_, rank) =>
    foldRecords(rank, parseRecords(readIfThere(join(folder, recordFileName(rank))))),
  );
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // the rank has not started yet
  }
}
