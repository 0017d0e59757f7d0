import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

export interface DrillArguments {
  /** Names of the acts to play; null for all. */
  acts: string[] | null;
  random: RandomArguments | null;
}

export interface RandomArguments {
  seed: number;
  minutes: number;
  /** Only that round of the seed; null for one after the other until the time is over. */
  round: number | null;
}

const SEED_LIMIT = 2 ** 31;
const USAGE =
  'usage: npm run drill [-- ACT…]\n       npm run drill -- --random [--seed NUMBER] [--minutes NUMBER] [--round NUMBER]';

function numberIn(name: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} ${text}: expected a number\n${USAGE}`);
  return value;
}

/** @throws Error that says how the drill is called */
export function readArguments(args: string[], knownActs: readonly string[]): DrillArguments {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      random: { type: 'boolean', default: false },
      seed: { type: 'string' },
      minutes: { type: 'string' },
      round: { type: 'string' },
    },
  });
  const unknown = positionals.filter((act) => !knownActs.includes(act));
  if (unknown.length > 0)
    throw new Error(`there is no act ${unknown.join(', ')}; there are ${knownActs.join(', ')}\n${USAGE}`);
  return {
    acts: positionals.length === 0 ? null : positionals,
    random: values.random
      ? {
          seed: numberIn('seed', values.seed, randomInt(SEED_LIMIT)),
          minutes: numberIn('minutes', values.minutes, 5),
          round: values.round === undefined ? null : numberIn('round', values.round, 0),
        }
      : null,
  };
}
