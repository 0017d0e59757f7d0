import type { TagSelection } from '../tags/tag-selection.ts';
import { effectivePolicy, type Origin } from './effective-policy.ts';
import type { Labels } from './label-reading.ts';
import { TAG_RULE } from './own-labels.ts';
import type { UpdatePolicyName, WritableLayerPolicy } from './policy-settings.ts';

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
  /** How its next tag is chosen; the rule as it was written, also where it can't be read. */
  tags: TagSelection;
  origins: { policy: Origin; soakSeconds: Origin; healthDeadlineSeconds: Origin; writableLayer: Origin };
  /** Labels that say nothing we understand, one or two sentences each; their setting is the default then. */
  problems: string[];
  /** Labels, other tools' too, that are understood, but not acted on, or not as written. */
  notes: string[];
}

/**
 * Reads what an update must know of a container's policy from its labels: ours, and those of other tools.
 * Never throws: a label that can't be read is reported and its setting falls back to the default.
 */
export function policyFromLabels(labels: Labels, defaultPolicy: UpdatePolicyName): ContainerPolicy {
  const { settings, origins, problems, notes } = effectivePolicy({ labels, defaults: { policy: defaultPolicy } });
  const { tagRule, include, exclude } = settings;
  const label = labels[TAG_RULE];
  const written = label === undefined || label.trim() === '' ? undefined : label;
  const { policy, soakSeconds, healthDeadlineSeconds, writableLayer, hookPre, hookPost, hookTimeoutSeconds } = settings;
  return {
    policy,
    hooks: { pre: hookPre, post: hookPost, timeoutSeconds: hookTimeoutSeconds },
    soakSeconds,
    healthDeadlineSeconds,
    writableLayer,
    tags: {
      rule: written ?? tagRule,
      ruleOrigin: written === undefined ? origins.tagRule : TAG_RULE,
      include,
      exclude,
    },
    origins: {
      policy: origins.policy,
      soakSeconds: origins.soakSeconds,
      healthDeadlineSeconds: origins.healthDeadlineSeconds,
      writableLayer: origins.writableLayer,
    },
    problems,
    notes,
  };
}
