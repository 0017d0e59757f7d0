import { describe, expect, it } from '@jest/globals';
import { CORPUS } from '../shapes/corpus.ts';
import { findDockers } from '../shapes/docker-cli.ts';
import { flagsInShapes, flagsOfDockerRun } from '../shapes/docker-flags.ts';
import { UNUSED_FLAGS } from '../shapes/unused-flags.ts';

const used = flagsInShapes(CORPUS.flatMap(({ shapes }) => shapes));

describe('the corpus of shapes', () => {
  it('has at least sixty, each under a name of its own', () => {
    const names = CORPUS.flatMap(({ shapes }) => shapes.map(({ name }) => name));
    expect(names.length).toBeGreaterThanOrEqual(60);
    expect(new Set(names).size).toBe(names.length);
  });

  it('finds a docker command line on this machine', () => {
    expect(findDockers()).not.toEqual([]);
  });

  it.each(findDockers())('uses every flag that `docker run --help` of %s knows, or says why not', async (docker) => {
    const flags = await flagsOfDockerRun(docker);
    expect(flags.size).toBeGreaterThan(80);
    const missing = [...flags].filter(
      ([long, short]) => !used.has(long) && !(short !== null && used.has(short)) && UNUSED_FLAGS[long] === undefined,
    );
    expect(missing.map(([long]) => long)).toEqual([]);
  });

  it('excuses no flag that a shape does use', () => {
    expect(Object.keys(UNUSED_FLAGS).filter((flag) => used.has(flag))).toEqual([]);
  });
});
