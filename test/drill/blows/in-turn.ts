import { setTimeout as delay } from 'node:timers/promises';
import type { Blow } from './blow.ts';

/** One blow, and another while what the first one met is hardly back. What is acceptable after either is so after both. */
export function inTurn(first: Blow, second: Blow, pauseMs: number): Blow {
  return {
    name: `${first.name}, then ${second.name}`,
    strike: (stage, targets) => first.strike(stage, targets),
    async recover(stage, targets) {
      await first.recover?.(stage, targets);
      await delay(pauseMs);
      await second.strike(stage, targets);
      await second.recover?.(stage, targets);
    },
    acceptable(target) {
      // The second one falls at a moment that nobody knows.
      const later = { ...target, at: { ...target.at, held: false } };
      return [...first.acceptable(target), ...second.acceptable(later)];
    },
    endsContainers: first.endsContainers === true || second.endsContainers === true,
  };
}
