import type Docker from 'dockerode';

/**
 * Lines of an inspect that must differ after the update, by path: what stood there before and what after, null for
 * nothing. `{v1}` and `{v2}` are the ids of the two images.
 */
export type Differences = Readonly<Record<string, readonly [before: string | null, after: string | null]>>;

/** An image that is published in two versions, one after the other, under the same tag. */
export interface ShapeImage {
  /** Dockerfile lines on top of busybox. */
  v1: string[];
  /** Left out for an image that has no newer version. */
  v2?: string[];
  /** Where v2 is published under another tag than `stable`. */
  v2Tag?: string;
  /** A second repository that has v1 as well; this engine knows it under both names. */
  alsoIn?: string;
  files?: { v1: Record<string, string>; v2: Record<string, string> };
  /** What a container that overrides nothing has otherwise with v2. */
  differences: Differences;
  /** Volumes that v2 declares and v1 doesn't. */
  newVolumes?: string[];
}

/**
 * One kind of container: how it is made, and what its update must come to. Placeholders in its texts: `{name}` of the
 * container, `{repository}` and `{image}` (with tag) of what it runs, `{v1}` and `{v2}` their ids, `{digest1}` and
 * `{digest2}` their digests, `{plain}` an image for other containers, `{dir}` a directory of its own, `{port1}` to
 * `{port3}` free ports in a row, `{pool}` the first half of the sandbox's addresses (`10.26`), `{cgroup}` its control
 * group, `{networkId}` the id of the network `{name}-net`.
 */
export interface Shape {
  /** The container's name as well. */
  name: string;
  /** What kind of container it stands for, for the table. */
  about: string;
  /** Which of the images, `plain` unless told. */
  image?: string;
  /** Files in `{dir}`. */
  files?: Record<string, string>;
  /** `docker` calls before: networks, volumes, other containers. */
  before?: string[][];
  /**
   * Options of the call that makes it, without its name and image: `docker run -d`, `docker create`, `docker run` that a
   * person is attached to, or the engine's API where the command line can't say it.
   */
  made:
    | { by: 'run' | 'create' | 'attached run'; options: string[]; command?: string[]; reference?: string }
    | { by: 'api'; body: Docker.ContainerCreateOptions };
  /** Files in the container, in its volumes and binds, that get a line written into them before the update. */
  writes?: string[];
  /** `docker` calls after it runs: more networks, a pause, a stop. */
  afterwards?: string[][];
  /** Shell lines that print the same within the container before and after. */
  inside?: string[];
  /** Differences of its image that the user's own settings keep away, by the beginnings of their paths. */
  keeps?: string[];
  /** Differences beside those of its image. */
  differences?: Differences;
  /** Body of the update request; soak is 0 unless told. */
  update?: Record<string, unknown>;
  /** How the update must end; `success` unless told. */
  ends?: { status: string; saying: string };
}

/** Shapes that belong together. */
export interface Family {
  name: string;
  shapes: Shape[];
}
