import { describeFamilies } from '../shapes/describe-families.ts';
import { LIFE } from '../shapes/life.ts';
import { MOUNTS } from '../shapes/mounts.ts';

describeFamilies('shapes-mounts', [MOUNTS, LIFE]);
