import type { EndedUpdate } from './ended-update.ts';

const STEPS = ['inspect', 'check', 'gate', 'backup', 'pull', 'create', 'stop', 'start', 'health', 'commit'];
const ENDS = new Set(['done', 'failed', 'skipped', 'undone']);

/** What is wrong with a timeline by itself, whatever happened: holes, steps without an end, an end that is none. */
export function timelineFaults({ status, events }: EndedUpdate): string[] {
  const faults: string[] = [];
  const lines = events.map(({ step, state }) => `${step} ${state}`);
  const holes = events.filter(({ seq }, index) => seq !== index + 1);
  if (holes.length > 0) faults.push(`the timeline's numbers are ${events.map(({ seq }) => seq).join(' ')}`);
  for (const step of STEPS) {
    const started = lines.filter((line) => line === `${step} started`).length;
    const ended = events.filter((event) => event.step === step && ENDS.has(event.state)).length;
    if (started > 1) faults.push(`step ${step} started ${started} times`);
    if (started !== ended) faults.push(`step ${step} started ${started} times and ended ${ended} times`);
  }
  if (lines.filter((line) => line === 'notify done').length !== 1 || lines.at(-1) !== 'notify done')
    faults.push(`the timeline ends with ${lines.at(-1)}`);
  const done = STEPS.filter((step) => lines.includes(`${step} done`) || lines.includes(`${step} skipped`));
  if (status === 'success' && done.length < STEPS.length)
    faults.push(`a success without ${STEPS.filter((step) => !done.includes(step)).join(', ')}`);
  const wentBack = lines.includes('rollback started');
  if (status === 'success' && wentBack) faults.push('a success that went back');
  if (status === 'rollback' && !(wentBack && lines.includes('rollback done') && lines.includes('stop started')))
    faults.push('a rollback whose timeline has no stop, or no way back');
  if (status !== 'success' && lines.includes('commit done')) faults.push(`${status}, though the commit was done`);
  return faults;
}
