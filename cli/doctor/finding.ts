/** What `doctor` found about one part. `missing` is what the program can't do without. */
export interface Finding {
  part: string;
  state: 'ok' | 'note' | 'missing';
  found: string;
  /** What to do about it; empty where nothing is to do. */
  mend: string;
}

export function ok(part: string, found: string): Finding {
  return { part, state: 'ok', found, mend: '' };
}

export function note(part: string, found: string, mend: string): Finding {
  return { part, state: 'note', found, mend };
}

export function missing(part: string, found: string, mend: string): Finding {
  return { part, state: 'missing', found, mend };
}
