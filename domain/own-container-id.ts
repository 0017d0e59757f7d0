/** What the engine mounts into every container from a folder that is named by the container's id. */
const ENGINE_MOUNTS = new Set(['/etc/hostname', '/etc/hosts', '/etc/resolv.conf']);
const ID = '[0-9a-f]{64}';
/** Docker keeps them in `…/containers/<id>/hostname`, Podman in `…/overlay-containers/<id>/userdata/hostname`. */
const IN_MOUNT = new RegExp(`/(?:overlay-)?containers/(${ID})/(?:userdata/)?[^/]+$`);
/** `/docker/<id>`, `/<parent>/<id>`, `/system.slice/docker-<id>.scope`, `…/libpod-<id>.scope/container`. */
const IN_CGROUP = new RegExp(`(?:/|[a-z]-)(${ID})(?:\\.scope)?(?:/|$)`);
const SHORT_ID = /^[0-9a-f]{12}$/;

/** Root and mount point of one line of `/proc/<pid>/mountinfo`: its fourth and fifth field. Source: proc(5). */
function mountOf(line: string): { root: string; place: string } {
  const [, , , root = '', place = ''] = line.split(' ');
  return { root, place };
}

export interface OwnTraces {
  /** `/proc/self/mountinfo`; empty where there is none. */
  mountinfo: string;
  /** `/proc/self/cgroup`, of version 1 or 2; empty where there is none. */
  cgroup: string;
  hostname: string;
}

/**
 * Ids that the container may have in which this process runs, the surest first; none on a bare machine. Only the engine
 * can say whether one is right: within another container, or beside another engine, traces of a foreign one are seen.
 *
 * On a machine the mounts of all its containers are listed as well, so only those count that are mounted where a container
 * has them. Control groups name the id unless they are a name space of their own (the default with version 2), where the
 * path is just `/`. The host name is the short id unless somebody set it, or the network is the machine's.
 */
export function ownContainerIds({ mountinfo, cgroup, hostname }: OwnTraces): string[] {
  const mounted = mountinfo
    .split('\n')
    .map(mountOf)
    .filter(({ place }) => ENGINE_MOUNTS.has(place))
    .flatMap(({ root }) => IN_MOUNT.exec(root)?.[1] ?? []);
  const grouped = cgroup.split('\n').flatMap((line) => IN_CGROUP.exec(line.split(':').slice(2).join(':'))?.[1] ?? []);
  return [...new Set([...mounted, ...grouped, ...(SHORT_ID.test(hostname) ? [hostname] : [])])];
}
