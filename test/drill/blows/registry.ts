import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { sandboxLayout } from '../../../embedded/sandbox-layout.ts';
import type { Stage } from '../stage.ts';
import { until } from '../until.ts';
import { asIfNothingHappened } from '../verdict/acceptable.ts';
import type { Blow } from './blow.ts';

/** The registry dies and is started again at once; whatever was being pulled from it broke off. */
export const REGISTRY_DEATH: Blow = {
  name: 'registry',
  strike: async (stage) => stage.sandbox.registry.server.restart('SIGKILL'),
  acceptable: ({ subject }) => [asIfNothingHappened(subject.kind)],
};

/** Megabytes of an image whose pull can be met in the middle. */
export const LARGE_IMAGE = 200;
const MIDDLE_BYTES = 40_000_000;

/** Waits until the engine has downloaded a good part of a large image, but not all. */
export async function untilMidPull(stage: Stage): Promise<void> {
  const folder = path.join(sandboxLayout(stage.sandbox.engine.directory).dockerRoot, 'tmp');
  const largest = () => Math.max(0, ...readdirSync(folder).map((file) => sizeOf(path.join(folder, file))));
  await until('the middle of a pull', () => largest() > MIDDLE_BYTES);
}

function sizeOf(file: string): number {
  // Downloads are renamed and removed all the time.
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
