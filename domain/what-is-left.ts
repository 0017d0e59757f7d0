/** A container that a person may have to look at. */
export interface LeftContainer {
  name: string;
  /** As the engine says it, such as `running` or `exited`. */
  state: string;
}

/** What there is of a container after neither its new version nor its old one could be made to serve. */
export interface WhatIsLeft {
  predecessor: LeftContainer | null;
  successor: LeftContainer | null;
  /** A container of somebody else's that has the name now, by the beginning of its id. */
  stranger: string | null;
  /** Tag under which the old image is kept, or null where somebody removed it. */
  keptAs: string | null;
}

function where(which: string, container: LeftContainer | null): string {
  return container === null ? `${which} is gone` : `${which} is ${container.name} (${container.state})`;
}

/** Says what is where, in one sentence that a person can act on. `name` is the container's own. */
export function describeWhatIsLeft(name: string, { predecessor, successor, stranger, keptAs }: WhatIsLeft): string {
  const parts = [
    where('The old one', predecessor),
    where('the new one', successor),
    ...(stranger === null ? [] : [`the name ${name} belongs to another container (${stranger})`]),
    keptAs === null ? 'the old image is gone' : `the old image is kept as ${keptAs}`,
  ];
  return `${parts.join('; ')}.`;
}
