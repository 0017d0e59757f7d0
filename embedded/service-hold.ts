import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { errorCode } from './error-code.ts';
import { processStartTime } from './run-record.ts';

/** Asked by Debian's maintainer scripts before they start a service; 101 means "don't". */
const POLICY_FILE = '/usr/sbin/policy-rc.d';
/** In the environment of the installation, so that one that outlived us is known by it. */
const HOLD_VARIABLE = 'DOCKER_AUTO_SERVICE_HOLD';
const OURS = /^# docker-auto hold (\S+) of process (\d+) started at (\S+)$/m;

export interface ServiceHold {
  /** For the environment of what is run under the hold. */
  env: NodeJS.ProcessEnv;
  release(): void;
}

/** Keeps package scripts from starting services. A policy that is there is left alone: the machine's owner has decided then. */
export function holdServices(policyFile = POLICY_FILE): ServiceHold {
  if (existsSync(policyFile)) return { env: {}, release: () => undefined };
  const hold = randomUUID();
  const mark = `# docker-auto hold ${hold} of process ${process.pid} started at ${processStartTime(process.pid) ?? '?'}`;
  writeFileSync(policyFile, `#!/bin/sh\n${mark}\nexit 101\n`, { mode: 0o755 });
  return { env: { [HOLD_VARIABLE]: hold }, release: () => rmSync(policyFile, { force: true }) };
}

/**
 * Removes the policy that a killed run of ours left, which would keep every service of the machine from being started
 * by its package. Somebody else's stays, and so does ours while its program, or the installation that it began, runs.
 * @returns whether there was one to remove
 */
export function releaseLeftHold(policyFile = POLICY_FILE): boolean {
  if (!existsSync(policyFile)) return false;
  const [, hold, pid, startTime] = OURS.exec(readFileSync(policyFile, 'utf8')) ?? [];
  if (hold === undefined || processStartTime(Number(pid)) === startTime || isInUse(hold)) return false;
  try {
    rmSync(policyFile, { force: true });
    return true;
  } catch (error) {
    // Only root may, and only root put it there; the next start as root removes it.
    if (errorCode(error) === 'EACCES' || errorCode(error) === 'EPERM') return false;
    throw error;
  }
}

/** Whether a process runs that was started under the hold. */
function isInUse(hold: string): boolean {
  const mark = `${HOLD_VARIABLE}=${hold}`;
  return readdirSync('/proc').some((entry) => /^\d+$/.test(entry) && environmentOf(entry).split('\0').includes(mark));
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    // It ended meanwhile, or is another user's, which an installation of ours never is.
    return '';
  }
}
