/** What the configuration says about updates; a container's label or a request rules over it. */
export interface UpdateSettings {
  /** How long a healthy successor is watched before the commit. */
  soakSeconds: number;
  /** How many old images stay for a later rollback; 0 keeps none once an update has succeeded. */
  keepImages: number;
}
