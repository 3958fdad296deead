/** A command line that cannot be understood: exit code 2. */
export class UsageError extends Error {
  /** Command that prints help. */
  readonly help: string;

  constructor(message: string, help: string) {
    super(message);
    this.name = 'UsageError';
    this.help = help;
  }
}
