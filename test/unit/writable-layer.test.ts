import { describe, expect, it } from '@jest/globals';
import type { ContainerInspect } from '../../domain/engine-types.ts';
import { countChanges, EMPTY_LAYER, judgeLayer, type WritableLayer } from '../../domain/writable-layer/judge-layer.ts';
import type { LayerChange } from '../../domain/writable-layer/layer-change.ts';
import { planCarry } from '../../domain/writable-layer/plan-carry.ts';
import { layerRefusal, layerWarnings } from '../../domain/writable-layer/tell-layer.ts';
import { fixture } from './create-options/fixture.ts';

/** A container as the engine tells it, with these mounts and labels. */
function container(
  more: { volumes?: string[]; tmpfs?: string[]; labels?: Record<string, string> } = {},
): ContainerInspect {
  const { container: real } = fixture('plain-web');
  return {
    ...real,
    Mounts: (more.volumes ?? []).map((Destination) => ({ Type: 'volume', Name: 'data', Destination })),
    HostConfig: {
      ...real.HostConfig,
      Tmpfs: Object.fromEntries((more.tmpfs ?? []).map((place) => [place, ''])),
      Mounts: null,
    },
    Config: { ...real.Config, Labels: more.labels ?? {} },
  };
}

/** Lines as `docker diff` prints them: `A /path`, `C /path`, `D /path`. */
function changes(...lines: string[]): LayerChange[] {
  const kinds = { A: 'added', C: 'changed', D: 'deleted' } as const;
  return lines.map((line) => ({ kind: kinds[line[0] as 'A' | 'C' | 'D'], path: line.slice(2) }));
}

function judge(lines: string[], of: ContainerInspect, folders: string[] = []): WritableLayer {
  return judgeLayer(countChanges(changes(...lines), of), of, new Set(folders));
}

const COMPOSE = { 'com.docker.compose.project': 'shop' };

describe('what counts of a writable layer', () => {
  it.each([
    ['files of a volume', 'A /data/file'],
    ['a mount’s own place', 'A /data'],
    ['files of a tmpfs', 'C /scratch/x'],
    ['what the engine makes', 'C /etc/hosts'],
    ['the engine’s mark', 'A /.dockerenv'],
    ['runtime state', 'A /run/nginx.pid'],
    ['runtime state by its old name', 'A /var/run/app/state'],
    ['scratch files', 'A /tmp/upload.part'],
    ['process ids elsewhere', 'A /srv/app.pid'],
    ['sockets', 'A /srv/app.sock'],
    ['caches of the system', 'A /var/cache/apt/pkgcache.bin'],
    ['caches of a user', 'A /root/.cache/pip/x'],
    ['compiled Python', 'A /app/__pycache__/main.cpython-312.pyc'],
    ['what somebody typed', 'A /root/.ash_history'],
    ['devices', 'A /dev/fuse'],
  ])('leaves out %s', (_what, line) => {
    expect(judge([line], container({ volumes: ['/data/'], tmpfs: ['/scratch'] }))).toEqual(EMPTY_LAYER);
  });

  it.each([
    '/database',
    '/tmpfile',
    '/var/log/app.log',
    '/var/tmp/kept',
    '/etc/hosts.allow',
    '/app/yarn.lock',
    '/run/secrets/key',
  ])('counts %s', (path) => {
    expect(judge([`A ${path}`], container({ volumes: ['/data'], tmpfs: ['/scratch'] }))).toMatchObject({
      changed: 1,
      examples: [path],
    });
  });

  it('does not count folders that are there for what is below them, or for a mount', () => {
    const lines = [
      'C /etc',
      'C /etc/app',
      'C /etc/app/conf',
      'A /srv',
      'A /srv/deep',
      'A /srv/deep/mount',
      'C /var',
      'C /var/tmp',
    ];
    expect(judge(lines, container({ volumes: ['/srv/deep/mount'] }), ['/var/tmp'])).toMatchObject({
      changed: 1,
      examples: ['/etc/app/conf'],
    });
  });

  it('names five and counts the rest, deletions apart', () => {
    const lines = Array.from({ length: 7 }, (_, index) => `A /new-${index}`);
    expect(judge([...lines.toReversed(), 'D /bin/vi'], container())).toEqual({
      changed: 7,
      examples: ['/new-0', '/new-1', '/new-2', '/new-3', '/new-4'],
      injected: [],
      deleted: 1,
      deletedExamples: ['/bin/vi'],
      unknown: null,
    });
  });

  it('tells configs and secrets of Compose from other files, in Compose’s containers only', () => {
    const lines = ['A /run', 'A /run/secrets', 'A /run/secrets/key', 'A /app.conf', 'A /opt', 'A /opt/other'];
    expect(judge(lines, container({ labels: COMPOSE }))).toMatchObject({
      injected: ['/app.conf', '/run/secrets/key'],
      examples: ['/opt/other'],
    });
    expect(judge(lines, container())).toMatchObject({ injected: [], changed: 3 });
  });

  it('takes many files in the root folder for a program’s, beyond the first twenty', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `A /data-${index}`);
    expect(judge(lines, container({ labels: COMPOSE }))).toMatchObject({ changed: 80 });
  });
});

describe('what is taken along', () => {
  const plan = (lines: string[], of = container()) => planCarry(changes(...lines), of);

  it('is a new folder as a whole, a changed file by itself, and nothing that was deleted', () => {
    expect(plan(['C /etc', 'C /etc/conf', 'A /new', 'A /new/a', 'A /new/b', 'A /new/b/c', 'D /bin/vi'])).toEqual({
      units: [
        { path: '/etc/conf', take: 'file' },
        { path: '/new', take: 'tree' },
      ],
      folders: ['/etc'],
    });
  });

  it('never reaches into a mount, nor takes what is left out', () => {
    const lines = [
      'A /new',
      'A /new/mount',
      'A /new/mine',
      'A /new/app.pid',
      'A /srv',
      'A /srv/only',
      'A /run',
      'A /run/x',
    ];
    expect(plan(lines, container({ volumes: ['/new/mount', '/srv/only/mount'] }))).toEqual({
      units: [{ path: '/new/mine', take: 'tree' }],
      folders: ['/new'],
    });
  });

  it('has the folders above in order, so that each can be made', () => {
    expect(plan(['C /a/b/c/file', 'A /run/secrets/key'])).toEqual({
      units: [
        { path: '/a/b/c/file', take: 'file' },
        { path: '/run/secrets/key', take: 'tree' },
      ],
      folders: ['/a', '/a/b', '/a/b/c', '/run', '/run/secrets'],
    });
  });
});

describe('what people are told of it', () => {
  const web = { containerName: 'web', autoRemove: false };
  const some: WritableLayer = { ...EMPTY_LAYER, changed: 2, examples: ['/a', '/b'] };

  it('is nothing where nothing is lost', () => {
    for (const policy of ['warn', 'carry', 'refuse'] as const)
      expect(layerWarnings(EMPTY_LAYER, policy, web)).toEqual([]);
    expect(layerRefusal(EMPTY_LAYER, web)).toBeNull();
  });

  it('is what is lost and how to keep it', () => {
    const layer = { ...some, injected: ['/run/secrets/key'], deleted: 6, deletedExamples: ['/c'] };
    expect(layerWarnings(layer, 'warn', web)).toEqual([
      'Compose wrote /run/secrets/key into web itself, so the successor will not have it. Take it along with --writable-layer carry, or the label docker-auto.writable-layer=carry; or run "docker compose up --force-recreate" for the service afterwards.',
      'The successor of web will not have 2 paths that were added or changed outside its volumes (/a, /b). What the image makes at every start comes back by itself; take the rest along with --writable-layer carry, or the label docker-auto.writable-layer=carry, or move it to a volume.',
      '6 paths of the image were deleted in web and will be there again: /c and 5 more.',
    ]);
  });

  it('says that nothing brings back what a container with --rm held', () => {
    expect(layerWarnings(some, 'warn', { ...web, autoRemove: true }).at(-1)).toContain('not even a rollback');
    expect(layerWarnings(some, 'carry', { ...web, autoRemove: true })).toEqual([
      expect.stringContaining('copied while web still runs'),
    ]);
    const onlyDeleted = { ...EMPTY_LAYER, deleted: 1, deletedExamples: ['/c'] };
    expect(layerWarnings(onlyDeleted, 'warn', { ...web, autoRemove: true })).toHaveLength(1);
  });

  it('is what is taken along, and when', () => {
    expect(layerWarnings({ ...some, injected: ['/x'] }, 'carry', web)).toEqual([
      'Taken along into the successor: /x, which Compose wrote into web itself; 2 paths that were added or changed outside its volumes (/a, /b). They are copied when nothing writes any more; the downtime is longer by that.',
    ]);
    expect(layerWarnings({ ...EMPTY_LAYER, deleted: 1, deletedExamples: ['/c'] }, 'carry', web)).toEqual([
      '1 path of the image was deleted in web and will be there again: /c.',
    ]);
  });

  it('is why it is refused, as a warning of the plan and as the failure', () => {
    const layer = { ...some, injected: ['/x'], deleted: 1, deletedExamples: ['/c'] };
    const text = layerRefusal(layer, web);
    expect(text).toContain('/x, written by Compose; 2 paths');
    expect(text).toContain('1 path deleted from the image (/c)');
    expect(text).toContain('"docker diff web" lists all');
    expect(layerWarnings(layer, 'refuse', web)).toEqual([text]);
  });

  it('is that it could not be found out, which policy refuse takes for a no', () => {
    const unknown = { ...EMPTY_LAYER, unknown: 'the engine was too slow' };
    expect(layerWarnings(unknown, 'warn', web)[0]).toContain('the successor will have none of it');
    expect(layerWarnings(unknown, 'carry', web)[0]).toContain('asked for again');
    expect(layerRefusal(unknown, web)).toContain('could not be listed (the engine was too slow)');
  });
});
