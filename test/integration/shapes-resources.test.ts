import { describeFamilies } from '../shapes/describe-families.ts';
import { RESOURCES } from '../shapes/resources.ts';

describeFamilies('shapes-resources', [RESOURCES]);
