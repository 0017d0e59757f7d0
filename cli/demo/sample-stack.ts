import { setTimeout as delay } from 'node:timers/promises';
import Docker from 'dockerode';
import { busyboxFiles } from '../../embedded/busybox-files.ts';
import { freePort } from '../../embedded/free-port.ts';
import { buildSandboxImage, type ContextFile, pushSandboxImage } from '../../embedded/sandbox-image.ts';
import type { Sample, SampleVersion } from './sample.ts';
import { BACK_NETWORK, FRONT_NETWORK, SAMPLES } from './samples.ts';

const SETTLE_MS = 30_000;

/** The sample stack in the sandbox's engine and registry. */
export class SampleStack {
  readonly #docker: Docker;
  readonly #registryHost: string;

  constructor(sandbox: { dockerHost: string; registryHost: string }) {
    this.#docker = new Docker({ socketPath: sandbox.dockerHost.replace('unix://', '') });
    this.#registryHost = sandbox.registryHost;
  }

  /** Brings every sample up in its first version and waits until it is well; what exists is left as it is. */
  async raise(): Promise<void> {
    const names = await this.#docker.listNetworks();
    for (const Name of [FRONT_NETWORK, BACK_NETWORK]) {
      if (!names.some((network) => network.Name === Name)) await this.#docker.createNetwork({ Name });
    }
    for (const sample of SAMPLES) await this.#raiseOne(sample);
    await Promise.all(SAMPLES.map((sample) => this.#waitUntilWell(sample)));
  }

  /**
   * Publishes the second version of every sample under the tag that its container follows. The engine forgets what it
   * built, so that it has to pull, and its own tag goes back to the first version, as on a machine that only pulls.
   */
  async publishNext(): Promise<void> {
    for (const sample of SAMPLES) {
      const present = (await this.inspect(sample)).Image;
      const built = await this.#buildAndPush(sample, 2);
      if (built === present) continue;
      await this.#docker.getImage(built).remove({ force: true });
      await this.#docker.getImage(present).tag({ repo: this.#repository(sample), tag: 'stable' });
    }
  }

  inspect(sample: Sample): Promise<Docker.ContainerInspectInfo> {
    return this.#docker.getContainer(sample.name).inspect();
  }

  async #raiseOne(sample: Sample): Promise<void> {
    const existing = await this.#find(sample);
    if (existing !== undefined) {
      if (existing.State !== 'running') await this.#docker.getContainer(existing.Id).start();
      return;
    }
    await this.#buildAndPush(sample, 1);
    const container = await this.#docker.createContainer({
      ...sample.run(await freePort()),
      name: sample.name,
      Image: this.#tag(sample),
    });
    for (const network of sample.moreNetworks) {
      await this.#docker.getNetwork(network).connect({ Container: container.id });
    }
    await container.start();
  }

  async #find(sample: Sample): Promise<Docker.ContainerInfo | undefined> {
    const containers = await this.#docker.listContainers({ all: true });
    return containers.find(({ Names }) => Names.includes(`/${sample.name}`));
  }

  async #buildAndPush(sample: Sample, version: SampleVersion): Promise<string> {
    const id = await buildSandboxImage(this.#docker, { tag: this.#tag(sample), ...buildContext(sample, version) });
    await pushSandboxImage(this.#docker, this.#tag(sample));
    return id;
  }

  async #waitUntilWell(sample: Sample): Promise<void> {
    const giveUpAt = Date.now() + SETTLE_MS;
    for (;;) {
      const { State } = await this.inspect(sample);
      if (State.Running && (State.Health === undefined || State.Health.Status === 'healthy')) return;
      if (Date.now() > giveUpAt)
        throw new Error(`${sample.name} did not come up in the sandbox: it is ${State.Status}`);
      await delay(100);
    }
  }

  #repository(sample: Sample): string {
    return `${this.#registryHost}/${sample.repository}`;
  }

  #tag(sample: Sample): string {
    return `${this.#repository(sample)}:stable`;
  }
}

/** Busybox comes in a layer of its own, which both versions of all samples share. */
function buildContext(
  sample: Sample,
  version: SampleVersion,
): { dockerfile: string; files: Record<string, ContextFile> } {
  const under = (folder: string, files: Record<string, ContextFile>) =>
    Object.fromEntries(Object.entries(files).map(([name, file]) => [`${folder}/${name}`, file]));
  const start = { content: `${['#!/bin/sh', ...sample.script(version)].join('\n')}\n`, mode: 0o755 };
  return {
    dockerfile: [
      'FROM scratch',
      'COPY system/ /',
      'COPY service/ /',
      ...sample.dockerfile(version),
      `LABEL org.opencontainers.image.version=${version}`,
      'CMD ["/bin/sh", "/start.sh"]',
      '',
    ].join('\n'),
    files: { ...under('system', busyboxFiles()), ...under('service', { ...sample.files(version), 'start.sh': start }) },
  };
}
