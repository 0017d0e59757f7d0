import { setTimeout as delay } from 'node:timers/promises';
import type { ProgramProcess } from './program-process.ts';

/** Where a program's API is, and the key to it. */
export type ReachableApi = Pick<ProgramProcess, 'apiUrl' | 'token'>;

export interface Answer {
  code: number;
  message: string;
  // Tests read whatever the API answers.
  // biome-ignore lint/suspicious/noExplicitAny: the API's own tests check its shapes
  data: any;
}

/** One request to the program's API. */
export async function request(program: ReachableApi, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(new URL(`/api/v1${path}`, program.apiUrl), {
    method,
    headers: {
      authorization: `Bearer ${program.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Answer;
}

/** Id of the container's row, after an inventory that has it. */
export async function containerId(program: ReachableApi, name: string): Promise<string> {
  await request(program, 'GET', '/images/check');
  const list = await request(program, 'GET', `/containers?name=${encodeURIComponent(name)}&status=all`);
  const [found] = list.data.items as Array<{ id: string }>;
  if (found === undefined) throw new Error(`the API lists no container ${name}: ${JSON.stringify(list)}`);
  return found.id;
}

/** Starts an update. @returns its id */
export async function startUpdate(
  program: ReachableApi,
  name: string,
  body: Record<string, unknown> = {},
): Promise<string> {
  const answer = await request(program, 'POST', `/containers/${await containerId(program, name)}/update`, body);
  if (answer.code !== 202) throw new Error(`the update of ${name} was not started: ${JSON.stringify(answer)}`);
  return answer.data.update_id as string;
}

const RUNNING = new Set(['running', 'waiting']);

/** Waits for an update's end. @returns the update as the API shows it */
export async function updateEnd(program: ReachableApi, updateId: string, withinMs = 90_000): Promise<Answer['data']> {
  for (let waited = 0; waited < withinMs; waited += 100) {
    const answer = await request(program, 'GET', `/updates/${updateId}`);
    if (answer.code === 200 && !RUNNING.has(answer.data.status)) return answer.data;
    await delay(100);
  }
  throw new Error(
    `update ${updateId} did not end within ${withinMs} ms: ${JSON.stringify((await request(program, 'GET', `/updates/${updateId}`)).data)}`,
  );
}

/** Updates a container and waits for the end. */
export async function update(
  program: ReachableApi,
  name: string,
  body: Record<string, unknown> = {},
): Promise<Answer['data']> {
  return updateEnd(program, await startUpdate(program, name, body));
}
