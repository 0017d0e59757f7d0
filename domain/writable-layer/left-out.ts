import type { ContainerInspect } from '../engine-types.ts';

/** What the engine itself puts into every container. */
const ENGINE_FILES = new Set([
  '/etc/hosts',
  '/etc/hostname',
  '/etc/resolv.conf',
  '/etc/mtab',
  '/.dockerenv',
  '/.dockerinit',
  '/run/.containerenv',
]);
/**
 * Kernel file systems, and what by the Filesystem Hierarchy Standard is gone after a reboot (`/run`, `/tmp`) or can be made
 * again (`/var/cache`). `/var/tmp` and `/var/log` are kept over a reboot, so they count.
 */
const PASSING_FOLDERS = [
  '/dev',
  '/proc',
  '/sys',
  '/tmp',
  '/run',
  '/var/run',
  '/var/lock',
  '/var/cache',
  '/var/lib/apt/lists',
];
/** Where secrets are put into containers, although it lies in a passing folder. */
const SECRETS_FOLDER = /^(?:\/var)?\/run\/secrets\/./;
/** Process ids and sockets of what runs now, compiled Python, the linker's cache, and what typing in a shell leaves. */
const PASSING_NAME = /(?:\.pid|\.sock|\.pyc)$|^(?:ld\.so\.cache|\.(?:ash|bash|sh|python)_history)$/;
const CACHE_FOLDER = /\/(?:\.cache|__pycache__)(?:\/|$)/;

/** Whether `path` is `folder` or lies below it. */
function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

function targetOf(mount: Record<string, unknown>): string {
  const target = mount.Target ?? mount.Destination;
  return typeof target === 'string' ? target : '';
}

/** Every place of a container at which something else is mounted: volumes, binds and tmpfs. Without trailing slashes. */
export function mountPlaces(container: ContainerInspect): string[] {
  const { HostConfig: hostConfig } = container;
  const places = [
    ...container.Mounts.map(({ Destination }) => Destination),
    ...Object.keys(hostConfig.Tmpfs ?? {}),
    // The engine lists no tmpfs of these among the mounts of a container that doesn't run.
    ...(hostConfig.Mounts ?? []).map(targetOf),
  ];
  return [...new Set(places.map((place) => (place === '/' ? place : place.replace(/\/+$/, ''))))].filter(Boolean);
}

/** Whether a changed path is nothing that anybody could miss: a mount's, the engine's own, of the moment, or a cache. */
export function isLeftOut(path: string, mounts: readonly string[]): boolean {
  if (mounts.some((mount) => isWithin(path, mount))) return true;
  if (ENGINE_FILES.has(path)) return true;
  if (SECRETS_FOLDER.test(path)) return false;
  if (PASSING_FOLDERS.some((folder) => isWithin(path, folder))) return true;
  return PASSING_NAME.test(path.slice(path.lastIndexOf('/') + 1)) || CACHE_FOLDER.test(path);
}
