import { z } from 'zod';
import { type RegistryAnswer, UnusableAnswer } from './registry-transport.ts';

/** Asked for at once; registries may give fewer. */
export const TAGS_IN_A_PAGE = 1_000;
const MOST_PAGES = 500;
const MOST_TAGS = 200_000;

/** Registries write null for none. */
const tagListAnswer = z.object({ tags: z.array(z.string()).nullish() });
const NEXT_LINK = /^\s*<([^<>]*)>\s*;[^,]*\brel\s*=\s*"?next"?/i;

function tagsOf(answer: RegistryAnswer): string[] {
  try {
    const parsed = tagListAnswer.safeParse(JSON.parse(answer.body.toString('utf8')));
    if (parsed.success) return parsed.data.tags ?? [];
  } catch {
    // Not JSON: told below.
  }
  throw new UnusableAnswer('its answer is no list of tags');
}

/** The next page, which must be the same list of the same registry. */
function nextPage(answer: RegistryAnswer, page: URL): URL | null {
  const { link } = answer.headers;
  const [, target] = NEXT_LINK.exec(Array.isArray(link) ? link.join(', ') : (link ?? '')) ?? [];
  if (target === undefined) return null;
  const next = URL.canParse(target, page.href) ? new URL(target, page) : null;
  if (next === null || next.origin !== page.origin || next.pathname !== page.pathname)
    throw new UnusableAnswer('it continues its list of tags at another place');
  return next.href === page.href ? null : next;
}

/**
 * All tags of a repository, page by page. Source: OCI distribution specification, listing tags.
 * @param ask one page
 * @throws UnusableAnswer when a page can't be read, or there is no end to them
 */
export async function listPages(first: URL, ask: (page: URL) => Promise<RegistryAnswer>): Promise<string[]> {
  const tags = new Set<string>();
  let page: URL | null = first;
  for (let pages = 0; page !== null; pages += 1) {
    if (pages === MOST_PAGES || tags.size > MOST_TAGS)
      throw new UnusableAnswer(`its list of tags has no end (${tags.size} tags in ${pages} pages)`);
    const answer: RegistryAnswer = await ask(page);
    for (const tag of tagsOf(answer)) tags.add(tag);
    page = nextPage(answer, page);
  }
  return [...tags];
}
