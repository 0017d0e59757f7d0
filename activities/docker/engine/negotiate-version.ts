/** Oldest and newest Engine API that this program was written against. */
const OLDEST_API = '1.24';
const NEWEST_API = '1.51';

function compareVersions(left: string, right: string): number {
  const [leftMajor = 0, leftMinor = 0] = left.split('.').map(Number);
  const [rightMajor = 0, rightMinor = 0] = right.split('.').map(Number);
  return leftMajor - rightMajor || leftMinor - rightMinor;
}

/** True when API version `version` is `minimum` or newer (`1.9` is older than `1.44`). */
function atLeast(version: string, minimum: string): boolean {
  return compareVersions(version, minimum) >= 0;
}

/**
 * The API version to speak with an engine: the newest that both know. Negotiated both ways, since new engines drop old
 * versions and old engines refuse newer ones.
 * @returns the version, or null when there is none in common
 */
export function negotiateApiVersion(engine: { ApiVersion: string; MinAPIVersion?: string }): string | null {
  const newestCommon = atLeast(engine.ApiVersion, NEWEST_API) ? NEWEST_API : engine.ApiVersion;
  const oldestServed = engine.MinAPIVersion ?? OLDEST_API;
  return atLeast(newestCommon, oldestServed) && atLeast(newestCommon, OLDEST_API) ? newestCommon : null;
}
