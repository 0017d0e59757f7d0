import type { HealthCheck } from '../../../contracts/api/health.ts';
import { within } from '../../within.ts';

/** Milliseconds that a part has for its answer, so that all of health is there within a second whatever hangs. */
const PATIENCE_MS = 700;

type Finding = Pick<HealthCheck, 'status' | 'message'>;

/**
 * Asks one part. Questions that hang are not piled up: as long as one is open, whoever asks again waits for the same.
 * @param question rejects when the part is down; its error's text is not shown.
 */
export function createProbe(name: string, question: () => Promise<Finding>): () => Promise<HealthCheck> {
  let open: Promise<Finding> | null = null;
  return async () => {
    const begun = performance.now();
    const latency = () => Math.round(performance.now() - begun);
    open ??= question().finally(() => {
      open = null;
    });
    try {
      return { ...(await within(PATIENCE_MS, open)), latency_ms: latency() };
    } catch {
      // Drivers' errors name addresses and users, which an unauthenticated caller must not read.
      return { status: 'down', message: `${name} gave no answer.`, latency_ms: latency() };
    }
  };
}
