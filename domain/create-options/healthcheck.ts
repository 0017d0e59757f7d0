import type { HealthcheckConfig } from '../engine-types.ts';
import { deepCopy } from './deep-copy.ts';
import { isEmptyList, sameList } from './equal-values.ts';

/**
 * The fields of the health check that the user set: all but those that stand as in the old image's. The engine inherits
 * each field that is zero or absent, so the rest follows the new image. `NONE` differs from every check and stays.
 * @returns null when nothing of it is the user's
 */
export function keepUserHealthcheck(
  container: HealthcheckConfig | null | undefined,
  oldImage: HealthcheckConfig | null | undefined,
): HealthcheckConfig | null {
  if (container === null || container === undefined) return null;
  const defaults = oldImage ?? {};
  const kept = Object.entries(container).filter(([field, value]) => {
    if (field === 'Test') return !isEmptyList(container.Test) && !sameList(container.Test, defaults.Test);
    return value !== 0 && value !== null && value !== undefined && value !== defaults[field];
  });
  return kept.length === 0 ? null : deepCopy(Object.fromEntries(kept));
}
