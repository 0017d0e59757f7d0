import { casesOf } from './tag-case.ts';

export const DATES_AND_COMMITS = [
  ...casesOf(
    'minio/minio',
    `latest edge RELEASE.2023-12-23T07-19-11Z RELEASE.2024-05-01T01-11-10Z RELEASE.2024-05-10T01-41-38Z RELEASE.2024-05-10T01-41-38Z.fips RELEASE.2024-05-01T01-11-10Z.fips RELEASE.2024-05-27T19-17-46Z RELEASE.2024-05-10T01-41-38Z-cpuv1 RELEASE.2024-05-10T01-41-38Z.hotfix.bb2ce2d1c RELEASE.2024-05-28T17-19-04Z.fips`,
    [
      ['RELEASE.2024-05-01T01-11-10Z', 'semver:patch', 'RELEASE.2024-05-27T19-17-46Z'],
      ['RELEASE.2023-12-23T07-19-11Z', 'semver:minor', 'RELEASE.2024-05-27T19-17-46Z'],
      ['RELEASE.2024-05-01T01-11-10Z.fips', 'semver:patch', 'RELEASE.2024-05-28T17-19-04Z.fips'],
      ['RELEASE.2024-05-10T01-41-38Z-cpuv1', 'semver:patch', null],
      ['RELEASE.2024-05-27T19-17-46Z', 'semver:major', null],
      ['RELEASE.2024-05-01T01-11-10Z', 'semver:^1', null],
      [
        'RELEASE.2024-05-01T01-11-10Z',
        String.raw`regex:^RELEASE\.(\d+)-(\d+)-(\d+)T(\d+)-(\d+)-(\d+)Z$`,
        'RELEASE.2024-05-27T19-17-46Z',
      ],
      [
        'RELEASE.2024-05-01T01-11-10Z',
        String.raw`regex:^RELEASE\.([0-9-]+)T([0-9-]+)Z$`,
        'RELEASE.2024-05-27T19-17-46Z',
      ],
      ['RELEASE.2024-05-01T01-11-10Z', 'regex:Z$', 'RELEASE.2024-05-27T19-17-46Z'],
    ],
  ),
  ...casesOf('an image with a date among its versions', `latest 9.4 9.5 9.6 20240101 20230615 9 2024 9.5.1`, [
    ['9.5', 'semver:major', '9.6'],
    ['9', 'semver:major', null],
    ['20230615', 'semver:major', '20240101'],
    ['9.5.1', 'semver:major', null],
  ]),
  ...casesOf(
    'a team image by commit and time',
    `main-a1b2c3d-20240401 main-0f9e8d7-20240510 main-7c6b5a4-20240509 dev-9a8b7c6-20240601 main main-a1b2c3d-20240510093000 1.2.3`,
    [
      ['main-a1b2c3d-20240401', 'semver:patch', 'main-0f9e8d7-20240510'],
      ['main-a1b2c3d-20240401', String.raw`regex:^main-[0-9a-f]{7}-(\d{8})$`, 'main-0f9e8d7-20240510'],
      ['main-0f9e8d7-20240510', 'semver:patch', null],
      ['main', 'semver:patch', null],
      ['main-a1b2c3d-20240401', 'semver:patch', 'main-7c6b5a4-20240509', { exclude: '0510$' }],
    ],
  ),
  ...casesOf(
    'an image by commit, with creation dates',
    `a1b2c3d@2024-05-01 b2c3d4e@2024-05-03 c3d4e5f@2024-05-02 0d4e5f6-alpine@2024-05-04 latest@2024-05-03 pr-12@2024-05-09 e5f6a7b`,
    [
      ['a1b2c3d', 'newest', 'b2c3d4e'],
      ['b2c3d4e', 'newest', null],
      ['e5f6a7b', 'newest', null],
      ['a1b2c3d', 'newest', 'pr-12', { include: '^pr-|^[0-9a-f]{7}$' }],
      ['0d4e5f6-alpine', 'newest', null],
      ['latest', 'newest', null],
      ['a1b2c3d', 'newest', 'c3d4e5f', { exclude: '^b2' }],
      ['a1b2c3d', 'digest', 'a1b2c3d'],
      ['a1b2c3d', 'semver:major', null],
    ],
  ),
  ...casesOf(
    'a nightly image with creation dates',
    `nightly@2024-05-10T03:00:00Z nightly-20240508@2024-05-08T03:00:00Z nightly-20240509@2024-05-09T03:00:00Z nightly-20240510@2024-05-10T03:00:00Z 1.4.0@2024-04-01 1.4.1@2024-05-20 1.5.0@2024-05-02 1.3.9@2024-05-21 1.6.0-rc1@2024-05-22 latest@2024-05-20`,
    [
      ['nightly-20240508', 'newest', 'nightly-20240510'],
      ['nightly-20240508', 'semver:minor', 'nightly-20240510'],
      // A fix for the old version was published after the newest version.
      ['1.4.0', 'newest', '1.4.1'],
      ['1.5.0', 'newest', null],
      ['1.5.0', 'semver:major', null],
      ['1.4.0', 'semver:minor', '1.5.0'],
      // The same image under another name is not a newer one.
      ['nightly', 'newest', null, { include: '^nightly-' }],
      ['1.4.0', 'newest', '1.5.0', { include: String.raw`^1\.5` }],
    ],
  ),
  ...casesOf(
    'an image by sha- tags of a build action',
    `latest main sha-1a2b3c4 sha-2b3c4d5 sha-1234567 sha-7654321 sha-0a1b2c3d4e5f60718293a4b5c6d7e8f901234567 v1.0.0 v1.0.1 1 1.0`,
    [
      ['sha-1a2b3c4', 'semver:major', null],
      ['sha-1234567', 'semver:major', null],
      ['v1.0.0', 'semver:major', 'v1.0.1'],
      ['1', 'semver:major', null],
    ],
  ),
  ...casesOf('an image whose commits have hashes of digits alone', `1 2 3 1234567 7654321 a1b2c3d 20240510`, [
    ['2', 'semver:major', '3'],
    ['3', 'semver:major', null],
    ['20240510', 'semver:major', null],
  ]),
  ...casesOf(
    'ghcr.io/ggml-org/llama.cpp',
    `full light server server-cuda server-b1999 server-b2000 server-b2050 server-b3001 server-cuda-b2050 server-cuda-b3001 server--b3020 b2999 b3001`,
    [
      ['server-b1999', 'semver:major', 'server-b3001'],
      ['server-cuda-b2050', 'semver:major', 'server-cuda-b3001'],
      ['server-cuda', 'digest', 'server-cuda'],
      ['server-b2000', String.raw`regex:^server-b(\d+)$`, 'server-b3001'],
    ],
  ),
  ...casesOf('an image by month', `2023-11 2023-12 2024-01 2024-05 2024.1 2024 latest 2024-05-slim 2023-12-slim`, [
    ['2023-12', 'semver:minor', '2024-05'],
    ['2023-12-slim', 'semver:minor', '2024-05-slim'],
    ['2024', 'semver:major', null],
    ['2024.1', 'semver:major', null],
  ]),
  ...casesOf(
    'an image by date and counter',
    `2024-05-01 2024-05-10 20240512 2024-05-10-2 2024-05-10-10 2024-05-10-a1b2c3d 2024-04-30-9f8e7d6 2024_05_20 2024-05-09-3`,
    [
      ['2024-05-01', 'semver:patch', '2024-05-10'],
      ['2024-05-09-3', 'semver:patch', '2024-05-10-10'],
      ['2024-04-30-9f8e7d6', 'semver:patch', '2024-05-10-a1b2c3d'],
      ['20240512', 'semver:patch', null],
    ],
  ),
  ...casesOf('an image by git describe', `v1.2.0 v1.2.1 v1.2.0-3-gabc1234 v1.2.0-14-gdef5678 v1.2.1-2-g0a1b2c3`, [
    ['v1.2.0-3-gabc1234', 'semver:patch', 'v1.2.1-2-g0a1b2c3'],
    ['v1.2.0-3-gabc1234', String.raw`regex:^v1\.2\.0-(\d+)-g`, 'v1.2.0-14-gdef5678'],
    ['v1.2.0', 'semver:patch', 'v1.2.1'],
  ]),
  ...casesOf(
    'an image by pipeline number',
    `build-97 build-98 build-100 build-101-arm64 123456 123460 99 master-1234-abc1234 master-1300-def5678`,
    [
      ['build-98', 'semver:major', 'build-100'],
      ['123456', 'semver:patch', '123460'],
      ['99', 'semver:major', null],
      ['master-1234-abc1234', 'semver:major', 'master-1300-def5678'],
    ],
  ),
  ...casesOf(
    'an image whose variant is a group of the pattern',
    `1.2-alpine 1.3-slim 1.3-alpine 1.10-slim 1.2-slim 1.4 1.2.7-alpine`,
    [
      ['1.2-alpine', String.raw`regex:^(\d+)\.(\d+)-(alpine|slim)$`, '1.3-alpine'],
      ['1.2-slim', String.raw`regex:^(\d+)\.(\d+)-(?:alpine|slim)$`, '1.10-slim'],
      ['1.2-slim', String.raw`regex:^(?P<major>\d+)\.(?P<minor>\d+)-slim$`, '1.10-slim'],
      ['1.4', String.raw`regex:^(\d+)\.(\d+)-slim$`, null],
      ['1.2-slim', 'regex:-slim$', '1.10-slim'],
    ],
  ),
];
