/** A field that the successor has otherwise than the predecessor, and why. Same shape as in the contracts. */
export interface FieldDifference {
  /** Path in the inspect answer, such as `Config.Env.PATH`. */
  path: string;
  before: string | null;
  after: string | null;
  cause: string;
}
