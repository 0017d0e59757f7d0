import { z } from 'zod';

/** As the engine says it: `os` and `architecture` in Go's words, `variant` such as `v7` or null. */
export interface Platform {
  os: string;
  architecture: string;
  variant: string | null;
}

const descriptor = z.object({
  digest: z.string(),
  annotations: z.record(z.string(), z.string()).nullish(),
  platform: z.object({ os: z.string(), architecture: z.string(), variant: z.string().nullish() }).nullish(),
});
const imageIndex = z.object({ manifests: z.array(descriptor).max(10_000) });

export type PlatformMatch =
  | { kind: 'found'; digest: string }
  /** Some entry doesn't name its platform, so nothing can be said. */
  | { kind: 'unknown' }
  /** `platforms` are those that the index has, such as `linux/arm/v7`. */
  | { kind: 'absent'; platforms: string[] };

const INDEX_MEDIA_TYPES = new Set([
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
]);

/** True for a media type that lists manifests by platform. */
export function isIndex(mediaType: string): boolean {
  return INDEX_MEDIA_TYPES.has(mediaType);
}

/** `linux/arm/v7`, `linux/amd64`. */
export function platformName({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant ? [variant] : [])].join('/');
}

/**
 * The variant as a number, with the defaults that the engine has: `arm` alone is v7, `arm64` v8, `amd64` v1.
 * Source: containerd's platform normalisation.
 */
function variantNumber({ architecture, variant }: Platform): number {
  const named = /^v?(\d{1,3})/.exec(variant ?? '');
  if (named !== null) return Number(named[1]);
  return { arm: 7, arm64: 8 }[architecture] ?? 1;
}

/** Build attestations ride along in an index as manifests of no platform. */
function isAttestation({ platform, annotations }: z.infer<typeof descriptor>): boolean {
  const byPlatform = platform?.os === 'unknown' && platform.architecture === 'unknown';
  return byPlatform || annotations?.['vnd.docker.reference.type'] === 'attestation-manifest';
}

/**
 * The manifest in an index that a host's engine would take: the same system and architecture, and of several variants
 * the highest that the host can run (v6 runs on v7, v7 not on v6).
 * @param body the index as the registry sent it
 * @returns null when the body is not an index
 */
export function findPlatformManifest(body: Uint8Array, host: Platform): PlatformMatch | null {
  const manifests = parseIndex(body);
  if (manifests === null) return null;
  const images = manifests.filter((entry) => !isAttestation(entry));
  const platforms = images.flatMap(({ digest, platform }) =>
    platform
      ? [
          {
            digest,
            platform: { os: platform.os, architecture: platform.architecture, variant: platform.variant ?? null },
          },
        ]
      : [],
  );
  const [best] = platforms
    .filter(({ platform }) => platform.os === host.os && platform.architecture === host.architecture)
    .filter(({ platform }) => variantNumber(platform) <= variantNumber(host))
    .sort((left, right) => variantNumber(right.platform) - variantNumber(left.platform));
  if (best !== undefined) return { kind: 'found', digest: best.digest };
  if (platforms.length < images.length) return { kind: 'unknown' };
  return { kind: 'absent', platforms: platforms.map(({ platform }) => platformName(platform)) };
}

function parseIndex(body: Uint8Array): Array<z.infer<typeof descriptor>> | null {
  try {
    return imageIndex.safeParse(JSON.parse(Buffer.from(body).toString('utf8'))).data?.manifests ?? null;
  } catch {
    // Not JSON, so not an index; the caller knows whose answer it was.
    return null;
  }
}
