import { type Health, healthSchema } from '../../../contracts/api/health.ts';
import type { ApiContext } from '../../context.ts';
import { type Answer, defineRoute, type Route } from '../../define-route.ts';
import { healthProbes } from './checks.ts';

type CheckName = keyof Health['checks'];

/** Without these nothing works; without the others much still does. */
const VITAL: readonly CheckName[] = ['database', 'temporal'];

/** `GET /health`: every part; 503 when a vital one is down. */
export const getHealth = healthRoute('/health', [...VITAL, 'docker', 'disk_space']);
/** `GET /readyz`: whether requests can be served now. */
export const getReadiness = healthRoute('/readyz', VITAL);
/** `GET /livez`: whether this process answers at all; asks nobody, so that no absence elsewhere has it restarted. */
export const getLiveness = healthRoute('/livez', []);

function healthRoute(path: string, names: readonly CheckName[]): Route {
  return defineRoute({
    method: 'get',
    path,
    access: 'open',
    data: healthSchema,
    run: (_input, context) => look(context, names),
  });
}

async function look(context: ApiContext, names: readonly CheckName[]): Promise<Answer<Health>> {
  const probes = healthProbes(context);
  const checks: Health['checks'] = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await probes[name]()] as const)),
  );
  const isDown = VITAL.some((name) => checks[name]?.status === 'down');
  const isAmiss = names.some((name) => checks[name]?.status === 'down' || checks[name]?.status === 'degraded');
  const status = isDown ? 'unhealthy' : isAmiss ? 'degraded' : 'healthy';
  const data: Health = { status, timestamp: new Date().toISOString(), version: context.version, checks };
  return isDown ? { status: 503, message: 'unhealthy', data } : { data };
}
