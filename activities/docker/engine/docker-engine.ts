import { PassThrough, pipeline, type Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import Docker from 'dockerode';
import { TypedFailure } from '../../../contracts/failure-types.ts';
import type { ContainerInspect, ImageInspect } from '../../../domain/engine-types.ts';
import { demultiplexLog } from './demultiplex-log.ts';
import type { ContainerSummary, Engine, EngineEvent, EngineVersion, PathStat } from './engine.ts';
import { execute } from './execute.ts';
import { jsonLines } from './json-lines.ts';
import { layerChanges, pathStat } from './layer-answers.ts';
import { engineStatus, hasNameAlready, isSandboxGone, mapEngineError, mapPullError } from './map-engine-error.ts';
import { negotiateApiVersion } from './negotiate-version.ts';
import { type PullLine, PullProgress } from './pull-progress.ts';

/** A call that the engine answers at once normally; a hung engine counts as one that is away. */
const QUICK_CALL_MS = 20_000;
/** Creating, starting and removing may wait for disks. */
const SLOW_CALL_MS = 180_000;
/** `eventsLimit` of the engine's daemon/events package. */
const REMEMBERED_EVENTS = 256;
const RENAME_TRIES = 20;
const RENAME_PAUSE_MS = 50;

/** TLS with an engine: the certificates at the time of each connection, and what an error of theirs means. */
export interface EngineSecurity {
  /** In PEM; null for an engine without TLS. */
  files(): { ca?: Buffer; cert?: Buffer; key?: Buffer } | null;
  /** What the trouble is and what to do, as half a sentence; null for another kind of error. */
  explain(error: unknown): string | null;
}

const WITHOUT_TLS: EngineSecurity = { files: () => null, explain: () => null };

/**
 * dockerode's options for an address as `DOCKER_HOST` has it. All of them, or dockerode takes the rest from the
 * environment.
 */
function dockerOptions(dockerHost: string, security: EngineSecurity): Docker.DockerOptions {
  const url = new URL(dockerHost);
  if (url.protocol === 'unix:') return { socketPath: url.pathname, host: undefined } as Docker.DockerOptions;
  if (!['tcp:', 'http:', 'https:'].includes(url.protocol))
    throw new TypedFailure(
      'EngineUnavailable',
      `The Docker engine at ${dockerHost} can't be used: ${url.protocol}// is not supported.`,
    );
  const files = security.files();
  return {
    host: url.hostname,
    port: Number(url.port || (files === null ? '2375' : '2376')),
    protocol: files !== null || url.protocol === 'https:' ? 'https' : 'http',
    ...{ ca: undefined, cert: undefined, key: undefined, ...files },
  } as Docker.DockerOptions;
}

/** An engine that we may not speak to is one that is away: whoever mends its certificates brings it back. */
function mapTlsTrouble(
  security: EngineSecurity,
  error: unknown,
  doing: string,
  dockerHost: string,
): TypedFailure | null {
  const trouble = error instanceof TypedFailure ? null : security.explain(error);
  if (trouble === null) return null;
  return new TypedFailure(
    'EngineUnavailable',
    `The Docker engine at ${dockerHost} could not be used while ${doing}: ${trouble}.`,
    { cause: error },
  );
}

type VersionAnswer = Docker.DockerVersion & { MinAPIVersion?: string };

interface Session {
  docker: Docker;
  version: EngineVersion;
}

/** The engine at `dockerHost` (as in `DOCKER_HOST`: `unix:///…` or `tcp://…`), through dockerode. */
export function createDockerEngine(dockerHost: string, security: EngineSecurity = WITHOUT_TLS): Engine {
  let session: Promise<Session> | null = null;

  async function connect(): Promise<Session> {
    const options = dockerOptions(dockerHost, security);
    const unversioned = new Docker({ ...options, timeout: QUICK_CALL_MS });
    const answer: VersionAnswer = await unversioned.version();
    const apiVersion = negotiateApiVersion(answer);
    if (apiVersion === null) {
      throw new TypedFailure(
        'CreateRejected',
        `The Docker engine at ${dockerHost} speaks API ${answer.ApiVersion}, which this program does not know. Update one of them.`,
      );
    }
    const docker = new Docker({ ...options, version: `v${apiVersion}` });
    const info = (await unversioned.info()) as { Name?: string };
    const version = {
      apiVersion,
      engineVersion: answer.Version,
      os: answer.Os,
      architecture: answer.Arch,
      machineName: info.Name ?? '',
    };
    return { docker, version };
  }

  /** One engine call; a lost engine makes the next call negotiate anew, since it may come back upgraded. */
  async function call<Answer>(
    doing: string,
    run: (docker: Docker, session: Session) => Promise<Answer>,
  ): Promise<Answer> {
    try {
      session ??= connect().catch((error: unknown) => {
        session = null;
        throw error;
      });
      const current = await session;
      return await run(current.docker, current);
    } catch (error) {
      const failure = mapTlsTrouble(security, error, doing, dockerHost) ?? mapEngineError(error, doing, dockerHost);
      if (failure.type === 'EngineUnavailable') session = null;
      throw failure;
    }
  }

  /** Runs a call whose named HTTP statuses mean something else than failure. */
  async function tolerating<Answer>(statuses: Record<number, Answer>, run: () => Promise<Answer>): Promise<Answer> {
    try {
      return await run();
    } catch (error) {
      const status = engineStatus(error);
      if (status !== null && status in statuses) return statuses[status] as Answer;
      throw error;
    }
  }

  const within = (milliseconds: number) => ({ abortSignal: AbortSignal.timeout(milliseconds) });

  return {
    version: () => call('asking for its version', async (_docker, { version }) => version),

    listContainers: () =>
      call(
        'listing containers',
        async (docker) =>
          (await docker.listContainers({ all: true, ...within(QUICK_CALL_MS) })) as unknown as ContainerSummary[],
      ),

    inspectContainer: (idOrName) =>
      call(`inspecting container ${idOrName}`, (docker) =>
        tolerating<ContainerInspect | null>(
          { 404: null },
          async () =>
            (await docker
              .getContainer(idOrName)
              .inspect(within(QUICK_CALL_MS) as never)) as unknown as ContainerInspect,
        ),
      ),

    inspectImage: (reference) =>
      call(`inspecting image ${reference}`, (docker) =>
        tolerating<ImageInspect | null>(
          { 404: null },
          async () =>
            (await docker.getImage(reference).inspect(within(QUICK_CALL_MS) as never)) as unknown as ImageInspect,
        ),
      ),

    async pullImage(reference, { credentials, onProgress, signal }) {
      await call(`pulling ${reference}`, async (docker) => {
        try {
          const stream = await docker.pull(reference, {
            ...(credentials ? { authconfig: credentials } : {}),
            abortSignal: signal,
          } as never);
          const progress = new PullProgress();
          for await (const line of jsonLines(stream) as AsyncIterable<PullLine>) {
            if (line.error !== undefined) throw new Error(line.errorDetail?.message ?? line.error);
            progress.add(line);
            onProgress(progress.sum());
          }
        } catch (error) {
          signal.throwIfAborted();
          throw mapPullError(error, reference, dockerHost);
        }
      });
    },

    tagImage: (source, repository, tag) =>
      call(`tagging ${source} as ${repository}:${tag}`, async (docker) => {
        await docker.getImage(source).tag({ repo: repository, tag, ...within(QUICK_CALL_MS) });
      }),

    removeImage: (reference) =>
      call(`removing image ${reference}`, (docker) =>
        tolerating<'removed' | 'absent' | 'in_use'>({ 404: 'absent', 409: 'in_use' }, async () => {
          await docker.getImage(reference).remove(within(SLOW_CALL_MS) as never);
          return 'removed';
        }),
      ),

    createContainer: (name, body) =>
      call(`creating ${name}`, async (docker) => {
        const container = await docker.createContainer({ name, ...body, ...within(SLOW_CALL_MS) } as never);
        return container.id;
      }),

    connectNetwork: (network, containerId, endpoint) =>
      call(`connecting to network ${network}`, async (docker) => {
        await docker
          .getNetwork(network)
          .connect({ Container: containerId, EndpointConfig: endpoint, ...within(QUICK_CALL_MS) } as never);
      }),

    startContainer: (id) =>
      call('starting the container', (docker) =>
        tolerating<void>({ 304: undefined }, async () => {
          await docker.getContainer(id).start(within(SLOW_CALL_MS));
        }),
      ),

    // No time limit of ours: the container's own stop time-out rules, and it may be minutes.
    stopContainer: (id) =>
      call('stopping the container', (docker) =>
        tolerating<void>({ 304: undefined, 404: undefined }, async () => {
          await docker.getContainer(id).stop();
        }),
      ),

    restartContainer: (id) =>
      call('restarting the container', async (docker) => {
        await docker.getContainer(id).restart();
      }),

    pauseContainer: (id) =>
      call(
        'pausing the container',
        async (docker) => void (await docker.getContainer(id).pause(within(QUICK_CALL_MS))),
      ),

    unpauseContainer: (id) =>
      call(
        'unpausing the container',
        async (docker) => void (await docker.getContainer(id).unpause(within(QUICK_CALL_MS))),
      ),

    renameContainer: (id, name) =>
      call(`renaming a container to ${name}`, async (docker) => {
        for (let tries = 1; ; tries += 1) {
          try {
            await docker.getContainer(id).rename({ name, ...within(QUICK_CALL_MS) });
            return;
          } catch (error) {
            if (hasNameAlready(error)) return;
            // A container that is just dying, or just restarting, has no network sandbox for a moment, and the engine then refuses.
            if (tries === RENAME_TRIES || !isSandboxGone(error)) throw error;
            await delay(RENAME_PAUSE_MS);
          }
        }
      }),

    setRestartPolicy: (id, policy) =>
      call(
        'setting the restart policy',
        async (docker) =>
          void (await docker.getContainer(id).update({ RestartPolicy: policy, ...within(QUICK_CALL_MS) })),
      ),

    // 409 means that its removal is going on already, which an auto-removed container does by itself.
    removeContainer: (id, { anonymousVolumes }) =>
      call('removing the container', (docker) =>
        tolerating<void>({ 404: undefined, 409: undefined }, async () => {
          await docker.getContainer(id).remove({ force: true, v: anonymousVolumes, ...within(SLOW_CALL_MS) });
        }),
      ),

    execute: (id, command, timeoutMs) =>
      call('running a program in the container', (docker) => execute(docker, id, command, timeoutMs)),
    listChanges: (id) =>
      call('listing what the container changed', async (docker) =>
        layerChanges(await docker.getContainer(id).changes(within(QUICK_CALL_MS) as never)),
      ),

    statPath: (id, path) =>
      call(`looking at ${path} in the container`, (docker) =>
        tolerating<PathStat | null>({ 404: null }, async () =>
          pathStat(await docker.getContainer(id).infoArchive({ path, ...within(QUICK_CALL_MS) })),
        ),
      ),

    // No time limit of ours for these two: how long they take is a matter of size.
    readArchive: (id, path) =>
      call(`reading ${path} from the container`, (docker) =>
        tolerating<Readable | null>({ 404: null }, async () => {
          const answer = (await docker.getContainer(id).getArchive({ path })) as Readable;
          const archive = new PassThrough({
            destroy: (error, done) => done(error && mapEngineError(error, `reading ${path}`, dockerHost)),
          });
          // The archive tells its reader what went wrong.
          pipeline(answer, archive, () => undefined);
          return archive;
        }),
      ),

    async writeArchive(id, tar) {
      const broken = new AbortController();
      let cause: unknown = null;
      // A request isn't told that its source failed, and would wait for more of it for ever.
      tar.once('error', (error) => {
        cause = error;
        broken.abort();
      });
      try {
        await call('writing files into the container', async (docker) => {
          await docker
            .getContainer(id)
            .putArchive(tar, { path: '/', noOverwriteDirNonDir: 'true', abortSignal: broken.signal });
        });
      } catch (error) {
        throw cause ?? error;
      }
    },

    tailLog: (id, lines) =>
      call('reading the log', (docker) =>
        tolerating<string>({ 404: '', 501: '' }, async () => {
          const log = await docker
            .getContainer(id)
            .logs({ stdout: true, stderr: true, tail: lines, follow: false, ...within(QUICK_CALL_MS) });
          return demultiplexLog(log as unknown as Buffer);
        }),
      ),

    pastEvents: (id) =>
      call('reading past events', async (docker) => {
        const stream = await docker.getEvents({
          // Without a beginning the engine tells none of the past; with an end in the past it doesn't wait for more.
          since: 1,
          until: Date.now() / 1000,
          abortSignal: AbortSignal.timeout(QUICK_CALL_MS),
        });
        const events: EngineEvent[] = [];
        for await (const event of jsonLines(stream)) events.push(event as EngineEvent);
        const own = events.filter(({ Type, Actor }) => Type === 'container' && Actor.ID === id);
        return { events: own, complete: events.length < REMEMBERED_EVENTS };
      }),

    async *containerEvents(id, signal) {
      const stream = await call('following events', (docker) =>
        docker.getEvents({
          filters: JSON.stringify({ type: ['container'], container: [id] }) as never,
          abortSignal: signal,
        }),
      );
      for await (const event of jsonLines(stream)) yield event as EngineEvent;
    },
  };
}
