import { type ParsedSwapName, parseSwapName } from './swap-names.ts';

export interface ContainerAround {
  id: string;
  /** Without the engine's leading slash. */
  name: string;
  running: boolean;
  /** Seconds since the epoch, where known; tells the newest of several. */
  createdAt?: number;
}

export type LeftoverAction =
  | { action: 'remove'; containerId: string; cause: string }
  | { action: 'rename'; containerId: string; newName: string; cause: string }
  | { action: 'start'; containerId: string; cause: string };

export interface LeftoverDecision {
  /** In the order in which they have to be done. */
  actions: LeftoverAction[];
  warnings: string[];
}

type Leftover = ContainerAround & Pick<ParsedSwapName, 'role' | 'uid'>;

const RESTART_POLICY = 'its restart policy may have been set to "no" for the swap; look at it';

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
function settleWithoutOwner(name: string, successors: Leftover[], predecessors: Leftover[]): LeftoverDecision {
  const predecessor = foremost(predecessors);
  if (predecessor !== undefined) {
    const unproven = successors.map((successor) =>
      remove(successor, 'it never proved itself, and its predecessor is still there'),
    );
    const others = predecessors.filter((other) => other !== predecessor);
    return {
      actions: [...unproven, ...giveName(predecessor, name, 'it was kept for this case')],
      warnings: [
        `${name} is back from an unfinished update; ${RESTART_POLICY}.`,
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
function settleBeforeSwap(owner: ContainerAround, successors: Leftover[]): LeftoverDecision {
  if (successors.length === 0) return { actions: [], warnings: [] };
  const actions = successors.map((successor) => remove(successor, 'its update never got as far as the swap'));
  return {
    actions: [...actions, ...startIfStopped(owner, owner.name)],
    warnings: owner.running ? [] : [`${owner.name} was found stopped in an unfinished update; ${RESTART_POLICY}.`],
  };
}

/** Somebody has the name and a predecessor is kept: the swap was done, and what runs under the name decides. */
function settleAfterSwap(owner: ContainerAround, successors: Leftover[], predecessors: Leftover[]): LeftoverDecision {
  const unproven = successors.map((successor) => remove(successor, 'its update never got as far as the swap'));
  if (owner.running) {
    return {
      actions: [...unproven, ...predecessors.map((old) => remove(old, `${owner.name} took over and runs`))],
      warnings: [],
    };
  }
  const restored = settleWithoutOwner(owner.name, [], predecessors);
  return {
    actions: [...unproven, remove(owner, 'it does not run, and its predecessor is still there'), ...restored.actions],
    warnings: restored.warnings,
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
}): LeftoverDecision {
  const { containerName: name, containers, knownUids } = input;
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
  const predecessors = ours.filter(({ role }) => role === 'predecessor');
  const decision =
    owner === undefined
      ? settleWithoutOwner(name, successors, predecessors)
      : predecessors.length === 0
        ? settleBeforeSwap(owner, successors)
        : settleAfterSwap(owner, successors, predecessors);
  return { actions: decision.actions, warnings: [...decision.warnings, ...strangers] };
}
