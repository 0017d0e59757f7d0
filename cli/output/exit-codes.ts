import type { UpdateStatus } from '../../contracts/update.ts';

export const EXIT_OK = 0;
export const EXIT_FAILED = 1;
const EXIT_ROLLED_BACK = 2;
/** 128 + SIGINT, as shells report a command ended by Ctrl-C. */
export const EXIT_INTERRUPTED = 130;

/** The exit code for a set of updates: a failure outweighs a rollback, and that outweighs everything good. */
export function exitCodeOf(statuses: readonly UpdateStatus[]): number {
  const bad: readonly UpdateStatus[] = ['failed', 'cancelled', 'expired'];
  if (statuses.some((status) => bad.includes(status))) return EXIT_FAILED;
  return statuses.includes('rollback') ? EXIT_ROLLED_BACK : EXIT_OK;
}
