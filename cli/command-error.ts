/** What a person did or has that keeps a command from working: shown without a stack, and the command ends with 1. */
export class CommandError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CommandError';
  }
}
