import type { Family } from './shape.ts';

/** The ways in which a container can name its image. */
export const REFERENCES: Family = {
  name: 'references',
  shapes: [
    {
      name: 'by-digest',
      about: 'run by digest: pinned, left alone, and it is said so',
      made: { by: 'run', options: [], reference: '{repository}@{digest1}' },
      ends: { status: 'up_to_date', saying: 'pinned' },
    },
    {
      name: 'by-tag-and-digest',
      about: 'run by tag and digest: pinned as well',
      made: { by: 'run', options: [], reference: '{image}@{digest1}' },
      ends: { status: 'up_to_date', saying: 'pinned' },
    },
    {
      name: 'by-digest-to-another',
      about: 'run by digest, moved to another digest',
      made: { by: 'run', options: ['-v', '/data'], reference: '{repository}@{digest1}' },
      writes: ['/data/written'],
      update: { target: '{digest2}' },
      differences: { 'Config.Image': ['{repository}@{digest1}', '{repository}@{digest2}'] },
    },
    {
      name: 'by-digest-to-tag',
      about: 'run by digest, moved to a tag',
      made: { by: 'run', options: [], reference: '{repository}@{digest1}' },
      update: { target: 'stable' },
      differences: { 'Config.Image': ['{repository}@{digest1}', '{image}'] },
    },
    {
      name: 'by-id',
      about: 'run by image id, whose image has several names: it is said that there is no telling',
      image: 'two-names',
      made: { by: 'run', options: [], reference: '{v1}' },
      ends: { status: 'up_to_date', saying: 'runs by image id' },
    },
    {
      name: 'by-short-id',
      about: 'run by the beginning of an image id',
      image: 'two-names',
      made: { by: 'run', options: [], reference: '{v1short}' },
      ends: { status: 'up_to_date', saying: 'runs by image id' },
    },
    {
      name: 'by-id-with-one-tag',
      about: 'run by image id, whose image has one tag: that is followed',
      image: 'one-name',
      made: { by: 'run', options: [], reference: '{v1}' },
      differences: { 'Config.Image': ['{v1}', '{image}'] },
    },
    {
      name: 'several-digests',
      about: 'an image that two repositories have, each under a digest',
      image: 'two-names',
      made: { by: 'run', options: [] },
    },
    {
      name: 'up-to-date',
      about: 'runs the newest already: left alone',
      image: 'unchanging',
      made: { by: 'run', options: [] },
      ends: { status: 'up_to_date', saying: 'up to date' },
    },
    {
      name: 'to-another-tag',
      about: 'moved to another tag of its repository',
      image: 'tagged',
      made: { by: 'run', options: [] },
      update: { target: 'next' },
      differences: { 'Config.Image': ['{image}', '{repository}:next'] },
    },
  ],
};
