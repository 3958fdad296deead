/** What the addon exports of files; `src/native.ts` loads it. */

/** Reading beside the JavaScript thread, and files as memory (`native/files/`). */
export interface RawFiles {
  startReading(
    descriptor: number,
    memory: ArrayBufferView,
    offset: number,
    runBytes: number,
    counts: readonly number[],
    strides: readonly number[],
  ): number;
  finishReading(reading: number): number;
  mapFile(
    descriptor: number,
    offset: number,
    bytes: number,
    writable: boolean,
    shared: boolean,
  ): ArrayBuffer | number;
  syncMap(view: ArrayBufferView): number;
  reserve(descriptor: number, offset: number, bytes: number): number;
}
