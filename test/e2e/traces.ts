import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

/** What of a program there is on the machine. */
export interface Traces {
  processes: string[];
  mounts: string[];
  links: string[];
  folders: string[];
}

/** Nothing at all. */
export const NO_TRACES: Traces = { processes: [], mounts: [], links: [], folders: [] };

/**
 * Everything on this machine that carries one of the marks (a data directory, a name that a sandbox gives): processes by
 * command line, environment, folder or control group, mounts and network links by their descriptions, the folders `places`.
 */
export function tracesOf(marks: readonly string[], places: readonly string[] = []): Traces {
  const marked = (text: string) => marks.some((mark) => text.includes(mark));
  return {
    processes: readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
      .filter((pid) => ['cmdline', 'environ', 'cgroup', 'cwd'].some((file) => marked(readProcess(pid, file))))
      .map((pid) => `${pid} ${readProcess(pid, 'cmdline').replaceAll('\0', ' ').trim()}`),
    mounts: readFileSync('/proc/self/mountinfo', 'utf8').split('\n').filter(marked),
    links: execFileSync('ip', ['-o', 'link'], { encoding: 'utf8' }).split('\n').filter(marked),
    folders: places.filter((place) => existsSync(place)),
  };
}

function readProcess(pid: string, file: string): string {
  try {
    const entry = path.join('/proc', pid, file);
    return file === 'cwd' ? readlinkSync(entry) : readFileSync(entry, 'utf8');
  } catch {
    // It ended meanwhile.
    return '';
  }
}
