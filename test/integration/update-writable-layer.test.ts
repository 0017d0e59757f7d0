import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pack } from 'tar-stream';
import { createDockerEngine } from '../../activities/docker/engine/docker-engine.ts';
import { containerId, request, update } from '../rig/api-client.ts';
import { snapshotEngine } from '../rig/engine-snapshot.ts';
import { type ProgramProcess, startProgramProcess } from '../rig/program-process.ts';
import { exec, pull, runContainer, webPage, webServer } from '../rig/sample-container.ts';
import { type Sandbox, startSandbox } from '../rig/sandbox.ts';

let sandbox: Sandbox;
let program: ProgramProcess;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'docker-auto-test-layer-data-'));
  sandbox = await startSandbox('layer');
  program = await startProgramProcess({
    dataDirectory: path.join(directory, 'program'),
    dockerHost: sandbox.dockerHost,
  });
});

afterAll(async () => {
  await program?.stop();
  await sandbox?.destroy();
  await rm(directory, { recursive: true, force: true });
});

const reference = (name: string) => `${sandbox.registryHost}/${name}:stable`;

/** A web server with a configuration file and a data volume in its image. */
function publish(name: string, version: string, extra: string[] = [], files: Record<string, string> = {}) {
  return sandbox.publish(
    `${name}:stable`,
    [
      `LABEL org.example.name=${name}`,
      ...webServer(version),
      'COPY conf /etc/app/conf',
      'COPY keep /etc/app/keep',
      'VOLUME /data',
      ...extra,
    ],
    { ...webPage(version), conf: version, keep: version, ...files },
  );
}

interface Event {
  step: string;
  state: string;
  cause: string;
  detail: { warnings?: string[] };
}

function ended(events: Event[], step: string): Event {
  const found = events.find((event) => event.step === step && event.state === 'done');
  if (found === undefined) throw new Error(`step ${step} did not end: ${JSON.stringify(events)}`);
  return found;
}

async function plan(name: string, query = ''): Promise<{ warnings: string[]; would_update: boolean; reason: string }> {
  const answer = await request(program, 'GET', `/containers/${await containerId(program, name)}/plan${query}`);
  return answer.data;
}

/** Type, mode, owner, size, time and content of everything below those paths, and where its links lead. */
function describeFiles(name: string, paths: string): Promise<string> {
  const script = `for f in $(find ${paths} | sort); do stat -c '%n %F %a %u:%g' "$f"; [ -d "$f" ] || stat -c %h "$f"; [ -L "$f" ] && readlink "$f"; [ -f "$f" ] && [ ! -L "$f" ] && stat -c '%s %Y' "$f" && md5sum < "$f"; done; true`;
  return exec(sandbox.docker, name, ['sh', '-c', script]);
}

const LONG = `/new/${'a-long-name-'.repeat(12)}.txt`;
/** What users and programs leave in containers, and beside it what nobody misses. */
const WRITE = [
  'echo mine > /etc/app/conf; chmod 640 /etc/app/conf; chown 123:456 /etc/app/conf; rm /etc/app/keep',
  'mkdir -p /new/folder/empty; chmod 2750 /new/folder; chown 7:8 /new/folder',
  'echo secret > /new/folder/key; chmod 400 /new/folder/key; chown 4294967:2097153 /new/folder/key',
  'ln -s ../nowhere /new/folder/link; ln /new/folder/key /new/hard',
  `echo long > ${LONG}; echo umlaut > /new/grün; dd if=/dev/urandom of=/new/big bs=1M count=20 2>/dev/null`,
  'touch -t 202001020304.05 /new/hard; mkfifo /new/fifo',
  'mkdir -p /run /tmp /var/cache/x; echo 1 > /run/app.pid; echo 1 > /tmp/scrap; echo 1 > /var/cache/x/y; echo 1 > /data/kept; echo 1 > /mnt-tmpfs/gone',
].join('\n');

function runWith(name: string, more: Record<string, unknown> = {}) {
  return runContainer(sandbox.docker, {
    name,
    Image: reference(name),
    HostConfig: { Binds: [`${name}-deep:/srv/deep/down`], Tmpfs: { '/mnt-tmpfs': '' } },
    ...more,
  });
}

describe('what only the writable layer holds', () => {
  it('is nothing in a container that wrote only into its volumes, into passing folders, and made its mounts', async () => {
    await publish('clean', 'v1');
    await runWith('clean');
    await exec(sandbox.docker, 'clean', [
      'sh',
      '-c',
      'mkdir -p /run /tmp; touch /run/a.pid /tmp/b /data/c /srv/deep/down/d',
    ]);
    await exec(sandbox.docker, 'clean', ['sh', '-c', 'touch /etc/app/lock; rm /etc/app/lock']);
    await publish('clean', 'v2');

    expect((await plan('clean')).warnings).toEqual([]);
    const done = await update(program, 'clean', { soak: 0, writable_layer: 'refuse' });

    expect(done.status).toBe('success');
    expect(ended(done.events, 'create').detail.warnings).toEqual([]);
  });

  it('is nothing in a container that changed nothing at all', async () => {
    await sandbox.publish('untouched:stable', webServer('v1'), webPage('v1'));
    const id = await runContainer(sandbox.docker, { name: 'untouched', Image: reference('untouched') });
    expect(await createDockerEngine(sandbox.dockerHost).listChanges(id)).toEqual([]);
    await sandbox.publish('untouched:stable', webServer('v2'), webPage('v2'));

    expect((await plan('untouched')).warnings).toEqual([]);
    for (const policy of ['carry', 'refuse'])
      expect(await update(program, 'untouched', { soak: 0, force: true, writable_layer: policy })).toMatchObject({
        status: 'success',
      });
  });

  it('is told by the plan and by the timeline, and lost unless somebody says otherwise', async () => {
    await publish('told', 'v1');
    await runWith('told');
    await exec(sandbox.docker, 'told', ['sh', '-c', WRITE]);
    await publish('told', 'v2');

    const { warnings } = await plan('told');
    expect(warnings).toEqual([
      expect.stringMatching(
        /^The successor of told will not have 8 paths .* \(\/etc\/app\/conf, \/new\/a-long.* and 3 more\)\. .*--writable-layer carry/,
      ),
      '1 path of the image was deleted in told and will be there again: /etc/app/keep.',
    ]);
    const done = await update(program, 'told', { soak: 0 });

    expect(done.status).toBe('success');
    expect(ended(done.events, 'create').detail.warnings).toEqual(warnings);
    expect(ended(done.events, 'create').cause).toContain('The successor of told will not have 8 paths');
    expect(await exec(sandbox.docker, 'told', ['sh', '-c', 'cat /etc/app/conf /data/kept; ls /new'])).toMatch(
      /^v2\r?\n?1\r?\n.*No such file/s,
    );
  });

  it('is taken along on request: contents, owners, modes, times and links, and nothing else', async () => {
    await publish('carried', 'v1');
    await runWith('carried', { Labels: { 'docker-auto.writable-layer': 'carry' } });
    await exec(sandbox.docker, 'carried', ['sh', '-c', WRITE]);
    const places = '/new /etc/app/conf';
    const before = await describeFiles('carried', places);
    expect(before).toContain('/new/folder/key regular file 400 4294967:2097153');
    await publish('carried', 'v2', ['RUN ["sh", "-c", "chmod 700 /etc/app"]']);

    expect((await plan('carried')).warnings[0]).toMatch(
      /^Taken along into the successor: 8 paths .* nothing writes any more; the downtime/,
    );
    const done = await update(program, 'carried', { soak: 0 });

    expect(done).toMatchObject({ status: 'success' });
    expect(ended(done.events, 'start').cause).toMatch(/^Took along 2 paths/);
    expect(await describeFiles('carried', places)).toBe(before);
    const rest = 'cat /www/index.html /etc/app/keep; ls -A /run /tmp /var/cache /data; stat -c %a /etc/app';
    const script = await exec(sandbox.docker, 'carried', ['sh', '-c', `(${rest}) 2>/dev/null`]);
    // The page and the deleted file are the new image's, and so is the mode of a folder of its own.
    expect(script.replaceAll('\r', '').split('\n')).toEqual(['v2v2/data:', 'kept', '700']);
  });

  it('is refused on request before anything is touched, with the paths and what to do', async () => {
    await publish('refused', 'v1');
    await runWith('refused', { Labels: { 'docker-auto.writable-layer': 'refuse' } });
    await exec(sandbox.docker, 'refused', ['sh', '-c', 'echo 1 > /etc/app/mine; rm /etc/app/keep']);
    await publish('refused', 'v2');
    const before = await snapshotEngine(sandbox.docker);

    const planned = await plan('refused');
    const refused = await update(program, 'refused', { soak: 0, force: true });

    expect(planned).toMatchObject({ would_update: false });
    expect(planned.reason).toContain('policy writable_layer is refuse');
    expect(refused).toMatchObject({ status: 'failed', error_type: 'Unreproducible' });
    expect(refused.message).toContain('/etc/app/mine');
    expect(refused.message).toContain('/etc/app/keep');
    expect(refused.message).toContain('--writable-layer carry');
    expect(refused.events.some(({ step }: Event) => step === 'backup' || step === 'pull')).toBe(false);
    expect(await snapshotEngine(sandbox.docker)).toEqual(before);
    // The request rules over the label.
    expect((await plan('refused', '?writable_layer=carry')).warnings[0]).toMatch(/^Taken along/);
    expect(await update(program, 'refused', { soak: 0, writable_layer: 'carry' })).toMatchObject({ status: 'success' });
    expect(await exec(sandbox.docker, 'refused', ['cat', '/etc/app/mine'])).toBe('1');
  });

  it('is treated carefully when its label can not be read', async () => {
    await publish('typo', 'v1');
    await runWith('typo', { Labels: { 'docker-auto.writable-layer': 'cary' } });
    await exec(sandbox.docker, 'typo', ['touch', '/mine']);
    await publish('typo', 'v2');

    expect((await plan('typo')).warnings[0]).toContain('none of warn, carry, refuse; it is taken as refuse');
    expect(await update(program, 'typo', { soak: 0 })).toMatchObject({
      status: 'failed',
      error_type: 'Unreproducible',
    });
  });
});

describe('taking the writable layer along', () => {
  it('has what was written up to the very stop', async () => {
    await publish('busy', 'v1');
    const count = 'i=0; while :; do i=$((i+1)); echo $i >> /data/volume; echo $i >> /layer; done';
    await runWith('busy', { Cmd: ['sh', '-c', `[ -e /layer ] && exec sleep 1000; ${count}`] });
    await publish('busy', 'v2');

    const done = await update(program, 'busy', { soak: 0, writable_layer: 'carry' });

    expect(done).toMatchObject({ status: 'success' });
    const [volume = 0, layer = 0] = (
      await exec(sandbox.docker, 'busy', ['sh', '-c', 'tail -n 1 /data/volume; tail -n 1 /layer'])
    )
      .split(/\s+/)
      .map(Number);
    expect(layer).toBeGreaterThan(100);
    expect(volume - layer).toBeLessThanOrEqual(1);
  });

  it('leaves the predecessor as it was when the new version fails', async () => {
    await publish('back', 'v1');
    const id = await runWith('back');
    await exec(sandbox.docker, 'back', ['sh', '-c', WRITE]);
    const files = await describeFiles('back', '/new /etc/app');
    const changes = await sandbox.docker.getContainer(id).changes();
    await publish('back', 'v2', ['ENTRYPOINT ["false"]']);

    const done = await update(program, 'back', { soak: 2, writable_layer: 'carry' });

    expect(done).toMatchObject({ status: 'rollback' });
    expect((await sandbox.docker.getContainer('back').inspect()).Id).toBe(id);
    expect(await describeFiles('back', '/new /etc/app')).toBe(files);
    expect(await sandbox.docker.getContainer(id).changes()).toEqual(expect.arrayContaining(changes));
  });

  it('is refused where a file would replace a folder of the new image, while the old version serves on', async () => {
    await publish('conflict', 'v1');
    await runWith('conflict');
    await exec(sandbox.docker, 'conflict', ['sh', '-c', 'echo 1 > /etc/app/extra']);
    await publish('conflict', 'v2', ['RUN ["sh", "-c", "mkdir /etc/app/extra"]']);
    const started = (await sandbox.docker.getContainer('conflict').inspect()).State.StartedAt;

    const done = await update(program, 'conflict', { soak: 0, writable_layer: 'carry' });

    expect(done).toMatchObject({ status: 'failed', error_type: 'Unreproducible' });
    expect(done.message).toContain('/etc/app/extra is a file, and a folder in the new image');
    expect((await sandbox.docker.getContainer('conflict').inspect()).State.StartedAt).toBe(started);
    const all = await sandbox.docker.listContainers({ all: true });
    expect(all.filter(({ Names }) => Names[0]?.startsWith('/conflict'))).toHaveLength(1);
  });

  it('is refused for more than 1 GiB, and leaves the container free for whatever comes next', async () => {
    await publish('huge', 'v1');
    await runWith('huge');
    await exec(sandbox.docker, 'huge', ['sh', '-c', 'truncate -s 1100M /huge']);
    await publish('huge', 'v2');

    const done = await update(program, 'huge', { soak: 0, writable_layer: 'carry' });

    expect(done).toMatchObject({ status: 'failed', error_type: 'Unreproducible' });
    expect(done.message).toContain('more than 1 GiB');
    expect(await update(program, 'huge', { soak: 0 })).toMatchObject({ status: 'success' });
  });

  it('serves a stopped container, and one that vanishes when it stops', async () => {
    await publish('still', 'v1');
    await runWith('still');
    await publish('gone', 'v1');
    await runContainer(sandbox.docker, { name: 'gone', Image: reference('gone'), HostConfig: { AutoRemove: true } });
    for (const name of ['still', 'gone'])
      await exec(sandbox.docker, name, ['sh', '-c', `mkdir /new; echo ${name} > /new/mine`]);
    await sandbox.docker.getContainer('still').stop();
    await Promise.all([publish('still', 'v2'), publish('gone', 'v2')]);
    expect((await plan('gone')).warnings.join('\n')).toContain('not even a rollback brings those back');

    for (const name of ['still', 'gone']) {
      const done = await update(program, name, { soak: 0, force: true, writable_layer: 'carry' });
      expect(done).toMatchObject({ status: 'success' });
      expect(ended(done.events, 'create').cause).toContain('Took along 1 path of the writable layer.');
    }

    await sandbox.docker.getContainer('still').start();
    for (const name of ['still', 'gone']) expect(await exec(sandbox.docker, name, ['cat', '/new/mine'])).toBe(name);
  });

  it('brings folders along that the new image does not have any more, with their owner and mode', async () => {
    await publish('moved', 'v1', ['RUN ["sh", "-c", "mkdir -p /old/place; chmod 711 /old; chown 5:6 /old/place"]']);
    await runWith('moved');
    await exec(sandbox.docker, 'moved', ['sh', '-c', 'echo 1 > /old/place/mine']);
    const before = await describeFiles('moved', '/old');
    await publish('moved', 'v2');

    expect(await update(program, 'moved', { soak: 0, writable_layer: 'carry' })).toMatchObject({ status: 'success' });
    expect(await describeFiles('moved', '/old')).toBe(before);
  });
});

describe('configs and secrets that Compose wrote into the container', () => {
  /** As Compose v2 does: created, then one archive for each file, then started. */
  async function composeUp(name: string): Promise<void> {
    await pull(sandbox.docker, reference(name));
    const container = await sandbox.docker.createContainer({
      name,
      Image: reference(name),
      Labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': name },
    });
    for (const file of ['/run/secrets/db_password', '/app.conf']) {
      const tar = pack();
      tar.entry({ name: file, mode: 0o444 }, `content of ${file}`);
      tar.finalize();
      await container.putArchive(await buffer(tar), { path: '/' });
    }
    await container.start();
  }

  it('are named as such, and are there after the update when they are taken along', async () => {
    await publish('composed', 'v1');
    await composeUp('composed');
    await publish('composed', 'v2');

    const { warnings } = await plan('composed');
    expect(warnings).toEqual([
      expect.stringContaining('Compose wrote /app.conf, /run/secrets/db_password into composed itself'),
    ]);
    expect(warnings[0]).toContain('docker compose up --force-recreate');

    expect(await update(program, 'composed', { soak: 0, writable_layer: 'carry' })).toMatchObject({
      status: 'success',
    });
    const read = 'cat /run/secrets/db_password /app.conf; stat -c %a /app.conf';
    expect(await exec(sandbox.docker, 'composed', ['sh', '-c', read])).toBe(
      'content of /run/secrets/db_passwordcontent of /app.conf444',
    );
  });
});
