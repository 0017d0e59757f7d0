import { chooseByCreation } from './choose-by-creation.ts';
import { chooseByGroups } from './choose-by-groups.ts';
import { type Allows, changesAtMost, chooseByVersion, type Winner } from './choose-by-version.ts';
import { type LeftOut, LeftOutTally } from './left-out.ts';
import type { LinearRegex } from './linear-regex.ts';
import { tooCostly } from './pattern-cost.ts';
import type { TagRule } from './tag-rule.ts';
import { isOrdered, readTag } from './tag-version.ts';

export interface TagQuestion {
  /** The tag that the container runs on. */
  current: string;
  rule: TagRule;
  /** Only tags that it matches somewhere are considered; null for all. */
  include: LinearRegex | null;
  /** Tags that it matches somewhere are not considered; null for none. */
  exclude: LinearRegex | null;
  /** All tags of the repository, in any order; what is in it twice counts once. `digest` and `pinned` need none. */
  tags: readonly string[];
  /** For the rule `newest`: when the image of each tag was created, in milliseconds since 1970. */
  created?: ReadonlyMap<string, number>;
}

export interface TagChoice {
  /** The tag to go to; the current one under `digest`; null where there is nothing to go to. */
  candidate: string | null;
  /** One sentence. */
  why: string;
  leftOut: LeftOut;
}

const TAG = /^\w[\w.-]{0,127}$/;

/** The tags that may be chosen: valid ones but the current, each once, as include and exclude let them through. */
function eligible({ current, include, exclude, tags }: TagQuestion, leftOut: LeftOutTally): string[] {
  return [...new Set(tags)].filter((tag) => {
    if (tag === current) return false;
    if (!TAG.test(tag)) {
      leftOut.add('invalid');
      return false;
    }
    if (include?.test(tag) === false || exclude?.test(tag) === true) {
      leftOut.add('filtered');
      return false;
    }
    return true;
  });
}

function tell(question: TagQuestion, rule: string, winner: Winner | null, leftOut: LeftOutTally): TagChoice {
  const { current } = question;
  const aside = leftOut.sentencePart();
  const among = winner?.among === 1 ? 'the only tag' : `the newest of ${winner?.among} tags`;
  return {
    candidate: winner?.tag ?? null,
    why:
      winner === null
        ? `No tag is newer than ${current} and allowed by ${rule}${aside}.`
        : `${winner.tag} is ${among} that ${rule} allows after ${current}${aside}.`,
    leftOut: leftOut.counts(),
  };
}

function nothing(why: string): TagChoice {
  return { candidate: null, why, leftOut: {} };
}

function byVersion(question: TagQuestion, rule: string, allows: Allows, only: LinearRegex | null = null): TagChoice {
  const current = readTag(question.current);
  if (!isOrdered(current)) {
    const what = current.kind === 'hash' ? 'names a commit and' : 'is a name that';
    return nothing(
      `${question.current} ${what} holds no version to compare, so ${rule} finds nothing newer; use the rule digest, or run the container on a tag with a version.`,
    );
  }
  const leftOut = new LeftOutTally();
  const tags = eligible(question, leftOut).filter((tag) => {
    if (only === null || only.test(tag)) return true;
    leftOut.add('unmatched');
    return false;
  });
  return tell(question, rule, chooseByVersion(current, tags, allows, leftOut), leftOut);
}

function byRegex(question: TagQuestion, regex: LinearRegex): TagChoice {
  const rule = `regex:${regex.source}`;
  const groups = regex.groups(question.current);
  if (groups === null)
    return nothing(
      `${question.current} is not matched by ${rule}, so it can't be told what is newer; correct the pattern, or move the container to a tag that it matches.`,
    );
  if (groups.length === 0) return byVersion(question, rule, changesAtMost('major'), regex);
  const leftOut = new LeftOutTally();
  return tell(question, rule, chooseByGroups(groups, regex, eligible(question, leftOut), leftOut), leftOut);
}

function byCreation(question: TagQuestion): TagChoice {
  const { current, include, created = new Map<string, number>() } = question;
  const since = created.get(current);
  if (since === undefined || Number.isNaN(since))
    return nothing(`When the image of ${current} was created is not known, so newest can't tell what is newer.`);
  const leftOut = new LeftOutTally();
  const tags = eligible(question, leftOut);
  const winner = chooseByCreation(current, since, tags, created, include !== null, leftOut);
  return tell(question, 'newest', winner, leftOut);
}

/**
 * Chooses the tag that a container should go to. Never an older one than the current, never one of another family (see
 * `readTag`) unless the user's own pattern says so, and the same one whatever the order of the tags. Never throws. Takes time linear in
 * the number of tags.
 */
export function chooseTag(question: TagQuestion): TagChoice {
  const { current, rule, include, exclude, tags } = question;
  const costly = tooCostly([include, exclude, rule.kind === 'regex' ? rule.regex : null], tags);
  if (costly !== null && rule.kind !== 'pinned' && rule.kind !== 'digest') return nothing(costly);
  switch (rule.kind) {
    case 'pinned':
      return nothing(`${current} is pinned, so nothing is looked for.`);
    case 'digest':
      return {
        candidate: current,
        why: `The rule digest stays on ${current} and looks for a new image under it.`,
        leftOut: {},
      };
    case 'level':
      return byVersion(question, `semver:${rule.level}`, changesAtMost(rule.level));
    case 'range': {
      const keepsAlpine = changesAtMost('minor');
      return byVersion(
        question,
        `semver:${rule.range.source}`,
        (candidate, now) =>
          rule.range.allows(candidate) && keepsAlpine({ ...candidate, parts: [] }, { ...now, parts: [] }),
      );
    }
    case 'regex':
      return byRegex(question, rule.regex);
    case 'newest':
      return byCreation(question);
  }
}
