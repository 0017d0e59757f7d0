import { beforeAll, describe, expect, it } from '@jest/globals';
import { runShapes, type ShapesRun } from './run-shapes.ts';
import type { Family } from './shape.ts';

const WHOLE_RUN_MS = 400_000;

/** One suite: all shapes of some families on one engine, each with a test of its own. */
export function describeFamilies(name: string, families: readonly Family[]): void {
  let run: ShapesRun;
  const shapes = families.flatMap((family) => family.shapes);

  beforeAll(async () => {
    run = await runShapes(name, families, () => undefined);
  }, WHOLE_RUN_MS);

  describe.each(families.map((family) => ({ family: family.name, shapes: family.shapes })))(
    'after its update a container is the same to the last field, but for what its image changed ($family)',
    ({ shapes: members }) => {
      it.each(members.map((shape) => ({ shape: shape.name, about: shape.about })))('$shape: $about', ({ shape }) => {
        const verdict = run.verdicts.find((candidate) => candidate.shape.name === shape);
        expect(verdict?.faults).toEqual([]);
      });
    },
  );

  it('and nothing around them was touched or left behind', () => {
    expect(run.faults).toEqual([]);
    expect(run.verdicts).toHaveLength(shapes.length);
  });
}
