import { readFileSync } from 'node:fs';
import { tryCommand } from './run-command.ts';

export interface Mount {
  mountPoint: string;
  /** The part of the mounted file system that is seen there; `/` is all of it, anything else a bind mount. */
  root: string;
  type: string;
}

/** What is mounted in this process's namespace, in the order of mounting. */
export function currentMounts(): Mount[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const fields = before.split(' ');
    return { root: decode(fields[3] ?? ''), mountPoint: decode(fields[4] ?? ''), type: after.split(' ')[0] ?? '' };
  });
}

/** Unmounts in the order given; what is busy is detached and goes when its last user does. */
export async function unmountAll(mountPoints: string[]): Promise<void> {
  for (const mountPoint of mountPoints) {
    const plain = await tryCommand('umount', [mountPoint]);
    if (plain.code !== 0) await tryCommand('umount', ['-l', mountPoint]);
  }
}

/** mountinfo writes blanks and the like as octal numbers, see proc(5). */
function decode(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
