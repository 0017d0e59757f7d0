import { readdirSync, readFileSync } from 'node:fs';
import {
  buildCreateOptions,
  type CreateOptions,
  type CreateOptionsInput,
} from '../../../domain/create-options/build-create-options.ts';
import { deepCopy } from '../../../domain/create-options/deep-copy.ts';
import type { ContainerInspect, ImageInspect } from '../../../domain/engine-types.ts';
import type { FieldDifference } from '../../../domain/field-difference.ts';

const FOLDER = new URL('../../fixtures/inspects/', import.meta.url);

/** A real triple of inspects, the create call that must come of it, and what the engine made of that call. */
export interface Fixture {
  container: ContainerInspect;
  oldImage: ImageInspect;
  newImage: ImageInspect;
  expected: Pick<CreateOptions, 'body' | 'connectAfterCreate' | 'warnings'> & {
    presentContainers: Record<string, string>;
    differences: FieldDifference[];
  };
  successor: ContainerInspect;
}

/** Names of all shapes of containers, such as `two-networks`. */
export const SHAPES = readdirSync(FOLDER).sort();

export function fixture(shape: string): Fixture {
  const read = (file: string) => JSON.parse(readFileSync(new URL(`${shape}/${file}.json`, FOLDER), 'utf8'));
  return {
    container: read('container'),
    oldImage: read('old-image'),
    newImage: read('new-image'),
    expected: read('create'),
    successor: read('successor'),
  };
}

/** Freezes a value all the way down, so that any change of it throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

/** Builds from a real inspect that was changed in one way. */
export function build(
  shape: string,
  change: (container: ContainerInspect) => void = () => undefined,
  input: Partial<CreateOptionsInput> = {},
): CreateOptions {
  const { container, oldImage, newImage, expected } = fixture(shape);
  const changed = deepCopy(container);
  change(changed);
  const presentContainers = new Map(Object.entries(expected.presentContainers));
  return buildCreateOptions({
    containerInspect: changed,
    oldImage,
    newImage,
    apiVersion: '1.41',
    presentContainers,
    ...input,
  });
}
