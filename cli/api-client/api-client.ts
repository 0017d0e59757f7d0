import {
  type Batch,
  type BatchBody,
  type BatchStarted,
  batchSchema,
  batchSignalledSchema,
  batchStartedSchema,
} from '../../contracts/api/batches.ts';
import { type Container, containerListSchema, type Plan, planSchema } from '../../contracts/api/containers.ts';
import { type CheckedContainerAnswer, checkResultSchema } from '../../contracts/api/images.ts';
import {
  type RollbackBody,
  type Update,
  type UpdateBody,
  type UpdateDetailAnswer,
  type UpdateStarted,
  updateDetailSchema,
  updateListSchema,
  updateStartedSchema,
} from '../../contracts/api/updates.ts';
import type { PlanOptions } from '../arguments.ts';
import { ApiError } from './api-error.ts';
import { type ApiAddress, type ApiRequest, sendRequest } from './request.ts';

const PAGE = 100;
/** A check asks one registry per image and the slowest of them decides. */
const CHECK_TIMEOUT_MS = 15 * 60_000;
const PLAN_TIMEOUT_MS = 2 * 60_000;

/** What the commands ask of the API. Every method throws ApiError or CommandError as `sendRequest` does. */
export class ApiClient {
  readonly #address: ApiAddress;

  constructor(address: ApiAddress) {
    this.#address = address;
  }

  /** All containers that are on the hosts now; those that were removed there are left out. */
  async containers(): Promise<Container[]> {
    const all: Container[] = [];
    for (let page = 1; ; page += 1) {
      const query = { page, limit: PAGE };
      const { items, total } = await this.#get('/containers', containerListSchema, query);
      all.push(...items);
      if (items.length === 0 || all.length >= total) return all.filter(({ status }) => status !== 'removed');
    }
  }

  /** Asks the registries about these containers, or about all; at most 100 ids are sent at once. */
  async check(containerIds: readonly string[] | 'all'): Promise<CheckedContainerAnswer[]> {
    if (containerIds === 'all') return this.#checkSome([]);
    const checked: CheckedContainerAnswer[] = [];
    for (let from = 0; from < containerIds.length; from += PAGE) {
      checked.push(...(await this.#checkSome(containerIds.slice(from, from + PAGE))));
    }
    return checked;
  }

  plan(containerId: string, { target, writableLayer }: PlanOptions): Promise<Plan> {
    const path = `/containers/${containerId}/plan`;
    const query = { target, writable_layer: writableLayer };
    return this.#send({ method: 'GET', path, query, answer: planSchema, timeoutMs: PLAN_TIMEOUT_MS });
  }

  /** Starts an update; where one is running for this container, that one's id is given with `joined`. */
  async startUpdate(containerId: string, body: UpdateBody): Promise<{ updateId: string; joined: boolean }> {
    const path = `/containers/${containerId}/update`;
    return this.#start(path, body);
  }

  /** Starts updates that take turns. @throws ApiError with `circularIds` where there is no order */
  startBatch(body: BatchBody): Promise<BatchStarted> {
    return this.#send({ method: 'POST', path: '/updates/batch', body, answer: batchStartedSchema });
  }

  batch(batchId: string): Promise<Batch> {
    return this.#get(`/updates/batch/${batchId}`, batchSchema);
  }

  /** No more of the batch are started. */
  async cancelBatch(batchId: string): Promise<void> {
    await this.#send({ method: 'POST', path: `/updates/batch/${batchId}/cancel`, answer: batchSignalledSchema });
  }

  /** The same, for what is left to say after an interruption. */
  afterInterruption(): ApiClient {
    const { url, token } = this.#address;
    return new ApiClient({ url, token });
  }

  /** Starts going back to before the update `updateId`; joins a running update as `startUpdate` does. */
  async startRollback(updateId: string, body: RollbackBody): Promise<{ updateId: string; joined: boolean }> {
    return this.#start(`/updates/${updateId}/rollback`, body);
  }

  update(updateId: string): Promise<UpdateDetailAnswer> {
    return this.#get(`/updates/${updateId}`, updateDetailSchema);
  }

  /** The latest updates first, of one container or of all. */
  async history(containerId: string | undefined, limit: number): Promise<Update[]> {
    return (await this.#get('/updates/history', updateListSchema, { container_id: containerId, limit })).items;
  }

  async #checkSome(containerIds: readonly string[]): Promise<CheckedContainerAnswer[]> {
    const query = { container_id: containerIds, force: true };
    const path = '/images/check';
    return (await this.#send({ method: 'GET', path, query, answer: checkResultSchema, timeoutMs: CHECK_TIMEOUT_MS }))
      .items;
  }

  async #start(path: string, body: UpdateBody | RollbackBody): Promise<{ updateId: string; joined: boolean }> {
    try {
      const started: UpdateStarted = await this.#send({ method: 'POST', path, body, answer: updateStartedSchema });
      return { updateId: started.update_id, joined: false };
    } catch (error) {
      const running = error instanceof ApiError ? error.runningUpdateId : null;
      if (running === null) throw error;
      return { updateId: running, joined: true };
    }
  }

  #get<T>(path: string, answer: ApiRequest<T>['answer'], query: NonNullable<ApiRequest<T>['query']> = {}): Promise<T> {
    return this.#send({ method: 'GET', path, query, answer });
  }

  #send<T>(request: ApiRequest<T>): Promise<T> {
    return sendRequest(this.#address, request);
  }
}
