import type { FieldDifference } from '../../contracts/update.ts';
import { buildCreateOptions } from '../../domain/create-options/build-create-options.ts';
import { describeDifferences } from '../../domain/create-options/compare.ts';
import type { ImageInspect } from '../../domain/engine-types.ts';
import type { Engine } from './engine/engine.ts';
import { lookAround } from './look-around.ts';

export interface PreviewRecreationInput {
  containerId: string;
  pullReference: string;
  imageReference: string;
  /** The candidate's configuration as the registry has it, for an image that isn't on the host. */
  candidateImage: ImageInspect | null;
}

export interface RecreationPreview {
  imagePresent: boolean;
  differences: FieldDifference[];
  warnings: string[];
}

/** For a plan: what the successor would have otherwise, without making it. Only asks the engine, changes nothing. */
export async function previewRecreation(engine: Engine, input: PreviewRecreationInput): Promise<RecreationPreview> {
  const container = await engine.inspectContainer(input.containerId);
  const present = await engine.inspectImage(input.pullReference);
  const newImage = present ?? input.candidateImage;
  const oldImage = container === null ? null : await engine.inspectImage(container.Image);
  if (container === null || oldImage === null || newImage === null) {
    return {
      imagePresent: present !== null,
      differences: [],
      warnings: ['The field-by-field difference is known only after the pull.'],
    };
  }
  const options = buildCreateOptions({
    containerInspect: container,
    oldImage,
    newImage,
    newImageReference: input.imageReference,
    ...(await lookAround(engine, container)),
  });
  return {
    imagePresent: present !== null,
    differences: describeDifferences({ predecessor: container, options, oldImage, newImage }),
    warnings: options.warnings,
  };
}
