import { describeFamilies } from '../shapes/describe-families.ts';
import { IMAGE_DEFAULTS } from '../shapes/image-defaults.ts';

describeFamilies('shapes-image-defaults', [IMAGE_DEFAULTS]);
