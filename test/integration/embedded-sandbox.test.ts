import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import bcrypt from 'bcryptjs';
import Docker from 'dockerode';
import { busyboxFiles } from '../../embedded/busybox-files.ts';
import { cgroupProcesses } from '../../embedded/cgroups.ts';
import { freePort } from '../../embedded/free-port.ts';
import { currentMounts } from '../../embedded/mounts.ts';
import { runCommand } from '../../embedded/run-command.ts';
import { destroySandboxEngine, type SandboxEngine, startSandboxEngine } from '../../embedded/sandbox-engine.ts';
import { buildSandboxImage, pushSandboxImage } from '../../embedded/sandbox-image.ts';
import { sandboxLayout } from '../../embedded/sandbox-layout.ts';
import { type SandboxRegistry, startSandboxRegistry } from '../../embedded/sandbox-registry.ts';

const MODULE = new URL('../../embedded/sandbox-engine.ts', import.meta.url).href;
const WEB = [
  'FROM scratch',
  'COPY bin /bin',
  'COPY page /www/index.html',
  'CMD ["/bin/httpd","-f","-p","80","-h","/www"]',
];

let parent: string;
const engines: SandboxEngine[] = [];
const registries: SandboxRegistry[] = [];
const directories: string[] = [];

beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'docker-auto-test-sandbox-'));
});

afterEach(async () => {
  for (const one of engines.splice(0)) await one.stop();
  for (const one of registries.splice(0)) await one.stop();
  for (const one of directories.splice(0)) await destroySandboxEngine(one);
  rmSync(parent, { recursive: true, force: true });
});

async function startEngine(name = 'engine'): Promise<{ engine: SandboxEngine; docker: Docker }> {
  const directory = path.join(parent, name);
  directories.push(directory);
  const engine = await startSandboxEngine({ directory, notice: () => undefined });
  engines.push(engine);
  return { engine, docker: new Docker({ socketPath: engine.socketPath }) };
}

async function startRegistry(htpasswdFile?: string): Promise<SandboxRegistry> {
  const login = htpasswdFile === undefined ? {} : { htpasswdFile };
  const registry = await startSandboxRegistry({
    directory: path.join(parent, 'registry'),
    ...login,
    log: () => undefined,
  });
  registries.push(registry);
  return registry;
}

function buildWeb(docker: Docker, tag: string, page = 'hello'): Promise<string> {
  return buildSandboxImage(docker, {
    tag,
    dockerfile: WEB.join('\n'),
    files: { ...busyboxFiles(), page: { content: page } },
  });
}

async function run(docker: Docker, options: Docker.ContainerCreateOptions): Promise<Docker.Container> {
  const container = await docker.createContainer(options);
  await container.start();
  return container;
}

function published(port: number): Docker.ContainerCreateOptions {
  const binding = [{ HostIp: '127.0.0.1', HostPort: String(port) }];
  return { ExposedPorts: { '80/tcp': {} }, HostConfig: { PortBindings: { '80/tcp': binding } } };
}

/** Tries again for ten seconds: dockerd takes some to notice that containerd is back, a web server one to listen. */
async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + 10_000; ; await delay(50)) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

function pageAt(port: number): Promise<string> {
  return eventually(async () => (await fetch(`http://127.0.0.1:${port}/`)).text());
}

async function execute(container: Docker.Container, command: string[]): Promise<number | null> {
  const execution = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
  const stream = await execution.start({});
  await new Promise((resolve) => stream.on('end', resolve).resume());
  return (await execution.inspect()).ExitCode;
}

/** All that a sandbox in this directory has on the machine outside the directory. */
async function traces(directory: string, networkIds: string[] = []): Promise<string[]> {
  const layout = sandboxLayout(directory);
  const named = (text: string) => text.includes(directory) || text.includes(layout.runDirectory);
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const commands = pids.map((pid) => {
    const file = `/proc/${pid}/cmdline`;
    return existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\0', ' ') : '';
  });
  const links = (await runCommand('ip', ['-oneline', 'link', 'show'])).split('\n');
  const bridges = [layout.bridge, ...networkIds.map((id) => `br-${id.slice(0, 12)}`)];
  return [
    ...commands.filter(named),
    ...cgroupProcesses(layout.cgroup).map((pid) => `process ${pid} in ${layout.cgroup}`),
    ...currentMounts()
      .map(({ mountPoint }) => mountPoint)
      .filter(named),
    ...links.filter((line) => bridges.some((bridge) => line.includes(` ${bridge}:`))),
    ...[layout.runDirectory, `/sys/fs/cgroup${layout.cgroup}`, `/sys/fs/cgroup/memory${layout.cgroup}`].filter(
      existsSync,
    ),
  ];
}

/** What the machine had before and must have afterwards, untouched. */
async function machine(): Promise<string> {
  const rules = await runCommand('iptables-save', []).catch(() => 'none');
  const forwarding = readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8');
  // Counters and times of iptables-save differ from call to call.
  return [
    rules.replace(/^[#:].*$/gm, ''),
    forwarding,
    ...['/etc/docker/daemon.json', '/var/run/docker.sock', '/var/lib/docker'].map(
      (file) => `${file} ${existsSync(file)}`,
    ),
  ].join('\n');
}

describe('the sandbox engine', () => {
  it('runs an image that was built here and pushed to the sandbox registry, and its port answers on loopback', async () => {
    const before = await machine();
    const [{ engine, docker }, registry] = [await startEngine(), await startRegistry()];
    const tag = `${registry.host}/web:v1`;
    await buildWeb(docker, tag);
    const digest = await pushSandboxImage(docker, tag);
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    const head = await fetch(`http://${registry.host}/v2/web/manifests/v1`, {
      method: 'HEAD',
      headers: { accept: 'application/vnd.docker.distribution.manifest.v2+json' },
    });
    expect(head.headers.get('docker-content-digest')).toBe(digest);

    const port = await freePort();
    await run(docker, { Image: tag, ...published(port) });
    expect(await pageAt(port)).toBe('hello');
    await engine.stop();
    expect(await traces(engine.directory)).toEqual([]);
    expect(await machine()).toBe(before);
  });

  it('lets containers of one network find each other by name, and leaves no link of it behind', async () => {
    const { engine, docker } = await startEngine();
    await buildWeb(docker, 'web:v1');
    const network = await docker.createNetwork({ Name: 'backend' });
    const named = await docker.createNetwork({
      Name: 'named',
      Options: { 'com.docker.network.bridge.name': 'da-test-named' },
    });
    const HostConfig = { NetworkMode: 'backend' };
    await run(docker, { name: 'server', Image: 'web:v1', HostConfig });
    const caller = await run(docker, { name: 'caller', Image: 'web:v1', Cmd: ['/bin/sleep', '1000'], HostConfig });
    expect(await execute(caller, ['/bin/wget', '-q', '-O', '/dev/null', 'http://server/'])).toBe(0);
    expect(await execute(caller, ['/bin/wget', '-q', '-O', '/dev/null', 'http://nobody/'])).toBe(1);
    await engine.stop();
    expect(await traces(engine.directory, [network.id])).toEqual([]);
    expect(await runCommand('ip', ['link', 'show'])).not.toContain('da-test-named');
    expect(named.id).not.toBe('');
  });

  it('brings containers and their volumes back after a stop, as their restart policy says', async () => {
    const { engine, docker } = await startEngine();
    await buildWeb(docker, 'web:v1');
    const HostConfig = { Binds: ['kept:/kept'], RestartPolicy: { Name: 'unless-stopped' } };
    const keeper = await run(docker, { name: 'keeper', Image: 'web:v1', Cmd: ['/bin/sleep', '1000'], HostConfig });
    await run(docker, { name: 'once', Image: 'web:v1', Cmd: ['/bin/sleep', '1000'] });
    await execute(keeper, ['/bin/touch', '/kept/mark']);
    await engine.stop();
    const again = await startEngine();
    expect((await again.docker.listContainers()).map(({ Names }) => Names)).toEqual([['/keeper']]);
    expect(await execute(again.docker.getContainer('keeper'), ['/bin/test', '-e', '/kept/mark'])).toBe(0);
  });

  it('comes back on its socket when dockerd or containerd is killed', async () => {
    const { engine, docker } = await startEngine();
    await buildWeb(docker, 'web:v1');
    await run(docker, {
      name: 'web',
      Image: 'web:v1',
      HostConfig: { RestartPolicy: { Name: 'always' } },
      StopTimeout: 1,
    });
    await engine.dockerd.restart('SIGKILL');
    expect((await docker.listContainers()).map(({ Names }) => Names)).toEqual([['/web']]);
    await engine.containerd.restart('SIGKILL');
    const after = await docker.createContainer({ name: 'after', Image: 'web:v1' });
    await eventually(() => after.start());
    await engine.restart();
    expect((await docker.listContainers()).map(({ Names }) => Names)).toEqual([['/web']]);
  });

  it('cleans up what a kill -9 of program, dockerd and containerd left, and works again', async () => {
    const directory = path.join(parent, 'engine');
    directories.push(directory);
    const script = `
      const { startSandboxEngine } = await import(${JSON.stringify(MODULE)});
      const engine = await startSandboxEngine({ directory: ${JSON.stringify(directory)}, notice() {} });
      console.log('started');
      process.stdin.once('data', () => {
        for (const pid of [engine.dockerd.pid(), engine.containerd.pid(), process.pid]) process.kill(pid, 'SIGKILL');
      });
    `;
    const program = spawn(process.execPath, ['--input-type=module', '--eval', script]);
    await new Promise((resolve) => program.stdout.once('data', resolve));
    const layout = sandboxLayout(directory);
    const docker = new Docker({ socketPath: layout.dockerSocket });
    await buildWeb(docker, 'web:v1');
    const network = await docker.createNetwork({ Name: 'backend' });
    const HostConfig = { NetworkMode: 'backend', Binds: ['kept:/kept'] };
    const survivor = await run(docker, { name: 'survivor', Image: 'web:v1', Cmd: ['/bin/sleep', '1000'], HostConfig });
    await execute(survivor, ['/bin/touch', '/kept/mark']);
    const { Pid } = (await survivor.inspect()).State;
    program.stdin.write('die\n');
    await new Promise((resolve) => program.once('exit', resolve));
    expect(cgroupProcesses(layout.cgroup)).toContain(Pid);
    expect(await traces(directory, [network.id])).not.toEqual([]);

    const { engine, docker: again } = await startEngine();
    expect(cgroupProcesses(layout.cgroup)).toEqual([]);
    expect(await again.listContainers()).toEqual([]);
    await again.getContainer('survivor').start();
    expect(await execute(again.getContainer('survivor'), ['/bin/test', '-e', '/kept/mark'])).toBe(0);
    await engine.stop();
    expect(await traces(directory, [network.id])).toEqual([]);
  });

  it('ends with a paused container in it, also after dockerd and containerd were killed', async () => {
    const { engine, docker } = await startEngine();
    await buildWeb(docker, 'web');
    const container = await run(docker, { name: 'frozen', Image: 'web' });
    await container.pause();
    engine.dockerd.kill('SIGKILL');
    engine.containerd.kill('SIGKILL');

    await engine.stop();

    expect(cgroupProcesses(sandboxLayout(engine.directory).cgroup)).toEqual([]);
  });

  it('stands beside another one, and the end of one is not felt by the other', async () => {
    const [one, two] = await Promise.all([startEngine('one'), startEngine('two')]);
    const [portOne, portTwo] = [await freePort(), await freePort()];
    await buildWeb(one.docker, 'web:v1', 'one');
    await buildWeb(two.docker, 'web:v1', 'two');
    const network = await one.docker.createNetwork({ Name: 'backend' });
    await run(one.docker, { name: 'web', Image: 'web:v1', ...published(portOne) });
    await run(two.docker, { name: 'web', Image: 'web:v1', ...published(portTwo) });
    expect([await pageAt(portOne), await pageAt(portTwo)]).toEqual(['one', 'two']);
    await one.engine.stop();
    expect(await traces(one.engine.directory, [network.id])).toEqual([]);
    expect(await pageAt(portTwo)).toBe('two');
  });

  it('keeps its sockets short in a directory with a long path, and its data from others', async () => {
    const { engine } = await startEngine(`${'long-'.repeat(30)}name with blanks`);
    expect(engine.socketPath.length).toBeLessThan(60);
    expect(statSync(engine.directory).mode & 0o777).toBe(0o700);
    await engine.stop();
    expect(await traces(engine.directory)).toEqual([]);
  });

  it('is deleted with all its data', async () => {
    const { engine, docker } = await startEngine();
    await buildWeb(docker, 'web:v1');
    await engine.stop();
    await destroySandboxEngine(engine.directory);
    expect(existsSync(engine.directory)).toBe(false);
  });
});

describe('a sandbox image', () => {
  it('that can not be built is an error with the builder’s words', async () => {
    const { docker } = await startEngine();
    const broken = buildSandboxImage(docker, {
      tag: 'broken:v1',
      dockerfile: 'FROM scratch\nCOPY missing /',
      files: {},
    });
    await expect(broken).rejects.toThrow(/building broken:v1: .*missing/);
  });

  it('that can not be pushed is an error with the cause', async () => {
    const { docker } = await startEngine();
    const tag = `127.0.0.1:${await freePort()}/web:v1`;
    await buildWeb(docker, tag);
    await expect(pushSandboxImage(docker, tag)).rejects.toThrow(/pushing .*refused/);
  });
});

describe('the sandbox registry', () => {
  it('lets in only who knows the password', async () => {
    const htpasswdFile = path.join(parent, 'htpasswd');
    writeFileSync(htpasswdFile, `alice:${bcrypt.hashSync('open sesame', 5)}\n`);
    const [{ docker }, registry] = [await startEngine(), await startRegistry(htpasswdFile)];
    const tag = `${registry.host}/web:v1`;
    await buildWeb(docker, tag);
    await expect(pushSandboxImage(docker, tag)).rejects.toThrow(/no basic auth credentials|unauthorized/);
    const digest = await pushSandboxImage(docker, tag, { username: 'alice', password: 'open sesame' });
    expect(digest).toMatch(/^sha256:/);
  });

  it('keeps its address and its images over a stop and a start, and deletes on request', async () => {
    const first = await startRegistry();
    const blob = Buffer.from('a layer');
    const digest = `sha256:${createHash('sha256').update(blob).digest('hex')}`;
    const upload = await fetch(`http://${first.host}/v2/web/blobs/uploads/`, { method: 'POST' });
    const location = new URL(upload.headers.get('location') ?? '');
    location.searchParams.set('digest', digest);
    expect((await fetch(location, { method: 'PUT', body: blob })).status).toBe(201);
    await first.stop();
    await expect(fetch(`http://${first.host}/v2/`)).rejects.toThrow();

    const second = await startRegistry();
    expect(second.host).toBe(first.host);
    const address = `http://${second.host}/v2/web/blobs/${digest}`;
    expect(await (await fetch(address)).text()).toBe('a layer');
    expect((await fetch(address, { method: 'DELETE' })).status).toBe(202);
  });
});
