import { COMPOSE } from './compose.ts';
import { IMAGE_DEFAULTS } from './image-defaults.ts';
import { LIFE } from './life.ts';
import { MOUNTS } from './mounts.ts';
import { NETWORKS } from './networks.ts';
import { ODDITIES } from './oddities.ts';
import { PORTS } from './ports.ts';
import { REFERENCES } from './references.ts';
import { RESOURCES } from './resources.ts';
import { SERVICES } from './services.ts';
import type { Family } from './shape.ts';

/** Every kind of container that an update must carry over to the last field. */
export const CORPUS: readonly Family[] = [
  RESOURCES,
  NETWORKS,
  PORTS,
  MOUNTS,
  IMAGE_DEFAULTS,
  LIFE,
  REFERENCES,
  COMPOSE,
  SERVICES,
  ODDITIES,
];
