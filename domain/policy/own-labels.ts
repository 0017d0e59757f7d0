import { DEPENDS_ON, parseDependsOn } from '../dependents/named-dependencies.ts';
import { parseDuration } from '../duration.ts';
import { LabelReading, type Labels, shown } from './label-reading.ts';
import {
  DEFAULT_SETTINGS,
  LONGEST_HOOK_SECONDS,
  POLICIES,
  type PolicySettings,
  type Setting,
  STRATEGIES,
  type UpdatePolicyName,
  WRITABLE_LAYER_POLICIES,
} from './policy-settings.ts';

const PREFIX = 'docker-auto.';
const ENABLE = 'docker-auto.enable';
const POLICY = 'docker-auto.policy';
export const TAG_RULE = 'docker-auto.tag-rule';
const STRATEGY = 'docker-auto.strategy';
const HOOK_TIMEOUT = 'docker-auto.hook.timeout';
const WRITABLE_LAYER = 'docker-auto.writable-layer';

const TEXTS = {
  'docker-auto.include': 'include',
  'docker-auto.exclude': 'exclude',
  'docker-auto.window': 'window',
  'docker-auto.group': 'group',
  'docker-auto.hook.pre': 'hookPre',
  'docker-auto.hook.post': 'hookPost',
  'docker-auto.link': 'link',
} as const;
const DURATIONS = {
  'docker-auto.min-age': 'minAgeSeconds',
  'docker-auto.soak': 'soakSeconds',
  'docker-auto.health-deadline': 'healthDeadlineSeconds',
} as const;
const TRUTHS = { 'docker-auto.rollback': 'autoRollback', 'docker-auto.stop-first': 'stopFirst' } as const;
const KNOWN: readonly string[] = [
  ...[ENABLE, POLICY, TAG_RULE, STRATEGY, HOOK_TIMEOUT, WRITABLE_LAYER, DEPENDS_ON],
  ...[TEXTS, DURATIONS, TRUTHS].flatMap((names) => Object.keys(names)),
];

const ON = ['true', '1', 'yes', 'on'];
const OFF = ['false', '0', 'no', 'off'];
const PLAIN_RULES = ['digest', 'newest', 'pinned'];
const RULE_WITH_VALUE = /^(semver|regex)\s*:\s*(\S.*)$/i;

export interface OwnLabels {
  reading: LabelReading;
  /** What `docker-auto.enable` says; null where it says nothing. */
  enabled: boolean | null;
}

function entriesOf<N extends string, S extends Setting>(names: Readonly<Record<N, S>>): Array<[N, S]> {
  return Object.entries(names) as Array<[N, S]>;
}

function parseTruth(value: string): boolean | null {
  const text = value.trim().toLowerCase();
  if (ON.includes(text)) return true;
  return OFF.includes(text) ? false : null;
}

function parseTagRule(value: string): string | null {
  const text = value.trim();
  if (text === '') return DEFAULT_SETTINGS.tagRule;
  if (PLAIN_RULES.includes(text.toLowerCase())) return text.toLowerCase();
  const [, kind, rest] = RULE_WITH_VALUE.exec(text) ?? [];
  return kind === undefined || rest === undefined ? null : `${kind.toLowerCase()}:${rest}`;
}

function parseWord<W extends string>(words: readonly W[], value: string): W | null {
  const text = value.trim().toLowerCase().replaceAll('-', '_');
  return words.find((word) => word === text) ?? null;
}

/** Says what a label holds, or tells what is wrong with it. */
function read<S extends Setting>(
  reading: LabelReading,
  name: string,
  setting: S,
  parse: (value: string) => PolicySettings[S] | null,
  wrong: string,
): void {
  const value = reading.labels[name];
  if (value === undefined) return;
  const parsed = parse(value);
  if (parsed !== null) reading.say(setting, parsed, name);
  else reading.problems.push({ setting, text: `${shown(name, value)} ${wrong}` });
}

function readPolicy(reading: LabelReading, defaultPolicy: UpdatePolicyName): boolean | null {
  const value = reading.labels[ENABLE];
  const enabled = value === undefined ? null : parseTruth(value);
  if (enabled === false) {
    reading.say('policy', 'ignore', ENABLE);
    return enabled;
  }
  const wrong = `is no policy; allowed are ${POLICIES.join(', ')}. The default, ${defaultPolicy}, is used.`;
  read(reading, POLICY, 'policy', (text) => parseWord(POLICIES, text), wrong);
  if (value !== undefined && enabled === null)
    reading.problems.push({
      setting: 'policy',
      text: `${shown(ENABLE, value)} is neither true nor false; it is taken as not set.`,
    });
  return enabled;
}

function readHookTimeout(reading: LabelReading, wrong: string): void {
  read(reading, HOOK_TIMEOUT, 'hookTimeoutSeconds', (value) => parseDuration(value) || null, wrong);
  if ((reading.said.hookTimeoutSeconds?.value ?? 0) <= LONGEST_HOOK_SECONDS) return;
  reading.say('hookTimeoutSeconds', LONGEST_HOOK_SECONDS, HOOK_TIMEOUT);
  reading.notes.push(
    `Label ${HOOK_TIMEOUT} is taken as ${LONGEST_HOOK_SECONDS / 3600} hours, the longest that a hook may run.`,
  );
}

/** Whoever sets this label has something to lose, so a value that can't be read is taken as the careful one. */
function readWritableLayer(reading: LabelReading): void {
  const value = reading.labels[WRITABLE_LAYER];
  if (value === undefined) return;
  const wanted = parseWord(WRITABLE_LAYER_POLICIES, value);
  reading.say('writableLayer', wanted ?? 'refuse', WRITABLE_LAYER);
  if (wanted === null)
    reading.problems.push({
      setting: 'writableLayer',
      text: `${shown(WRITABLE_LAYER, value)} is none of ${WRITABLE_LAYER_POLICIES.join(', ')}; it is taken as refuse, so that nothing is lost by it.`,
    });
}

/**
 * Reads our own labels. Never throws: a value that can't be read is told as a problem of its setting, which is then the
 * default. A text that is there but empty says that there is none, and so takes away what another tool's label says.
 * @param defaultPolicy named in the message where the policy can't be read
 */
export function readOwnLabels(labels: Labels, defaultPolicy: UpdatePolicyName): OwnLabels {
  const reading = new LabelReading(labels);
  const present = Object.keys(labels).filter((name) => name.startsWith(PREFIX));
  if (present.length === 0) return { reading, enabled: null };
  const enabled = readPolicy(reading, defaultPolicy);
  const noDuration = 'is no duration; write it as 10s, 2m, 1h30m or plain seconds. The default is used.';
  for (const [name, setting] of entriesOf(DURATIONS)) read(reading, name, setting, parseDuration, noDuration);
  readHookTimeout(reading, noDuration.replace('no duration', 'no duration above zero'));
  readWritableLayer(reading);
  const noRule = 'is no tag rule; write digest, semver:…, regex:…, newest or pinned. Nothing is looked for until then.';
  read(reading, TAG_RULE, 'tagRule', parseTagRule, noRule);
  const noStrategy = `is no strategy; allowed are ${STRATEGIES.join(', ')}. The default, ${DEFAULT_SETTINGS.strategy}, is used.`;
  read(reading, STRATEGY, 'strategy', (value) => parseWord(STRATEGIES, value), noStrategy);
  for (const [name, setting] of entriesOf(TRUTHS)) {
    const wrong = `is neither true nor false. The default, ${DEFAULT_SETTINGS[setting]}, is used.`;
    read(reading, name, setting, parseTruth, wrong);
  }
  for (const [name, setting] of entriesOf(TEXTS))
    if (labels[name] !== undefined) reading.say(setting, reading.text(name), name);
  if (labels[DEPENDS_ON] !== undefined) reading.say('dependsOn', parseDependsOn(labels[DEPENDS_ON]), DEPENDS_ON);
  for (const name of present.sort())
    if (!KNOWN.includes(name))
      reading.problems.push({
        setting: null,
        text: `Label ${name} is none that is known here, so it does nothing; those that begin with ${PREFIX} are ${KNOWN.map((known) => known.slice(PREFIX.length)).join(', ')}.`,
      });
  return { reading, enabled };
}
