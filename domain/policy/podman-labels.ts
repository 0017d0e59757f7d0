import { LabelReading, type Labels, shown } from './label-reading.ts';

export const AUTO_UPDATE = 'io.containers.autoupdate';

/** Reads the labels of `podman auto-update`; `image` is its older word for `registry`. */
export function readPodmanLabels(labels: Labels): LabelReading {
  const reading = new LabelReading(labels);
  const text = reading.text(AUTO_UPDATE);
  switch (text?.toLowerCase()) {
    case undefined:
      break;
    case 'registry':
    case 'image':
      reading.say('policy', 'auto', AUTO_UPDATE);
      reading.say('tagRule', 'digest', AUTO_UPDATE);
      break;
    case 'local':
      reading.say('policy', 'manual', AUTO_UPDATE);
      reading.note(
        AUTO_UPDATE,
        'a newer image is looked for in the registry only, not among those built on the host, so the container is updated by hand.',
      );
      break;
    case 'disabled':
      reading.say('policy', 'manual', AUTO_UPDATE);
      break;
    default:
      reading.problems.push({
        setting: 'policy',
        text: `${shown(AUTO_UPDATE, text ?? '')} is none of registry, image, local, disabled; it is taken as not set.`,
      });
  }
  reading.noteOthers(`${AUTO_UPDATE}.`, []);
  return reading;
}
