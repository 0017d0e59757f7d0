import { setTimeout as delay } from 'node:timers/promises';
import type { RandomArguments } from './arguments.ts';
import type { Blow } from './blows/blow.ts';
import { inTurn } from './blows/in-turn.ts';
import { VICTIMS, type Victim } from './blows/victims.ts';
import { Chance } from './chance.ts';
import type { DrillCase } from './drill-case.ts';
import type { Verdict } from './judge-round.ts';
import { CALL_KILLS, type KillPoint, STEP_KILLS } from './kill-points.ts';
import type { Kind, NewVersion, Restart } from './kinds.ts';
import { playRound, type RoundOptions } from './round.ts';
import { Stage } from './stage.ts';
import { describeVerdict } from './table.ts';

const RESTARTS: readonly Restart[] = ['no', 'always', 'unless-stopped', 'on-failure', 'rm'];
const BAD: readonly NewVersion[] = ['exits', 'unhealthy', 'refused'];
const MOST_CONTAINERS = 10;
const LONGEST_HEAD_START_MS = 6_000;
const LONGEST_BETWEEN_BLOWS_MS = 4_000;
const A_MINUTE_MS = 60_000;

function randomKind(chance: Chance): Kind {
  const restart = chance.pick(RESTARTS);
  // Any other policy may start a stopped one when its engine starts.
  const mayBeStopped = restart === 'no';
  return {
    restart,
    healthcheck: chance.onceIn(3),
    state: chance.onceIn(6) ? 'paused' : mayBeStopped && chance.onceIn(3) ? 'stopped' : 'running',
    volume: chance.pick(['named', 'anonymous'] as const),
    newVersion: chance.onceIn(3) ? chance.pick(BAD) : 'works',
    bulk: chance.onceIn(6) ? chance.between(5, 40) : 0,
  };
}

/** A point that every kind gets to, where the blow falls at any time anyway. */
const ANYWHERE: KillPoint = { step: 'any', point: 'inspectContainer', when: 'before', version: 'works', held: false };

function randomPoint(chance: Chance, kind: Kind): KillPoint {
  // Kinds that are stopped, paused or remove themselves leave some steps out, and others fail at another step.
  const plain = kind.state === 'running' && kind.restart === 'always';
  const version = kind.newVersion === 'works' ? 'works' : 'fails';
  if (plain && (version === 'works' || kind.newVersion === 'exits'))
    return chance.pick([...STEP_KILLS, ...CALL_KILLS].filter((kill) => kill.version === version));
  const reached = STEP_KILLS.filter(
    ({ step, when, version: of }) =>
      of === 'works' &&
      !['health', 'commit'].includes(step) &&
      !(step === 'start' && when === 'after' && kind.newVersion === 'refused'),
  );
  return { ...chance.pick(reached), version };
}

function randomBlow(chance: Chance): Blow {
  const victims = Object.keys(VICTIMS) as Victim[];
  const first = VICTIMS[chance.pick(victims)];
  if (!chance.onceIn(3)) return first;
  return inTurn(first, VICTIMS[chance.pick(victims)], chance.between(0, LONGEST_BETWEEN_BLOWS_MS));
}

interface RandomRound {
  cases: DrillCase[];
  headStart: RoundOptions['headStart'];
  described: string;
}

/** Everything of a round follows from the seed and its number, but for the moments of the machine itself. */
function randomRound(seed: number, round: number): RandomRound {
  const chance = new Chance(`${seed}, round ${round}`);
  const blow = randomBlow(chance);
  const anyTime = chance.onceIn(2);
  const headStartMs = chance.between(0, LONGEST_HEAD_START_MS);
  const cases = Array.from({ length: chance.between(3, MOST_CONTAINERS) }, (): DrillCase => {
    const kind = randomKind(chance);
    const at = anyTime
      ? ({ ...ANYWHERE, version: kind.newVersion === 'works' ? 'works' : 'fails' } as const)
      : randomPoint(chance, kind);
    return { at, blow, kind };
  });
  return {
    cases,
    headStart: anyTime ? () => delay(headStartMs) : undefined,
    described: `${blow.name} ${anyTime ? `after ${headStartMs} ms` : 'at a point of each'}, ${cases.length} containers`,
  };
}

export interface RandomOutcome {
  verdicts: Verdict[];
  /** Rounds that could not be played to their end. */
  brokenOff: number;
}

/** Plays rounds of random containers, points or moments, and victims until the time is over; tells how to repeat each. */
export async function playAtRandom(
  { seed, minutes, round: only }: RandomArguments,
  tell: (line: string) => void,
): Promise<RandomOutcome> {
  tell(`seed ${seed}`);
  const endsAt = Date.now() + minutes * A_MINUTE_MS;
  const outcome: RandomOutcome = { verdicts: [], brokenOff: 0 };
  let stage: Stage | null = null;
  try {
    for (let round = only ?? 1; round === only || (only === null && Date.now() < endsAt); round += 1) {
      const again = `      again: npm run drill -- --random --seed ${seed} --round ${round}`;
      const { cases, headStart, described } = randomRound(seed, round);
      tell(`round ${round}: ${described}`);
      stage ??= await Stage.open();
      try {
        const options = { prefix: `random${round}`, ...(headStart === undefined ? {} : { headStart }) };
        for (const verdict of await playRound(stage, cases, options)) {
          tell(describeVerdict(verdict));
          if (verdict.faults.length > 0) tell(again);
          outcome.verdicts.push(verdict);
        }
      } catch (error) {
        tell(`BROKE OFF ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        tell(again);
        outcome.brokenOff += 1;
        // Whatever it left behind must not be taken for the next round's doing.
        await stage.close();
        stage = null;
      }
    }
    return outcome;
  } finally {
    await stage?.close();
  }
}
