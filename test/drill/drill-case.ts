import type { Blow } from './blows/blow.ts';
import type { KillPoint } from './kill-points.ts';
import type { Kind } from './kinds.ts';

/** One update of a container of its own, and what happens to it where. */
export interface DrillCase {
  at: KillPoint;
  blow: Blow;
  /** By default a plain web server whose new version does what the kill point says. */
  kind?: Kind;
}
