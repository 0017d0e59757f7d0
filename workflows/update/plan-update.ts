import type { UpdateInput, UpdatePlan, UpdateResult } from '../../contracts/update.ts';
import { planSteps } from '../../domain/update-plan.ts';
import { history, hostActivities, registryActivities } from './activities.ts';
import type { Ledger } from './ledger.ts';
import { chooseCandidate, standingRefusal } from './steps/choose-candidate.ts';
import { inspect } from './steps/inspect.ts';
import type { Timeline } from './timeline.ts';
import { writableLayerWarnings } from './writable-layer.ts';

/** Planning is given up soon: somebody waits for the answer. */
const PATIENCE_SECONDS = 5;

async function draw(input: UpdateInput, ledger: Ledger, timeline: Timeline): Promise<UpdatePlan> {
  const settings = await history.readSettings();
  ledger.settings = settings;
  await inspect(ledger, timeline);
  const outdated = await chooseCandidate(ledger, timeline, null);
  const facts = ledger.requireFacts();
  const from = ledger.from() ?? { reference: facts.reference, digest: null, imageId: facts.imageId };
  const reason = timeline.events.findLast(({ step, state }) => step === 'check' && state === 'done')?.cause ?? '';
  const { target } = ledger;
  if (!outdated || target === null) {
    return {
      containerName: input.containerName,
      wouldUpdate: false,
      reason,
      current: from,
      candidate: ledger.to(),
      steps: [],
      differences: [],
      warnings: [],
    };
  }
  const candidateImage = await registryActivities(PATIENCE_SECONDS).describeCandidateImage({
    pullReference: target.pullReference,
    platform: facts.platform,
  });
  const preview = await hostActivities(input.hostId, PATIENCE_SECONDS).previewRecreation({
    containerId: facts.containerId,
    pullReference: target.pullReference,
    imageReference: target.imageReference,
    candidateImage,
  });
  const refusal = standingRefusal(ledger);
  const steps = () =>
    planSteps({
      containerName: input.containerName,
      running: facts.running,
      paused: facts.paused,
      restartPolicy: facts.restartPolicy.Name,
      currentReference: facts.reference,
      currentDigest: ledger.currentDigest,
      candidateReference: target.reference,
      candidateDigest: target.digest,
      hasHealthcheck: facts.hasHealthcheck,
      soakSeconds: ledger.soakSeconds,
      healthDeadlineMs: facts.healthDeadlineMs,
      networks: facts.networks,
      anonymousVolumes: facts.anonymousVolumes,
      imagePresent: preview.imagePresent,
      keepImages: settings.keepImages,
      backup: input.backup,
      autoRemove: facts.autoRemove,
      dependents: ledger.dependents,
      restarts: ledger.restarts,
      hooks: ledger.hooks,
    });
  return {
    containerName: input.containerName,
    wouldUpdate: refusal === null,
    reason: refusal?.message ?? reason,
    current: from,
    candidate: ledger.to(),
    steps: refusal === null ? steps() : [],
    differences: preview.differences,
    warnings: [...preview.warnings, ...facts.policyProblems, ...writableLayerWarnings(ledger)].filter(
      (warning) => warning !== refusal?.message,
    ),
  };
}

/** The same way as an update with the mutations left out; the history isn't touched. Failures are thrown to the asker. */
export async function planUpdate(input: UpdateInput, ledger: Ledger, timeline: Timeline): Promise<UpdateResult> {
  const patient = {
    ...input,
    overrides: { engineWaitSeconds: PATIENCE_SECONDS, registryWaitSeconds: PATIENCE_SECONDS, ...input.overrides },
  };
  Object.assign(ledger.input.overrides, patient.overrides);
  const plan = await draw(patient, ledger, timeline);
  ledger.end('up_to_date', plan.reason);
  return { ...ledger.result(timeline), plan };
}
