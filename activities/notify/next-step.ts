import type { FailureType } from '../../contracts/failure-types.ts';
import type { UpdateResult } from '../../contracts/update.ts';
import { imageIsAtFault } from '../../domain/image-fault.ts';
import type { NotificationEvent } from './notification.ts';

/** `Terminated`: the workflow was ended from outside, and its history closed for it. `HookFailed`: see the workflow's hooks. */
type KnownFailure = FailureType | 'Terminated' | 'HookFailed';

/** What mends each failure, completing "What to do:"; `again` is the command that tries once more. */
function mendingOf(containerName: string, again: string): Record<KnownFailure, string> {
  const otherTag = `\`docker-auto update ${containerName} --target TAG\``;
  return {
    ImageRefInvalid: "correct the image's name and recreate the container with it.",
    ManifestNotFound: `choose a tag that exists: ${otherTag}, or recreate the container with it.`,
    RegistryAuthDenied: `run \`docker login\` for that registry on the host, then ${again}.`,
    PlatformMismatch: `choose a tag that has an image for this host's platform: ${otherTag}.`,
    ContainerNotFound: 'nothing, if it was removed on purpose; else look with `docker ps -a`.',
    CreateRejected: `mend what the engine names (a port that is taken, a network, device or runtime that is missing), then ${again}.`,
    NoSpaceLeft: `free some space on the engine's disk (\`docker system df\` shows what takes it), then ${again}.`,
    PolicyDenied: `nothing: that version failed here before, and a newer one will be taken. To try it all the same: \`docker-auto update ${containerName} --force\`.`,
    HookFailed: `mend what its hook complains of (label docker-auto.hook.pre), then ${again}; \`--force\` does not pass it by.`,
    BackupMissing: `the image to go back to is not on the host any more; pull it again, or recreate ${containerName} by hand, then ${again}.`,
    Protected: `nothing: Docker-Auto itself depends on ${containerName}; update it by hand.`,
    Unreproducible: `take away what the message names, or recreate ${containerName} by hand with the new image.`,
    EngineUnavailable: `check that the Docker engine runs (\`docker-auto doctor\` says whether it answers), then ${again}.`,
    RegistryUnavailable: `check that the registry can be reached from here, then ${again}.`,
    RegistryRateLimited: `wait, or log in to the registry for a higher limit (\`docker login\`), then ${again}.`,
    PullInterrupted: `${again}; if it breaks off again, check the way to the registry.`,
    NotifyFailed: 'check the notification channels in the configuration.',
    Terminated: `look with \`docker ps -a\` whether ${containerName} runs, then ${again}: it settles what was left.`,
  };
}

/** What a person should do after an update, in one sentence that completes "What to do:". */
export function nextStep(event: NotificationEvent, result: UpdateResult): string {
  const { updateId, containerName, errorType, timings } = result;
  const again = `\`docker-auto update ${containerName}\``;
  const notByItself = `the new one failed here and is not tried again by itself; a newer one will be. To try it again all the same: \`docker-auto update ${containerName} --force\`.`;
  const known: Partial<Record<string, string>> = mendingOf(containerName, again);
  const mending = known[errorType ?? ''];
  switch (event) {
    case 'updated':
      return `nothing. To go back: \`docker-auto rollback ${updateId}\`.`;
    case 'rolled_back':
      if (imageIsAtFault(result)) return `nothing now, the previous version serves; ${notByItself}`;
      return `nothing now, the previous version serves. For the new one: ${mending ?? `mend the cause, then ${again}.`}`;
    case 'failed':
      // Only a container that had been stopped and did not come back ends so.
      if (timings.some(({ step }) => step === 'stop'))
        return `look now: both containers are kept, and ${containerName} may be down. See why with \`docker logs ${containerName}\`, start the right one, and remove the other.`;
      if (imageIsAtFault(result)) return `nothing now, the old version serves; ${notByItself}`;
      return (
        mending ?? `see what happened with \`docker-auto history ${containerName}\`, mend the cause, then ${again}.`
      );
    case 'cancelled':
    case 'expired':
      return `nothing, if that was meant. Else: ${again}.`;
  }
}
