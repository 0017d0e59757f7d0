import { COMPOSE } from '../shapes/compose.ts';
import { describeFamilies } from '../shapes/describe-families.ts';
import { REFERENCES } from '../shapes/references.ts';
import { SERVICES } from '../shapes/services.ts';

describeFamilies('shapes-services', [REFERENCES, COMPOSE, SERVICES]);
