import { decideLeftovers, type LeftoverAction } from '../../domain/leftovers.ts';
import type { Engine } from './engine/engine.ts';
import { listedName } from './swap.ts';

export interface SettleLeftoversInput {
  containerName: string;
  /** Uids of updates that the history knows; a container with another uid is somebody else's and stays. */
  knownUids: string[];
}

async function carryOut(engine: Engine, action: LeftoverAction): Promise<void> {
  switch (action.action) {
    case 'remove':
      return engine.removeContainer(action.containerId, { anonymousVolumes: false });
    case 'rename':
      return engine.renameContainer(action.containerId, action.newName);
    case 'start':
      return engine.startContainer(action.containerId);
  }
}

/**
 * Finishes or undoes an earlier update of which no workflow remains (its server's database was lost, or somebody
 * terminated it), so that exactly one container of the name is left.
 * @returns what was done, one sentence each
 */
export async function settleLeftovers(engine: Engine, input: SettleLeftoversInput): Promise<string[]> {
  const around = (await engine.listContainers())
    .map((container) => ({
      id: container.Id,
      name: listedName(container),
      // Frozen or restarting, it is the one in use all the same.
      running: ['running', 'paused', 'restarting'].includes(container.State),
    }))
    .filter(({ name }) => name === input.containerName || name.startsWith(`${input.containerName}.`));
  const decision = decideLeftovers({
    containerName: input.containerName,
    containers: around,
    knownUids: new Set(input.knownUids),
  });
  for (const action of decision.actions) await carryOut(engine, action);
  return [...decision.actions.map((action) => action.cause), ...decision.warnings];
}
