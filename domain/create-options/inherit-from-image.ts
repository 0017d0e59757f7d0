import type { ContainerConfig, HealthcheckConfig } from '../engine-types.ts';
import { normalPath, normalPort } from './config-defaults.ts';
import { variableName } from './env.ts';
import { isEmptyList } from './equal-values.ts';

function inheritEnv(own: readonly string[] | null | undefined, image: readonly string[] | null | undefined): string[] {
  const names = new Set((own ?? []).map(variableName));
  return [...(own ?? []), ...(image ?? []).filter((entry) => !names.has(variableName(entry)))];
}

function inheritKeys<T>(
  own: Readonly<Record<string, T>> | null | undefined,
  image: Readonly<Record<string, T>> | null | undefined,
  normal: (key: string) => string = (key) => key,
): Record<string, T> {
  const entries = [...Object.entries(image ?? {}), ...Object.entries(own ?? {})];
  return Object.fromEntries(entries.map(([key, value]) => [normal(key), value]));
}

function inheritCommand(own: ContainerConfig, image: ContainerConfig): Pick<ContainerConfig, 'Entrypoint' | 'Cmd'> {
  const entrypointIsOwn = !isEmptyList(own.Entrypoint);
  const cmd = !entrypointIsOwn && isEmptyList(own.Cmd) ? image.Cmd : own.Cmd;
  const entrypoint = entrypointIsOwn ? own.Entrypoint : image.Entrypoint;
  const isReset = entrypoint?.length === 1 && entrypoint[0] === '';
  return { Entrypoint: isReset ? [] : (entrypoint ?? []), Cmd: cmd ?? [] };
}

function inheritHealthcheck(
  own: HealthcheckConfig | null | undefined,
  image: HealthcheckConfig | null | undefined,
): HealthcheckConfig | null {
  if (own === null || own === undefined) return image ?? null;
  const set = Object.entries(own).filter(([field, value]) =>
    field === 'Test' ? !isEmptyList(own.Test) : value !== 0 && value !== undefined,
  );
  return { ...(image ?? {}), ...Object.fromEntries(set) };
}

/**
 * What the engine makes of a create call's configuration and the image's: each field that the call leaves out is the
 * image's. Written after the engine's own `merge`, to foresee the successor for a plan and to check it afterwards.
 */
export function inheritFromImage(own: ContainerConfig, image: ContainerConfig): ContainerConfig {
  return {
    ...own,
    ...inheritCommand(own, image),
    Env: inheritEnv(own.Env, image.Env),
    Labels: inheritKeys(own.Labels, image.Labels),
    ExposedPorts: inheritKeys(own.ExposedPorts, image.ExposedPorts, normalPort),
    Volumes: inheritKeys(own.Volumes, image.Volumes, normalPath),
    Healthcheck: inheritHealthcheck(own.Healthcheck, image.Healthcheck),
    User: own.User || (image.User ?? ''),
    WorkingDir: own.WorkingDir || (image.WorkingDir ?? ''),
    StopSignal: own.StopSignal || (image.StopSignal ?? ''),
  };
}
