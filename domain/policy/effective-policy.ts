import { readForeignLabels } from './foreign-labels.ts';
import type { LabelReading, Labels, Said, SaidSettings } from './label-reading.ts';
import { readOwnLabels } from './own-labels.ts';
import { DEFAULT_SETTINGS, type PolicySettings, SETTINGS, type Setting } from './policy-settings.ts';

/** Where a setting came from: `api`, a label's full name, or `default`. */
export type Origin = string;

const STORED = 'api';
const DEFAULT = 'default';
const ALL_DEFAULT = Object.fromEntries(SETTINGS.map((setting) => [setting, DEFAULT])) as Record<Setting, Origin>;

export interface PolicySources {
  /** What was set through the API. */
  stored?: Readonly<Partial<PolicySettings>>;
  labels: Labels;
  /** What was configured for all containers; what it leaves out is as built in. */
  defaults?: Readonly<Partial<PolicySettings>>;
}

export interface EffectivePolicy {
  settings: PolicySettings;
  origins: Record<Setting, Origin>;
  /** Labels that say nothing we understand, one or two sentences each. */
  problems: string[];
  /** Labels that are understood, but not acted on, or not as written. */
  notes: string[];
}

/** `docker-auto.enable=true` takes back that another tool was told to leave it alone. */
function readOthers(labels: Labels, own: LabelReading, enabled: boolean | null, stored: Partial<PolicySettings>) {
  const unreadable = new Set(own.problems.map(({ setting }) => setting));
  const left = new Map<Setting, string[]>();
  const foreign = readForeignLabels(labels, (setting, { value, origin }) => {
    if (stored[setting] !== undefined || own.said[setting] !== undefined) return false;
    if (setting === 'policy' && enabled === true && value === 'ignore') return false;
    if (!unreadable.has(setting)) return true;
    left.set(setting, [...(left.get(setting) ?? []), origin]);
    return false;
  });
  const notes = [...left].map(
    ([setting, origins]) =>
      `What ${origins.join(' and ')} says of ${setting} does not count, since a label of ours was meant to replace it and can't be read.`,
  );
  return { foreign, notes };
}

/** Lets a layer decide all that it says something of. */
function decide(policy: Pick<EffectivePolicy, 'settings' | 'origins'>, said: SaidSettings): void {
  const put = <S extends Setting>(setting: S, { value, origin }: Said<PolicySettings[S]>) => {
    policy.settings[setting] = value;
    policy.origins[setting] = origin;
  };
  for (const setting of SETTINGS) {
    const one = said[setting];
    if (one !== undefined) put(setting, one);
  }
}

function saidBy(settings: Readonly<Partial<PolicySettings>>, origin: Origin): SaidSettings {
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([setting, value]) => [setting, { value, origin }]));
}

/**
 * A container's policy, each value with its origin. What was set through the API counts before our own labels, these
 * before other tools' labels, and those before the defaults. A label of ours that can't be read leaves its setting to
 * the default: what another tool's label says there is what somebody meant to replace. Never throws.
 */
export function effectivePolicy({ stored = {}, labels, defaults = {} }: PolicySources): EffectivePolicy {
  const { reading: own, enabled } = readOwnLabels(labels, defaults.policy ?? DEFAULT_SETTINGS.policy);
  const { foreign, notes } = readOthers(labels, own, enabled, stored);
  const policy = { settings: { ...DEFAULT_SETTINGS }, origins: { ...ALL_DEFAULT } };
  for (const said of [saidBy(defaults, DEFAULT), foreign.said, own.said, saidBy(stored, STORED)]) decide(policy, said);

  const isDecided = (setting: Setting | null) => setting !== null && stored[setting] !== undefined;
  return {
    ...policy,
    problems: [...own.problems, ...foreign.problems]
      .filter(({ setting }) => !isDecided(setting))
      .map(({ text }) => text),
    notes: [...own.notes, ...foreign.notes, ...notes],
  };
}
