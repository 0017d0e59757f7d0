import { Context } from '@temporalio/activity';
import type { Cipher } from '../../domain/cipher.ts';
import {
  type ContainerAround,
  decideLeftovers,
  type LeftoverAction,
  type LeftoverDecision,
  type PastUpdate,
} from '../../domain/leftovers.ts';
import { heartbeating } from '../heartbeating.ts';
import type { Engine } from './engine/engine.ts';
import { openBackup, type SealedBackup } from './seal-backup.ts';
import { listedName, plainName } from './swap.ts';

/** What the history has of an update that left something; its backup holds the policy that the swap took away. */
export interface RecalledUpdate {
  uid: string;
  succeeded: boolean;
  backup: SealedBackup | null;
}

export interface SettleLeftoversInput {
  containerName: string;
  /** Uids of updates that the history knows; a container with another uid is somebody else's and stays. */
  knownUids: string[];
  /** A running update of an older program asks without them. */
  recalled?: RecalledUpdate[];
}

/** Each may be done twice: a next attempt goes through the whole decision again. */
async function carryOut(engine: Engine, action: LeftoverAction): Promise<void> {
  switch (action.action) {
    case 'remove':
      return engine.removeContainer(action.containerId, { anonymousVolumes: false });
    case 'rename': {
      const container = await engine.inspectContainer(action.containerId);
      if (container === null || plainName(container) === action.newName) return;
      return engine.renameContainer(action.containerId, action.newName);
    }
    case 'start':
      return engine.startContainer(action.containerId);
    case 'restart-policy':
      return engine.setRestartPolicy(action.containerId, action.policy);
  }
}

async function lookAt(engine: Engine, containerName: string): Promise<ContainerAround[]> {
  const around = (await engine.listContainers()).filter((container) => {
    const name = listedName(container);
    return name === containerName || name.startsWith(`${containerName}.`);
  });
  return Promise.all(
    around.map(async (container) => {
      const inspect = await engine.inspectContainer(container.Id);
      return {
        id: container.Id,
        name: listedName(container),
        // Frozen or restarting, it is the one in use all the same.
        running: ['running', 'paused', 'restarting'].includes(container.State),
        restartPolicy: inspect?.HostConfig.RestartPolicy?.Name ?? 'no',
        createdAt: Date.parse(inspect?.Created ?? '') / 1000 || 0,
      };
    }),
  );
}

/** The predecessor as the backup has it; a backup that can't be opened is one that says nothing, and is told. */
function openPast(cipher: Cipher, recalled: RecalledUpdate, warnings: string[]): PastUpdate {
  const { succeeded, backup } = recalled;
  if (backup === null) return { succeeded, predecessor: null };
  try {
    const { Id, HostConfig } = openBackup(cipher, backup).container;
    return { succeeded, predecessor: { containerId: Id, restartPolicy: HostConfig.RestartPolicy ?? { Name: 'no' } } };
  } catch (error) {
    warnings.push(`The backup of update ${backup.updateId} could not be opened: ${String(error)}`);
    return { succeeded, predecessor: null };
  }
}

async function decide(engine: Engine, cipher: Cipher, input: SettleLeftoversInput): Promise<LeftoverDecision> {
  const warnings: string[] = [];
  const pasts = new Map((input.recalled ?? []).map((past) => [past.uid, openPast(cipher, past, warnings)]));
  const decision = decideLeftovers({
    containerName: input.containerName,
    containers: await lookAt(engine, input.containerName),
    knownUids: new Set(input.knownUids),
    pasts,
  });
  return { ...decision, warnings: [...decision.warnings, ...warnings] };
}

/**
 * Finishes or undoes an earlier update of which no workflow remains (its server's database was lost, or somebody
 * terminated it), so that exactly one container of the name is left. The decision is remembered over our own death:
 * half of it done, the engine no longer shows what the other half is.
 * @returns what was done, one sentence each
 */
export async function settleLeftovers(engine: Engine, cipher: Cipher, input: SettleLeftoversInput): Promise<string[]> {
  const remembered = Context.current().info.heartbeatDetails as LeftoverDecision | undefined;
  const decision = remembered?.actions === undefined ? await decide(engine, cipher, input) : remembered;
  await heartbeating(
    async () => {
      for (const action of decision.actions) await carryOut(engine, action);
    },
    () => decision,
  );
  return [...decision.actions.map((action) => action.cause), ...decision.warnings];
}
