/** Why a tag was not taken into consideration, each with how the sentence names such tags. */
const REASONS = {
  invalid: 'no valid tag',
  filtered: 'kept out by include or exclude',
  unmatched: 'not matched by the pattern',
  otherFamily: 'of another kind or variant',
  undated: 'without a known date',
  notNewer: 'not newer',
  prerelease: 'pre-releases',
  beyondRule: 'beyond the rule',
} as const;

export type LeftOutReason = keyof typeof REASONS;

/** How many tags were left out for which reason. The current tag itself is not counted. */
export type LeftOut = Readonly<Partial<Record<LeftOutReason, number>>>;

/** Counts the tags that are left out. */
export class LeftOutTally {
  readonly #counts = new Map<LeftOutReason, number>();

  add(reason: LeftOutReason): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  counts(): LeftOut {
    return Object.fromEntries(this.#counts);
  }

  /** ` (left out: 3 pre-releases, 12 not newer)`, in the order of the reasons; nothing where no tag was left out. */
  sentencePart(): string {
    const told = Object.entries(REASONS).flatMap(([reason, words]) => {
      const count = this.#counts.get(reason as LeftOutReason);
      return count === undefined ? [] : [`${count} ${words}`];
    });
    return told.length === 0 ? '' : ` (left out: ${told.join(', ')})`;
  }
}
