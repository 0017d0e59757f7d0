import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isOrdered, readTag } from '../../../domain/tags/tag-version.ts';

/** A reading in one line: family, numbers, pre-release, counters, Alpine. */
function line(tag: string): string {
  const reading = readTag(tag);
  if (!isOrdered(reading)) return `${reading.kind} ${reading.family}`;
  const { family, parts, prerelease, counters, alpine } = reading;
  return [
    family,
    parts.join('.'),
    ...(prerelease === null ? [] : [[prerelease.label, ...prerelease.numbers].join(' ')]),
    ...(counters.length === 0 ? [] : [`builds ${counters.join(' ')}`]),
    ...(alpine.length === 0 ? [] : [`alpine ${alpine.join('.')}`]),
  ].join(' | ');
}

describe('a tag is read', () => {
  it.each([
    ['1', 'version <n> | 1'],
    ['1.25', 'version <n.n> | 1.25'],
    ['1.25.3', 'version <n.n.n> | 1.25.3'],
    ['v1.25.3', 'version v<n.n.n> | 1.25.3'],
    ['4.0.8.1874', 'version <n.n.n.n> | 4.0.8.1874'],
    ['10.0.22631.3007', 'version <n.n.n.n> | 10.0.22631.3007'],
    ['release-4.6', 'version release-<n.n> | 4.6'],
    ['version-v1.2.3', 'version version-v<n.n.n> | 1.2.3'],
    ['1.2.3-rc.1', 'version <n.n.n> | 1.2.3 | rc 1'],
    ['1.2.3-rc-1', 'version <n.n.n> | 1.2.3 | rc 1'],
    ['1.2.3-RC1', 'version <n.n.n> | 1.2.3 | rc 1'],
    ['1.2.3-beta2-slim', 'version <n.n.n>-slim | 1.2.3 | beta 2'],
    ['1.2.3-alpha', 'version <n.n.n> | 1.2.3 | alpha'],
    ['3.12.0rc2', 'version <n.n.n> | 3.12.0 | rc 2'],
    ['3.13.0b1-slim', 'version <n.n.n>-slim | 3.13.0 | beta 1'],
    ['2024.6.0.dev20240501', 'version <Y.n.n> | 2024.6.0 | dev 20240501'],
    ['3.0-dev', 'version <n.n>-dev | 3.0'],
    ['5.0.0-M1', 'version <n.n.n> | 5.0.0 | milestone 1'],
    ['23-ea-21-jdk', 'version <n>-jdk | 23 | alpha 21'],
    ['16.9.0-rc42.ce.0', 'version <n.n.n>.ce.# | 16.9.0 | rc 42 | builds 0'],
    ['1.25-alpine', 'version <n.n>-alpine | 1.25'],
    ['1.25-alpine3.20', 'version <n.n>-alpine#.# | 1.25 | alpine 3.20'],
    ['1.25-alpine-3.20', 'version <n.n>-alpine-#.# | 1.25 | alpine 3.20'],
    ['3.12.2-slim-bookworm', 'version <n.n.n>-slim-bookworm | 3.12.2'],
    ['4.0.4.1491-ls234', 'version <n.n.n.n>-ls# | 4.0.4.1491 | builds 234'],
    ['1.40.2.8395-c67dce28e-ls213', 'version <n.n.n.n>-<hash>-ls# | 1.40.2.8395 | builds 213'],
    ['10.9.2ubu2204-ls15', 'version <n.n.n>ubu2204-ls# | 10.9.2 | builds 15'],
    ['4.6.4_v2.0.10-ls324', 'version <n.n.n>_v#.#.#-ls# | 4.6.4 | builds 2 0 10 324'],
    ['17.0.11_9-jre-alpine', 'version <n.n.n>_#-jre-alpine | 17.0.11 | builds 9'],
    ['8u412-b08-jdk', 'version <n>u#-b#-jdk | 8 | builds 412 8'],
    ['2022-CU12-ubuntu-22.04', 'version <Y>-CU#-ubuntu-22.04 | 2022 | builds 12'],
    ['16-3.4-alpine', 'version <n>-#.#-alpine | 16 | builds 3 4'],
    ['3.7.0-debian-12-r10', 'version <n.n.n>-debian-12-r# | 3.7.0 | builds 10'],
    ['1.2.3-arm-v7', 'version <n.n.n>-arm-v7 | 1.2.3'],
    ['1.2.3-x86-64-v3', 'version <n.n.n>-x86-64-v3 | 1.2.3'],
    ['1.2.3-b3', 'version <n.n.n>-b# | 1.2.3 | builds 3'],
    ['3.1-dev12', 'version <n.n>-dev# | 3.1 | builds 12'],
    ['v0.108.0-b.55', 'version v<n.n.n>-b.# | 0.108.0 | builds 55'],
    ['2024051305', 'number <N> | 2024051305'],
    ['2024-05.1', 'version <Y>-#.# | 2024 | builds 5 1'],
    ['effaced', 'word effaced'],
    ['1.2.3-5', 'version <n.n.n>-# | 1.2.3 | builds 5'],
    ['1.2.3-20240501', 'version <n.n.n>-D | 1.2.3 | builds 20240501'],
    ['1.2.3+build.7', 'version <n.n.n>+build.# | 1.2.3 | builds 7'],
    ['v1.2.0-14-gdef5678', 'version v<n.n.n>-#-<hash> | 1.2.0 | builds 14'],
    ['v1.29.4-k3s1', 'version v<n.n.n>-k3s# | 1.29.4 | builds 1'],
    ['2024.5.3', 'version <Y.n.n> | 2024.5.3'],
    ['9.3.20231119', 'version <n.n.D> | 9.3.20231119'],
    ['2024-05-01', 'date <Y-M-D> | 2024.5.1'],
    ['20240501', 'date <YMD> | 2024.5.1'],
    ['2024_05_01', 'date <Y_M_D> | 2024.5.1'],
    ['2024-05', 'date <Y-M> | 2024.5'],
    ['20240501143055', 'date <YMDT3> | 2024.5.1.14.30.55'],
    ['20240501T1430', 'date <YMDT2> | 2024.5.1.14.30'],
    ['bookworm-20240513-slim', 'date bookworm-<YMD>-slim | 2024.5.13'],
    ['RELEASE.2024-05-10T01-41-38Z', 'date RELEASE.<Y-M-DT3> | 2024.5.10.1.41.38'],
    ['base-20240101.0.204074', 'date base-<YMD>.#.# | 2024.1.1 | builds 0 204074'],
    ['main-a1b2c3d-20240510', 'date main-<hash>-<YMD> | 2024.5.10'],
    ['20241345', 'number <N> | 20241345'],
    ['1234567', 'number <N> | 1234567'],
    ['a1b2c3d', 'hash <hash>'],
    ['sha-a1b2c3d', 'hash sha-<hash>'],
    ['sha-1234567', 'hash sha-<hash>'],
    ['main-1a2b3c4-amd64', 'hash main-<hash>-amd64'],
    ['latest', 'word latest'],
    ['bookworm', 'word bookworm'],
    ['latest-pg16', 'word latest-pg16'],
    ['ltsc2022', 'word ltsc2022'],
    ['1.2.3.4.5', 'word 1.2.3.4.5'],
    ['', 'word '],
    ['1'.repeat(129), `word ${'1'.repeat(129)}`],
    ['9'.repeat(20), `word ${'9'.repeat(20)}`],
    ['constructor', 'word constructor'],
    ['1.0-constructor', 'version <n.n>-constructor | 1.0'],
  ])('%s as %s', (tag, expected) => expect(line(tag)).toBe(expected));

  it('whatever it is, without an exception, and with numbers that are exact', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 140 }), fc.stringMatching(/^[\w.-]{1,128}$/)), (tag) => {
        const reading = readTag(tag);
        if (!isOrdered(reading)) return;
        for (const number of [...reading.parts, ...reading.counters, ...reading.alpine])
          expect(Number.isSafeInteger(number)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
