import { casesOf } from './tag-case.ts';

export const LINUXSERVER = [
  ...casesOf(
    'linuxserver/sonarr',
    `latest develop nightly 4.0.3 4.0.4 4.0.4.1491 4.0.3.1413 4.0.4.1491-ls233 4.0.4.1491-ls234 4.0.3.1413-ls231 4.0.4.1695-ls240 version-4.0.4.1491 version-4.0.3.1413 develop-4.0.4.1668-ls451 develop-4.0.5.1700-ls460 develop-version-4.0.5.1700 amd64-4.0.4.1491-ls234 amd64-4.0.4.1695-ls240 arm64v8-4.0.4.1695-ls240 amd64-latest 3.0.10.1567-ls212 3.0.10.1567-ls213`,
    [
      ['4.0.4.1491-ls233', 'semver:patch', '4.0.4.1695-ls240'],
      ['4.0.3.1413-ls231', 'semver:minor', '4.0.4.1695-ls240'],
      ['3.0.10.1567-ls212', 'semver:minor', '3.0.10.1567-ls213'],
      ['3.0.10.1567-ls212', 'semver:major', '4.0.4.1695-ls240'],
      ['4.0.3.1413', 'semver:patch', '4.0.4.1491'],
      ['4.0.3', 'semver:patch', '4.0.4'],
      ['version-4.0.3.1413', 'semver:patch', 'version-4.0.4.1491'],
      ['develop-4.0.4.1668-ls451', 'semver:patch', 'develop-4.0.5.1700-ls460'],
      ['amd64-4.0.4.1491-ls234', 'semver:patch', 'amd64-4.0.4.1695-ls240'],
      ['4.0.4.1491-ls233', 'semver:4.0.4', '4.0.4.1695-ls240'],
      ['4.0.4.1695-ls240', 'semver:major', null],
      ['latest', 'digest', 'latest'],
    ],
  ),
  ...casesOf(
    'linuxserver/radarr',
    `latest develop nightly 5.3.6.8612-ls212 5.3.6.8612-ls213 5.4.6.8723-ls218 5.6.0.8846-ls221 nightly-5.7.0.8851-ls800 version-5.4.6.8723 5.4.6 5.6.0 develop-5.6.0.8846-ls100`,
    [
      ['5.3.6.8612-ls212', 'semver:patch', '5.3.6.8612-ls213'],
      ['5.3.6.8612-ls212', 'semver:minor', '5.6.0.8846-ls221'],
      ['5.4.6', 'semver:minor', '5.6.0'],
      ['5.3.6.8612-ls212', String.raw`regex:^(\d+)\.(\d+)\.(\d+)\.(\d+)-ls(\d+)$`, '5.6.0.8846-ls221'],
      ['nightly-5.7.0.8851-ls800', 'semver:major', null],
    ],
  ),
  ...casesOf(
    'linuxserver/plex',
    `latest 1.40.1 1.40.2 1.40.1.8227-c0dd5a73e-ls207 1.40.1.8227-c0dd5a73e-ls210 1.40.2.8395-c67dce28e-ls213 1.40.2.8395-c67dce28e-ls214 version-1.40.2.8395-c67dce28e version-1.40.1.8227-c0dd5a73e arm64v8-1.40.2.8395-c67dce28e-ls214 1.32.8.7639-fb6452ebf-ls200`,
    [
      ['1.40.1.8227-c0dd5a73e-ls207', 'semver:patch', '1.40.2.8395-c67dce28e-ls214'],
      ['1.40.2.8395-c67dce28e-ls213', 'semver:patch', '1.40.2.8395-c67dce28e-ls214'],
      ['1.32.8.7639-fb6452ebf-ls200', 'semver:minor', '1.40.2.8395-c67dce28e-ls214'],
      ['version-1.40.1.8227-c0dd5a73e', 'semver:patch', 'version-1.40.2.8395-c67dce28e'],
      ['1.40.1', 'semver:patch', '1.40.2'],
    ],
  ),
  ...casesOf(
    'linuxserver/jellyfin',
    `latest nightly 10.8.13 10.9.2 10.8.13ubu2204-ls1 10.9.1ubu2204-ls13 10.9.2ubu2204-ls15 10.9.3ubu2404-ls18 amd64-10.9.2ubu2204-ls15 version-10.9.2ubu2204 version-10.8.13ubu2204 10.9.0`,
    [
      ['10.9.1ubu2204-ls13', 'semver:patch', '10.9.2ubu2204-ls15'],
      ['10.8.13ubu2204-ls1', 'semver:minor', '10.9.2ubu2204-ls15'],
      ['10.9.0', 'semver:patch', '10.9.2'],
      ['version-10.8.13ubu2204', 'semver:minor', 'version-10.9.2ubu2204'],
    ],
  ),
  ...casesOf(
    'linuxserver/qbittorrent',
    `latest libtorrentv1 4.6.4 4.6.3 4.6.3-r0-ls315 4.6.4-r0-ls322 4.6.4-r0-ls324 4.6.4_v2.0.10-ls324 4.6.3_v2.0.10-ls310 release-4.6.4_v2.0.10 libtorrentv1-4.6.4-r0-ls50 libtorrentv1-4.6.3-r0-ls48 libtorrentv1-release-4.6.3_v1.2.19 20.04.1 14.3.9 version-4.6.4-r0`,
    [
      ['4.6.3-r0-ls315', 'semver:patch', '4.6.4-r0-ls324'],
      ['4.6.4-r0-ls322', 'semver:patch', '4.6.4-r0-ls324'],
      ['4.6.3_v2.0.10-ls310', 'semver:patch', '4.6.4_v2.0.10-ls324'],
      ['libtorrentv1-4.6.3-r0-ls48', 'semver:patch', 'libtorrentv1-4.6.4-r0-ls50'],
      // The base's own versions were published under the same name for some weeks.
      ['4.6.3', 'semver:minor', '4.6.4'],
      ['4.6.3', 'semver:major', '4.6.4', { exclude: String.raw`^(14\.3|20\.04)` }],
    ],
  ),
  ...casesOf(
    'linuxserver/swag',
    `latest 2.9.0 2.10.0 2.10.0-ls297 2.10.0-ls300 2.9.0-ls289 2.11.0-ls305 amd64-2.10.0-ls300 version-2.10.0 php7.4 version-1.31.0 1.32.0-ls200`,
    [
      ['2.9.0-ls289', 'semver:minor', '2.11.0-ls305'],
      ['2.10.0-ls297', 'semver:patch', '2.10.0-ls300'],
      ['2.9.0', 'semver:minor', '2.10.0'],
      ['php7.4', 'semver:major', null],
    ],
  ),
  ...casesOf(
    'linuxserver/wireguard',
    `latest alpine 1.0.20210914 1.0.20210914-ls22 1.0.20210914-ls30 1.0.20210914-r4-ls40 1.0.20210914-r4-ls45 v1.0.20210914-ls7 version-1.0.20210914 1.0.20210424-ls10 legacy-v1.0.20210914`,
    [
      ['1.0.20210914-ls22', 'semver:patch', '1.0.20210914-ls30'],
      ['1.0.20210914-r4-ls40', 'semver:patch', '1.0.20210914-r4-ls45'],
      ['1.0.20210424-ls10', 'semver:minor', '1.0.20210914-ls30'],
      ['v1.0.20210914-ls7', 'semver:major', null],
    ],
  ),
  ...casesOf(
    'linuxserver/unifi-network-application',
    `latest 8.0.28-ls30 8.1.113-ls37 8.1.127-ls40 8.1.127-ls44 8.1.127 8.1.113 version-8.1.127`,
    [
      ['8.0.28-ls30', 'semver:minor', '8.1.127-ls44'],
      ['8.1.113-ls37', 'semver:~8.1', '8.1.127-ls44'],
    ],
  ),
  ...casesOf(
    'linuxserver/jackett',
    `latest development v0.21.2586-ls300 v0.21.2610-ls301 v0.21.2610-ls302 v0.22.14-ls310 0.21.2610 version-v0.21.2610 version-v0.21.2586 development-v0.22.20-ls1`,
    [
      ['v0.21.2586-ls300', 'semver:patch', 'v0.21.2610-ls302'],
      ['v0.21.2586-ls300', 'semver:minor', 'v0.22.14-ls310'],
      ['version-v0.21.2586', 'semver:patch', 'version-v0.21.2610'],
    ],
  ),
];
