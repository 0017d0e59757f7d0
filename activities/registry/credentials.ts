/** What a registry is asked with. Either a password or an identity token (OAuth2 refresh token) is there. */
export interface RegistryCredentials {
  username: string;
  password: string;
  identityToken: string | null;
  /** Where they are from, for messages: `/root/.docker/config.json`. */
  source: string;
}

/** One source of credentials; the host's Docker configuration is the first. */
export interface CredentialSource {
  /**
   * @param registry host with optional port, as a normalised reference has it (`docker.io`, `127.0.0.1:5000`)
   * @throws TypedFailure `RegistryAuthDenied` when the source is there but can't be read
   */
  credentialsFor(registry: string): Promise<RegistryCredentials | null>;
}

/** Value of an `Authorization: Basic` header. */
export function basicAuthorization({ username, password }: Pick<RegistryCredentials, 'username' | 'password'>): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}
