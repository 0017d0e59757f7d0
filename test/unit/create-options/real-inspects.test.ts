import { describe, expect, it } from '@jest/globals';
import { buildCreateOptions, type CreateOptions } from '../../../domain/create-options/build-create-options.ts';
import { compareSuccessor, describeDifferences } from '../../../domain/create-options/compare.ts';
import { deepFreeze, type Fixture, fixture, SHAPES } from './fixture.ts';

function build({ container, oldImage, newImage, expected }: Fixture): CreateOptions {
  const presentContainers = new Map(Object.entries(expected.presentContainers));
  return buildCreateOptions({ containerInspect: container, oldImage, newImage, apiVersion: '1.41', presentContainers });
}

describe.each(SHAPES)('a container of shape %s', (shape) => {
  it('gives the create call that keeps what the user set, without changing the inspects', () => {
    const given = deepFreeze(fixture(shape));
    const options = build(given);
    // Through JSON, as it goes to the engine.
    expect(JSON.parse(JSON.stringify(options.body))).toEqual(given.expected.body);
    expect(options.connectAfterCreate).toEqual(given.expected.connectAfterCreate);
    expect(options.warnings).toEqual(given.expected.warnings);
  });

  it('shares nothing with its create call', () => {
    const given = fixture(shape);
    const before = JSON.stringify(given);
    const options = build(given);
    const spoil = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        spoil(inner);
        (value as Record<string, unknown>)[key] = 'spoilt';
      }
    };
    spoil(options);
    expect(JSON.stringify(given)).toBe(before);
  });

  it('is told apart from its successor in every field that differs, each with its cause', () => {
    const given = fixture(shape);
    const differences = describeDifferences({ ...given, predecessor: given.container, options: build(given) });
    expect(differences).toEqual(given.expected.differences);
    expect(differences.filter(({ cause }) => cause.startsWith('not explained'))).toEqual([]);
  });

  it('has a successor, as the engine made it, without any unexplained difference', () => {
    const given = fixture(shape);
    const options = build(given);
    expect(compareSuccessor({ ...given, predecessor: given.container, options, actual: given.successor })).toEqual([]);
  });

  it('is recreated the same when it is its own successor', () => {
    const given = fixture(shape);
    const again = { ...given, newImage: given.oldImage };
    const options = build(again);
    const changed = describeDifferences({ ...again, predecessor: given.container, options }).map(({ path }) => path);
    const onPurpose = options.explained.map(({ path }) => path);
    expect(changed.filter((path) => path !== 'Config.Hostname' && !onPurpose.includes(path))).toEqual([]);
  });
});
