import type { KillPoint } from '../kill-points.ts';
import type { Server, Stage } from '../stage.ts';
import { until } from '../until.ts';
import { type Acceptable, asIfNothingHappened, isBad, mayBeLeftDown } from '../verdict/acceptable.ts';
import type { Blow, Target } from './blow.ts';

/**
 * An update that was not told of the death in any way: it ends as if nothing had happened. Only what a container that
 * removes itself died of can't be known where the engine's answer was lost: then its image is not blamed.
 */
function unmoved({ subject: { kind } }: Target): Acceptable[] {
  const usual = asIfNothingHappened(kind);
  return kind.restart === 'rm' && isBad(kind) ? [usual, { ...usual, quarantined: false }] : [usual];
}

/**
 * Where containers died too, one that the engine doesn't bring back stays down unless the update still held it. One that
 * removes itself is gone then, and an update that had not seen it yet says so.
 */
function survived({ subject, at }: Target, died: 'engine' | 'machine'): Acceptable[] {
  const usual = asIfNothingHappened(subject.kind);
  if (subject.kind.restart === 'rm') return vanished(usual, at);
  if (!mayBeLeftDown(subject.kind, at, died)) return [usual];
  return [{ ...usual, state: 'any' }];
}

/**
 * A container that removes itself is gone with its engine. Before the update has stopped it that is the end of it; the
 * new one is judged as one that was removed, and the old one is made again, unless all that comes after the judgement.
 */
function vanished(usual: Acceptable, at: KillPoint): Acceptable[] {
  return [
    usual,
    { status: 'failed', version: null, quarantined: false, message: /no container named|was removed by somebody/ },
    { status: 'rollback', version: 'old', quarantined: false },
    ...(at.held ? [] : [{ ...usual, version: null }]),
  ];
}

function server(name: Server, shown: string): Blow {
  return {
    name: shown,
    strike: async (stage) => stage.killServer(name),
    recover: (stage) => until(`the restart of ${shown}`, () => stage.isServerBack(name)),
    acceptable: unmoved,
  };
}

/** What is killed with -9, and who brings it back: its own supervision, or (program, machine) the machine's start. */
export const VICTIMS = {
  program: {
    name: 'program',
    strike: (stage) => stage.killProgram(),
    recover: (stage) => stage.startProgram(),
    acceptable: unmoved,
  },
  temporal: server('temporal', 'Temporal'),
  postgres: server('postgres', 'PostgreSQL'),
  engine: {
    name: 'engine',
    async strike(stage) {
      const { dockerd } = stage.sandbox.engine;
      const killed = dockerd.pid();
      stage.sandbox.engine.kill();
      await until('the death of the engine', () => dockerd.pid() !== killed);
    },
    recover: (stage) => until('the engine', () => engineAnswers(stage), 180_000),
    acceptable: (target) => survived(target, 'engine'),
    endsContainers: true,
  },
  machine: {
    name: 'machine',
    async strike(stage) {
      stage.killServer('postgres');
      stage.killServer('temporal');
      await Promise.all([stage.killProgram(), stage.sandbox.cutPower()]);
    },
    async recover(stage) {
      await stage.sandbox.powerOn();
      await stage.startProgram();
    },
    acceptable: (target) => survived(target, 'machine'),
    endsContainers: true,
  },
} as const satisfies Record<string, Blow>;

export type Victim = keyof typeof VICTIMS;

async function engineAnswers(stage: Stage): Promise<boolean> {
  return stage.sandbox.docker.ping().then(
    () => true,
    // Away, as it should be after such a blow.
    () => false,
  );
}
