/** A date found in a tag. */
export interface FoundDate {
  /** Year, month, and where written day, hour, minute and second. */
  parts: number[];
  /** How it is written, such as `Y-M-D` or `YMDThms`; dates written otherwise are not compared. */
  format: string;
  /** How many characters it takes. */
  length: number;
}

const DAY = /^((?:19|20)\d\d)([-_]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])/;
const MONTH = /^((?:19|20)\d\d)-(0[1-9]|1[0-2])(?![\d.])/;
const TIME_AFTER_T = /^T(\d\d)([-.]?)(\d\d)(?:\2(\d\d))?Z?/;
const TIME = /^(\d\d)(\d\d)(\d\d)?(?!\d)/;

function numbers(texts: readonly (string | undefined)[]): number[] {
  return texts.filter((text) => text !== undefined).map(Number);
}

/**
 * Reads the date that a text begins with: `2024-05-01`, `20240501`, `2024_05_01`, `2024-05`, `20240501143000`,
 * `2024-05-01T14-30-00Z`. Null for none. Dates with dots (`2024.5.1`) are versions by calendar and not read here.
 */
export function readDate(text: string): FoundDate | null {
  // Most tags are no date, and this is asked of every number in them.
  if (text.length < 7 || !(text.startsWith('20') || text.startsWith('19'))) return null;
  const day = DAY.exec(text);
  if (day === null) {
    const month = MONTH.exec(text);
    return month === null ? null : { parts: numbers(month.slice(1)), format: 'Y-M', length: month[0].length };
  }
  const [whole, year, separator = '', month, dayOfMonth] = day;
  const rest = text.slice(whole.length);
  const format = ['Y', 'M', 'D'].join(separator);
  const afterT = TIME_AFTER_T.exec(rest);
  const time = afterT ?? (separator === '' ? TIME.exec(rest) : null);
  if (time === null) {
    if (/^\d/.test(rest)) return null;
    return { parts: numbers([year, month, dayOfMonth]), format, length: whole.length };
  }
  const clock = afterT === null ? time.slice(1) : [time[1], time[3], time[4]];
  return {
    parts: numbers([year, month, dayOfMonth, ...clock]),
    format: `${format}T${numbers(clock).length}`,
    length: whole.length + time[0].length,
  };
}
