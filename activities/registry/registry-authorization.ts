import { z } from 'zod';
import { type BearerToken, createBearerTokens } from './bearer-tokens.ts';
import { basicAuthorization, type CredentialSource, type RegistryCredentials } from './credentials.ts';
import { type Gathering, gather } from './gather.ts';
import { mayGoOnTo } from './registry-address.ts';
import { type RegistryAnswer, type RegistryTransport, UnusableAnswer } from './registry-transport.ts';
import { parseWwwAuthenticate } from './www-authenticate.ts';

const MAX_TOKEN_ANSWER_BYTES = 256 * 1024;
/** More in one token make it too long for a header. */
const SCOPES_IN_A_TOKEN = 20;
/** A token may have been refused for another reason. */
const SINGLE_FOR_MS = 3_600_000;
const CLIENT_ID = 'docker-auto';
/** What a token lasts when its service doesn't say. Source: Docker Registry token authentication specification. */
const DEFAULT_EXPIRY_SECONDS = 60;

/** What goes into a header unchanged; anything else from a token service is not a token. */
const headerSafe = z.string().regex(/^[\x21-\x7e]+$/);
const tokenAnswer = z
  .object({
    token: headerSafe.optional(),
    access_token: headerSafe.optional(),
    expires_in: z.number().positive().optional(),
  })
  .transform((answer) => ({
    token: answer.token ?? answer.access_token,
    expiresInSeconds: answer.expires_in ?? DEFAULT_EXPIRY_SECONDS,
  }));

/** The token service itself did not grant a token; `answer` says why. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
  readonly answer: RegistryAnswer;

  constructor(answer: RegistryAnswer) {
    super(`the token service at ${answer.url.host} answered HTTP ${answer.status}`);
    this.answer = answer;
  }
}

/** How a registry wants to be asked, as it said in its last challenge. */
type Manner = { scheme: 'basic' } | BearerManner;

interface BearerManner {
  scheme: 'bearer';
  realm: URL;
  service: string | null;
}

/** What one request is about. */
export interface Access {
  registry: string;
  /** The registry's own URL; decides which token services may be trusted with credentials. */
  url: URL;
  /** Such as `repository:library/nginx:pull`. */
  scope: string;
}

export interface RegistryAuthorization {
  /** The header's value by what is known of the registry, or null to ask without. */
  authorizationFor(access: Access): Promise<string | null>;
  /**
   * After a 401: the value to try again with, or null when there is nothing else to try.
   * @param refused the value that was refused, null when there was none
   */
  answerChallenge(
    access: Access,
    header: string | string[] | undefined,
    refused: string | null,
  ): Promise<string | null>;
  /** Tells that such a second value was taken where a first one had been refused. */
  tookSecond({ registry }: Access): void;
}

function mannerOf(header: string | string[] | undefined, access: Access): Manner | null {
  const challenges = parseWwwAuthenticate(header);
  const bearer = challenges.find((challenge) => challenge.scheme === 'bearer');
  if (bearer === undefined)
    return challenges.some((challenge) => challenge.scheme === 'basic') ? { scheme: 'basic' } : null;
  const realm = bearer.parameters.get('realm') ?? '';
  if (!URL.canParse(realm))
    throw new UnusableAnswer(`it names a token service that is not a URL (${realm.slice(0, 100)})`);
  const realmUrl = new URL(realm);
  if (!mayGoOnTo(access.url, realmUrl)) {
    throw new UnusableAnswer(
      `it names the token service ${realmUrl.origin}, which is neither HTTPS nor, from loopback, loopback`,
    );
  }
  return { scheme: 'bearer', realm: realmUrl, service: bearer.parameters.get('service') ?? null };
}

/** Answers the registries' challenges (basic, and bearer tokens from a token service) and remembers how each wants to be asked. */
export function createRegistryAuthorization(
  credentials: CredentialSource,
  transport: RegistryTransport,
  now: () => number,
): RegistryAuthorization {
  const manners = new Map<string, Manner>();
  const tokens = createBearerTokens(now);
  /** By registry, for the manner in which it wants to be asked now. */
  const gatherings = new Map<string, Gathering<string, BearerToken>>();
  /** What is asked for by itself, since the token that it shared was refused. */
  const alone = new Set<string>();
  /** Registries whose token service seems not to grant several scopes at once, and when it showed. */
  const singly = new Map<string, number>();
  const isSingle = (registry: string) => now() - (singly.get(registry) ?? Number.NEGATIVE_INFINITY) < SINGLE_FOR_MS;
  const tokenKey = ({ registry, scope }: Access) => `${registry} ${scope}`;

  function askByRefreshToken(manner: BearerManner, scope: string, refreshToken: string): Promise<RegistryAnswer> {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      scope,
      client_id: CLIENT_ID,
    });
    if (manner.service !== null) form.set('service', manner.service);
    return transport.send({
      method: 'POST',
      url: manner.realm,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      authorization: null,
      body: form.toString(),
      maxBytes: MAX_TOKEN_ANSWER_BYTES,
    });
  }

  function askByPassword(
    manner: BearerManner,
    scopes: readonly string[],
    login: RegistryCredentials | null,
  ): Promise<RegistryAnswer> {
    const url = new URL(manner.realm);
    for (const scope of scopes) url.searchParams.append('scope', scope);
    if (manner.service !== null) url.searchParams.set('service', manner.service);
    return transport.send({
      method: 'GET',
      url,
      headers: { accept: 'application/json' },
      authorization: login === null ? null : basicAuthorization(login),
      maxBytes: MAX_TOKEN_ANSWER_BYTES,
    });
  }

  async function fetchToken(manner: BearerManner, registry: string, scopes: readonly string[]): Promise<BearerToken> {
    const login = await credentials.credentialsFor(registry);
    const answer = login?.identityToken
      ? await askByRefreshToken(manner, scopes.join(' '), login.identityToken)
      : await askByPassword(manner, scopes, login);
    if (answer.status !== 200) throw new TokenRefused(answer);
    const granted = readToken(answer);
    if (granted === null) throw new UnusableAnswer(`its token service at ${answer.url.host} answered without a token`);
    return granted;
  }

  /** Together with the others who need one in this moment; where that is refused, each by itself. */
  async function fetchShared(manner: BearerManner, { registry, scope }: Access): Promise<BearerToken> {
    const together =
      gatherings.get(registry) ?? gather(SCOPES_IN_A_TOKEN, (scopes) => fetchToken(manner, registry, scopes));
    gatherings.set(registry, together);
    try {
      return await together(scope);
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      return fetchToken(manner, registry, [scope]);
    }
  }

  async function authorizationBy(manner: Manner, access: Access): Promise<string | null> {
    if (manner.scheme === 'bearer') {
      const fetch =
        isSingle(access.registry) || alone.has(tokenKey(access))
          ? () => fetchToken(manner, access.registry, [access.scope])
          : () => fetchShared(manner, access);
      return `Bearer ${await tokens.tokenFor(tokenKey(access), fetch)}`;
    }
    const login = await credentials.credentialsFor(access.registry);
    return login === null || login.identityToken !== null ? null : basicAuthorization(login);
  }

  return {
    tookSecond({ registry }) {
      singly.set(registry, now());
    },

    async authorizationFor(access) {
      const manner = manners.get(access.registry);
      return manner === undefined ? null : authorizationBy(manner, access);
    },

    async answerChallenge(access, header, refused) {
      const manner = mannerOf(header, access);
      if (manner === null) return null;
      manners.set(access.registry, manner);
      gatherings.delete(access.registry);
      if (manner.scheme === 'bearer' && refused !== null) {
        tokens.forget(tokenKey(access));
        alone.add(tokenKey(access));
      }
      const authorization = await authorizationBy(manner, access);
      alone.delete(tokenKey(access));
      return authorization === refused ? null : authorization;
    },
  };
}

function readToken(answer: RegistryAnswer): BearerToken | null {
  try {
    const parsed = tokenAnswer.safeParse(JSON.parse(answer.body.toString('utf8')));
    if (!parsed.success || parsed.data.token === undefined) return null;
    return { token: parsed.data.token, expiresInSeconds: parsed.data.expiresInSeconds };
  } catch {
    // Not JSON; the caller says whose answer it was.
    return null;
  }
}
