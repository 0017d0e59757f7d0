import type { KillPoint } from '../kill-points.ts';
import type { Kind } from '../kinds.ts';

/** One true and good end of an update. */
export interface Acceptable {
  status: 'success' | 'rollback' | 'failed' | 'cancelled' | 'up_to_date';
  /** Which version has the name afterwards; null where no container is left, since somebody removed it. */
  version: 'old' | 'new' | null;
  /** The container is not as it was (stopped, not paused…) because its engine or somebody did that, not the update. */
  state?: 'as before' | 'any';
  /** Whether the failing digest must be quarantined; by default it must where the image was at fault. */
  quarantined?: boolean;
  /** Words of the message without which it would not say what happened. */
  message?: RegExp;
  /** It was removed by somebody, and made again from its backup. */
  recreated?: boolean;
  /** Both containers stay for a person, and the message says where each is. */
  bothKept?: boolean;
  /** Containers that are there beside the one of the name, by the drill's own doing. */
  alsoThere?: string[];
  /** The drill removed the image itself, so that images can't be compared. */
  imagesChanged?: boolean;
}

/** The new version is judged only where it is started. */
export function isBad(kind: Kind): boolean {
  return kind.newVersion !== 'works' && kind.state !== 'stopped';
}

/** The one end that an update must have when nothing but our own parts die: as if nothing had happened. */
export function asIfNothingHappened(kind: Kind): Acceptable {
  return isBad(kind) ? { status: 'rollback', version: 'old' } : { status: 'success', version: 'new' };
}

/**
 * Whether a death below the update may have ended what the update did not hold: before it had seen the container run, or
 * after its new version had been judged. When only its engine dies, an engine 20.10 ends what it finds running as if by
 * hand, so that `always` alone comes back; at a machine's start `no`, `--rm` and a pause are lost.
 */
export function mayBeLeftDown(kind: Kind, at: KillPoint, died: 'engine' | 'machine'): boolean {
  // Once it is back as it was the update holds no pause any more.
  if (kind.state === 'paused' && at.step === 'rollback') return true;
  if (at.held) return false;
  if (kind.state === 'paused' || kind.restart === 'no' || kind.restart === 'rm') return true;
  return died === 'engine' && kind.restart !== 'always';
}
