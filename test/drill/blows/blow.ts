import type { KillPoint } from '../kill-points.ts';
import type { Stage } from '../stage.ts';
import type { Subject } from '../subjects.ts';
import type { Acceptable } from '../verdict/acceptable.ts';

/** One update that stands still somewhere when a blow falls. */
export interface Target {
  subject: Subject;
  updateId: string;
  at: KillPoint;
}

/** Something bad that happens while updates stand still: a death, a full disk, a person, a foreign container. */
export interface Blow {
  /** As the table shows it, such as `engine` or `a person removes the predecessor`. */
  name: string;
  /** Falls on all targets at once; those that stand still go on right afterwards. */
  strike(stage: Stage, targets: Target[]): Promise<void>;
  /** What comes back by itself, or is brought back by the machine's owner. Absent: nothing has to. */
  recover?(stage: Stage, targets: Target[]): Promise<void>;
  /** What may have come of an update that it met, each a true and good end. */
  acceptable(target: Target): Acceptable[];
  /** Whether containers die of it, so that a service is away for more than the update's own downtime. */
  endsContainers?: boolean;
}
