/** Who may still be using memory that somebody wants to give back. */

/** Returns who uses a buffer, in words; undefined when nobody of this kind does. */
type UserOf = (buffer: ArrayBufferLike) => string | undefined;

const kinds: UserOf[] = [];

/** Adds a kind of users. */
export function addMemoryUsers(userOf: UserOf): void {
  kinds.push(userOf);
}

/** Returns who uses a buffer; undefined when nobody does. */
export function userOf(buffer: ArrayBufferLike): string | undefined {
  for (const kind of kinds) {
    const user = kind(buffer);
    if (user !== undefined) return user;
  }
  return undefined;
}
