import type Docker from 'dockerode';
import { swapNames } from '../../../domain/swap-names.ts';
import type { DrillCase } from '../drill-case.ts';
import type { KillPoint } from '../kill-points.ts';
import { type Kind, PLAIN } from '../kinds.ts';
import type { Stage } from '../stage.ts';
import { until } from '../until.ts';
import type { Acceptable } from '../verdict/acceptable.ts';
import type { Blow, Target } from './blow.ts';

type Deed = (docker: Docker, target: Target, stage: Stage) => Promise<void>;

/** What a person has put a container aside as. */
const asideName = ({ subject }: Target): string => `mine-${subject.name}`;

/** The successor under whichever of its names. */
async function successorOf(docker: Docker, { subject, updateId }: Target): Promise<Docker.Container> {
  const names = [subject.name, swapNames(subject.name, updateId).successorName].map((name) => `/${name}`);
  const found = (await docker.listContainers({ all: true })).find(
    ({ Id, Names }) => Id !== subject.before.Id && Names.some((name) => names.includes(name)),
  );
  if (found === undefined) throw new Error(`${subject.name} has no successor yet; the drill looks too early`);
  return docker.getContainer(found.Id);
}

const removePredecessor: Deed = (docker, { subject }) => docker.getContainer(subject.before.Id).remove({ force: true });
/** The engine refuses for a moment while a container is between two of its lives; a person tries again. */
async function rename(container: Docker.Container, name: string): Promise<void> {
  await until(`the new name ${name}`, () =>
    container.rename({ name }).then(
      () => true,
      (error: Error) => {
        if (/sandbox \S+ not found/.test(error.message)) return false;
        throw error;
      },
    ),
  );
}

const renamePredecessor: Deed = async (docker, target) => {
  await rename(docker.getContainer(target.subject.before.Id), asideName(target));
};
const removeSuccessor: Deed = async (docker, target) => (await successorOf(docker, target)).remove({ force: true });
const renameSuccessor: Deed = async (docker, target) => {
  await rename(await successorOf(docker, target), asideName(target));
};
const removeNewImage: Deed = async (docker, { subject }, stage) => {
  await docker.getImage(`${stage.sandbox.registryHost}/${subject.name}@${subject.newDigest}`).remove({ force: true });
};
const removeKeptImage: Deed = async (docker, { subject, updateId }) => {
  await docker.getImage(swapNames(subject.name, updateId).keepTag).remove({ force: true });
};
/** As `docker image rm -f` by the id does where no container is in the way. */
const removeOldImageWholly: Deed = async (docker, { subject }) => {
  await docker.getImage(subject.before.Image).remove({ force: true });
};

interface Scene {
  step: string;
  point: string;
  when?: 'before' | 'after';
  version?: KillPoint['version'];
  kind?: Partial<Kind>;
  ends: Acceptable[];
}

const NEW: Acceptable = { status: 'success', version: 'new' };
const OLD: Acceptable = { status: 'rollback', version: 'old', quarantined: false };
const OLD_AFTER_BAD: Acceptable = { status: 'rollback', version: 'old', quarantined: true };
const REMOVED_BY_SOMEBODY: Acceptable = { status: 'failed', version: null, message: /removed by somebody/ };

/** A person does something at some point of the update, which then ends in one of these ways. */
function scenes(name: string, deed: Deed, list: Scene[]): DrillCase[] {
  return list.map(({ step, point, when = 'before', version = 'works', kind, ends }) => {
    const blow: Blow = {
      name: `a person ${name}`,
      async strike(stage, targets) {
        for (const target of targets) await deed(stage.sandbox.docker, target, stage);
      },
      acceptable: (target) =>
        ends.map((end) => ({ ...end, alsoThere: (end.alsoThere ?? []).map(() => asideName(target)) })),
      // A removed container's service is away longer than the update knows.
      endsContainers: true,
    };
    const newVersion = version === 'works' ? 'works' : 'exits';
    return { at: { step, point, when, version, held: true }, blow, kind: { ...PLAIN, newVersion, ...kind } };
  });
}

/** The person's container of another name stays beside the one of the name. */
const beside = (end: Acceptable): Acceptable => ({ ...end, alsoThere: ['aside'] });

/** What people may do to the containers and images of a running update. */
export const PEOPLE: readonly DrillCase[] = [
  ...scenes('removes the predecessor', removePredecessor, [
    { step: 'backup', point: 'prepareSuccessor', ends: [REMOVED_BY_SOMEBODY] },
    { step: 'pull', point: 'engine:pullImage', when: 'after', ends: [REMOVED_BY_SOMEBODY] },
    { step: 'stop', point: 'replacePredecessor', ends: [NEW] },
    { step: 'start', point: 'engine:startContainer', ends: [NEW] },
    { step: 'health', point: 'watchHealth', ends: [NEW] },
    { step: 'commit', point: 'commitSwap', ends: [NEW] },
    { step: 'rollback', point: 'captureFailure', version: 'fails', ends: [{ ...OLD_AFTER_BAD, recreated: true }] },
    { step: 'rollback', point: 'revivePredecessor', version: 'fails', ends: [{ ...OLD_AFTER_BAD, recreated: true }] },
  ]),
  ...scenes('renames the predecessor', renamePredecessor, [
    { step: 'pull', point: 'engine:pullImage', when: 'after', ends: [NEW] },
    { step: 'stop', point: 'replacePredecessor', ends: [NEW] },
    { step: 'start', point: 'engine:startContainer', ends: [NEW] },
    { step: 'commit', point: 'commitSwap', ends: [NEW, beside(NEW)] },
    { step: 'rollback', point: 'revivePredecessor', version: 'fails', ends: [OLD_AFTER_BAD] },
  ]),
  ...scenes('removes the successor', removeSuccessor, [
    { step: 'stop', point: 'replacePredecessor', ends: [OLD] },
    { step: 'start', point: 'engine:startContainer', ends: [OLD] },
    { step: 'health', point: 'watchHealth', ends: [OLD] },
    { step: 'commit', point: 'commitSwap', ends: [OLD] },
    { step: 'rollback', point: 'retireSuccessor', version: 'fails', ends: [OLD_AFTER_BAD] },
  ]),
  ...scenes('renames the successor', renameSuccessor, [
    { step: 'stop', point: 'replacePredecessor', ends: [NEW] },
    { step: 'health', point: 'watchHealth', ends: [NEW] },
    { step: 'commit', point: 'commitSwap', ends: [NEW] },
    { step: 'rollback', point: 'retireSuccessor', version: 'fails', ends: [OLD_AFTER_BAD] },
    { step: 'rollback', point: 'removeSuccessor', version: 'fails', ends: [OLD_AFTER_BAD] },
  ]),
  ...scenes('removes the new image', removeNewImage, [
    {
      step: 'create',
      point: 'engine:tagImage#2',
      ends: [NEW, { status: 'failed', version: 'old', message: /image/i }],
    },
  ]),
  ...scenes('removes the kept image’s tag', removeKeptImage, [
    { step: 'stop', point: 'replacePredecessor', ends: [{ ...NEW, imagesChanged: true }] },
    { step: 'rollback', point: 'revivePredecessor', version: 'fails', ends: [OLD_AFTER_BAD] },
  ]),
  ...scenes('removes the old image of a --rm container', removeOldImageWholly, [
    {
      step: 'rollback',
      point: 'retireSuccessor',
      version: 'fails',
      kind: { restart: 'rm', newVersion: 'unhealthy' },
      ends: [
        { status: 'failed', version: 'new', bothKept: true, imagesChanged: true, quarantined: true, message: /image/ },
      ],
    },
  ]),
];
