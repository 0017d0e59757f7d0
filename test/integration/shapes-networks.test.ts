import { describeFamilies } from '../shapes/describe-families.ts';
import { NETWORKS } from '../shapes/networks.ts';
import { ODDITIES } from '../shapes/oddities.ts';
import { PORTS } from '../shapes/ports.ts';

describeFamilies('shapes-networks', [NETWORKS, PORTS, ODDITIES]);
