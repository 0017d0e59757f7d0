import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../embedded/free-port.ts';
import { request, update } from '../rig/api-client.ts';
import { type ProgramProcess, startProgramProcess } from '../rig/program-process.ts';
import { exec, namesAround, pageAt, publishWeb, runContainer } from '../rig/sample-container.ts';
import { type Sandbox, startSandbox } from '../rig/sandbox.ts';

const SECOND = 1_000_000_000;
const QUICK_CHECK = {
  Test: ['CMD-SHELL', 'wget -q -O /dev/null http://127.0.0.1/'],
  Interval: SECOND / 2,
  Timeout: SECOND,
  Retries: 3,
};

let sandbox: Sandbox;
let program: ProgramProcess;
let dataDirectory: string;

beforeAll(async () => {
  sandbox = await startSandbox('outcomes');
  dataDirectory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-outcomes-data-'));
  program = await startProgramProcess({ dataDirectory, dockerHost: sandbox.dockerHost });
});

afterAll(async () => {
  await program?.stop();
  await sandbox?.destroy();
  await rm(dataDirectory, { recursive: true, force: true });
});

const image = (name: string) => `${sandbox.registryHost}/${name}:stable`;

describe('an update whose new version works', () => {
  it('leaves the new version serving with everything of the user as it was, data included', async () => {
    const first = await publishWeb(sandbox, 'web:stable', 'v1', ['VOLUME /var/anonymous']);
    const port = await freePort();
    await sandbox.docker.createNetwork({ Name: 'front' });
    await runContainer(sandbox.docker, {
      name: 'web',
      Image: image('web'),
      Env: ['GREETING=hello'],
      Labels: { 'org.example.owner': 'shop' },
      Healthcheck: QUICK_CHECK,
      HostConfig: {
        PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
        Binds: ['web-data:/var/named'],
        RestartPolicy: { Name: 'unless-stopped' },
        Memory: 64 * 1024 * 1024,
        NetworkMode: 'front',
      },
      NetworkingConfig: { EndpointsConfig: { front: { Aliases: ['shop'] } } },
      ExposedPorts: { '80/tcp': {} },
    });
    await exec(sandbox.docker, 'web', [
      'sh',
      '-c',
      'echo named > /var/named/file; echo anonymous > /var/anonymous/file',
    ]);
    expect(await pageAt(port)).toBe('v1');
    const before = await sandbox.docker.getContainer('web').inspect();
    const second = await publishWeb(sandbox, 'web:stable', 'v2', ['VOLUME /var/anonymous']);

    const ended = await update(program, 'web', { soak: 1 });

    expect(ended).toMatchObject({ status: 'success', old_digest: first, new_digest: second });
    expect(ended.downtime_ms).toBeGreaterThan(0);
    expect(await pageAt(port)).toBe('v2');
    expect(await exec(sandbox.docker, 'web', ['cat', '/var/named/file', '/var/anonymous/file'])).toBe(
      'named\r\nanonymous',
    );
    expect(await namesAround(sandbox.docker, 'web')).toEqual(['web']);
    const after = await sandbox.docker.getContainer('web').inspect();
    expect(comparable(after)).toEqual(comparable(before));
    expect(after.Config.Env).toContain('APP_VERSION=v2');
    expect(after.Config.Labels['org.example.version']).toBe('v2');
    const lines = ended.events.map((event: { step: string; state: string }) => `${event.step} ${event.state}`);
    const steps = ['inspect', 'check', 'gate', 'backup', 'pull', 'create', 'stop', 'start', 'health', 'commit'];
    expect(lines.filter((line: string) => line.endsWith(' started'))).toEqual(steps.map((step) => `${step} started`));
    expect(lines.filter((line: string) => line.endsWith(' done')).sort()).toEqual(
      [...steps, 'notify'].map((step) => `${step} done`).sort(),
    );
  });

  it('waits for a health check that passes only after eight seconds', async () => {
    await publishWeb(sandbox, 'slow:stable', 'v1');
    await runContainer(sandbox.docker, { name: 'slow', Image: image('slow') });
    await publishWeb(sandbox, 'slow:stable', 'v2', [
      'HEALTHCHECK --interval=1s --timeout=1s --retries=30 CMD ["sh", "-c", "test $(cut -d. -f1 /proc/uptime) -ge $(cat /started 2>/dev/null || { u=$(cut -d. -f1 /proc/uptime); echo $((u+8)) > /started; echo $((u+8)); })"]',
    ]);

    const ended = await update(program, 'slow', { soak: 0 });

    expect(ended.status).toBe('success');
    expect(ended.duration_seconds).toBeGreaterThan(7);
  });

  it('touches nothing when the registry has the same digest', async () => {
    await publishWeb(sandbox, 'same:stable', 'v1');
    const id = await runContainer(sandbox.docker, { name: 'same', Image: image('same') });

    const ended = await update(program, 'same');

    expect(ended.status).toBe('up_to_date');
    expect((await sandbox.docker.getContainer('same').inspect()).Id).toBe(id);
  });
});

describe('an update whose new version fails', () => {
  const failures: Array<{ name: string; what: string; lines: string[]; reason: string; log: string; soak: number }> = [
    {
      name: 'never-healthy',
      what: 'never gets healthy',
      lines: [
        'HEALTHCHECK --interval=1s --timeout=1s --retries=2 CMD ["false"]',
        'CMD ["sh", "-c", "echo it never works; exec sleep 1000"]',
      ],
      reason: 'probe',
      log: 'it never works',
      soak: 1,
    },
    {
      name: 'exits',
      what: 'exits at once',
      lines: ['CMD ["sh", "-c", "echo cannot start; exit 3"]'],
      reason: 'crashed|restarting',
      log: 'cannot start',
      soak: 2,
    },
    {
      name: 'restarts',
      what: 'restarts for ever',
      lines: ['CMD ["sh", "-c", "echo again; sleep 0.3; exit 1"]'],
      reason: 'crashed|restarting',
      log: 'again',
      soak: 5,
    },
    {
      name: 'dies-later',
      what: 'is healthy for three seconds and then dies',
      lines: ['CMD ["sh", "-c", "echo fine so far; sleep 3; exit 1"]'],
      reason: 'crashed|restarting',
      log: 'fine so far',
      soak: 6,
    },
  ];

  it.each(failures)('goes back to the old one when the new one $what', async ({ name, lines, reason, log, soak }) => {
    await publishWeb(sandbox, `${name}:stable`, 'v1');
    const port = await freePort();
    const id = await runContainer(sandbox.docker, {
      name,
      Image: image(name),
      ExposedPorts: { '80/tcp': {} },
      HostConfig: {
        PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
        RestartPolicy: { Name: name === 'restarts' ? 'always' : 'unless-stopped' },
      },
    });
    const bad = await sandbox.publish(`${name}:stable`, ['STOPSIGNAL SIGKILL', ...lines]);

    const ended = await update(program, name, { soak });

    expect(ended).toMatchObject({ status: 'rollback', new_digest: bad });
    expect({ type: ended.error_type, message: ended.message }).toMatchObject({ type: expect.stringMatching(reason) });
    expect(ended.log_tail).toContain(log);
    expect(await pageAt(port)).toBe('v1');
    expect(await namesAround(sandbox.docker, name)).toEqual([name]);
    const kept = await sandbox.docker.getContainer(name).inspect();
    expect(kept.Id).toBe(id);
    expect(kept.HostConfig.RestartPolicy?.Name).toBe(name === 'restarts' ? 'always' : 'unless-stopped');
    const quarantine = await request(program, 'GET', '/quarantine');
    expect(JSON.stringify(quarantine.data)).toContain(bad);
    // The human tag points to the old image again, so that nobody else starts the bad one by it.
    expect((await sandbox.docker.getImage(image(name)).inspect()).Id).toBe(kept.Image);
  });

  it('leaves a quarantined digest alone and says why, until force is asked for', async () => {
    const check = await request(program, 'GET', '/images/check?force=true');
    const row = check.data.items.find((item: { container_name: string }) => item.container_name === 'exits');
    expect(row.reason).toMatch(/quarantined/);
    expect(row.reason).toMatch(/--force/);

    const refused = await update(program, 'exits');
    expect(refused).toMatchObject({ status: 'failed', error_type: 'PolicyDenied' });

    const forced = await update(program, 'exits', { force: true, soak: 2 });
    expect(forced.status).toBe('rollback');
  });
});

/** An inspect without what must differ: identities, times, addresses given by the engine, and the image's own defaults. */
function comparable(inspect: Awaited<ReturnType<ReturnType<Sandbox['docker']['getContainer']>['inspect']>>): unknown {
  const { Config, HostConfig, Mounts, NetworkSettings, Name, Path, Args } = inspect;
  const { Hostname: _hostname, Env, Labels, ...config } = Config;
  // The anonymous volume is mounted by name now: the same volume, told otherwise.
  const { Binds, Mounts: _mounts, ...hostConfig } = HostConfig as typeof HostConfig & { Mounts?: unknown };
  return {
    Name,
    Path,
    Args,
    config: {
      ...config,
      Env: Env.filter((line) => !line.startsWith('APP_VERSION=')),
      Labels: { ...Labels, 'org.example.version': '' },
    },
    hostConfig: { ...hostConfig, Binds: (Binds ?? []).filter((bind) => !/^[0-9a-f]{64}:/.test(bind)) },
    mounts: Mounts.map((mount) => ({
      Type: mount.Type,
      Name: mount.Name,
      Source: mount.Source,
      Destination: mount.Destination,
      RW: mount.RW,
    })).sort((a, b) => a.Destination.localeCompare(b.Destination)),
    networks: Object.entries(NetworkSettings.Networks).map(([name, endpoint]) => ({
      name,
      aliases: (endpoint.Aliases ?? []).filter((alias: string) => !inspect.Id.startsWith(alias)),
      ipam: endpoint.IPAMConfig,
      links: endpoint.Links,
    })),
  };
}
