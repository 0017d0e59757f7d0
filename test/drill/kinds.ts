/** A restart policy, or `rm` for a container that removes itself when it stops. */
export type Restart = 'no' | 'always' | 'unless-stopped' | 'on-failure' | 'rm';

/** How the new version behaves: `refused` names a program that its image doesn't have. */
export type NewVersion = 'works' | 'exits' | 'unhealthy' | 'refused';

/** What a drilled container is like, and what its new version is worth. */
export interface Kind {
  restart: Restart;
  healthcheck: boolean;
  state: 'running' | 'paused' | 'stopped';
  volume: 'named' | 'anonymous';
  newVersion: NewVersion;
  /** Megabytes that can't be compressed, in the new version's image; its pull takes a while. */
  bulk: number;
}

/** Restarted `always`: after the death of an engine 20.10 no other policy brings a container back. */
export const PLAIN: Kind = {
  restart: 'always',
  healthcheck: false,
  state: 'running',
  volume: 'named',
  newVersion: 'works',
  bulk: 0,
};

/** Says in a few words what is special about it. */
export function describeKind(kind: Kind): string {
  return [
    kind.restart === 'rm' ? '--rm' : `restart ${kind.restart}`,
    ...(kind.healthcheck ? ['health check'] : []),
    ...(kind.state === 'running' ? [] : [kind.state]),
    `${kind.volume} volume`,
    `new version ${kind.newVersion}`,
    ...(kind.bulk > 0 ? [`${kind.bulk} MB`] : []),
  ].join(', ');
}
