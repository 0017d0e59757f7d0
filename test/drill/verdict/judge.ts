import type { EngineSnapshot } from '../../rig/engine-snapshot.ts';
import type { Blow, Target } from '../blows/blow.ts';
import type { Stage } from '../stage.ts';
import type { Acceptable } from './acceptable.ts';
import type { EndedUpdate } from './ended-update.ts';
import { containerFaults } from './judge-container.ts';
import { type ApiAnswers, historyFaults } from './judge-history.ts';
import { imageFaults, type Settled } from './judge-leftovers.ts';

/** What is looked at for all updates of a round at once. */
export interface Evidence {
  before: EngineSnapshot;
  after: EngineSnapshot;
  answers: ApiAnswers;
}

export interface Judged {
  /** Empty when everything is as it must be. */
  faults: string[];
  settled: Settled;
}

async function judgeBy(
  wanted: Acceptable,
  stage: Stage,
  target: Target,
  update: EndedUpdate,
  evidence: Evidence,
  seenAwayMs: number | null,
): Promise<Judged> {
  const { subject, updateId } = target;
  const settled = { subject, updateId, registryHost: stage.sandbox.registryHost, wanted };
  const faults = [
    ...(await historyFaults(stage, subject, update, wanted, evidence.answers, seenAwayMs)),
    ...(await containerFaults(stage.sandbox, subject, update.message ?? '', wanted)),
    ...imageFaults(evidence.before, evidence.after, settled),
  ];
  return { faults, settled };
}

/** Measures an ended update against every end that is acceptable, and tells what is wrong by the one that fits best. */
export async function judge(
  stage: Stage,
  target: Target,
  blow: Blow,
  update: EndedUpdate,
  evidence: Evidence,
  seenAwayMs: number | null,
): Promise<Judged> {
  const acceptable = blow.acceptable(target);
  const fitting = acceptable.filter(({ status }) => status === update.status);
  const judged: Judged[] = [];
  for (const wanted of fitting.length > 0 ? fitting : acceptable.slice(0, 1)) {
    const one = await judgeBy(wanted, stage, target, update, evidence, seenAwayMs);
    if (one.faults.length === 0) return one;
    judged.push(one);
  }
  const [best] = judged.sort((a, b) => a.faults.length - b.faults.length);
  if (best === undefined) throw new Error(`nothing is acceptable after ${blow.name}: the drill is wrong`);
  return best;
}
