/** One line of a plan. Same shape as in the contracts. */
export interface PlannedStep {
  step: 'inspect' | 'check' | 'gate' | 'backup' | 'pull' | 'create' | 'stop' | 'start' | 'health' | 'commit' | 'notify';
  /** What would be done, in one line. */
  action: string;
  cause: string;
}

export interface PlanFacts {
  containerName: string;
  running: boolean;
  paused: boolean;
  /** `RestartPolicy.Name`; empty means `no`. */
  restartPolicy: string;
  /** As people write it, such as `nginx:1.25`. */
  currentReference: string;
  /** Null for an image that no registry knows. */
  currentDigest: string | null;
  candidateReference: string;
  candidateDigest: string | null;
  hasHealthcheck: boolean;
  soakSeconds: number;
  healthDeadlineMs: number;
  /** Names of the networks that the container is in. */
  networks: readonly string[];
  anonymousVolumes: number;
  /** Whether the candidate's image is on the host already. */
  imagePresent: boolean;
  /** How many earlier images stay on the host. */
  keepImages: number;
  backup: boolean;
  /** `--rm`: the engine removes the container as soon as it stops. */
  autoRemove: boolean;
  /** Containers that are made again with this one, nearest first; `why` as in "uses the network of vpn". */
  dependents: ReadonlyArray<{ name: string; why: string; stopsFirst: boolean }>;
  /** Containers that are restarted afterwards. */
  restarts: ReadonlyArray<{ name: string; cause: string }>;
  hooks: { pre: string | null; post: string | null };
}

const SHORT_DIGEST_LENGTH = 'sha256:'.length + 12;

function version(reference: string, digest: string | null): string {
  return digest === null ? reference : `${reference} (${digest.slice(0, SHORT_DIGEST_LENGTH)})`;
}

function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`;
}

function checkCause(facts: PlanFacts): string {
  if (facts.currentDigest === null)
    return 'the image on the host has no digest of that registry, so any digest there is another version';
  if (facts.currentDigest === facts.candidateDigest) return 'the digest is the same and the update is forced';
  return 'the registry has another digest than the host';
}

function backupStep(facts: PlanFacts): PlannedStep {
  if (!facts.backup)
    return {
      step: 'backup',
      action: `keep the configuration of ${facts.containerName}, encrypted, and the old image until this update has ended`,
      cause: 'the backup is turned off: this update can still go back by itself, a later rollback can not',
    };
  return {
    step: 'backup',
    action: `store the configuration of ${facts.containerName}, encrypted, and keep the old image`,
    cause: 'a finished update can be taken back later',
  };
}

function pullStep(facts: PlanFacts): PlannedStep {
  const candidate = version(facts.candidateReference, facts.candidateDigest);
  if (facts.imagePresent)
    return { step: 'pull', action: `use ${candidate} from this host`, cause: 'it is here already' };
  return {
    step: 'pull',
    action: `pull ${candidate} by its digest`,
    cause: 'the tag may move while it is pulled, the digest cannot',
  };
}

function createStep(facts: PlanFacts): PlannedStep {
  const networks =
    facts.networks.length === 0
      ? ''
      : ` in ${facts.networks.length === 1 ? 'network' : 'networks'} ${facts.networks.join(', ')}`;
  const volumes =
    facts.anonymousVolumes === 0
      ? ''
      : `, with the ${count(facts.anonymousVolumes, 'anonymous volume')} of its predecessor`;
  return {
    step: 'create',
    action: `create the successor of ${facts.containerName}${networks}${volumes}, and compare it field by field`,
    cause: facts.running
      ? 'the predecessor serves on meanwhile'
      : 'an error in it is found before anything else changes',
  };
}

function stopStep(facts: PlanFacts): PlannedStep {
  if (!facts.running) return { step: 'stop', action: 'stop nothing', cause: `${facts.containerName} is not running` };
  if (facts.autoRemove) {
    return {
      step: 'stop',
      action: `stop ${facts.containerName}, which removes it`,
      cause: 'it was started with --rm; a rollback makes it again from the backup',
    };
  }
  const always = facts.restartPolicy !== '' && facts.restartPolicy !== 'no';
  const action = always
    ? `set the restart policy of ${facts.containerName} from ${facts.restartPolicy} to no, then stop it`
    : `stop ${facts.containerName}`;
  const cause = always
    ? 'the engine would revive it next to its successor'
    : 'two containers cannot have its ports and names at once';
  return { step: 'stop', action, cause };
}

function startStep(facts: PlanFacts): PlannedStep {
  if (!facts.running)
    return {
      step: 'start',
      action: `give the successor the name ${facts.containerName} and leave it stopped`,
      cause: 'stopped stays stopped',
    };
  const paused = facts.paused ? '; pause it again once it is healthy' : '';
  return {
    step: 'start',
    action: `start the successor and give it the name ${facts.containerName}${paused}`,
    cause: facts.paused
      ? 'paused stays paused, but only a running container can prove itself'
      : 'running stays running',
  };
}

function healthStep(facts: PlanFacts): PlannedStep {
  if (!facts.running) return { step: 'health', action: 'watch nothing', cause: 'a stopped container has no health' };
  const deadline = `${Math.round(facts.healthDeadlineMs / 1000)} s`;
  const awaited = facts.hasHealthcheck ? `healthy within ${deadline}` : `running within ${deadline}`;
  const soak = facts.soakSeconds === 0 ? '' : `, then watch it for ${facts.soakSeconds} s`;
  const why = facts.hasHealthcheck
    ? 'it has a health check'
    : 'it has no health check, so running without a restart has to do';
  return { step: 'health', action: `wait until it is ${awaited}${soak}; roll back otherwise`, cause: why };
}

function keptImages({ keepImages, backup }: PlanFacts): string {
  if (keepImages === 0) return 'keep no earlier image';
  return `${backup ? '' : 'give up its image, '}keep ${count(keepImages, 'earlier image')}`;
}

function commitStep(facts: PlanFacts): PlannedStep {
  const kept = keptImages(facts);
  const predecessor = facts.autoRemove && facts.running ? '' : 'remove the predecessor and ';
  return { step: 'commit', action: `${predecessor}${kept}`, cause: 'the successor has proved itself' };
}

function preHookStep({ hooks, running, paused, containerName }: PlanFacts): PlannedStep[] {
  if (hooks.pre === null || !running || paused) return [];
  return [
    {
      step: 'stop',
      action: `run the pre-update hook in ${containerName}; exit code 75 skips the update`,
      cause: 'its label asks for it',
    },
  ];
}

function postHookStep({ hooks, running, containerName }: PlanFacts): PlannedStep[] {
  if (hooks.post === null || !running) return [];
  return [{ step: 'commit', action: `run the post-update hook in ${containerName}`, cause: 'its label asks for it' }];
}

function stopDependentStep({ name, why }: PlanFacts['dependents'][number]): PlannedStep {
  return { step: 'stop', action: `stop ${name} first`, cause: `it ${why}` };
}

function recreateDependentStep({ name, why }: PlanFacts['dependents'][number]): PlannedStep {
  return {
    step: 'health',
    action: `make ${name} again from its own image; roll all back otherwise`,
    cause: `it ${why}`,
  };
}

function restartStep({ name, cause }: PlanFacts['restarts'][number]): PlannedStep {
  return { step: 'commit', action: `restart ${name}`, cause };
}

/**
 * The steps of an update in the order of the saga, each with what it would do and why, in plain words. Only says what
 * follows from the facts; it changes nothing.
 */
export function planSteps(facts: PlanFacts): PlannedStep[] {
  const current = version(facts.currentReference, facts.currentDigest);
  const candidate = version(facts.candidateReference, facts.candidateDigest);
  return [
    {
      step: 'inspect',
      action: `inspect ${facts.containerName} and its image by id`,
      cause: 'its tag may have moved since it was created',
    },
    { step: 'check', action: `move from ${current} to ${candidate}`, cause: checkCause(facts) },
    {
      step: 'gate',
      action: 'go on unless the digest is in quarantine',
      cause: 'a digest that failed here is not tried again by itself',
    },
    backupStep(facts),
    pullStep(facts),
    createStep(facts),
    ...preHookStep(facts),
    ...facts.dependents
      .filter(({ stopsFirst }) => stopsFirst)
      .toReversed()
      .map(stopDependentStep),
    stopStep(facts),
    startStep(facts),
    healthStep(facts),
    ...facts.dependents.map(recreateDependentStep),
    ...postHookStep(facts),
    commitStep(facts),
    ...facts.restarts.map(restartStep),
    { step: 'notify', action: 'close the history and send the notifications', cause: 'what happened can be read back' },
  ];
}
