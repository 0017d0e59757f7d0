import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  canonicalName,
  familiarName,
  type ImageReference,
  isImageId,
  parseImageReference,
  repositoryName,
} from '../../domain/image-reference.ts';
import { digestsForRepository } from '../../domain/repo-digests.ts';

const DIGEST = `sha256:${'a1'.repeat(32)}`;
const OTHER_DIGEST = `sha256:${'b2'.repeat(32)}`;

function parsed(text: string): ImageReference {
  const result = parseImageReference(text);
  if (!result.ok) throw new Error(result.problem);
  return result.reference;
}

function problem(text: string): string {
  const result = parseImageReference(text);
  return result.ok ? '' : result.problem;
}

describe('an image reference', () => {
  it.each([
    ['nginx', 'docker.io/library/nginx:latest', 'nginx:latest'],
    ['nginx:1.25', 'docker.io/library/nginx:1.25', 'nginx:1.25'],
    ['grafana/grafana', 'docker.io/grafana/grafana:latest', 'grafana/grafana:latest'],
    ['docker.io/nginx:1', 'docker.io/library/nginx:1', 'nginx:1'],
    ['index.docker.io/library/nginx', 'docker.io/library/nginx:latest', 'nginx:latest'],
    ['localhost/app', 'localhost/app:latest', 'localhost/app:latest'],
    ['localhost:5000/app:v2', 'localhost:5000/app:v2', 'localhost:5000/app:v2'],
    ['registry.lan/a/b/c:1', 'registry.lan/a/b/c:1', 'registry.lan/a/b/c:1'],
    ['localhost:5000', 'docker.io/library/localhost:5000', 'localhost:5000'],
    ['[::1]:5000/app', '[::1]:5000/app:latest', '[::1]:5000/app:latest'],
    ['Registry/app', 'Registry/app:latest', 'Registry/app:latest'],
    ['docker.io/library/team/app', 'docker.io/library/team/app:latest', 'library/team/app:latest'],
    [`nginx@${DIGEST}`, `docker.io/library/nginx@${DIGEST}`, `nginx@${DIGEST}`],
    [`ghcr.io/o/app:1.2@${DIGEST}`, `ghcr.io/o/app:1.2@${DIGEST}`, `ghcr.io/o/app:1.2@${DIGEST}`],
    ['a--b/c__d.e_f', 'docker.io/a--b/c__d.e_f:latest', 'a--b/c__d.e_f:latest'],
  ])('%s means %s and is shown as %s', (text, canonical, familiar) => {
    expect(canonicalName(parsed(text))).toBe(canonical);
    expect(familiarName(parsed(text))).toBe(familiar);
  });

  it('has no tag of its own when only a digest is written', () => {
    expect(parsed(`nginx@${DIGEST}`)).toEqual({
      registry: 'docker.io',
      repository: 'library/nginx',
      tag: null,
      digest: DIGEST,
    });
  });

  it.each([
    ['', 'is empty'],
    ['Nginx', 'lower case'],
    ['a//b', 'empty part'],
    ['nginx:', 'tag'],
    [`nginx:${'t'.repeat(129)}`, 'tag'],
    ['nginx:-x', 'tag'],
    ['nginx@sha256:abc', 'digest'],
    [`nginx@md5:${'a'.repeat(32)}`, 'digest'],
    ['ng___inx', 'part'],
    ['-nginx', 'part'],
    ['nginx-', 'part'],
    [':1', 'no name'],
    ['reg_istry.lan/app', 'registry'],
    ['registry.lan:port/app', 'registry'],
    ['a b', 'part'],
    ['ünix', 'part'],
    ['f'.repeat(64), 'id of an image'],
    [`r.lan/${'a'.repeat(255)}`, '255'],
    ['x'.repeat(5000), '1024'],
  ])('%j is refused, and the message says why', (text, why) => {
    expect(problem(text)).toContain(why);
    expect(problem(text)).toContain('name:tag');
  });

  it('is read in linear time, whatever the text', () => {
    const nasty = [
      'a-'.repeat(500),
      `${'a'.repeat(1000)}!`,
      `${'_'.repeat(1000)}`,
      `${'a.'.repeat(500)}/`,
      `${'-'.repeat(1000)}a`,
    ];
    const before = performance.now();
    for (const text of nasty) parseImageReference(text);
    expect(performance.now() - before).toBeLessThan(200);
  });

  it('comes back the same when its canonical or familiar name is read again', () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,8}(?:[._-][a-z0-9]{1,8}){0,2}$/);
    const reference = fc.record({
      registry: fc.constantFrom('docker.io', 'localhost', 'localhost:5000', 'ghcr.io', 'registry.lan:443'),
      path: fc.array(word, { minLength: 1, maxLength: 4 }),
      tag: fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/)),
      digest: fc.constantFrom(null, DIGEST),
    });
    fc.assert(
      fc.property(reference, ({ registry, path, tag, digest }) => {
        const text = `${registry}/${path.join('/')}${tag === null ? '' : `:${tag}`}${digest === null ? '' : `@${digest}`}`;
        const once = parsed(text);
        expect(parsed(canonicalName(once))).toEqual(once);
        expect(parsed(familiarName(once))).toEqual(once);
        expect(once.tag !== null || once.digest !== null).toBe(true);
      }),
    );
  });

  it('is never an exception, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), (text) => {
        const result = parseImageReference(text);
        if (result.ok) expect(parsed(canonicalName(result.reference))).toEqual(result.reference);
        else expect(result.problem).not.toBe('');
      }),
    );
  });
});

describe('a container run by an image id', () => {
  const imageId = `sha256:deadbeefcafe${'0'.repeat(52)}`;

  it.each([
    [imageId, true],
    ['f'.repeat(64), true],
    ['deadbeefcafe', true],
    ['deadbeef', true],
    ['sha256:deadbeef', true],
    ['cafe', false],
    ['nginx', false],
    ['deadbeef:1', false],
    ['dea', false],
  ])('%s is an id of that image: %s', (text, expected) => {
    expect(isImageId(text, imageId)).toBe(expected);
  });
});

describe('the digests of a repository', () => {
  it('are those of the same repository only, however it is written', () => {
    const recorded = [
      `nginx@${DIGEST}`,
      `localhost:5000/nginx@${OTHER_DIGEST}`,
      `docker.io/library/nginx@${DIGEST}`,
      '<none>@<none>',
    ];
    expect(digestsForRepository(recorded, parsed('nginx:1.25'))).toEqual([DIGEST]);
    expect(digestsForRepository(recorded, parsed('localhost:5000/nginx'))).toEqual([OTHER_DIGEST]);
    expect(digestsForRepository(recorded, parsed('other/nginx'))).toEqual([]);
    expect(repositoryName(parsed('nginx:1.25'))).toBe('docker.io/library/nginx');
  });
});
