import { describe, expect, it } from '@jest/globals';
import { type PlanFacts, planSteps } from '../../domain/update-plan.ts';

const facts: PlanFacts = {
  containerName: 'shop-web',
  running: true,
  paused: false,
  restartPolicy: 'unless-stopped',
  currentReference: 'nginx:1.25',
  currentDigest: `sha256:${'a'.repeat(64)}`,
  candidateReference: 'nginx:1.25',
  candidateDigest: `sha256:${'b'.repeat(64)}`,
  hasHealthcheck: true,
  soakSeconds: 10,
  healthDeadlineMs: 210_000,
  networks: ['front', 'back'],
  anonymousVolumes: 2,
  imagePresent: false,
  keepImages: 1,
  backup: true,
  autoRemove: false,
  dependents: [],
  restarts: [],
  hooks: { pre: null, post: null },
};

function lines(changes: Partial<PlanFacts>): string[] {
  return planSteps({ ...facts, ...changes }).map(({ step, action, cause }) => `${step}: ${action} (${cause})`);
}

function line(step: string, changes: Partial<PlanFacts>): string {
  return lines(changes).find((text) => text.startsWith(`${step}: `)) ?? '';
}

describe('the plan of an update', () => {
  it('tells every step and why', () => {
    expect(lines({})).toEqual([
      'inspect: inspect shop-web and its image by id (its tag may have moved since it was created)',
      'check: move from nginx:1.25 (sha256:aaaaaaaaaaaa) to nginx:1.25 (sha256:bbbbbbbbbbbb) (the registry has another digest than the host)',
      'gate: go on unless the digest is in quarantine (a digest that failed here is not tried again by itself)',
      'backup: store the configuration of shop-web, encrypted, and keep the old image (a finished update can be taken back later)',
      'pull: pull nginx:1.25 (sha256:bbbbbbbbbbbb) by its digest (the tag may move while it is pulled, the digest cannot)',
      'create: create the successor of shop-web in networks front, back, with the 2 anonymous volumes of its predecessor, and compare it field by field (the predecessor serves on meanwhile)',
      'stop: set the restart policy of shop-web from unless-stopped to no, then stop it (the engine would revive it next to its successor)',
      'start: start the successor and give it the name shop-web (running stays running)',
      'health: wait until it is healthy within 210 s, then watch it for 10 s; roll back otherwise (it has a health check)',
      'commit: remove the predecessor and keep 1 earlier image (the successor has proved itself)',
      'notify: close the history and send the notifications (what happened can be read back)',
    ]);
  });

  it('leaves a stopped container stopped', () => {
    expect(line('stop', { running: false })).toBe('stop: stop nothing (shop-web is not running)');
    expect(line('start', { running: false })).toContain('leave it stopped (stopped stays stopped)');
    expect(line('health', { running: false })).toContain('watch nothing');
  });

  it.each<[string, Partial<PlanFacts>, string]>([
    [
      'stop',
      { autoRemove: true, restartPolicy: '' },
      'stop shop-web, which removes it (it was started with --rm; a rollback makes it again from the backup)',
    ],
    ['stop', { restartPolicy: 'no' }, 'stop shop-web (two containers cannot have its ports and names at once)'],
    ['commit', { autoRemove: true, keepImages: 2 }, 'keep 2 earlier images'],
    ['commit', { keepImages: 0 }, 'remove the predecessor and keep no earlier image'],
    [
      'start',
      { paused: true },
      'pause it again once it is healthy (paused stays paused, but only a running container can prove itself)',
    ],
    ['pull', { imagePresent: true }, 'use nginx:1.25 (sha256:bbbbbbbbbbbb) from this host (it is here already)'],
    ['check', { candidateDigest: facts.currentDigest }, 'the digest is the same and the update is forced'],
    ['check', { currentDigest: null }, 'move from nginx:1.25 to'],
    ['backup', { backup: false }, 'until this update has ended (the backup is turned off'],
    ['commit', { backup: false }, 'remove the predecessor and give up its image, keep 1 earlier image'],
    [
      'health',
      { hasHealthcheck: false, soakSeconds: 0, healthDeadlineMs: 30_000 },
      'running within 30 s; roll back otherwise (it has no health check',
    ],
    [
      'create',
      { networks: ['front'], anonymousVolumes: 1 },
      'in network front, with the 1 anonymous volume of its predecessor',
    ],
    ['create', { networks: [], anonymousVolumes: 0 }, 'create the successor of shop-web, and compare'],
  ])('step %s with %j', (step, changes, expected) => expect(line(step, changes)).toContain(expected));

  it('tells what happens to the containers that hang on it, in the order in which it happens', () => {
    const changes: Partial<PlanFacts> = {
      dependents: [
        { name: 'client', why: 'uses the network of shop-web', stopsFirst: true },
        { name: 'probe', why: 'shares the process namespace of client', stopsFirst: true },
        { name: 'old', why: 'links to shop-web', stopsFirst: false },
      ],
      restarts: [{ name: 'app', cause: 'its Compose file says restart: true for shop-web' }],
    };
    expect(lines(changes).filter((text) => / (probe|client|old again|app)/.test(text))).toEqual([
      'stop: stop probe first (it shares the process namespace of client)',
      'stop: stop client first (it uses the network of shop-web)',
      'health: make client again from its own image; roll all back otherwise (it uses the network of shop-web)',
      'health: make probe again from its own image; roll all back otherwise (it shares the process namespace of client)',
      'health: make old again from its own image; roll all back otherwise (it links to shop-web)',
      'commit: restart app (its Compose file says restart: true for shop-web)',
    ]);
  });

  it('tells its hooks where they run, and none for a container that can run none', () => {
    const hooks = { pre: 'backup.sh', post: 'warm-up.sh' };
    const told = (changes: Partial<PlanFacts>) => lines({ hooks, ...changes }).filter((text) => text.includes('hook'));
    expect(told({})).toEqual([
      'stop: run the pre-update hook in shop-web; exit code 75 skips the update (its label asks for it)',
      'commit: run the post-update hook in shop-web (its label asks for it)',
    ]);
    expect(told({ running: false })).toEqual([]);
  });
});
