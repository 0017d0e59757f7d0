import type { UpdateDetailAnswer } from '../../contracts/api/updates.ts';
import type { Sample } from './sample.ts';
import type { SampleStack } from './sample-stack.ts';

const REPLY_TIMEOUT_MS = 5000;

/** Looks whether the world is as the outcome says; answers with what is otherwise, in a sentence each. */
export async function verifyOutcome(stack: SampleStack, sample: Sample, update: UpdateDetailAnswer): Promise<string[]> {
  if (update.status !== sample.expected) {
    return [
      `${sample.name}: expected ${sample.expected}, was ${update.status} (${update.message ?? 'no reason given'})`,
    ];
  }
  const container = await stack.inspect(sample);
  const version = sample.expected === 'success' ? '2' : '1';
  const problems: string[] = [];
  const runs = container.Config.Labels['org.opencontainers.image.version'];
  if (!container.State.Running) problems.push(`${sample.name} is ${container.State.Status} instead of running`);
  if (runs !== version) problems.push(`${sample.name} runs v${runs} instead of v${version}`);
  for (const [port, bindings] of Object.entries(container.HostConfig.PortBindings ?? {})) {
    for (const { HostPort } of (bindings ?? []) as Array<{ HostPort: string }>) {
      const page = await replyOf(`http://127.0.0.1:${HostPort}/`);
      if (!page.includes(`shop v${version}`))
        problems.push(`${sample.name} answers on ${port} with ${JSON.stringify(page)}`);
    }
  }
  return problems;
}

async function replyOf(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(REPLY_TIMEOUT_MS) });
    return (await response.text()).slice(0, 200);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
