/**
 * Says which database a URL means, for messages: without user and password.
 * @throws Error when it is no PostgreSQL URL; the message doesn't repeat it, since it may hold a password.
 */
export function describeDatabase(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed || !/^postgres(?:ql)?:$/.test(parsed.protocol)) {
    throw new Error(
      'DATABASE_URL is no PostgreSQL URL; expected postgresql://user:password@host:port/database, with special characters of the password percent-encoded.',
    );
  }
  const host = parsed.hostname || parsed.searchParams.get('host') || 'localhost';
  const database = decodeURIComponent(parsed.pathname.slice(1));
  return `PostgreSQL at ${host}:${parsed.port || '5432'}, database "${database}",`;
}
