import { describe, expect, it } from '@jest/globals';
import { buildCreateOptions } from '../../../domain/create-options/build-create-options.ts';
import { compareSuccessor } from '../../../domain/create-options/compare.ts';
import type { ContainerInspect, ImageInspect } from '../../../domain/engine-types.ts';
import { fixture, SHAPES } from './fixture.ts';

function isNothing(value: unknown): boolean {
  if (value === null || value === '' || value === false) return true;
  return typeof value === 'object' && Object.keys(value ?? {}).length === 0;
}

/** Values whose emptiness says something: a key that is there, a variable without a value, a check that is turned off. */
const MEANT = new Set([
  'Env',
  'Labels',
  'ExposedPorts',
  'Volumes',
  'Tmpfs',
  'Entrypoint',
  'Cmd',
  'PortBindings',
  'EndpointsConfig',
]);
/** Places that are there whatever is in them; a mount that isn't writable. */
const PLACES = new Set(['RW', 'Networks', 'HostConfig', 'NetworkingConfig', 'EndpointsConfig', 'Config', 'Labels']);

/** The same without anything that is empty, as other engines and versions answer. */
function lean<T>(value: T, isKeyed = false): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((entry) => lean(entry)) as T;
  const kept = Object.entries(value).flatMap(([key, inner]) => {
    const leaner = lean(inner, MEANT.has(key) || key === 'Networks');
    return isNothing(leaner) && !isKeyed && !PLACES.has(key) ? [] : [[key, leaner] as const];
  });
  return Object.fromEntries(kept) as T;
}

const STATE = { Status: 'running', Running: true, Paused: false, Restarting: false, ExitCode: 0, StartedAt: '' };

function leanContainer(container: ContainerInspect): ContainerInspect {
  return { ...lean(container), State: STATE, Mounts: lean(container.Mounts) };
}

function withoutConfig(image: ImageInspect): ImageInspect {
  const { Config: _config, ...rest } = image;
  return rest;
}

function leanFixture(shape: string) {
  const given = fixture(shape);
  const container = leanContainer(given.container);
  const presentContainers = new Map(Object.entries(given.expected.presentContainers));
  return { given, container, oldImage: lean(given.oldImage), newImage: lean(given.newImage), presentContainers };
}

function build(
  images: Pick<ReturnType<typeof leanFixture>, 'container' | 'oldImage' | 'newImage' | 'presentContainers'>,
) {
  const { container: containerInspect, ...rest } = images;
  return buildCreateOptions({ containerInspect, ...rest, apiVersion: '1.41' });
}

describe.each(SHAPES)('an inspect of %s that leaves out what is empty', (shape) => {
  it('gives the same call, but for what is empty', () => {
    const { given, ...inspects } = leanFixture(shape);
    const options = build(inspects);
    expect(lean(options.body)).toEqual(lean(given.expected.body));
    expect(lean(options.connectAfterCreate)).toEqual(lean(given.expected.connectAfterCreate));
    expect(options.warnings).toEqual(given.expected.warnings);
  });

  it('has a successor without any unexplained difference, also one that is told in full', () => {
    const { given, ...inspects } = leanFixture(shape);
    const options = build(inspects);
    for (const actual of [leanContainer(given.successor), given.successor])
      expect(compareSuccessor({ ...inspects, options, predecessor: inspects.container, actual })).toEqual([]);
  });

  it('is recreated from images that say nothing at all, with all that it has', () => {
    const { given: _given, ...inspects } = leanFixture(shape);
    const { oldImage, newImage } = inspects;
    const { body } = build({ ...inspects, oldImage: withoutConfig(oldImage), newImage: withoutConfig(newImage) });
    const { Env, User, WorkingDir, StopSignal, Volumes, Cmd } = inspects.container.Config;
    expect(body).toMatchObject(
      JSON.parse(JSON.stringify({ Env, User, WorkingDir, StopSignal, Volumes, Cmd })) as Record<string, unknown>,
    );
  });
});
