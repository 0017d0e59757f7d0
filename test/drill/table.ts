import Table from 'cli-table3';
import type { Verdict } from './judge-round.ts';
import { describePoint } from './kill-points.ts';
import { describeKind, PLAIN } from './kinds.ts';

const PLAIN_TABLE = { style: { head: [], border: [], compact: true } };

function seconds(milliseconds: number | null): string {
  return milliseconds === null ? '–' : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** One line of what became of an update. */
export function describeVerdict({
  case: { at, blow },
  kind,
  container,
  faults,
  status,
  settledMs,
  downtimeMs,
  message,
}: Verdict): string {
  const special = { ...kind, newVersion: 'works' };
  const shown = Object.entries(PLAIN).every(([key, value]) => special[key as keyof typeof special] === value);
  const what = shown ? '' : ` (${describeKind(kind)})`;
  const line = `${faults.length === 0 ? 'ok   ' : 'FAULT'} ${blow.name}: ${describePoint(at)}${what}: ${status}, settled in ${seconds(settledMs)}, down for ${seconds(downtimeMs)}`;
  return faults.length === 0
    ? line
    : `${line}\n      ${container}: ${message}${faults.map((fault) => `\n      - ${fault}`).join('')}`;
}

/** Step × what died → verdict, time to settle, downtime. One row for each step, direction and blow, the worst of its cases. */
export function verdictTable(verdicts: readonly Verdict[]): string {
  const rows = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    const { at, blow } = verdict.case;
    const key = `${at.step}|${at.version === 'works' ? 'forward' : 'back'}|${blow.name}`;
    rows.set(key, [...(rows.get(key) ?? []), verdict]);
  }
  const table = new Table({
    ...PLAIN_TABLE,
    head: [
      'step',
      'way',
      'what died or happened',
      'cases',
      'ended as',
      'verdict',
      'settled within',
      'down for at most',
    ],
  });
  for (const [key, cases] of rows) {
    const faulty = cases.filter(({ faults }) => faults.length > 0).length;
    const downtimes = cases.flatMap(({ downtimeMs }) => (downtimeMs === null ? [] : [downtimeMs]));
    table.push([
      ...key.split('|'),
      cases.length,
      [...new Set(cases.map(({ status }) => status))].join(', '),
      faulty === 0 ? 'ok' : `${faulty} FAULTY`,
      seconds(Math.max(...cases.map(({ settledMs }) => settledMs))),
      seconds(downtimes.length === 0 ? null : Math.max(...downtimes)),
    ]);
  }
  return table.toString();
}
