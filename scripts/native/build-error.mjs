/** A failure that the user can do something about: printed as its message, without a stack. */
export class BuildError extends Error {}
