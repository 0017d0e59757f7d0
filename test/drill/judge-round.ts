import { type EngineSnapshot, snapshotEngine } from '../rig/engine-snapshot.ts';
import type { Target } from './blows/blow.ts';
import type { DrillCase } from './drill-case.ts';
import type { Kind } from './kinds.ts';
import type { Stage } from './stage.ts';
import type { EndedUpdate } from './verdict/ended-update.ts';
import { judge } from './verdict/judge.ts';
import { askApi } from './verdict/judge-history.ts';
import { type Settled, strayFaults } from './verdict/judge-leftovers.ts';
import type { ServiceWatch } from './watch-service.ts';

export interface Verdict {
  case: DrillCase;
  kind: Kind;
  container: string;
  status: string;
  message: string;
  /** Empty when everything is as it must be. */
  faults: string[];
  /** Milliseconds from the blow to the end of the update. */
  settledMs: number;
  /** Milliseconds from the blow on in which nothing answered at the service's port; null for one that isn't up anyway. */
  downtimeMs: number | null;
}

interface PlayedRound {
  stage: Stage;
  cases: readonly DrillCase[];
  targets: Target[];
  before: EngineSnapshot;
  ended: Array<{ update: EndedUpdate; settledMs: number }>;
  missing: Set<string>;
  watch: ServiceWatch;
  struckAt: number;
}

/** The time is taken and the call not yet made: where the program lives on, it tells the standing as downtime. */
function standsInDowntime({ at }: Target): boolean {
  return at.point.startsWith('engine:stopContainer') && at.when === 'before';
}

/** Judges every update of a round that is over; what belongs to none of them is told with the first. */
export async function judgeRound({
  stage,
  cases,
  targets,
  before,
  ended,
  missing,
  watch,
  struckAt,
}: PlayedRound): Promise<Verdict[]> {
  const answers = await askApi(stage);
  const evidence = { before, after: await snapshotEngine(stage.sandbox.docker), answers };
  // Beyond its own downtime a service is away when its container dies for another reason.
  const comparable = cases.every(({ blow }) => blow.endsContainers !== true);
  const verdicts: Verdict[] = [];
  const settled: Settled[] = [];
  for (const [index, target] of targets.entries()) {
    const drillCase = cases[index] as DrillCase;
    const { update, settledMs } = ended[index] as PlayedRound['ended'][number];
    const { name, kind } = target.subject;
    const watched = kind.state === 'running';
    const seenAwayMs = watched && comparable && !standsInDowntime(target) ? watch.awayMs(name) : null;
    const judged = await judge(stage, target, drillCase.blow, update, evidence, seenAwayMs);
    settled.push(judged.settled);
    if (missing.has(name)) judged.faults.unshift('it never came to the point');
    verdicts.push({
      case: drillCase,
      kind,
      container: name,
      status: update.status,
      message: update.message ?? '',
      faults: judged.faults,
      settledMs,
      downtimeMs: watched ? watch.awayMs(name, struckAt) : null,
    });
  }
  const alsoThere = settled.flatMap(({ wanted }) => wanted.alsoThere ?? []);
  const strays = strayFaults(evidence.before, evidence.after, settled, alsoThere);
  verdicts[0]?.faults.push(...strays.map((fault) => `in the engine, whoever left it: ${fault}`));
  return verdicts;
}
