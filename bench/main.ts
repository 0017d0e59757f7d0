import { benchOneUpdate } from './one-update.ts';

await benchOneUpdate();
