import { describeFamilies } from '../shapes/describe-families.ts';
import { NETWORKS } from '../shapes/networks.ts';
import { PORTS } from '../shapes/ports.ts';

describeFamilies('shapes-networks', [NETWORKS, PORTS]);
