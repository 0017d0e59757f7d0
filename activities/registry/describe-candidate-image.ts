import { z } from 'zod';
import { TypedFailure } from '../../contracts/failure-types.ts';
import type { ImageInspect } from '../../domain/engine-types.ts';
import { type ImageReference, parseImageReference } from '../../domain/image-reference.ts';
import { findPlatformManifest, isIndex, type Platform } from './platform-manifest.ts';
import type { Manifest, RegistryClient } from './registry-client.ts';

export interface CandidateImageInput {
  /** Repository by digest. */
  pullReference: string;
  platform: Platform;
}

const imageManifest = z.object({ config: z.object({ digest: z.string() }) });
const strings = z.array(z.string()).nullish();
/** The fields of an image configuration that become a container's defaults. Source: OCI image specification, config. */
const imageConfiguration = z.object({
  os: z.string(),
  architecture: z.string(),
  variant: z.string().nullish(),
  created: z.string().nullish(),
  config: z
    .looseObject({ Env: strings, Cmd: strings, Entrypoint: strings, OnBuild: strings, Shell: strings })
    .nullish(),
});

async function platformManifest(
  client: RegistryClient,
  reference: ImageReference,
  platform: Platform,
): Promise<Manifest | null> {
  const manifest = await client.getManifest(reference);
  if (!isIndex(manifest.mediaType)) return manifest;
  const match = findPlatformManifest(manifest.body, platform);
  return match?.kind === 'found' ? client.getManifest({ ...reference, digest: match.digest }) : null;
}

/**
 * The configuration of a candidate that isn't on the host, for a plan: what the engine would tell of the image after a
 * pull, without one.
 * @returns null where the registry's answer doesn't say it (an old manifest format, an index without platforms)
 * @throws TypedFailure as the registry client does
 */
export async function describeCandidateImage(
  client: RegistryClient,
  input: CandidateImageInput,
): Promise<ImageInspect | null> {
  const parsed = parseImageReference(input.pullReference);
  if (!parsed.ok)
    throw new TypedFailure('ImageRefInvalid', `${input.pullReference} is not an image reference: ${parsed.problem}.`);
  const manifest = await platformManifest(client, parsed.reference, input.platform);
  const config = manifest === null ? null : (imageManifest.safeParse(parseJson(manifest.body)).data?.config ?? null);
  if (config === null) return null;
  const blob = await client.getBlob({ ...parsed.reference, digest: config.digest });
  const described = imageConfiguration.safeParse(parseJson(blob)).data;
  if (described === undefined) return null;
  return {
    // An image's id is its configuration's digest.
    Id: config.digest,
    RepoTags: [],
    RepoDigests: [input.pullReference],
    Os: described.os,
    Architecture: described.architecture,
    ...(described.variant ? { Variant: described.variant } : {}),
    ...(described.created ? { Created: described.created } : {}),
    Config: (described.config ?? {}) as NonNullable<ImageInspect['Config']>,
  };
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    // Not JSON: the schema that it is checked against says so.
    return undefined;
  }
}
