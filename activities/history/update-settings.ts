/** What the configuration says about updates; a container's label or a request rules over it. */
export interface UpdateSettings {
  /** How long a healthy successor is watched before the commit. */
  soakSeconds: number;
  /** How many old images stay for a way back; at least 1 keeps the way back of the last update. */
  keepImages: number;
}
