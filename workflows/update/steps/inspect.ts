import { ApplicationFailure } from '@temporalio/workflow';
import { history, hostActivities } from '../activities.ts';
import { sinceOrder2 } from '../changes.ts';
import type { Ledger } from '../ledger.ts';
import type { Timeline } from '../timeline.ts';

/** Step `inspect`: what is there; leftovers of an earlier, lost update are settled first. */
export async function inspect(ledger: Ledger, timeline: Timeline): Promise<void> {
  const { tenantId, containerName, updateId, hostId } = ledger.input;
  const host = hostActivities(hostId, ledger.engineWaitSeconds);
  await timeline.step(
    'inspect',
    `See what ${containerName} is made of.`,
    async () => {
      let facts = await host.inspectContainer({ containerName, updateId });
      if (facts.leftovers.length > 0 && ledger.input.mode === 'update') {
        const uids = facts.leftovers.map(({ uid }) => uid);
        const recalled = sinceOrder2(ledger.input, 'leftovers know their past')
          ? await history.recallUpdates({ tenantId, hostId, containerName, uids })
          : [];
        const knownUids = [...(ledger.requireOpened().knownUids ?? []), ...recalled.map(({ uid }) => uid)];
        ledger.warnings.push(...(await host.settleLeftovers({ containerName, knownUids, recalled })));
        facts = await host.inspectContainer({ containerName, updateId });
      }
      if (facts.containerId === null) {
        throw ApplicationFailure.nonRetryable(
          `There is no container named ${containerName}; only ${facts.leftovers.map(({ name }) => name).join(', ')} of an earlier update is there. Rename the right one to ${containerName}.`,
          'ContainerNotFound',
        );
      }
      ledger.facts = { ...facts, containerId: facts.containerId };
    },
    () => {
      const facts = ledger.requireFacts();
      return {
        cause: `${containerName} runs ${facts.reference}${facts.running ? '' : ' (stopped)'}.`,
        detail: { imageId: facts.imageId, ...(ledger.warnings.length > 0 ? { leftovers: ledger.warnings } : {}) },
      };
    },
  );
}
