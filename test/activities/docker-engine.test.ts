import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createDockerEngine } from '../../activities/docker/engine/docker-engine.ts';
import { mapEngineError } from '../../activities/docker/engine/map-engine-error.ts';
import { listedName } from '../../activities/docker/swap.ts';

let server: Server | null = null;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

/** An engine that fails on purpose; a real one can't be made to. */
async function engineThat(answer: (url: string) => { status: number; body: unknown } | null): Promise<string> {
  server = createServer((request, response) => {
    const answered = answer(request.url ?? '');
    if (answered === null) return;
    response.writeHead(answered.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answered.body));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const VERSION = { ApiVersion: '1.41', MinAPIVersion: '1.12', Version: '20.10', Os: 'linux', Arch: 'amd64' };

describe('an engine', () => {
  it('that hangs is one that is away, not one that refuses', async () => {
    const aborted = await AbortSignal.timeout(1).reason;
    const hung = Object.assign(new Error('The operation was aborted.'), { name: 'AbortError', code: 'ABORT_ERR' });
    expect(mapEngineError(hung, 'inspecting', 'unix:///x.sock').type).toBe('EngineUnavailable');
    expect(mapEngineError(aborted ?? hung, 'inspecting', 'unix:///x.sock').type).toBe('EngineUnavailable');
  });

  it('that refused to tell its version once is asked again', async () => {
    let ready = false;
    const host = await engineThat((url) => {
      if (!ready) return { status: 500, body: { message: 'starting up' } };
      return url.includes('/version') ? { status: 200, body: VERSION } : { status: 200, body: { Name: 'machine' } };
    });
    const engine = createDockerEngine(host);
    await expect(engine.version()).rejects.toThrow('starting up');
    ready = true;
    expect(await engine.version()).toMatchObject({ apiVersion: '1.41', machineName: 'machine' });
  });

  it('that is not there is named, with why', async () => {
    await expect(createDockerEngine('unix:///no/such.sock').listContainers()).rejects.toThrow(
      /unix:\/\/\/no\/such\.sock is not reachable \(its socket does not exist\)/,
    );
  });

  it('lists a container under its own name also when others link to it', () => {
    expect(listedName({ Names: ['/app/db', '/db'] })).toBe('db');
  });
});
