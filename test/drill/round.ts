import { request, startUpdate, updateEnd } from '../rig/api-client.ts';
import { snapshotEngine } from '../rig/engine-snapshot.ts';
import type { Blow, Target } from './blows/blow.ts';
import type { DrillCase } from './drill-case.ts';
import { judgeRound, type Verdict } from './judge-round.ts';
import { type Kind, PLAIN } from './kinds.ts';
import type { Stage } from './stage.ts';
import { raiseSubject, type Subject } from './subjects.ts';
import { until } from './until.ts';
import type { EndedUpdate } from './verdict/ended-update.ts';
import { ServiceWatch } from './watch-service.ts';

export interface RoundOptions {
  /** The updates go on for that long before the blow falls; by default it falls while they stand still. */
  headStart?: (stage: Stage) => Promise<unknown>;
  /** Begins the containers' names; another one for each round of a stage. */
  prefix: string;
}

const RAISED_AT_ONCE = 4;
const STANDS_WITHIN_MS = 60_000;
const SETTLED_WITHIN_MS = 150_000;

/** Of the versions that fail, one that exits stands for all. */
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
    const verdicts = await judgeRound({ stage, cases, targets, before, ended, missing, watch, struckAt });
    await clearAway(stage, subjects);
    return verdicts;
  } finally {
    await watch.end();
  }
}

function ignoreGone(error: { statusCode?: number }): void {
  if (error.statusCode !== 404 && error.statusCode !== 409) throw error;
}

/** The next round begins with an engine that has nothing to restart. */
async function clearAway({ sandbox: { docker }, orders }: Stage, subjects: Subject[]): Promise<void> {
  for (const { name } of subjects) orders.goOn(name);
  for (const { Id } of await docker.listContainers({ all: true })) {
    // One that removes itself may be gone, or going, by now.
    await docker.getContainer(Id).remove({ force: true }).catch(ignoreGone);
  }
}
