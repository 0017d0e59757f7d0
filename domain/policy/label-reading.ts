import type { PolicySettings, Setting } from './policy-settings.ts';

export type Labels = Readonly<Record<string, string>>;

/** A value, and the full name of the label that says it. */
export interface Said<T> {
  value: T;
  origin: string;
}

/** Each setting that labels say something of. */
export type SaidSettings = { [S in Setting]?: Said<PolicySettings[S]> };

/** A label that says nothing we understand. */
export interface LabelProblem {
  /** What it would have set; null for none. */
  setting: Setting | null;
  /** What, where, and what to do: one sentence or two. */
  text: string;
}

const LONGEST_SHOWN = 80;
/** What Go's `strconv.ParseBool` takes, by which Watchtower and Diun read their labels. */
const GO_TRUE = ['1', 't', 'true'];
const GO_FALSE = ['0', 'f', 'false'];

/** A label with its value, as messages show it. */
export function shown(name: string, value: string): string {
  return `Label ${name}="${value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value}"`;
}

/** Reads a truth value as tools that are written in Go do. Null where it is none. */
export function parseGoBoolean(value: string): boolean | null {
  const text = value.trim().toLowerCase();
  if (GO_TRUE.includes(text)) return true;
  return GO_FALSE.includes(text) ? false : null;
}

/** What the labels of one tool say, while they are read and afterwards. */
export class LabelReading {
  readonly labels: Labels;
  readonly said: SaidSettings = {};
  readonly problems: LabelProblem[] = [];
  /** What was understood, and is not acted on or not as written; one sentence each. */
  readonly notes: string[] = [];

  constructor(labels: Labels) {
    this.labels = labels;
  }

  say<S extends Setting>(setting: S, value: PolicySettings[S], origin: string): void {
    const said: { [T in S]?: Said<PolicySettings[T]> } = this.said;
    said[setting] = { value, origin };
  }

  /** Its value without space around it; null where the label is missing or empty. */
  text(name: string): string | null {
    return this.labels[name]?.trim() || null;
  }

  /** Null where the label is missing or empty, and, told as a problem, where it can't be read. */
  truth(name: string, setting: Setting | null): boolean | null {
    const text = this.text(name);
    if (text === null) return null;
    const truth = parseGoBoolean(text);
    if (truth === null)
      this.problems.push({
        setting,
        text: `${shown(name, text)} is neither true nor false; it is taken as not set. Write true or false.`,
      });
    return truth;
  }

  note(name: string, why: string): void {
    this.notes.push(`Label ${name} is understood, but not acted on: ${why}`);
  }

  /** Tells of all labels of a prefix that nothing here corresponds to. */
  noteOthers(prefix: string, known: readonly string[]): void {
    const others = Object.keys(this.labels).filter((name) => name.startsWith(prefix) && !known.includes(name));
    if (others.length === 0) return;
    this.notes.push(`Not acted on, since nothing here corresponds to it: ${others.sort().join(', ')}.`);
  }
}
