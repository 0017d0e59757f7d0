import type Docker from 'dockerode';

export interface SnapshotImage {
  Id: string;
  tags: string[];
  /** `repository@digest` */
  digests: string[];
}

/** What the engine shows in place of a tag or digest that an image doesn't have. */
const NONE = /^<none>/;

/** Everything of an engine that an update that changes nothing must leave as it was. */
export interface EngineSnapshot {
  containers: unknown[];
  images: SnapshotImage[];
  volumes: string[];
  networks: string[];
}

/** Containers with all their settings and since when they run, images with their tags and digests, volumes, networks. */
export async function snapshotEngine(docker: Docker): Promise<EngineSnapshot> {
  const summaries = await docker.listContainers({ all: true });
  const inspects = await Promise.all(summaries.map(({ Id }) => docker.getContainer(Id).inspect()));
  const images = await docker.listImages();
  const { Volumes } = await docker.listVolumes();
  const networks = await docker.listNetworks();
  return {
    containers: inspects
      .map(({ Id, Name, Image, Config, HostConfig, Mounts, RestartCount, State }) => {
        // Results of probes come and go by themselves.
        const { Health: _health, ...state } = State;
        // The engine lists them in no order.
        const mounts = Mounts.sort((a, b) => a.Destination.localeCompare(b.Destination));
        return { Id, Name, Image, Config, HostConfig, mounts, RestartCount, state };
      })
      .sort((a, b) => a.Id.localeCompare(b.Id)),
    images: images
      .map(({ Id, RepoTags, RepoDigests }) => ({
        Id,
        tags: (RepoTags ?? []).filter((tag) => !NONE.test(tag)).sort(),
        digests: (RepoDigests ?? []).filter((digest) => !NONE.test(digest)).sort(),
      }))
      .sort((a, b) => a.Id.localeCompare(b.Id)),
    volumes: Volumes.map(({ Name }) => Name).sort(),
    networks: networks.map(({ Name }) => Name).sort(),
  };
}
