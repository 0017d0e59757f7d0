import { createHash } from 'node:crypto';
import { TypedFailure } from '../../contracts/failure-types.ts';
import type { Cipher } from '../../domain/cipher.ts';
import { buildCreateOptions, type CreateOptions } from '../../domain/create-options/build-create-options.ts';
import { compareSuccessor } from '../../domain/create-options/compare.ts';
import type { ContainerInspect, ImageInspect } from '../../domain/engine-types.ts';
import { effectiveHealthcheck } from '../../domain/health.ts';
import { swapNames } from '../../domain/swap-names.ts';
import { atReference } from './at-reference.ts';
import type { Engine } from './engine/engine.ts';
import { lookAround, type Moved, sinceReplaced } from './look-around.ts';
import { openBackup, type SealedBackup } from './seal-backup.ts';
import { observeSwap, type Swap } from './swap.ts';
import { type CarriedLayer, carryLayer, rehearseCarry } from './writable-layer/carry-layer.ts';

export interface CreateSuccessorInput {
  swap: Swap;
  imageId: string;
  /** The human tag (`name:tag`) to move onto the image just before the creation, or null. */
  tagReference: string | null;
  /** What the successor's `Config.Image` becomes. */
  imageReference: string;
  /** The configuration to recreate: the predecessor's own, or (rollback of a finished update) an earlier one. */
  earlier: SealedBackup | null;
  /** For a dependent of the container that was just replaced; absent otherwise. */
  moved?: Moved;
  /** Whether what the predecessor holds outside its mounts is taken along. Absent means no. */
  carryLayer?: boolean;
}

export interface CreatedSuccessor {
  successorId: string;
  /** Its own or its image's; it may have one where the predecessor had none. */
  hasHealthcheck: boolean;
  warnings: string[];
  /** What was taken along already, or could be; null where nothing was to be. Absent in results of older versions. */
  carried?: CarriedLayer | null;
}

interface Blueprint {
  source: ContainerInspect;
  oldImage: ImageInspect;
  newImage: ImageInspect;
  options: CreateOptions;
}

async function requireImage(engine: Engine, imageId: string, whose: string): Promise<ImageInspect> {
  const image = await engine.inspectImage(imageId);
  if (image === null)
    throw new TypedFailure(
      'BackupMissing',
      `The image ${imageId} of ${whose} is no longer on this host; nothing was changed.`,
    );
  return image;
}

async function drawBlueprint(
  engine: Engine,
  cipher: Cipher,
  predecessor: ContainerInspect | null,
  input: CreateSuccessorInput,
): Promise<Blueprint> {
  const earlier = input.earlier === null ? null : openBackup(cipher, input.earlier);
  const source = earlier?.container ?? predecessor;
  if (source === null) {
    throw new TypedFailure(
      'ContainerNotFound',
      `${input.swap.containerName} was removed by somebody during its update; there is nothing left to recreate.`,
    );
  }
  const moved = input.moved ?? (earlier === null ? {} : await sinceReplaced(engine, source, predecessor));
  const [newImage, oldImage, around] = await Promise.all([
    requireImage(engine, input.imageId, 'the successor'),
    earlier?.image ?? requireImage(engine, source.Image, input.swap.containerName),
    lookAround(engine, source, moved),
  ]);
  const options = buildCreateOptions({
    containerInspect: source,
    oldImage,
    newImage,
    newImageReference: input.imageReference,
    ...around,
  });
  for (const [gone, present] of input.moved === undefined ? Object.entries(moved) : [])
    options.warnings.push(
      `It referred to container ${gone.slice(0, 12)}, which is gone; it refers to ${present.slice(0, 12)} now, as it did before this update.`,
    );
  return { source, oldImage, newImage, options };
}

async function moveTag(engine: Engine, imageId: string, tagReference: string | null): Promise<void> {
  if (tagReference === null) return;
  const separator = tagReference.lastIndexOf(':');
  await engine.tagImage(imageId, tagReference.slice(0, separator), tagReference.slice(separator + 1));
}

async function createConnected(engine: Engine, name: string, options: CreateOptions): Promise<ContainerInspect> {
  const id = await engine.createContainer(name, options.body);
  try {
    for (const { network, endpoint } of options.connectAfterCreate) await engine.connectNetwork(network, id, endpoint);
  } catch (error) {
    // Half connected it could be taken for a finished one.
    await engine.removeContainer(id, { anonymousVolumes: true });
    throw error;
  }
  const created = await engine.inspectContainer(id);
  if (created === null)
    throw new TypedFailure(
      'CreateRejected',
      `${name} vanished right after its creation; something else removes containers on this host.`,
    );
  return created;
}

function verify(created: ContainerInspect, blueprint: Blueprint, input: CreateSuccessorInput): void {
  if (created.Image !== input.imageId) {
    throw new TypedFailure(
      'Unreproducible',
      `The successor of ${input.swap.containerName} got image ${created.Image} instead of ${input.imageId}: its tag was moved by somebody in that moment. Update again.`,
    );
  }
  const differences = compareSuccessor({
    options: blueprint.options,
    predecessor: blueprint.source,
    actual: created,
    oldImage: blueprint.oldImage,
    newImage: blueprint.newImage,
  });
  if (differences.length > 0) {
    // Paths only: a value may be a secret, and this message is stored and sent.
    throw new TypedFailure(
      'Unreproducible',
      `The engine did not take over all of ${input.swap.containerName}'s settings: ${differences.map(({ path }) => path).join(', ')}. Nothing was changed; recreate it by hand or report this.`,
    );
  }
}

/** Marks the image that a tag is taken from for a moment: one for each name, since several are taken in one update. */
export function guardTagOf({ containerName, updateId }: Swap, reference: string): string {
  const name = createHash('sha256').update(reference).digest('hex').slice(0, 8);
  return `${swapNames(containerName, updateId).keepTag}-moved-${name}`;
}

/**
 * Step `create`: the successor under its own name while the predecessor still serves, connected to all its networks,
 * then compared field by field with what was intended. An unfinished one of an earlier attempt is thrown away: it was
 * never started, so it holds nothing.
 * @throws TypedFailure `CreateRejected` (the engine said no), `Unreproducible` (an unexplained difference)
 */
export async function createSuccessor(
  engine: Engine,
  cipher: Cipher,
  input: CreateSuccessorInput,
): Promise<CreatedSuccessor> {
  const { predecessor, successor, names } = await observeSwap(engine, input.swap);
  // One that is removed when it stops is made from its backup.
  if (predecessor === null && input.earlier === null) {
    throw new TypedFailure(
      'ContainerNotFound',
      `${input.swap.containerName} was removed by somebody during its update; there is nothing left to recreate.`,
    );
  }
  if (successor !== null) {
    // A started one means that the saga is further on already and this is a late attempt that nobody waits for.
    if (successor.State.Status !== 'created')
      throw new TypedFailure('CreateRejected', `${names.successorName} exists and was started already.`);
    await engine.removeContainer(successor.Id, { anonymousVolumes: true });
  }
  const [blueprint] = await Promise.all([
    drawBlueprint(engine, cipher, predecessor, input),
    moveTag(engine, input.imageId, input.tagReference),
  ]);
  const create = (reference: string) => {
    blueprint.options.body.Image = reference;
    return createConnected(engine, names.successorName, blueprint.options);
  };
  // A dependent keeps its image, though its tag may have moved on.
  const created =
    input.moved === undefined
      ? await create(input.imageReference)
      : await atReference(
          engine,
          {
            reference: input.imageReference,
            imageId: input.imageId,
            guardTag: guardTagOf(input.swap, input.imageReference),
          },
          create,
        );
  let carried: CarriedLayer | null = null;
  try {
    verify(created, blueprint, input);
    if (input.carryLayer === true && predecessor !== null) {
      // One that vanishes when it stops has to be read while it runs; any other is read again when nothing writes any more.
      const last = !predecessor.State.Running || predecessor.HostConfig.AutoRemove === true;
      const carry = last ? carryLayer : rehearseCarry;
      carried = await carry(engine, predecessor, created.Id, input.swap.containerName);
    }
  } catch (error) {
    await engine.removeContainer(created.Id, { anonymousVolumes: true });
    throw error;
  }
  const hasHealthcheck = effectiveHealthcheck(created.Config) !== null;
  return { successorId: created.Id, hasHealthcheck, warnings: blueprint.options.warnings, carried };
}

/**
 * Makes a predecessor again that is gone (an auto-removed one vanishes when it stops; somebody may have removed it),
 * from its backup and the very same image.
 * @returns the new container's id
 */
export async function recreateFromBackup(
  engine: Engine,
  cipher: Cipher,
  swap: Swap,
  backup: SealedBackup,
  moved: Moved = {},
): Promise<string> {
  const { name } = swapNames(swap.containerName, swap.updateId);
  const { container, image } = openBackup(cipher, backup);
  const kept = await requireImage(engine, image.Id, name);
  const options = buildCreateOptions({
    containerInspect: container,
    oldImage: image,
    newImage: kept,
    ...(await lookAround(engine, container, moved)),
  });
  const wanted = {
    reference: backup.imageReference,
    imageId: image.Id,
    guardTag: guardTagOf(swap, backup.imageReference),
  };
  // The tag may point to the image that just failed.
  const created = await atReference(engine, wanted, (reference) => {
    options.body.Image = reference;
    return createConnected(engine, name, options);
  });
  return created.Id;
}
