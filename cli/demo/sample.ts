import type { ContainerCreateOptions } from 'dockerode';
import type { UpdateOutcome } from '../../contracts/update.ts';
import type { ContextFile } from '../../embedded/sandbox-image.ts';

export type SampleVersion = 1 | 2;

/** A service of the sample stack: what it is in both versions, and what must come of updating it. */
export interface Sample {
  name: string;
  /** Repository below the sandbox registry. */
  repository: string;
  /** What its second version is made to do. */
  story: string;
  expected: UpdateOutcome;
  /** Shell lines that the container runs. */
  script(version: SampleVersion): string[];
  /** Dockerfile lines after the files were copied. */
  dockerfile(version: SampleVersion): string[];
  /** Further files by their path in the image. */
  files(version: SampleVersion): Record<string, ContextFile>;
  /** How it is run, without image and name. `webPort` is a free port of this machine. */
  run(webPort: number): Omit<ContainerCreateOptions, 'Image' | 'name'>;
  /** Networks beside the first, which `run` names. */
  moreNetworks: string[];
}
