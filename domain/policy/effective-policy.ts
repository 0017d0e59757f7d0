import { readForeignLabels } from './foreign-labels.ts';
import type { LabelReading, Labels, Said, SaidSettings } from './label-reading.ts';
import { readOwnLabels } from './own-labels.ts';
import { DEFAULT_SETTINGS, type PolicySettings, SETTINGS, type Setting } from './policy-settings.ts';

/** Where a setting came from: `api`, a label's full name, or `default`. */
export type Origin = string;

const STORED = 'api';
const DEFAULT = 'default';

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
  const unreadable = new Map(own.problems.map((problem) => [problem.setting, problem]));
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

function sayAll(settings: Readonly<Partial<PolicySettings>>, origin: Origin): SaidSettings {
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([setting, value]) => [setting, { value, origin }]));
}

/**
 * A container's policy, each value with its origin. What was set through the API counts before our own labels, these
 * before other tools' labels, and those before the defaults. A label of ours that can't be read leaves its setting to
 * the default: what another tool's label says there is what somebody meant to replace. Never throws.
 */
export function effectivePolicy({ stored = {}, labels, defaults = {} }: PolicySources): EffectivePolicy {
  const builtIn = { ...DEFAULT_SETTINGS };
  const { reading: own, enabled } = readOwnLabels(labels, defaults.policy ?? builtIn.policy);
  const { foreign, notes } = readOthers(labels, own, enabled, stored);
  const layers = [sayAll(stored, STORED), own.said, foreign.said, sayAll(defaults, DEFAULT)];

  const settings: PolicySettings = builtIn;
  const origins = Object.fromEntries(SETTINGS.map((setting) => [setting, DEFAULT])) as Record<Setting, Origin>;
  const decide = <S extends Setting>(setting: S) => {
    const said: Said<PolicySettings[S]> | undefined = layers.find((layer) => layer[setting] !== undefined)?.[setting];
    if (said === undefined) return;
    settings[setting] = said.value;
    origins[setting] = said.origin;
  };
  for (const setting of SETTINGS) decide(setting);

  const isDecided = (setting: Setting | null) => setting !== null && stored[setting] !== undefined;
  return {
    settings,
    origins,
    problems: [...own.problems, ...foreign.problems]
      .filter(({ setting }) => !isDecided(setting))
      .map(({ text }) => text),
    notes: [...own.notes, ...foreign.notes, ...notes],
  };
}
