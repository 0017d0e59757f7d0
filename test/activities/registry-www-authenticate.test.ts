import { describe, expect, it } from '@jest/globals';
import { parseWwwAuthenticate } from '../../activities/registry/www-authenticate.ts';

const parse = (header: string | string[] | undefined) =>
  parseWwwAuthenticate(header).map(({ scheme, parameters }) => ({ scheme, ...Object.fromEntries(parameters) }));

describe('reading the challenges of a 401 answer', () => {
  it.each([
    [
      'Docker Hub',
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/nginx:pull"',
      [
        {
          scheme: 'bearer',
          realm: 'https://auth.docker.io/token',
          service: 'registry.docker.io',
          scope: 'repository:library/nginx:pull',
        },
      ],
    ],
    [
      'a scope with commas',
      'Bearer realm="https://x",scope="repository:a:pull,push"',
      [{ scheme: 'bearer', realm: 'https://x', scope: 'repository:a:pull,push' }],
    ],
    [
      'spaces and no quotes',
      ' BASIC  Realm = here , charset=UTF-8',
      [{ scheme: 'basic', realm: 'here', charset: 'UTF-8' }],
    ],
    ['escapes', String.raw`Basic realm="a \"b\" \\ c"`, [{ scheme: 'basic', realm: String.raw`a "b" \ c` }]],
    [
      'several in one header',
      'Negotiate, Basic realm="x", Bearer realm="https://y",service=z',
      [
        { scheme: 'negotiate' },
        { scheme: 'basic', realm: 'x' },
        { scheme: 'bearer', realm: 'https://y', service: 'z' },
      ],
    ],
    [
      'several headers',
      ['Basic realm="x"', 'Bearer realm="https://y"'],
      [
        { scheme: 'basic', realm: 'x' },
        { scheme: 'bearer', realm: 'https://y' },
      ],
    ],
    ['a quote that never closes', 'Bearer realm="https://y', [{ scheme: 'bearer', realm: 'https://y' }]],
    [
      'a parameter twice',
      'Bearer realm="https://first",realm="https://second"',
      [{ scheme: 'bearer', realm: 'https://first' }],
    ],
    ['parameters without a scheme', 'realm="x"', []],
    ['nothing', undefined, []],
    ['an empty header', '', []],
    ['rubbish', '\u0000="",;;<>', []],
  ])('understands %s', (_what, header, expected) => {
    expect(parse(header)).toEqual(expected);
  });

  it.each(['"', '\\', ',', 'a=', 'a="', ' ', 'Bearer '])('takes linear time for a long run of %j', (piece) => {
    const began = performance.now();
    parseWwwAuthenticate(piece.repeat(200_000));
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
