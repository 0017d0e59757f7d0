import { DIUN_PREFIX, readDiunLabels } from './diun-labels.ts';
import { LabelReading, type Labels, type Said } from './label-reading.ts';
import { AUTO_UPDATE, readPodmanLabels } from './podman-labels.ts';
import { type PolicySettings, SETTINGS, type Setting } from './policy-settings.ts';
import { readWatchtowerLabels, WATCHTOWER_PREFIX } from './watchtower-labels.ts';
import { readWudLabels, WUD_PREFIX } from './wud-labels.ts';

const TOOLS = [
  { prefix: WATCHTOWER_PREFIX, read: readWatchtowerLabels },
  { prefix: WUD_PREFIX, read: readWudLabels },
  { prefix: DIUN_PREFIX, read: readDiunLabels },
  { prefix: AUTO_UPDATE, read: readPodmanLabels },
];

/** The most careful first. Of what is not here, such as filters, none is more careful than another. */
const BY_CARE: Readonly<Partial<Record<Setting, readonly unknown[]>>> = {
  policy: ['ignore', 'manual', 'approval', 'scheduled', 'auto'],
  tagRule: ['pinned', 'digest'],
};

function careOf(setting: Setting, value: unknown): number {
  const place = BY_CARE[setting]?.indexOf(value) ?? -1;
  return place === -1 ? Number.POSITIVE_INFINITY : place;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The most careful of what several tools say, of equals the first; that they disagree is told. */
function reconcile<S extends Setting>(
  setting: S,
  said: ReadonlyArray<Said<PolicySettings[S]>>,
  into: LabelReading,
): void {
  const [first, ...others] = said;
  if (first === undefined) return;
  const chosen = others.reduce(
    (best, next) => (careOf(setting, next.value) < careOf(setting, best.value) ? next : best),
    first,
  );
  into.say(setting, chosen.value, chosen.origin);
  const overruled =
    others.length === 0 ? [] : said.filter(({ value }) => !isSame(value, chosen.value)).map(({ origin }) => origin);
  if (overruled.length > 0)
    into.notes.push(
      `Label ${chosen.origin} counts, not ${overruled.join(' or ')}, which would set ${setting} otherwise: ${
        BY_CARE[setting] === undefined ? 'one of them has to' : 'the more careful one does'
      }.`,
    );
}

/**
 * Reads the labels that other tools understand, all of them at once.
 * @param isOpen whether something can still be said of a setting; a tool's wish is dropped where it can't
 */
export function readForeignLabels(
  labels: Labels,
  isOpen: <S extends Setting>(setting: S, said: Said<PolicySettings[S]>) => boolean,
): LabelReading {
  const merged = new LabelReading(labels);
  // Most containers have labels of none of them, and a host may have thousands.
  const names = Object.keys(labels);
  const present = TOOLS.filter(({ prefix }) => names.some((name) => name.startsWith(prefix)));
  if (present.length === 0) return merged;
  const readings = present.map(({ read }) => read(labels));
  const merge = <S extends Setting>(setting: S) => {
    const said = readings.flatMap((reading) => reading.said[setting] ?? []);
    reconcile(
      setting,
      said.filter((one) => isOpen(setting, one)),
      merged,
    );
  };
  for (const { problems, notes } of readings) {
    merged.problems.push(...problems);
    merged.notes.push(...notes);
  }
  for (const setting of SETTINGS) if (readings.some(({ said }) => said[setting] !== undefined)) merge(setting);
  return merged;
}
