import { casesOf } from './tag-case.ts';

export const OPERATING_SYSTEMS = [
  ...casesOf(
    'alpine',
    `latest edge 3 3.18 3.19 3.20 3.18.6 3.19.0 3.19.1 3.20.0 20240315 20240329 20231219 2.7 3.20.0_rc1`,
    [
      ['3.19.0', 'semver:patch', '3.19.1'],
      ['3.19.0', 'semver:minor', '3.20.0'],
      ['3.18', 'semver:minor', '3.20'],
      ['3', 'semver:major', null],
      ['20240315', 'semver:minor', '20240329'],
      ['20231219', 'semver:patch', '20240329'],
      ['20240329', 'semver:major', null],
      ['3.20.0_rc1', 'semver:patch', '3.20.0'],
      ['edge', 'digest', 'edge'],
      ['3.20.0', 'semver:*', null],
      ['20240315', 'semver:^3', null],
    ],
  ),
  ...casesOf(
    'debian',
    `latest stable stable-slim bookworm bookworm-slim bullseye bullseye-slim trixie 11 11-slim 12 12-slim 11.9 11.9-slim 12.4 12.4-slim 12.5 12.5-slim bookworm-20240423 bookworm-20240423-slim bookworm-20240513 bookworm-20240513-slim bullseye-20240513-slim trixie-20240513-slim bookworm-backports rc-buggy-20240513 sid`,
    [
      ['bookworm-20240423-slim', 'semver:patch', 'bookworm-20240513-slim'],
      ['bookworm-20240423', 'semver:minor', 'bookworm-20240513'],
      ['12.4', 'semver:minor', '12.5'],
      ['12.4-slim', 'semver:minor', '12.5-slim'],
      ['11.9-slim', 'semver:minor', null],
      ['11.9-slim', 'semver:major', '12.5-slim'],
      ['11-slim', 'semver:major', '12-slim'],
      ['bookworm', 'semver:major', null],
      ['bookworm-slim', 'digest', 'bookworm-slim'],
      ['bookworm-20240423-slim', String.raw`regex:^bookworm-(\d+)-slim$`, 'bookworm-20240513-slim'],
    ],
  ),
  ...casesOf(
    'ubuntu',
    `latest rolling devel 20.04 22.04 23.10 24.04 24.10 focal jammy noble focal-20240427 jammy-20240416 jammy-20240427 jammy-20240530 noble-20240429 noble-20240429.1 noble-20240423 14.04.5`,
    [
      ['jammy-20240416', 'semver:patch', 'jammy-20240530'],
      ['noble-20240423', 'semver:minor', 'noble-20240429'],
      ['22.04', 'semver:minor', null],
      ['22.04', 'semver:major', '24.10'],
      ['22.04', String.raw`regex:^(\d[02468])\.04$`, '24.04'],
      ['jammy', 'semver:major', null],
      ['noble', 'pinned', null],
    ],
  ),
  ...casesOf(
    'busybox',
    `latest stable unstable 1 1.36 1.36.0 1.36.1 1.37.0 1.36.1-musl 1.36.0-musl 1.36.1-glibc 1.37.0-musl 1.36.1-uclibc musl uclibc 1.36-musl 1.37-musl stable-musl`,
    [
      ['1.36.0', 'semver:patch', '1.36.1'],
      ['1.36.0-musl', 'semver:patch', '1.36.1-musl'],
      ['1.36.0-musl', 'semver:minor', '1.37.0-musl'],
      ['1.36.1-uclibc', 'semver:minor', null],
      ['1.36-musl', 'semver:minor', '1.37-musl'],
    ],
  ),
  ...casesOf(
    'amazonlinux',
    `latest 2 2023 2.0.20240412.0 2.0.20240503.0 2.0.20240529.0 2023.4.20240416.0 2023.4.20240513.0 2023.5.20240624.0 2-with-sources 2018.03 2018.03.0.20231218.0`,
    [
      ['2.0.20240412.0', 'semver:patch', '2.0.20240529.0'],
      ['2.0.20240412.0', 'semver:major', '2.0.20240529.0'],
      ['2023.4.20240416.0', 'semver:patch', '2023.4.20240513.0'],
      ['2023.4.20240416.0', 'semver:minor', '2023.5.20240624.0'],
      ['2023', 'semver:major', null],
      ['2', 'semver:major', null],
    ],
  ),
  ...casesOf(
    'registry.access.redhat.com/ubi9',
    `latest 9.3 9.3-1610 9.4 9.4-947 9.4-947.1714667021 9.4-1123 9.4-1123.1719560047 9.3-1476 9.4-1123-source`,
    [
      ['9.3-1476', 'semver:minor', '9.4-1123'],
      ['9.4-947', 'semver:patch', '9.4-1123'],
      ['9.4-947.1714667021', 'semver:patch', '9.4-1123.1719560047'],
      ['9.3', 'semver:minor', '9.4'],
    ],
  ),
  ...casesOf(
    'rockylinux',
    `latest 8 9 8.9 9.3 9.3-minimal 9.3.20231119 9.3.20231119-minimal 9.4 8.9.20231119 9-minimal 9.4.20240509 9.4.1`,
    [
      ['9.3.20231119', 'semver:minor', '9.4.20240509'],
      ['9.3.20231119', 'semver:patch', null],
      ['9.3', 'semver:minor', '9.4'],
      ['9.3-minimal', 'semver:minor', null],
      ['9-minimal', 'semver:major', null],
    ],
  ),
  ...casesOf(
    'archlinux',
    `latest base base-devel base-20240101.0.204074 base-20240505.0.232480 base-devel-20240101.0.204074 base-devel-20240505.0.232480 multilib-devel-20240505.0.232480`,
    [
      ['base-20240101.0.204074', 'semver:patch', 'base-20240505.0.232480'],
      ['base-devel-20240101.0.204074', 'semver:patch', 'base-devel-20240505.0.232480'],
      ['base-devel', 'semver:patch', null],
    ],
  ),
  ...casesOf(
    'mcr.microsoft.com/windows/servercore',
    `ltsc2019 ltsc2022 10.0.17763.5820 10.0.17763.5936 10.0.20348.2461 10.0.20348.2527 10.0.22631.3007 1809 20H2 ltsc2022-amd64 10.0.20348.2461-amd64 10.0.20348.2527-amd64 ltsc2025`,
    [
      // The build must be the host's; only the revision may move.
      ['10.0.20348.2461', String.raw`regex:^10\.0\.20348\.(\d+)$`, '10.0.20348.2527'],
      ['10.0.17763.5820', String.raw`regex:^10\.0\.17763\.(\d+)$`, '10.0.17763.5936'],
      ['10.0.20348.2461', 'semver:10.0.20348', '10.0.20348.2527'],
      ['10.0.20348.2461', 'semver:patch', '10.0.22631.3007'],
      ['10.0.20348.2461-amd64', 'semver:patch', '10.0.20348.2527-amd64'],
      ['ltsc2022', 'semver:major', null],
      ['1809', 'semver:major', null],
    ],
  ),
];
