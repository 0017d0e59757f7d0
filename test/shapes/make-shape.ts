import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import { freePortsInARow } from './free-ports.ts';
import type { Shape } from './shape.ts';
import type { Workshop } from './workshop.ts';

const SHORT_ID_LENGTH = 12;

/** Fills placeholders such as `{name}` in; one that is unknown is a mistake in the shape. */
export type Fill = <T>(value: T) => T;

function filler(values: Readonly<Record<string, string>>): Fill {
  return (value) =>
    JSON.parse(
      JSON.stringify(value).replaceAll(/\{([a-z]\w*)\}/g, (_match, placeholder: string) => {
        const text = values[placeholder];
        if (text === undefined) throw new Error(`no placeholder is called {${placeholder}}`);
        return JSON.stringify(text).slice(1, -1);
      }),
    );
}

/** A shape with its placeholders filled in, and with what was made for it. */
export interface PreparedShape {
  shape: Shape;
  directory: string;
  /** Ids of the two images, digests and the rest. */
  fill: Fill;
  imageName: string;
}

/** Makes a shape's files, networks, volumes and neighbours. */
export async function prepareShape(workshop: Workshop, template: Shape): Promise<PreparedShape> {
  const imageName = template.image ?? 'plain';
  const image = workshop.images.get(imageName);
  if (image === undefined) throw new Error(`the image ${imageName} was not published`);
  const directory = path.join(workshop.directory, template.name);
  const port = await freePortsInARow(3);
  const values: Record<string, string> = {
    name: template.name,
    repository: image.repository,
    image: `${image.repository}:stable`,
    plain: `${workshop.sandbox.registryHost}/plain:stable`,
    digest1: image.digest1,
    digest2: image.digest2,
    v1: image.v1,
    v1short: image.v1.replace('sha256:', '').slice(0, SHORT_ID_LENGTH),
    dir: directory,
    pool: workshop.pool,
    cgroup: workshop.cgroup,
    port1: String(port),
    port2: String(port + 1),
    port3: String(port + 2),
    // Known only after the network, and after the update.
    networkId: '{networkId}',
    v2: '{v2}',
  };
  const { ends, ...rest } = template;
  const shape: Shape = { ...filler(values)(rest), ...(ends === undefined ? {} : { ends }) };
  await mkdir(directory, { recursive: true });
  for (const [file, content] of Object.entries(shape.files ?? {})) {
    await mkdir(path.dirname(path.join(directory, file)), { recursive: true });
    await writeFile(path.join(directory, file), content);
  }
  for (const call of shape.before ?? []) await workshop.cli.run(call);
  if (JSON.stringify(shape.made).includes('{networkId}')) {
    values.networkId = (await workshop.sandbox.docker.getNetwork(`${shape.name}-net`).inspect()).Id;
    shape.made = filler(values)(shape.made);
  }
  return { shape, directory, fill: filler(values), imageName };
}

/** The name that it is made under, where that isn't the shape's. */
function firstName({ name, made }: Shape): string {
  const options = made.by === 'api' ? [] : made.options;
  return options.includes('--name') ? (options[options.indexOf('--name') + 1] ?? name) : name;
}

async function makeByCli(workshop: Workshop, shape: Shape, reference: string): Promise<void> {
  if (shape.made.by === 'api') return;
  const { by, options, command = [], reference: own = reference } = shape.made;
  const named = options.includes('--name') ? [] : ['--name', shape.name];
  const verb = { run: ['run', '--detach'], create: ['create'], 'attached run': ['run'] }[by];
  const call = [...verb, ...named, ...options, own, ...command];
  if (by !== 'attached run') {
    await workshop.cli.run(call);
    return;
  }
  const detach = workshop.cli.attach(call);
  const container = workshop.sandbox.docker.getContainer(shape.name);
  try {
    for (let waited = 0; waited < 30_000; waited += 100) {
      const running = await container.inspect().then(
        ({ State }) => State.Running,
        () => false,
      );
      if (running) return;
      await delay(100);
    }
    throw new Error(`docker ${call.join(' ')} did not come to run a container`);
  } finally {
    await detach();
  }
}

async function makeByApi(docker: Docker, shape: Shape): Promise<void> {
  if (shape.made.by !== 'api') return;
  const container = await docker.createContainer({ ...shape.made.body, name: shape.name });
  await container.start();
}

/** Waits until it is healthy, where it has a health check. */
async function settle(docker: Docker, name: string): Promise<void> {
  for (let waited = 0; waited < 30_000; waited += 100) {
    const { State } = await docker.getContainer(name).inspect();
    if (State.Health === undefined || State.Health.Status === 'healthy' || !State.Running) return;
    await delay(100);
  }
  throw new Error(`${name} did not become healthy within 30 s`);
}

/** Makes the container of a shape, with data in it. */
export async function makeShape(workshop: Workshop, { shape, fill }: PreparedShape): Promise<void> {
  await makeByCli(workshop, shape, fill('{image}'));
  await makeByApi(workshop.sandbox.docker, shape);
  for (const file of shape.writes ?? []) {
    const line = `echo ${shape.name} wrote ${file} > ${file}`;
    await workshop.cli.run(['exec', '--user', '0', shape.name, 'sh', '-c', line]);
  }
  await settle(workshop.sandbox.docker, firstName(shape));
  for (const call of shape.afterwards ?? []) await workshop.cli.run(call);
}
