import { setTimeout as delay } from 'node:timers/promises';
import type { DrillCase } from '../drill-case.ts';
import { USERLAND } from '../image-press.ts';
import type { KillPoint } from '../kill-points.ts';
import { PLAIN } from '../kinds.ts';
import type { Stage } from '../stage.ts';
import type { Acceptable } from '../verdict/acceptable.ts';
import type { Blow, Target } from './blow.ts';

/** As long as an update tries by itself to go back. */
const STAYS_MS = 3_000;

const foreignName = ({ subject }: Target): string => `stranger-of-${subject.name}`;

/** A container of somebody else's, which is not to be touched. */
async function arrive(stage: Stage, target: Target, takes: 'name' | 'port'): Promise<void> {
  const { subject } = target;
  const foreigner = await stage.sandbox.docker.createContainer({
    name: takes === 'name' ? subject.name : foreignName(target),
    Image: `${stage.sandbox.registryHost}/${USERLAND}`,
    Cmd: ['sleep', '100000'],
    Labels: { 'org.example.owner': 'somebody else' },
    StopSignal: 'SIGKILL',
    ...(takes === 'name'
      ? {}
      : {
          ExposedPorts: { '80/tcp': {} },
          HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: String(subject.port) }] } },
        }),
  });
  await foreigner.start();
}

async function leave(stage: Stage, target: Target): Promise<void> {
  await stage.sandbox.docker.getContainer(foreignName(target)).remove({ force: true });
}

function foreigner(what: string, takes: 'name' | 'port', leaves: boolean, ends: Acceptable[]): Blow {
  return {
    name: `a foreign container ${what}`,
    async strike(stage, targets) {
      for (const target of targets) await arrive(stage, target, takes);
    },
    async recover(stage, targets) {
      if (!leaves) return;
      await delay(STAYS_MS);
      for (const target of targets) await leave(stage, target);
    },
    acceptable: (target) =>
      ends.map((end) => ({ ...end, ...(leaves || takes === 'name' ? {} : { alsoThere: [foreignName(target)] }) })),
    endsContainers: true,
  };
}

const BOTH_KEPT: Acceptable = { status: 'failed', version: 'old', bothKept: true };

const at = (step: string, point: string, version: KillPoint['version'], when: KillPoint['when']): KillPoint => ({
  step,
  point,
  when,
  version,
  held: true,
});

/** Containers of others that come between: no machine can know whose the name or the port should be. */
export const FOREIGNERS: readonly DrillCase[] = [
  {
    at: at('start', 'engine:renameContainer#1', 'works', 'after'),
    blow: foreigner('takes the name', 'name', false, [BOTH_KEPT]),
  },
  {
    at: at('start', 'engine:startContainer', 'works', 'before'),
    blow: foreigner('takes the port', 'port', false, [{ ...BOTH_KEPT, message: /port/ }]),
  },
  {
    at: at('start', 'engine:startContainer', 'works', 'before'),
    blow: foreigner('takes the port for 3 s', 'port', true, [
      { status: 'success', version: 'new' },
      { status: 'rollback', version: 'old', quarantined: false },
    ]),
  },
  {
    at: at('rollback', 'revivePredecessor', 'fails', 'before'),
    blow: foreigner('takes the port', 'port', false, [{ ...BOTH_KEPT, quarantined: true, message: /port/ }]),
    kind: { ...PLAIN, newVersion: 'exits' },
  },
  {
    at: at('rollback', 'revivePredecessor', 'fails', 'before'),
    blow: foreigner('takes the port for 3 s', 'port', true, [{ status: 'rollback', version: 'old' }]),
    kind: { ...PLAIN, newVersion: 'exits' },
  },
];
