import { request, startUpdate, updateEnd } from '../rig/api-client.ts';
import { snapshotEngine } from '../rig/engine-snapshot.ts';
import type { Blow, Target } from './blows/blow.ts';
import type { KillPoint } from './kill-points.ts';
import { type Kind, PLAIN } from './kinds.ts';
import type { Stage } from './stage.ts';
import { raiseSubject, type Subject } from './subjects.ts';
import { until } from './until.ts';
import type { EndedUpdate } from './verdict/ended-update.ts';
import { judge } from './verdict/judge.ts';
import { askApi } from './verdict/judge-history.ts';
import { strayFaults } from './verdict/judge-leftovers.ts';
import { ServiceWatch } from './watch-service.ts';

/** One update of a container of its own, and what happens to it where. */
export interface DrillCase {
  at: KillPoint;
  blow: Blow;
  /** By default a plain web server whose new version does what the kill point says. */
  kind?: Kind;
}

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

export interface RoundOptions {
  /** The updates go on for that long before the blow falls; by default it falls while they stand still. */
  headStart?: (stage: Stage) => Promise<unknown>;
  /** Begins the containers' names; another one for each round of a stage. */
  prefix: string;
}

const RAISED_AT_ONCE = 4;
const STANDS_WITHIN_MS = 60_000;
const SETTLED_WITHIN_MS = 150_000;
/** The two versions of a failing update end differently, but any stands for one that fails. */
const kindOf = ({ at, kind }: DrillCase): Kind =>
  kind ?? { ...PLAIN, newVersion: at.version === 'works' ? 'works' : 'exits' };

async function raiseAll(stage: Stage, cases: readonly DrillCase[], prefix: string): Promise<Subject[]> {
  const subjects: Subject[] = [];
  const waiting = [...cases.entries()];
  const raiseSome = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      subjects[next[0]] = await raiseSubject(stage.sandbox, stage.press, `${prefix}-${next[0]}`, kindOf(next[1]));
  };
  await Promise.all(Array.from({ length: RAISED_AT_ONCE }, raiseSome));
  return subjects;
}

/** @returns names of those that never came to their point */
async function standStill(stage: Stage, targets: Target[]): Promise<Set<string>> {
  const missing = new Set<string>();
  await Promise.all(
    targets.map(({ subject: { name } }) =>
      until(name, () => stage.orders.stands(name), STANDS_WITHIN_MS).catch(() => missing.add(name)),
    ),
  );
  return missing;
}

/** The API may be away for a while after a blow; its answers count once it is back. */
async function endOf(stage: Stage, updateId: string): Promise<EndedUpdate> {
  try {
    return (await updateEnd(stage.program, updateId, SETTLED_WITHIN_MS)) as EndedUpdate;
  } catch (error) {
    const { data } = await request(stage.program, 'GET', `/updates/${updateId}`);
    return { ...(data as EndedUpdate), message: `it did not end: ${String(error)}` };
  }
}

/**
 * Brings one update to each case's point, lets the blows fall on all at the same time, has them go on and looks at what
 * becomes of them: containers, data, images, history.
 */
export async function playRound(
  stage: Stage,
  cases: readonly DrillCase[],
  { prefix, headStart }: RoundOptions,
): Promise<Verdict[]> {
  const subjects = await raiseAll(stage, cases, prefix);
  const before = await snapshotEngine(stage.sandbox.docker);
  const watch = new ServiceWatch(subjects.filter(({ kind }) => kind.state === 'running'));
  const targets: Target[] = [];
  try {
    for (const [index, { at }] of cases.entries()) {
      const subject = subjects[index] as Subject;
      stage.orders.order(subject.name, at);
      targets.push({ subject, at, updateId: await startUpdate(stage.program, subject.name) });
    }
    const missing = await standStill(stage, targets);
    const goOn = () => {
      for (const { subject } of targets) stage.orders.goOn(subject.name);
    };
    if (headStart !== undefined) {
      goOn();
      await headStart(stage);
    }
    const struckAt = Date.now();
    const blows = [...new Set(cases.map(({ blow }) => blow))];
    const struck = (blow: Blow) => targets.filter((_target, index) => cases[index]?.blow === blow);
    await Promise.all(blows.map((blow) => blow.strike(stage, struck(blow))));
    goOn();
    await Promise.all(blows.map((blow) => blow.recover?.(stage, struck(blow))));
    const ended = await Promise.all(
      targets.map(async ({ updateId }) => {
        const update = await endOf(stage, updateId);
        return { update, settledMs: Math.max(0, Date.parse(update.completed_at ?? '') - struckAt) };
      }),
    );
    const verdicts = await judgeAll({ stage, cases, targets, before, ended, missing, watch, struckAt });
    await clearAway(stage, subjects);
    return verdicts;
  } finally {
    await watch.end();
  }
}

/** The next round begins with an engine that has nothing to restart. */
async function clearAway({ sandbox: { docker }, orders }: Stage, subjects: Subject[]): Promise<void> {
  for (const { name } of subjects) orders.goOn(name);
  for (const { Id } of await docker.listContainers({ all: true }))
    await docker.getContainer(Id).remove({ force: true });
}

interface PlayedRound {
  stage: Stage;
  cases: readonly DrillCase[];
  targets: Target[];
  before: Awaited<ReturnType<typeof snapshotEngine>>;
  ended: Array<{ update: EndedUpdate; settledMs: number }>;
  missing: Set<string>;
  watch: ServiceWatch;
  struckAt: number;
}

async function judgeAll({
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
  const settled: Parameters<typeof strayFaults>[2] = [];
  for (const [index, target] of targets.entries()) {
    const drillCase = cases[index] as DrillCase;
    const { update, settledMs } = ended[index] as PlayedRound['ended'][number];
    const { name, kind } = target.subject;
    const watched = kind.state === 'running';
    const seenAwayMs = watched && comparable ? watch.awayMs(name) : null;
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
