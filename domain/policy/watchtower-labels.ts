import { parseWatchtowerDependsOn, WATCHTOWER_DEPENDS_ON } from '../dependents/named-dependencies.ts';
import { LabelReading, type Labels, parseGoBoolean, shown } from './label-reading.ts';
import { DEFAULT_SETTINGS, LONGEST_HOOK_SECONDS } from './policy-settings.ts';

export const WATCHTOWER_PREFIX = 'com.centurylinklabs.watchtower.';
const ENABLE = `${WATCHTOWER_PREFIX}enable`;
const MONITOR_ONLY = `${WATCHTOWER_PREFIX}monitor-only`;
const NO_PULL = `${WATCHTOWER_PREFIX}no-pull`;
const HOOKS = [
  {
    hook: `${WATCHTOWER_PREFIX}lifecycle.pre-update`,
    limit: `${WATCHTOWER_PREFIX}lifecycle.pre-update-timeout`,
    setting: 'hookPre',
  },
  {
    hook: `${WATCHTOWER_PREFIX}lifecycle.post-update`,
    limit: `${WATCHTOWER_PREFIX}lifecycle.post-update-timeout`,
    setting: 'hookPost',
  },
] as const;

const NOT_ACTED_ON = {
  [`${WATCHTOWER_PREFIX}scope`]:
    'there is one program for all containers. Set docker-auto.enable=false on those that it should leave alone.',
  [`${WATCHTOWER_PREFIX}stop-signal`]:
    'the container is stopped by its own stop signal. Set that (--stop-signal, or stop_signal in Compose).',
  [`${WATCHTOWER_PREFIX}lifecycle.pre-check`]: 'nothing runs in containers that are only checked.',
  [`${WATCHTOWER_PREFIX}lifecycle.post-check`]: 'nothing runs in containers that are only checked.',
};
const KNOWN: readonly string[] = [
  ...[ENABLE, MONITOR_ONLY, NO_PULL, WATCHTOWER_DEPENDS_ON, ...Object.keys(NOT_ACTED_ON)],
  ...HOOKS.flatMap(({ hook, limit }) => [hook, limit]),
];

const MINUTES = /^\d{1,9}$/;

function readPolicy(reading: LabelReading): void {
  const enable = reading.truth(ENABLE, 'policy');
  const monitorOnly = reading.truth(MONITOR_ONLY, 'policy');
  const noPull = reading.truth(NO_PULL, 'policy');
  if (noPull === true)
    reading.note(
      NO_PULL,
      'a newer image is looked for in the registry only, so the container is updated by hand, unless docker-auto.policy says otherwise.',
    );
  // One that can't be read may have been meant to forbid it.
  const isAsked = enable === true && reading.problems.length === 0;
  if (enable === false) reading.say('policy', 'ignore', ENABLE);
  else if (monitorOnly === true) reading.say('policy', 'manual', MONITOR_ONLY);
  else if (noPull === true) reading.say('policy', 'manual', NO_PULL);
  else if (isAsked) {
    reading.say('policy', 'auto', ENABLE);
    // Watchtower never moves a container to another tag.
    reading.say('tagRule', 'digest', ENABLE);
  }
}

/** Seconds; null where the label is missing or can't be read. */
function readLimit(reading: LabelReading, name: string): number | null {
  const text = reading.text(name);
  if (text === null) return null;
  if (!MINUTES.test(text)) {
    reading.problems.push({
      setting: 'hookTimeoutSeconds',
      text: `${shown(name, text)} is no whole number of minutes; the default, 1, is used. Write one, or 0 for no limit.`,
    });
    return null;
  }
  const seconds = Number(text) * 60;
  if (seconds !== 0 && seconds <= LONGEST_HOOK_SECONDS) return seconds;
  reading.notes.push(
    `${shown(name, text)} is taken as ${LONGEST_HOOK_SECONDS / 3600} hours, the longest that a hook may run here.`,
  );
  return LONGEST_HOOK_SECONDS;
}

/** Here both hooks have one limit. The longer one kills no hook that Watchtower would have let run to its end. */
function readHooks(reading: LabelReading): void {
  const limits: Array<{ seconds: number; origin: string | null }> = [];
  for (const { hook, limit, setting } of HOOKS) {
    const line = reading.text(hook);
    if (line === null) continue;
    reading.say(setting, line, hook);
    const seconds = readLimit(reading, limit);
    limits.push(
      seconds === null ? { seconds: DEFAULT_SETTINGS.hookTimeoutSeconds, origin: null } : { seconds, origin: limit },
    );
  }
  const [longest, other] = limits.sort((a, b) => b.seconds - a.seconds);
  if (longest === undefined || longest.origin === null) return;
  reading.say('hookTimeoutSeconds', longest.seconds, longest.origin);
  if (other !== undefined && other.seconds !== longest.seconds)
    reading.notes.push(
      `Label ${longest.origin} counts for both hooks, since they have one limit here: ${longest.seconds / 60} minutes.`,
    );
}

/**
 * Reads Watchtower's labels as its version 1 does (`pkg/container` there). What its command line says is not known here:
 * its hooks, which it runs only on request, are taken as asked for.
 */
export function readWatchtowerLabels(labels: Labels): LabelReading {
  const reading = new LabelReading(labels);
  readPolicy(reading);
  readHooks(reading);
  const dependsOn = reading.text(WATCHTOWER_DEPENDS_ON);
  if (dependsOn !== null) reading.say('dependsOn', parseWatchtowerDependsOn(dependsOn), WATCHTOWER_DEPENDS_ON);
  for (const [name, why] of Object.entries(NOT_ACTED_ON)) if (reading.text(name) !== null) reading.note(name, why);
  reading.noteOthers(WATCHTOWER_PREFIX, KNOWN);
  return reading;
}

/** Whether Watchtower neither updates nor restarts this container. */
export function isLeftAloneByWatchtower(labels: Labels): boolean {
  return parseGoBoolean(labels[ENABLE] ?? '') === false || parseGoBoolean(labels[MONITOR_ONLY] ?? '') === true;
}
