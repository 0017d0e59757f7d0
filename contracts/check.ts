/** Input of workflow `checkHost`: take the inventory of one host, then look for candidates. */
export interface CheckInput {
  tenantId: string;
  hostId: string;
  /** Only these containers, by name; empty means all. */
  containerNames: string[];
  /** Take the inventory only, ask no registry. */
  inventoryOnly: boolean;
  /** Asks the registries although they were asked within the last hour. */
  force: boolean;
}

export type CheckVerdict =
  /** A newer image is there. */
  | 'outdated'
  | 'up_to_date'
  /** Built here or loaded by hand; no registry knows it. */
  | 'local'
  /** Run by digest: it never moves by itself. */
  | 'pinned'
  /** The newer digest failed here before. */
  | 'quarantined'
  /** No registry reference can be found for it (bare image id). */
  | 'unresolvable'
  /** The registry could not be asked, or refused. Never the same as up to date. */
  | 'error';

export interface CheckedContainer {
  containerId: string;
  containerName: string;
  image: string;
  currentDigest: string | null;
  candidateDigest: string | null;
  verdict: CheckVerdict;
  /** Why, in one plain sentence. */
  reason: string;
}

export interface CheckResult {
  hostId: string;
  containers: CheckedContainer[];
}
