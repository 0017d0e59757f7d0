import { Context } from '@temporalio/activity';
import { ApplicationFailure, TemporalFailure } from '@temporalio/common';
import { isPermanentFailure, TypedFailure } from '../contracts/failure-types.ts';

type Activity = (...parameters: never[]) => Promise<unknown>;

/** Runs an activity, named, with something around it. */
export type AroundActivity = (name: string, run: () => Promise<unknown>) => Promise<unknown>;

/** A fault of our own is tried a few times (it may be the moment's), then ends the step, so that the saga can undo. */
const ATTEMPTS_OF_THE_UNEXPECTED = 5;

function toApplicationFailure(error: unknown): unknown {
  if (error instanceof TemporalFailure) return error;
  if (!(error instanceof TypedFailure)) {
    const message = error instanceof Error ? error.message : String(error);
    return ApplicationFailure.create({
      type: 'Unexpected',
      message,
      nonRetryable: isLastAttempt(),
      ...(error instanceof Error ? { cause: error } : {}),
    });
  }
  return ApplicationFailure.create({
    type: error.type,
    message: error.message,
    nonRetryable: isPermanentFailure(error.type),
    ...(error.retryAfterMs === undefined ? {} : { nextRetryDelay: error.retryAfterMs }),
  });
}

function isLastAttempt(): boolean {
  const { attempt, isLocal } = Context.current().info;
  return !isLocal && attempt >= ATTEMPTS_OF_THE_UNEXPECTED;
}

const plainly: AroundActivity = (_name, run) => run();

/** The same activities, throwing the workflow server's `ApplicationFailure` for whatever they threw. */
export function withApplicationFailures<Activities extends Record<string, Activity>>(
  activities: Activities,
  around: AroundActivity = plainly,
): Activities {
  const wrapped: Record<string, Activity> = {};
  for (const [name, activity] of Object.entries(activities)) {
    wrapped[name] = async (...parameters: never[]) => {
      try {
        return await around(name, () => activity(...parameters));
      } catch (error) {
        throw toApplicationFailure(error);
      }
    };
  }
  return wrapped as Activities;
}
