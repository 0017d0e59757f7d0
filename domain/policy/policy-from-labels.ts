import { parseDuration } from '../duration.ts';

const POLICIES = ['auto', 'scheduled', 'approval', 'manual', 'ignore'] as const;

/** What may happen to a container on its own. */
export type UpdatePolicyName = (typeof POLICIES)[number];

/** What the inventory shows as the policy of a container that this program must not touch. */
export const PROTECTED_POLICY = 'protected';

/** What becomes of files in the writable layer, which a recreation loses. */
export const WRITABLE_LAYER_POLICIES = ['warn', 'carry', 'refuse'] as const;
export type WritableLayerPolicy = (typeof WRITABLE_LAYER_POLICIES)[number];

/** Where a setting came from: the label's name, or `default`. */
type Origin = string;

/** Command lines that run in the container itself, by its shell. */
export interface UpdateHooks {
  /** Runs in the predecessor before it is stopped; exit code 75 skips the update. Null for none. */
  pre: string | null;
  /** Runs in the successor once it has proved itself. Null for none. */
  post: string | null;
  /** What each may take. */
  timeoutSeconds: number;
}

export interface ContainerPolicy {
  policy: UpdatePolicyName;
  /** Null leaves it to the general default. */
  soakSeconds: number | null;
  /** Null reckons it from the health check. */
  healthDeadlineSeconds: number | null;
  hooks: UpdateHooks;
  /** Null leaves it to the general default, `warn`. */
  writableLayer: WritableLayerPolicy | null;
  origins: { policy: Origin; soakSeconds: Origin; healthDeadlineSeconds: Origin; writableLayer: Origin };
  /** Labels that say nothing we understand, one sentence each; their setting is the default then. */
  problems: string[];
}

interface Originated<T> {
  value: T;
  origin: Origin;
}

const ENABLE = 'docker-auto.enable';
const POLICY = 'docker-auto.policy';
const SOAK = 'docker-auto.soak';
const HEALTH_DEADLINE = 'docker-auto.health-deadline';

const HOOK_PRE = 'docker-auto.hook.pre';
const HOOK_POST = 'docker-auto.hook.post';
const HOOK_TIMEOUT = 'docker-auto.hook.timeout';
const DEFAULT_HOOK_SECONDS = 60;
const WRITABLE_LAYER = 'docker-auto.writable-layer';

const ON = ['true', '1', 'yes', 'on'];
const OFF = ['false', '0', 'no', 'off'];

function isPolicyName(text: string): text is UpdatePolicyName {
  return (POLICIES as readonly string[]).includes(text);
}

/** Whoever sets this label has something to lose, so a value that can't be read is taken as the careful one. */
function writableLayerLabel(
  labels: Readonly<Record<string, string>>,
  problems: string[],
): Originated<WritableLayerPolicy | null> {
  const text = labels[WRITABLE_LAYER];
  if (text === undefined) return { value: null, origin: 'default' };
  const wanted = WRITABLE_LAYER_POLICIES.find((policy) => policy === text.trim().toLowerCase());
  if (wanted !== undefined) return { value: wanted, origin: WRITABLE_LAYER };
  problems.push(
    `Label ${WRITABLE_LAYER}="${text}" is none of ${WRITABLE_LAYER_POLICIES.join(', ')}; it is taken as refuse, so that nothing is lost by it.`,
  );
  return { value: 'refuse', origin: WRITABLE_LAYER };
}

function durationLabel(
  labels: Readonly<Record<string, string>>,
  name: string,
  problems: string[],
): Originated<number | null> {
  const text = labels[name];
  if (text === undefined) return { value: null, origin: 'default' };
  const seconds = parseDuration(text);
  if (seconds !== null) return { value: seconds, origin: name };
  problems.push(
    `Label ${name}="${text}" is no duration; write it as 10s, 2m, 1h30m or plain seconds. The default is used.`,
  );
  return { value: null, origin: 'default' };
}

/**
 * Reads a container's policy from its labels. Never throws: a label that can't be read is reported and its setting falls
 * back to the default.
 */
export function policyFromLabels(
  labels: Readonly<Record<string, string>>,
  defaultPolicy: UpdatePolicyName,
): ContainerPolicy {
  const problems: string[] = [];
  let policy: Originated<UpdatePolicyName> = { value: defaultPolicy, origin: 'default' };

  const wanted = labels[POLICY]?.trim().toLowerCase();
  if (wanted !== undefined && isPolicyName(wanted)) policy = { value: wanted, origin: POLICY };
  else if (wanted !== undefined) {
    problems.push(
      `Label ${POLICY}="${labels[POLICY]}" is no policy; allowed are ${POLICIES.join(', ')}. The default, ${defaultPolicy}, is used.`,
    );
  }

  const enable = labels[ENABLE]?.trim().toLowerCase();
  if (enable !== undefined && OFF.includes(enable)) policy = { value: 'ignore', origin: ENABLE };
  else if (enable !== undefined && !ON.includes(enable)) {
    problems.push(`Label ${ENABLE}="${labels[ENABLE]}" is neither true nor false; it is taken as not set.`);
  }

  const soak = durationLabel(labels, SOAK, problems);
  const deadline = durationLabel(labels, HEALTH_DEADLINE, problems);
  const hookTimeout = durationLabel(labels, HOOK_TIMEOUT, problems);
  const writableLayer = writableLayerLabel(labels, problems);
  return {
    policy: policy.value,
    hooks: {
      pre: labels[HOOK_PRE]?.trim() || null,
      post: labels[HOOK_POST]?.trim() || null,
      timeoutSeconds: hookTimeout.value || DEFAULT_HOOK_SECONDS,
    },
    soakSeconds: soak.value,
    healthDeadlineSeconds: deadline.value,
    writableLayer: writableLayer.value,
    origins: {
      policy: policy.origin,
      soakSeconds: soak.origin,
      healthDeadlineSeconds: deadline.origin,
      writableLayer: writableLayer.origin,
    },
    problems,
  };
}
