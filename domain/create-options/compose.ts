import type { FieldDifference } from '../field-difference.ts';

const IMAGE_LABEL = 'com.docker.compose.image';

/**
 * Compose remembers the id of the image in a label and recreates the service at the next `up` when it differs. So this
 * one label follows the image; all others stay.
 */
export function followImageInComposeLabel(
  labels: Readonly<Record<string, string>>,
  newImageId: string,
): { labels: Record<string, string>; explained: FieldDifference[] } {
  const before = labels[IMAGE_LABEL];
  if (before === undefined || before === newImageId) return { labels: { ...labels }, explained: [] };
  return {
    labels: { ...labels, [IMAGE_LABEL]: newImageId },
    explained: [
      {
        path: `Config.Labels.${IMAGE_LABEL}`,
        before,
        after: newImageId,
        cause: 'Compose compares it at the next "up" and would recreate the service otherwise',
      },
    ],
  };
}
