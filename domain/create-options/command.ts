import type { ContainerConfig } from '../engine-types.ts';
import { isEmptyList, sameList } from './equal-values.ts';

/** What to send; an absent field inherits the image's. */
export interface CommandFields {
  Entrypoint?: string[];
  Cmd?: string[];
}

/**
 * Entrypoint and command belong together: the engine inherits the image's Cmd only where the entrypoint is inherited as
 * well. So a user's entrypoint keeps its Cmd even when that equals the image's, and an absent one stays absent.
 *
 * Three states of an inspect show that the entrypoint is the user's: it differs from the image's; it is empty although
 * the image has one (reset with `--entrypoint ""`, which the API writes as `[""]`); or Cmd is empty although the image
 * has one, which can only be when Cmd was not inherited.
 * Source: the engine's `merge` of image and container configuration.
 */
export function keepUserCommand(container: ContainerConfig, oldImage: ContainerConfig): CommandFields {
  const userEntrypoint = !sameList(container.Entrypoint, oldImage.Entrypoint);
  const cmdNotInherited = isEmptyList(container.Cmd) && !isEmptyList(oldImage.Cmd);
  if (userEntrypoint || (cmdNotInherited && !isEmptyList(container.Entrypoint))) {
    const entrypoint = isEmptyList(container.Entrypoint) ? [''] : [...(container.Entrypoint ?? [])];
    return { Entrypoint: entrypoint, ...(isEmptyList(container.Cmd) ? {} : { Cmd: [...(container.Cmd ?? [])] }) };
  }
  return sameList(container.Cmd, oldImage.Cmd) ? {} : { Cmd: [...(container.Cmd ?? [])] };
}
