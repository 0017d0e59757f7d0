import { existsSync, readFileSync } from 'node:fs';
import { findSystemProgram } from './find-executable.ts';
import { runCommand, tryCommand } from './run-command.ts';
import { holdServices, releaseLeftHold } from './service-hold.ts';

const DOCKER_UNITS = ['docker.service', 'docker.socket', 'containerd.service'];

/** What we run of each package. Where these programs are there the package is not asked for, whoever brought them. */
const PROGRAMS_OF: Readonly<Record<string, readonly string[]>> = {
  'docker.io': ['dockerd', 'containerd', 'runc'],
  'docker-registry': ['docker-registry'],
  'busybox-static': ['busybox'],
  iptables: ['iptables'],
  iproute2: ['ip'],
  openssl: ['openssl'],
};

/**
 * Installs the Debian packages whose programs are missing, without starting a service and without leaving Docker's services enabled: the packages
 * serve the sandbox, they don't give the machine an engine. Does nothing where all programs are there.
 * @throws Error naming the packages when this isn't Debian or Ubuntu, or not root, or with apt's last words.
 */
export async function ensureDebianPackages({
  packages,
  notice,
}: {
  packages: string[];
  notice: (line: string) => void;
}): Promise<void> {
  releaseLeftHold();
  const missing = packages.filter((name) => !isPresent(name));
  if (missing.length === 0) return;
  const list = missing.join(' ');
  const apt = findSystemProgram('apt-get');
  if (apt === null || !isDebianLike()) {
    throw new Error(
      `missing on this machine: ${list} (names of Debian's packages); install what they hold, or start Docker, or name an engine in DOCKER_HOST`,
    );
  }
  if (process.getuid?.() !== 0) {
    throw new Error(
      `missing on this machine: ${list}; run "sudo apt-get install ${list}", or start Docker, or name an engine in DOCKER_HOST`,
    );
  }
  notice(`Installing ${list} (once) …`);
  const bringsEngine = missing.includes('docker.io') && !(await isInstalled('docker.io'));
  const hold = holdServices();
  try {
    await installPackages(apt, missing, hold.env);
    if (bringsEngine) await disableEngine();
  } finally {
    hold.release();
  }
}

function isPresent(name: string): boolean {
  return (PROGRAMS_OF[name] ?? []).every((program) => {
    const file = findSystemProgram(program);
    return file !== null && (program !== 'busybox' || isStatic(file));
  });
}

/** A program that needs a dynamic linker names it in its header (PT_INTERP), near its beginning. */
function isStatic(file: string): boolean {
  return !readFileSync(file).subarray(0, 4096).includes('/ld-');
}

async function installPackages(apt: string, packages: string[], marks: NodeJS.ProcessEnv): Promise<void> {
  const env = { ...process.env, ...marks, DEBIAN_FRONTEND: 'noninteractive' };
  // Another installation may run: wait for its lock rather than fail.
  const patient = ['-q', '-o', 'DPkg::Lock::Timeout=300'];
  await runCommand(apt, [...patient, 'update'], { env });
  await runCommand(apt, [...patient, 'install', '-y', '--no-install-recommends', '--no-remove', ...packages], { env });
}

function isDebianLike(): boolean {
  if (!existsSync('/etc/os-release')) return false;
  return /^(ID|ID_LIKE)=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
}

async function isInstalled(name: string): Promise<boolean> {
  const { code, stdout } = await tryCommand('dpkg', ['--status', name]);
  return code === 0 && /^Status: .* installed$/m.test(stdout);
}

async function disableEngine(): Promise<void> {
  const systemctl = findSystemProgram('systemctl');
  if (systemctl === null) return;
  // Where systemd isn't running this only removes links; where it fails there was nothing enabled.
  await tryCommand(systemctl, ['disable', ...DOCKER_UNITS]);
}
