import { ensureDebianPackages } from './debian-packages.ts';
import { findSystemProgram } from './find-executable.ts';

export interface SandboxPrograms {
  dockerd: string;
  containerd: string;
  registry: string;
}

const PACKAGES = ['docker.io', 'docker-registry', 'busybox-static', 'iptables', 'iproute2'];

/**
 * Where the sandbox's programs are, after installing what is missing (Debian and Ubuntu, as root).
 * @throws Error naming what is missing and what to install where that isn't possible.
 */
export async function ensureSandboxPrograms(notice: (line: string) => void): Promise<SandboxPrograms> {
  const otherwise = 'start Docker, or name an engine in DOCKER_HOST';
  if (process.platform !== 'linux')
    throw new Error(`the sandbox engine needs Linux, this is ${process.platform}; ${otherwise}`);
  if (process.getuid?.() !== 0) throw new Error(`the sandbox engine needs root; run this as root, ${otherwise}`);
  await ensureDebianPackages({ packages: PACKAGES, notice });
  return { dockerd: need('dockerd'), containerd: need('containerd'), registry: need('docker-registry') };
}

function need(name: string): string {
  const found = findSystemProgram(name);
  if (found === null)
    throw new Error(`the sandbox engine needs ${name}, which none of ${PACKAGES.join(', ')} brought; install it`);
  return found;
}
