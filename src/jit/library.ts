/** Compiled libraries that are loaded into this process. */
import { DistArrayError } from '../errors.ts';
import { raw } from './block.ts';

/** A loaded library. It stays loaded as long as the process lives. */
export class Library {
  readonly path: string;
  readonly #handle: number;

  /** @throws {@link DistArrayError} `ERR_LIBRARY` with the loader's reason */
  constructor(path: string) {
    this.path = path;
    try {
      this.#handle = raw.open(path);
    } catch (cause) {
      const reason = (cause as Error).message;
      throw new DistArrayError('ERR_LIBRARY', `A compiled library does not load: ${reason}`, {
        cause,
      });
    }
  }

  /**
   * Returns the address of what has this name.
   * @throws {@link DistArrayError} `ERR_LIBRARY` when there is nothing
   */
  addressOf(name: string): number {
    const address = raw.find(this.#handle, name);
    if (address !== 0) return address;
    throw new DistArrayError('ERR_LIBRARY', `The library '${this.path}' has no '${name}'`);
  }
}
