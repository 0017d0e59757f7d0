import { LabelReading, type Labels } from './label-reading.ts';

export const DIUN_PREFIX = 'diun.';
const ENABLE = 'diun.enable';
const WATCH_REPO = 'diun.watch_repo';
const FILTERS = { 'diun.include_tags': 'include', 'diun.exclude_tags': 'exclude' } as const;
const KNOWN: readonly string[] = [ENABLE, WATCH_REPO, ...Object.keys(FILTERS)];

/** Diun's lists are separated by semicolons, and any of their expressions may match. */
function anyOf(list: string): string | null {
  const expressions = list.split(';').flatMap((expression) => expression.trim() || []);
  if (expressions.length < 2) return expressions[0] ?? null;
  return expressions.map((expression) => `(?:${expression})`).join('|');
}

/** Reads Diun's labels. It only reports, so that `diun.enable=true` says nothing of updating. */
export function readDiunLabels(labels: Labels): LabelReading {
  const reading = new LabelReading(labels);
  if (reading.truth(ENABLE, 'policy') === false) reading.say('policy', 'ignore', ENABLE);
  if (reading.truth(WATCH_REPO, null) === true)
    reading.note(
      WATCH_REPO,
      'not every tag of a repository is reported, only what an update would bring. Set docker-auto.tag-rule, such as semver:minor.',
    );
  for (const [name, setting] of Object.entries(FILTERS)) {
    const expression = anyOf(labels[name] ?? '');
    if (expression !== null) reading.say(setting, expression, name);
  }
  reading.noteOthers(DIUN_PREFIX, KNOWN);
  return reading;
}
