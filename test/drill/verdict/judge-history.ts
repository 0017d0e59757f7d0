import { request } from '../../rig/api-client.ts';
import type { Sandbox } from '../../rig/sandbox.ts';
import type { Stage } from '../stage.ts';
import type { Subject } from '../subjects.ts';
import { type Acceptable, isBad } from './acceptable.ts';
import type { EndedUpdate } from './ended-update.ts';
import { timelineFaults } from './timeline-faults.ts';

/** The service may have been away a little longer than the engine tells, and we look only so often. */
const DOWNTIME_TOLERANCE_MS = 2_500;

/** What the API says of containers and quarantine, asked once for all updates of a round. */
export interface ApiAnswers {
  containers: Array<{
    id: string;
    name: string;
    engine_id: string | null;
    status: string;
    current_digest: string | null;
  }>;
  quarantine: Array<{ container_name: string; digest: string }>;
}

export async function askApi(stage: Stage): Promise<ApiAnswers> {
  // Looks at the engine anew first.
  await request(stage.program, 'GET', '/images/check');
  const containers = await request(stage.program, 'GET', '/containers?status=all&limit=100');
  const quarantine = await request(stage.program, 'GET', '/quarantine?limit=100');
  return { containers: containers.data.items, quarantine: quarantine.data.items };
}

function quarantineFaults(subject: Subject, wanted: Acceptable, { quarantine }: ApiAnswers): string[] {
  const found = quarantine.filter(({ container_name }) => container_name === subject.name).map(({ digest }) => digest);
  const expected =
    (wanted.quarantined ?? (isBad(subject.kind) && wanted.status === 'rollback')) ? [subject.newDigest] : [];
  return found.join() === expected.join()
    ? []
    : [`quarantined: ${found.join() || 'nothing'} instead of ${expected.join() || 'nothing'}`];
}

async function rowFaults(
  sandbox: Sandbox,
  subject: Subject,
  wanted: Acceptable,
  answers: ApiAnswers,
): Promise<string[]> {
  if (wanted.version === null || wanted.bothKept) return [];
  const row = answers.containers.find(({ name }) => name === subject.name);
  if (row === undefined) return ['the API does not list it'];
  const faults: string[] = [];
  const { Id, State } = await sandbox.docker.getContainer(subject.name).inspect();
  if (row.engine_id !== Id) faults.push('the API has another engine id');
  const status = State.Paused ? 'paused' : State.Running ? 'running' : 'stopped';
  if (row.status !== status) faults.push(`the API says ${row.status}, it is ${status}`);
  const digest = wanted.version === 'new' ? subject.newDigest : subject.oldDigest;
  if (row.current_digest !== digest) faults.push(`the API has digest ${row.current_digest} instead of ${digest}`);
  return faults;
}

async function countFaults(stage: Stage, subject: Subject, answers: ApiAnswers): Promise<string[]> {
  const row = answers.containers.find(({ name }) => name === subject.name);
  if (row === undefined) return [];
  const { data } = await request(stage.program, 'GET', `/updates/history?container_id=${row.id}`);
  return data.total === 1 ? [] : [`the history has ${data.total} updates of it instead of 1`];
}

/** Whether history, timeline, quarantine and inventory tell what happened. @param seenAwayMs null where it can't be compared */
export async function historyFaults(
  stage: Stage,
  subject: Subject,
  update: EndedUpdate,
  wanted: Acceptable,
  answers: ApiAnswers,
  seenAwayMs: number | null,
): Promise<string[]> {
  const faults = timelineFaults(update);
  const { status, message } = update;
  if (status !== wanted.status) faults.push(`ended as ${status} instead of ${wanted.status}`);
  if (update.completed_at === null) faults.push('has no time of its end');
  if (wanted.message !== undefined && !wanted.message.test(message ?? ''))
    faults.push(`its message does not say ${wanted.message}`);
  if (wanted.status === 'success' && update.error_type !== null)
    faults.push(`a success with error ${update.error_type}`);
  if (wanted.version === 'new' && (update.old_digest !== subject.oldDigest || update.new_digest !== subject.newDigest))
    faults.push(`its digests are ${update.old_digest} and ${update.new_digest}`);
  const wasStopped = update.events.some(({ step, state }) => step === 'stop' && state === 'done');
  if (
    subject.kind.state !== 'stopped' &&
    wanted.version !== null &&
    !wanted.bothKept &&
    wasStopped !== (update.downtime_ms !== null)
  )
    faults.push(`downtime ${update.downtime_ms}, though it was ${wasStopped ? '' : 'not '}stopped`);
  if (seenAwayMs !== null && Math.abs((update.downtime_ms ?? 0) - seenAwayMs) > DOWNTIME_TOLERANCE_MS)
    faults.push(`says that it was down for ${update.downtime_ms} ms; seen were ${seenAwayMs} ms`);
  return [
    ...faults,
    ...quarantineFaults(subject, wanted, answers),
    ...(await rowFaults(stage.sandbox, subject, wanted, answers)),
    ...(await countFaults(stage, subject, answers)),
  ];
}
