/** What the operator did wrong, or what is in the way: one line for the terminal. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}
