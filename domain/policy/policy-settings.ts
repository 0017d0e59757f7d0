import type { NamedDependency } from '../dependents/named-dependencies.ts';

export const POLICIES = ['auto', 'scheduled', 'approval', 'manual', 'ignore'] as const;

/** What may happen to a container on its own. */
export type UpdatePolicyName = (typeof POLICIES)[number];

/** What the inventory shows as the policy of a container that this program must not touch. */
export const PROTECTED_POLICY = 'protected';

/** What becomes of files in the writable layer, which a recreation loses. */
export const WRITABLE_LAYER_POLICIES = ['warn', 'carry', 'refuse'] as const;
export type WritableLayerPolicy = (typeof WRITABLE_LAYER_POLICIES)[number];

/** How a container gives way to its successor. */
export const STRATEGIES = ['recreate', 'blue_green', 'rolling', 'canary', 'parallel'] as const;
export type UpdateStrategy = (typeof STRATEGIES)[number];

/** All that can be set for one container. Durations in seconds; null says nothing, or leaves it to the general default. */
export interface PolicySettings {
  policy: UpdatePolicyName;
  /** `digest`, `semver:…`, `regex:…`, `newest` or `pinned`; what follows the colon is as it was written. */
  tagRule: string;
  /** A regular expression for tags, as it was written: it may be none that the engine takes. */
  include: string | null;
  exclude: string | null;
  minAgeSeconds: number;
  /** Cron, duration and time zone, as it was written. */
  window: string | null;
  strategy: UpdateStrategy;
  group: string | null;
  dependsOn: readonly NamedDependency[];
  soakSeconds: number | null;
  /** Null reckons it from the health check. */
  healthDeadlineSeconds: number | null;
  autoRollback: boolean;
  /** A line for the container's own shell, run before it is stopped; exit code 75 skips the update. */
  hookPre: string | null;
  /** The same, run in the successor once it has proved itself. */
  hookPost: string | null;
  /** What each hook may take. */
  hookTimeoutSeconds: number;
  /** Whether the predecessor is stopped before its successor is made. */
  stopFirst: boolean;
  /** Template of a link to what a version brings, as it was written. */
  link: string | null;
  writableLayer: WritableLayerPolicy | null;
}

/** Below the day that the step which runs a hook may take. */
export const LONGEST_HOOK_SECONDS = 23 * 3600;

export type Setting = keyof PolicySettings;

/** What counts where nobody says anything. */
export const DEFAULT_SETTINGS: Readonly<PolicySettings> = {
  policy: 'manual',
  tagRule: 'digest',
  include: null,
  exclude: null,
  minAgeSeconds: 0,
  window: null,
  strategy: 'recreate',
  group: null,
  dependsOn: [],
  soakSeconds: null,
  healthDeadlineSeconds: null,
  autoRollback: true,
  hookPre: null,
  hookPost: null,
  hookTimeoutSeconds: 60,
  stopFirst: false,
  link: null,
  writableLayer: null,
};

export const SETTINGS = Object.keys(DEFAULT_SETTINGS) as Setting[];
