/**
 * Legacy links as they are written in a create call (`db:database`). The inspect answer has them as the engine keeps
 * them (`/db:/web/database`), with the container's own name inside, which is another for the successor.
 */
export function normalLinks(links: readonly string[] | null | undefined): string[] {
  return (links ?? []).map((link) => {
    const [target = '', alias = target] = link.split(':');
    return `${target.replace(/^\//, '')}:${alias.slice(alias.lastIndexOf('/') + 1)}`;
  });
}
