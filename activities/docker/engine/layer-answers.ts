import type { IncomingMessage } from 'node:http';
import type { LayerChange } from '../../../domain/writable-layer/layer-change.ts';
import type { PathStat } from './engine.ts';

const KINDS = ['changed', 'added', 'deleted'] as const;
const STAT_HEADER = 'x-docker-container-path-stat';
/** Go's `os.ModeDir`, which the engine writes into the mode that it answers. */
const MODE_DIR = 2 ** 31;

/**
 * The engine's answer to `/changes`. Where nothing changed it is `null`, for which the client gives the answer's bytes.
 * Source: Engine API v1.41, `ContainerChanges`.
 */
export function layerChanges(answer: unknown): LayerChange[] {
  const lines = Array.isArray(answer) ? (answer as Array<{ Path: string; Kind: number }>) : [];
  return lines.map(({ Path: path, Kind: kind }) => ({ path, kind: KINDS[kind] ?? 'changed' }));
}

/** What a HEAD on an archive tells in its header. Source: Engine API v1.41, `ContainerArchiveInfo`. */
export function pathStat(answer: unknown): PathStat {
  const header = (answer as IncomingMessage).headers[STAT_HEADER];
  const { mode } = JSON.parse(Buffer.from(String(header), 'base64').toString('utf8')) as { mode: number };
  return { folder: mode >= MODE_DIR };
}
