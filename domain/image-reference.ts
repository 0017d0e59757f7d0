/** An image's name in Docker's normal form: every part that people leave out is filled in. */
export interface ImageReference {
  /** Host with optional port, such as `docker.io` or `registry.lan:5000`. */
  registry: string;
  /** Path within the registry, such as `library/nginx`. */
  repository: string;
  /** Null only when a digest is there and no tag was written. */
  tag: string | null;
  /** `sha256:…`, or null. */
  digest: string | null;
}

export type ParsedImageReference = { ok: true; reference: ImageReference } | { ok: false; problem: string };

const DEFAULT_REGISTRY = 'docker.io';
const LONGEST_NAME = 255;
const LONGEST_TEXT = 1024;

// Each of these is unambiguous at every character, so it runs in linear time whatever the text.
const HOST =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;
const PATH_COMPONENT = /^[a-z0-9]+(?:(?:\.|__|_|-+)[a-z0-9]+)*$/;
const TAG = /^[\w][\w.-]{0,127}$/;
const DIGEST = /^(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$/;
const BARE_ID = /^[a-f0-9]{64}$/;

function splitTag(name: string): { name: string; tag: string | null } {
  const colon = name.lastIndexOf(':');
  // A colon before the last slash is a registry's port.
  if (colon === -1 || colon < name.lastIndexOf('/')) return { name, tag: null };
  return { name: name.slice(0, colon), tag: name.slice(colon + 1) };
}

function splitRegistry(name: string): { registry: string; path: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const namesHost = slash !== -1 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  const registry = namesHost ? first : DEFAULT_REGISTRY;
  const path = namesHost ? name.slice(slash + 1) : name;
  if (registry !== DEFAULT_REGISTRY && registry !== 'index.docker.io') return { registry, path };
  return { registry: DEFAULT_REGISTRY, path: path.includes('/') ? path : `library/${path}` };
}

function problemOfPath(path: string): string | null {
  for (const component of path.split('/')) {
    if (component === '') return 'has an empty part between slashes';
    if (component !== component.toLowerCase()) return 'has upper-case letters; repository names are lower case';
    if (!PATH_COMPONENT.test(component))
      return `has the part "${component}"; expected letters and digits, separated by single . or _, by __ or by dashes`;
  }
  return null;
}

/**
 * Reads an image reference as Docker does and fills in what was left out: registry `docker.io`, `library/`, and tag
 * `latest` where neither tag nor digest is written. Grammar: distribution/reference, "reference" of its documentation.
 * Takes linear time. A bare image id is no reference (see `isImageId`).
 */
export function parseImageReference(text: string): ParsedImageReference {
  const bad = (problem: string): ParsedImageReference => {
    const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
    return {
      ok: false,
      problem: `"${shown}" is no image reference: it ${problem}. Write it as name:tag or name@sha256:….`,
    };
  };
  if (text === '') return bad('is empty');
  if (text.length > LONGEST_TEXT) return bad(`is longer than ${LONGEST_TEXT} characters`);
  if (BARE_ID.test(text)) return bad('is the id of an image, not its name');

  const at = text.indexOf('@');
  const digest = at === -1 ? null : text.slice(at + 1);
  if (digest !== null && !DIGEST.test(digest))
    return bad(`has the digest "${digest.slice(0, 80)}"; expected sha256: and 64 hexadecimal digits`);

  const { name, tag } = splitTag(at === -1 ? text : text.slice(0, at));
  if (tag !== null && !TAG.test(tag))
    return bad(`has the tag "${tag.slice(0, 80)}"; expected up to 128 letters, digits, dots, dashes and underscores`);
  if (name === '') return bad('has no name');

  const { registry, path } = splitRegistry(name);
  if (!HOST.test(registry))
    return bad(`has the registry "${registry.slice(0, 80)}"; expected a host name with an optional port`);
  const problem = problemOfPath(path);
  if (problem !== null) return bad(problem);
  if (registry.length + 1 + path.length > LONGEST_NAME)
    return bad(`has a name of more than ${LONGEST_NAME} characters`);
  return {
    ok: true,
    reference: { registry, repository: path, tag: tag ?? (digest === null ? 'latest' : null), digest },
  };
}

/** Registry and repository without tag or digest, such as `docker.io/library/nginx`. */
export function repositoryName(reference: ImageReference): string {
  return `${reference.registry}/${reference.repository}`;
}

function suffix({ tag, digest }: ImageReference): string {
  return (tag === null ? '' : `:${tag}`) + (digest === null ? '' : `@${digest}`);
}

/** The whole normal form, such as `docker.io/library/nginx:1.25`. */
export function canonicalName(reference: ImageReference): string {
  return repositoryName(reference) + suffix(reference);
}

/**
 * As people write it, such as `nginx:1.25`: without `docker.io/` and `library/`. Those stay in the rare case in which the
 * short form would mean something else, as for `docker.io/a.b/c`.
 */
export function familiarName(reference: ImageReference): string {
  const whole = canonicalName(reference);
  if (reference.registry !== DEFAULT_REGISTRY) return whole;
  const short = reference.repository.replace(/^library\/([^/]+)$/, '$1') + suffix(reference);
  const again = parseImageReference(short);
  return again.ok && canonicalName(again.reference) === whole ? short : whole;
}

/**
 * Whether a container's `Config.Image` is an image's id rather than its name. A whole id never is a name; a shorter run
 * of hex digits may be either (`deadbeef` is a valid name), so it counts as an id only where the image's own id begins
 * with it.
 * @param imageId the container's image id (`sha256:…`)
 */
export function isImageId(text: string, imageId: string): boolean {
  const hex = text.startsWith('sha256:') ? text.slice('sha256:'.length) : text;
  if (BARE_ID.test(hex)) return true;
  return /^[a-f0-9]{4,63}$/.test(hex) && imageId.replace(/^sha256:/, '').startsWith(hex);
}
