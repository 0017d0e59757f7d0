import type { UpdateResult } from '../../contracts/update.ts';
import type { NotificationEvent } from './notification.ts';

/** The health verdict's reasons: with these the new version itself is at fault, and its digest is in quarantine. */
const UNHEALTHY = new Set(['crashed', 'restarting', 'probe', 'deadline']);

const BY_FAILURE: Record<string, string> = {
  RegistryAuthDenied: 'run `docker login` for that registry on the host, then update again.',
  ManifestNotFound: 'choose a tag that exists and recreate the container with it, or give the tag to the update.',
  PlatformMismatch: 'choose a tag that has an image for this host.',
  RegistryUnavailable: 'check that the registry can be reached from here; the next check tries again.',
  RegistryRateLimited: 'wait, or log in to the registry for a higher limit; the next check tries again.',
  EngineUnavailable: 'check that the Docker engine runs, then update again.',
  NoSpaceLeft: "free some space on the engine's disk (`docker system df` shows what takes it), then update again.",
  ImageRefInvalid: "correct the image's name and recreate the container with it.",
  ContainerNotFound: 'nothing, if it was removed on purpose; else look with `docker ps -a`.',
};

/** What a person should do after an update, in one sentence that completes "What to do:". */
export function nextStep(event: NotificationEvent, { updateId, containerName, errorType }: UpdateResult): string {
  const again = `\`docker-auto update ${containerName}\``;
  switch (event) {
    case 'updated':
      return `nothing. To go back: \`docker-auto rollback ${updateId}\`.`;
    case 'rolled_back':
      return errorType !== null && UNHEALTHY.has(errorType)
        ? `nothing now, the previous version serves. The new one failed here and is not tried again by itself; a newer one will be. To try it again all the same: \`docker-auto update ${containerName} --force\`.`
        : `nothing now, the previous version serves. Once the cause is mended: ${again}.`;
    case 'failed':
      return (
        BY_FAILURE[errorType ?? ''] ??
        `see what happened with \`docker-auto history ${containerName}\`, mend the cause, then ${again}.`
      );
    case 'cancelled':
    case 'expired':
      return `nothing, if that was meant. Else: ${again}.`;
  }
}
