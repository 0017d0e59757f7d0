import { LabelReading, type Labels, shown } from './label-reading.ts';

export const WUD_PREFIX = 'wud.';
const WATCH = 'wud.watch';
const WATCH_DIGEST = 'wud.watch.digest';
const INCLUDE = 'wud.tag.include';
const EXCLUDE = 'wud.tag.exclude';
const TRANSFORM = 'wud.tag.transform';
const LINK = 'wud.link.template';
const TRIGGERS = ['wud.trigger.include', 'wud.trigger.exclude'];

/** The display labels are not among them: nothing here corresponds to those. */
const KNOWN: readonly string[] = [WATCH, WATCH_DIGEST, INCLUDE, EXCLUDE, TRANSFORM, LINK, ...TRIGGERS];

/** WUD takes all but `true` for false; what is neither is more likely a typing error. */
function truth(reading: LabelReading, name: string, setting: 'policy' | 'tagRule'): boolean | null {
  const text = reading.text(name);
  if (text === null) return null;
  if (text.toLowerCase() === 'true') return true;
  if (text.toLowerCase() === 'false') return false;
  reading.problems.push({
    setting,
    text: `${shown(name, text)} is neither true nor false; it is taken as not set. Write true or false.`,
  });
  return null;
}

/** WUD compares versions, the greatest that its filters leave, and digests only where there is no version or by request. */
function readTagRule(reading: LabelReading): void {
  const include = reading.text(INCLUDE);
  const exclude = reading.text(EXCLUDE);
  const digest = truth(reading, WATCH_DIGEST, 'tagRule');
  if (include !== null) reading.say('include', include, INCLUDE);
  if (exclude !== null) reading.say('exclude', exclude, EXCLUDE);
  const isFiltered = include !== null || exclude !== null;
  const isTransformed = reading.text(TRANSFORM) !== null;
  if (isTransformed)
    reading.note(
      TRANSFORM,
      'tags are compared as they are, so other tags than the present one are not looked for. Set docker-auto.tag-rule=regex:… with groups for the parts that count.',
    );
  if (isFiltered && !isTransformed) reading.say('tagRule', 'semver:major', include === null ? EXCLUDE : INCLUDE);
  else if (digest === true) reading.say('tagRule', 'digest', WATCH_DIGEST);
  if (digest === false) reading.note(WATCH_DIGEST, 'a new digest of the same tag is always looked for.');
}

/**
 * Reads the labels of WUD (What's up Docker). It reports, and what its triggers do is not in labels: `wud.watch=true`
 * says nothing of updating.
 */
export function readWudLabels(labels: Labels): LabelReading {
  const reading = new LabelReading(labels);
  if (truth(reading, WATCH, 'policy') === false) reading.say('policy', 'ignore', WATCH);
  readTagRule(reading);
  const link = reading.text(LINK);
  if (link !== null) reading.say('link', link, LINK);
  for (const name of TRIGGERS)
    if (reading.text(name) !== null)
      reading.note(
        name,
        'what its triggers do is not known here. Set docker-auto.policy=auto where one of them updates the container.',
      );
  reading.noteOthers(WUD_PREFIX, KNOWN);
  return reading;
}
