import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from './error-code.ts';

/** What is known of a running program, so that the next start can end it should this one be killed. */
export interface RunRecord {
  pid: number;
  /** Clock ticks since boot (field 22 of /proc/PID/stat): with the pid it names one process for good. Null off Linux. */
  startTime: string | null;
  command: string[];
}

/** Start time of a process in clock ticks since boot; null when there is no such process, or no /proc. */
export function processStartTime(pid: number): string | null {
  const fields = processStat(pid);
  // The state is the first field after the name, field 3 of the whole; a zombie has ended already.
  return fields === null || fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
}

/** Fields of /proc/PID/stat from the third on: the name before them may hold blanks and brackets. */
function processStat(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    // The process ended, or the system has no /proc.
    return null;
  }
}

export function writeRunRecord(file: string, record: RunRecord): void {
  writeFileSync(file, `${JSON.stringify(record)}\n`, { mode: 0o600 });
}

/** Null where there is no readable record. */
function readRunRecord(file: string): RunRecord | null {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof parsed !== 'object' || parsed === null || !('pid' in parsed) || typeof parsed.pid !== 'number')
      return null;
    const startTime = 'startTime' in parsed && typeof parsed.startTime === 'string' ? parsed.startTime : null;
    const command = 'command' in parsed && Array.isArray(parsed.command) ? parsed.command.map(String) : [];
    return { pid: parsed.pid, startTime, command };
  } catch {
    // A missing record, or one that a crash cut short: nothing can be said about the process then.
    return null;
  }
}

/** Sends a signal; false when the process is gone already. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return false;
    throw error;
  }
}

/**
 * Ends the program that an earlier, killed run of ours left behind, and removes its record. Only a process with the
 * recorded pid *and* start time is touched: pids are used again.
 * @returns whether there was one to end.
 */
export async function endLeftover(
  file: string,
  { signal = 'SIGTERM', timeoutMs = 10_000 }: { signal?: NodeJS.Signals; timeoutMs?: number } = {},
): Promise<boolean> {
  const record = readRunRecord(file);
  const found = record !== null && record.startTime !== null && processStartTime(record.pid) === record.startTime;
  if (found) {
    const isThere = () => processStartTime(record.pid) === record.startTime;
    signalProcess(record.pid, signal);
    const deadline = Date.now() + timeoutMs;
    while (isThere() && Date.now() < deadline) await delay(20);
    if (isThere()) signalProcess(record.pid, 'SIGKILL');
    while (isThere()) await delay(20);
  }
  rmSync(file, { force: true });
  return found;
}
