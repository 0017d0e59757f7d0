import type { RestartPolicy } from './engine-types.ts';
import { type ParsedSwapName, parseSwapName } from './swap-names.ts';

export interface ContainerAround {
  id: string;
  /** Without the engine's leading slash. */
  name: string;
  running: boolean;
  /** Seconds since the epoch, where known; tells the newest of several. */
  createdAt?: number;
  /** Name of its restart policy at present, where known; empty means `no`. */
  restartPolicy?: string;
}

/** What the history knows of the update that a leftover comes from. */
export interface PastUpdate {
  /** It ended well: what has the name since is right, whether it runs or not. */
  succeeded: boolean;
  /** The container that it was to replace, from its backup; null where there is none. */
  predecessor: { containerId: string; restartPolicy: RestartPolicy } | null;
}

export type LeftoverAction =
  | { action: 'remove'; containerId: string; cause: string }
  | { action: 'rename'; containerId: string; newName: string; cause: string }
  | { action: 'start'; containerId: string; cause: string }
  | { action: 'restart-policy'; containerId: string; policy: RestartPolicy; cause: string };

export interface LeftoverDecision {
  /** In the order in which they have to be done. */
  actions: LeftoverAction[];
  warnings: string[];
}

type Leftover = ContainerAround & Pick<ParsedSwapName, 'role' | 'uid'>;
type Pasts = ReadonlyMap<string, PastUpdate>;

const RESTART_POLICY = 'its restart policy may have been set to "no" for the swap; look at it';

function isNo(policy: string | undefined): boolean {
  return policy === undefined || policy === '' || policy === 'no';
}

/** The predecessor's own policy where the swap had set it to `no`, or a warning where nobody knows what it was. */
function policyBack(predecessor: ContainerAround, name: string, pasts: Pasts): LeftoverDecision {
  if (!isNo(predecessor.restartPolicy)) return { actions: [], warnings: [] };
  const past = [...pasts.values()].find((one) => one.predecessor?.containerId === predecessor.id);
  const policy = past?.predecessor?.restartPolicy;
  if (policy === undefined)
    return { actions: [], warnings: [`${name} is back from an unfinished update; ${RESTART_POLICY}.`] };
  if (isNo(policy.Name)) return { actions: [], warnings: [] };
  const cause = `Gave ${name} its restart policy ${policy.Name} back: the unfinished update had set it to no.`;
  return { actions: [{ action: 'restart-policy', containerId: predecessor.id, policy, cause }], warnings: [] };
}

/** The one to go on with: a running one before a stopped one, then the newest. */
function foremost(leftovers: readonly Leftover[]): Leftover | undefined {
  return [...leftovers].sort(
    (one, other) => Number(other.running) - Number(one.running) || (other.createdAt ?? 0) - (one.createdAt ?? 0),
  )[0];
}

function remove(container: ContainerAround, cause: string): LeftoverAction {
  return { action: 'remove', containerId: container.id, cause: `Removed ${container.name}: ${cause}.` };
}

function startIfStopped(container: ContainerAround, name: string): LeftoverAction[] {
  if (container.running) return [];
  return [
    { action: 'start', containerId: container.id, cause: `Started ${name}: the unfinished update had stopped it.` },
  ];
}

function giveName(container: ContainerAround, name: string, cause: string): LeftoverAction[] {
  return [
    {
      action: 'rename',
      containerId: container.id,
      newName: name,
      cause: `Renamed ${container.name} to ${name}: ${cause}.`,
    },
    ...startIfStopped(container, name),
  ];
}

/** Nobody has the name: the kept predecessor gets it back, or, where there is none, the only one that is left. */
function settleWithoutOwner(
  name: string,
  successors: Leftover[],
  predecessors: Leftover[],
  pasts: Pasts,
): LeftoverDecision {
  const predecessor = foremost(predecessors);
  if (predecessor !== undefined) {
    const unproven = successors.map((successor) =>
      remove(successor, 'it never proved itself, and its predecessor is still there'),
    );
    const others = predecessors.filter((other) => other !== predecessor);
    const policy = policyBack(predecessor, name, pasts);
    return {
      actions: [...unproven, ...giveName(predecessor, name, 'it was kept for this case'), ...policy.actions],
      warnings: [
        ...policy.warnings,
        ...others.map(
          (other) =>
            `${other.name} is left of another update and was not touched; the next update removes it once ${name} runs.`,
        ),
      ],
    };
  }
  const successor = foremost(successors);
  if (successor === undefined) return { actions: [], warnings: [] };
  const others = successors.filter((other) => other !== successor);
  return {
    actions: [
      ...others.map((other) => remove(other, 'another successor is further on')),
      ...giveName(successor, name, 'its predecessor is gone, so it is the only one left'),
    ],
    warnings: [],
  };
}

/** Somebody has the name, and no predecessor is kept: it is the old one, whose successor never took over. */
function settleBeforeSwap(owner: ContainerAround, successors: Leftover[], pasts: Pasts): LeftoverDecision {
  if (successors.length === 0) return { actions: [], warnings: [] };
  const actions = successors.map((successor) => remove(successor, 'its update never got as far as the swap'));
  const policy = policyBack(owner, owner.name, pasts);
  return {
    actions: [...actions, ...startIfStopped(owner, owner.name), ...policy.actions],
    // One that runs was most likely never stopped.
    warnings: owner.running ? [] : policy.warnings,
  };
}

/** Somebody has the name and a predecessor is kept: the swap was done, and what runs under the name decides. */
function settleAfterSwap(
  owner: ContainerAround,
  successors: Leftover[],
  predecessors: Leftover[],
  pasts: Pasts,
): LeftoverDecision {
  const unproven = successors.map((successor) => remove(successor, 'its update never got as far as the swap'));
  if (owner.running) {
    return {
      actions: [...unproven, ...predecessors.map((old) => remove(old, `${owner.name} took over and runs`))],
      warnings: [],
    };
  }
  const restored = settleWithoutOwner(owner.name, [], predecessors, pasts);
  return {
    actions: [...unproven, remove(owner, 'it does not run, and its predecessor is still there'), ...restored.actions],
    warnings: restored.warnings,
  };
}

/** A predecessor whose update succeeded is only rubbish; but nothing is removed where nothing has the name. */
function clearAway(owner: ContainerAround | undefined, settled: Leftover[]): LeftoverDecision {
  if (owner !== undefined) return { actions: settled.map((old) => remove(old, 'its update succeeded')), warnings: [] };
  return {
    actions: [],
    warnings: settled.map(
      (old) =>
        `${old.name} is left of an update that succeeded, and the container that took over from it is gone; it was not touched. Rename and start it by hand if it is wanted.`,
    ),
  };
}

/**
 * Decides what becomes of the leftovers of an unfinished update of which no workflow remains, so that exactly one
 * container of the name is left, and serves. An unproven successor yields to its predecessor; nothing is removed while
 * nothing else could serve. A swap name with a uid that isn't ours belongs to somebody else and is left alone.
 */
export function decideLeftovers(input: {
  containerName: string;
  containers: readonly ContainerAround[];
  /** Uids of our updates. */
  knownUids: ReadonlySet<string>;
  /** By uid, as far as the history knows. */
  pasts?: Pasts;
}): LeftoverDecision {
  const { containerName: name, containers, knownUids, pasts = new Map() } = input;
  const leftovers = containers.flatMap((container): Leftover[] => {
    const parsed = parseSwapName(container.name);
    return parsed?.containerName === name ? [{ ...container, role: parsed.role, uid: parsed.uid }] : [];
  });
  const ours = leftovers.filter(({ uid }) => knownUids.has(uid));
  const strangers = leftovers
    .filter(({ uid }) => !knownUids.has(uid))
    .map(
      (stranger) =>
        `${stranger.name} looks like part of an update, but no update of ours has that id; it was left alone. Remove it by hand if it is not needed.`,
    );

  const owner = containers.find((container) => container.name === name);
  const successors = ours.filter(({ role }) => role === 'successor');
  const hasSucceeded = ({ uid }: Leftover) => pasts.get(uid)?.succeeded === true;
  const old = ours.filter(({ role }) => role === 'predecessor');
  const cleared = clearAway(owner, old.filter(hasSucceeded));
  const predecessors = old.filter((one) => !hasSucceeded(one));
  const decision =
    owner === undefined
      ? settleWithoutOwner(name, successors, predecessors, pasts)
      : predecessors.length === 0
        ? settleBeforeSwap(owner, successors, pasts)
        : settleAfterSwap(owner, successors, predecessors, pasts);
  return {
    actions: [...cleared.actions, ...decision.actions],
    warnings: [...cleared.warnings, ...decision.warnings, ...strangers],
  };
}
