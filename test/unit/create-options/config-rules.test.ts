import { describe, expect, it } from '@jest/globals';
import { keepUserCommand } from '../../../domain/create-options/command.ts';
import { describeDifferences } from '../../../domain/create-options/compare.ts';
import { keepUserEnv } from '../../../domain/create-options/env.ts';
import { keepUserHealthcheck } from '../../../domain/create-options/healthcheck.ts';
import { build, fixture } from './fixture.ts';

describe('variables', () => {
  it.each([
    [['A=1', 'PATH=/bin'], ['PATH=/bin'], ['A=1']],
    [['PATH=/mine'], ['PATH=/bin'], ['PATH=/mine']],
    [['PATH=/bin'], ['PATH=/bin'], null],
    [['B=2', 'A=1'], [], ['B=2', 'A=1']],
    [['A'], ['A=1'], ['A']],
    [['A='], ['A=1'], ['A=']],
    [['A=x=y'], ['A=x'], ['A=x=y']],
    // The last one wins in the container, so dropping it alone would change the value.
    [['A=mine', 'A=image'], ['A=image'], ['A=mine', 'A=image']],
    [null, ['A=1'], null],
    [['A=1'], null, ['A=1']],
  ])('%j over the image’s %j keep %j', (container, image, kept) => expect(keepUserEnv(container, image)).toEqual(kept));
});

describe('entrypoint and command', () => {
  const image = { Entrypoint: ['/entry'], Cmd: ['serve'] };
  it.each([
    ['nothing of the user’s', { Entrypoint: ['/entry'], Cmd: ['serve'] }, image, {}],
    ['a command of the user’s', { Entrypoint: ['/entry'], Cmd: ['debug'] }, image, { Cmd: ['debug'] }],
    ['an entrypoint of the user’s', { Entrypoint: ['/mine'], Cmd: null }, image, { Entrypoint: ['/mine'] }],
    [
      'an entrypoint of the user’s and the image’s command',
      { Entrypoint: ['/mine'], Cmd: ['serve'] },
      image,
      { Entrypoint: ['/mine'], Cmd: ['serve'] },
    ],
    ['a reset entrypoint', { Entrypoint: null, Cmd: ['sh'] }, image, { Entrypoint: [''], Cmd: ['sh'] }],
    [
      'a reset entrypoint and the image’s command',
      { Entrypoint: [], Cmd: ['serve'] },
      image,
      { Entrypoint: [''], Cmd: ['serve'] },
    ],
    [
      'the image’s entrypoint, written by the user, which drops the command',
      { Entrypoint: ['/entry'], Cmd: null },
      image,
      { Entrypoint: ['/entry'] },
    ],
    ['an image without an entrypoint', { Entrypoint: null, Cmd: ['serve'] }, { Entrypoint: null, Cmd: ['serve'] }, {}],
    ['an image without either', { Entrypoint: null, Cmd: ['serve'] }, {}, { Cmd: ['serve'] }],
  ])('%s', (_what, container, oldImage, kept) => expect(keepUserCommand(container, oldImage)).toEqual(kept));
});

describe('the health check', () => {
  const image = { Test: ['CMD', '/probe'], Interval: 10, Timeout: 3, Retries: 5 };
  it.each([
    ['is the image’s', image, image, null],
    [
      'is the user’s where the image has none',
      { Test: ['CMD', 'x'], Interval: 1 },
      null,
      { Test: ['CMD', 'x'], Interval: 1 },
    ],
    ['is the user’s in one field', { ...image, Interval: 45 }, image, { Interval: 45 }],
    ['is turned off by the user', { Test: ['NONE'], Interval: 10, Timeout: 3, Retries: 5 }, image, { Test: ['NONE'] }],
    ['is turned off by the image', { Test: ['NONE'] }, { Test: ['NONE'] }, null],
    ['has a field that we do not know', { ...image, StartInterval: 7 }, image, { StartInterval: 7 }],
    ['is absent', null, image, null],
    ['has zeros, which inherit', { Test: ['CMD', 'x'], Interval: 0, Retries: 0 }, null, { Test: ['CMD', 'x'] }],
  ])('%s', (_what, container, oldImage, kept) => expect(keepUserHealthcheck(container, oldImage)).toEqual(kept));
});

describe('the image', () => {
  it('is named as it was, or as the update says', () => {
    expect(build('plain-web').body.Image).toBe('shop/web:1.25');
    expect(build('plain-web', undefined, { newImageReference: 'shop/web:1.27' }).body.Image).toBe('shop/web:1.27');
  });

  it('never gives its ONBUILD triggers to the container', () => {
    const options = build('image-defaults', ({ Config }) => Object.assign(Config, { OnBuild: ['RUN x'] }));
    expect(options.body).not.toHaveProperty('OnBuild');
  });
});

describe('published ports', () => {
  it('stay exposed though the old image exposes them as well, for the new one may not', () => {
    const { body } = build('plain-web');
    expect(body.ExposedPorts).toEqual({ '80/tcp': {}, '443/tcp': {} });
  });
});

describe('the differences of a plan', () => {
  it('say for each variable of the image what becomes of it, and show none of the user’s', () => {
    const { container, oldImage, newImage } = fixture('user-overrides-all');
    const differences = describeDifferences({
      predecessor: container,
      options: build('user-overrides-all'),
      oldImage,
      newImage,
    });
    expect(differences).toContainEqual({
      path: 'Config.Env.PATH',
      before: '/app/bin:/bin',
      after: '/srv/app/bin:/bin',
      cause: 'default of the image',
    });
    expect(JSON.stringify(differences)).not.toContain('s3cret');
  });
});
