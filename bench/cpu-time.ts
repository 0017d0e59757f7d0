import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Ticks of /proc in a second; 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Seconds of CPU time by part: the program, its servers, the engine. */
export type CpuTimes = Record<string, number>;

function partOf(commandLine: string): string | null {
  if (commandLine.includes('postgres')) return 'PostgreSQL';
  if (commandLine.includes('start-dev')) return 'Temporal';
  if (/dockerd|containerd|docker-proxy|registry/.test(commandLine)) return 'engine and registry';
  return commandLine.includes('node') ? 'program' : null;
}

/** The fields of /proc/PID/stat after the name, which may hold blanks itself. */
function fieldsOf(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** User and system time of a process and of those of its children that it has waited for, in seconds. */
function secondsOf(stat: string): number {
  return (
    fieldsOf(stat)
      .slice(11, 15)
      .reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND
  );
}

function read(pid: string, file: string): string | null {
  try {
    return readFileSync(path.join('/proc', pid, file), 'utf8');
  } catch {
    // It has ended since it was listed.
    return null;
  }
}

/**
 * CPU time so far of all processes that belong to these directories, by their command line or environment, and of
 * PostgreSQL's children, which have neither. What counts on a machine that others use as well: it grows with the work, not
 * with the waiting.
 */
export function cpuTimes(directories: readonly string[]): CpuTimes {
  const times: CpuTimes = {};
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .map((pid) => ({ pid, line: read(pid, 'cmdline')?.replaceAll('\0', ' ') ?? '', stat: read(pid, 'stat') }));
  const own = new Set(
    found
      .filter(({ pid, line }) => {
        const surroundings = `${line}${read(pid, 'environ') ?? ''}`;
        return directories.some((directory) => surroundings.includes(directory));
      })
      .map(({ pid }) => pid),
  );
  for (const { pid, line, stat } of found) {
    const part = partOf(line);
    if (part === null || stat === null) continue;
    const isOwn = own.has(pid) || (part === 'PostgreSQL' && own.has(fieldsOf(stat)[1] ?? ''));
    if (isOwn) times[part] = (times[part] ?? 0) + secondsOf(stat);
  }
  return times;
}

/** What was used between two looks, such as `program 1.2 s, Temporal 0.8 s`. */
export function tellCpu(before: CpuTimes, after: CpuTimes): string {
  return Object.entries(after)
    .map(([part, seconds]) => `${part} ${(seconds - (before[part] ?? 0)).toFixed(2)} s`)
    .join(', ');
}
