import { z } from 'zod';

/** Largest page number; beyond it an offset would pass what PostgreSQL counts. */
const LAST_PAGE = 1_000_000;

/** A whole number written in decimal digits within [least, most]. */
function wholeNumber(least: number, most: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/, `expected a whole number from ${least} to ${most}`)
    .transform(Number)
    .pipe(z.number().int().min(least).max(most));
}

/** `page` counts from 1; `limit` is 20 unless said, at most 100. */
export const pageQueryFields = {
  page: wholeNumber(1, LAST_PAGE).default(1),
  limit: wholeNumber(1, 100).default(20),
};

/** `true` or `false` in a query string. */
export const queryFlag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** Text to look for. A NUL can be in no name, and PostgreSQL refuses it. */
export const queryText = z
  .string()
  .min(1)
  .max(255)
  .refine((text) => !text.includes('\0'), 'expected text without NUL characters');

/** One value, or the same parameter several times. */
export const uuidsInQuery = z
  .union([z.uuid(), z.array(z.uuid()).max(100)])
  .transform((given) => (typeof given === 'string' ? [given] : given));

/** A day (`2026-01-31`) or a moment with its offset, as the first moment that it means. */
export const queryDateFrom = dateOrMoment('T00:00:00.000Z');
/** A day or a moment with its offset, as the last moment that it means. */
export const queryDateTo = dateOrMoment('T23:59:59.999Z');

function dateOrMoment(timeOfDay: string) {
  return z
    .union([z.iso.date().transform((day) => `${day}${timeOfDay}`), z.iso.datetime({ offset: true })], {
      error: 'expected a day such as 2026-01-31 or a moment such as 2026-01-31T12:00:00Z',
    })
    .transform((text) => new Date(text));
}

/** The path parameter of routes on one thing. */
export const idParams = z.strictObject({ id: z.uuid() });

/** A query string of a route that takes none. */
export const noQuery = z.strictObject({});
