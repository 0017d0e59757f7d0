import { casesOf } from './tag-case.ts';

export const HOME = [
  ...casesOf(
    'ghcr.io/home-assistant/home-assistant',
    `latest stable beta dev 0.118.5 2023.12.4 2024.4.4 2024.5.0 2024.5.1 2024.5.3 2024.5.5 2024.6.0b0 2024.6.0b3 2024.6.0.dev20240501 2024.6.0.dev20240515 2024.5 2024.4 2024.10.1`,
    [
      ['2024.5.0', 'semver:patch', '2024.5.5'],
      ['2024.4.4', 'semver:minor', '2024.10.1'],
      ['2023.12.4', 'semver:minor', null],
      ['2023.12.4', 'semver:major', '2024.10.1'],
      ['2024.6.0b0', 'semver:patch', '2024.6.0b3'],
      ['2024.6.0.dev20240501', 'semver:patch', '2024.6.0b3'],
      ['0.118.5', 'semver:major', null],
      ['2024.4', 'semver:minor', '2024.5'],
      ['stable', 'digest', 'stable'],
      ['2024.4.4', 'semver:>=2024.4 <2024.6', '2024.5.5'],
      ['2024.4.4', String.raw`regex:^(\d+)\.(\d+)\.(\d+)$`, '2024.10.1'],
    ],
  ),
  ...casesOf(
    'ghcr.io/esphome/esphome',
    `latest stable beta dev 2024.4.0 2024.4.2 2024.5.0 2024.5.0b1 2024.5.4 2024.6.0-dev20240515 2024.6.0-dev20240520 2023.12.9`,
    [
      ['2024.4.0', 'semver:patch', '2024.4.2'],
      ['2024.4.0', 'semver:minor', '2024.5.4'],
      ['2023.12.9', 'semver:major', '2024.5.4'],
      ['2024.6.0-dev20240515', 'semver:patch', '2024.6.0-dev20240520'],
    ],
  ),
  ...casesOf('koenkk/zigbee2mqtt', `latest latest-dev 1.36.1 1.37.0 1.37.1 1.37 1.36 1 1.30.2-dev 2.0.0`, [
    ['1.36.1', 'semver:minor', '1.37.1'],
    ['1.36.1', 'semver:major', '2.0.0'],
    ['1.36', 'semver:minor', '1.37'],
    ['latest-dev', 'semver:major', null],
  ]),
  ...casesOf(
    'eclipse-mosquitto',
    `latest openssl 1.6 1.6.15 1.6.15-openssl 2 2-openssl 2.0 2.0.18 2.0.18-openssl 2.0.17 2.0.17-openssl 2.1.0a1`,
    [
      ['2.0.17', 'semver:patch', '2.0.18'],
      ['2.0.17-openssl', 'semver:minor', '2.0.18-openssl'],
      ['1.6.15', 'semver:minor', null],
      ['1.6.15-openssl', 'semver:major', '2.0.18-openssl'],
    ],
  ),
  ...casesOf(
    'pihole/pihole',
    `latest dev nightly beta-v6 development-v6 2022.01 2023.11.0 2024.01.0 2024.02.0 2024.02.2 2024.03.0 2024.03.1 2024.03.2 v5.8.1 v5.8 v4.0.0-1 v5.8.1-buster 2022.02.1 v5.8.1-stretch`,
    [
      ['2024.01.0', 'semver:minor', '2024.03.2'],
      ['2023.11.0', 'semver:major', '2024.03.2'],
      ['2024.02.0', 'semver:patch', '2024.02.2'],
      ['v5.8.1', 'semver:major', null],
      ['v5.8.1-buster', 'semver:major', null],
      ['2022.02.1', 'semver:*', '2024.03.2'],
    ],
  ),
  ...casesOf(
    'adguard/adguardhome',
    `latest beta edge v0.107.46 v0.107.48 v0.107.49 v0.108.0-b.55 v0.108.0-b.56 v0.106.3`,
    [
      ['v0.107.46', 'semver:patch', 'v0.107.49'],
      ['v0.106.3', 'semver:minor', 'v0.107.49'],
      ['v0.108.0-b.55', 'semver:minor', 'v0.108.0-b.56'],
      ['v0.107.49', 'semver:major', null],
    ],
  ),
  ...casesOf(
    'jacobalberty/unifi',
    `latest stable rc v8 v8.0 v8.1 v8.0.28 v8.1.113 v8.1.127 v7.5.187 sysvinit stable-6 v6.5.55 5.14.23 mongo-6 beta v8.2.93-rc`,
    [
      ['v8.0.28', 'semver:minor', 'v8.1.127'],
      ['v7.5.187', 'semver:minor', null],
      ['v8.1.113', 'semver:patch', 'v8.1.127'],
      ['v8.0', 'semver:minor', 'v8.1'],
      ['stable-6', 'semver:minor', null],
    ],
  ),
  ...casesOf(
    'ghcr.io/blakeblackshear/frigate',
    `stable stable-tensorrt stable-tensorrt-jp5 0.12.1 0.13.0 0.13.1 0.13.2 0.13.1-tensorrt 0.13.2-tensorrt 0.13.2-tensorrt-jp5 0.13.1-tensorrt-jp5 0.14.0-beta1 0.14.0-beta2 0.14.0-beta1-tensorrt 0.14.0-beta2-tensorrt 0.13.2-rk 0.13.2-standard-arm64 0.13.1-standard-arm64 0.13.1-rocm a8f3d21-tensorrt 3b5c1f0 3b5c1f0-tensorrt dev-6f1a2b3 0.14.0`,
    [
      ['0.13.1', 'semver:patch', '0.13.2'],
      ['0.12.1', 'semver:minor', '0.14.0'],
      ['0.13.1-tensorrt', 'semver:minor', '0.13.2-tensorrt'],
      ['0.13.1-tensorrt-jp5', 'semver:patch', '0.13.2-tensorrt-jp5'],
      ['0.13.1-standard-arm64', 'semver:patch', '0.13.2-standard-arm64'],
      ['0.14.0-beta1', 'semver:patch', '0.14.0'],
      ['0.14.0-beta1-tensorrt', 'semver:patch', '0.14.0-beta2-tensorrt'],
      ['0.13.1-rocm', 'semver:minor', null],
      ['3b5c1f0', 'semver:minor', null],
      ['stable-tensorrt-jp5', 'semver:minor', null],
    ],
  ),
  ...casesOf(
    'tailscale/tailscale',
    `latest stable unstable v1 v1.64 v1.66 v1.64.0 v1.64.2 v1.66.0 v1.66.1 v1.66.3 v1.66.4 v1.67.14 unstable-v1.67.14 unstable-v1.67.32 v1.66.4-hotfix.1`,
    [
      ['v1.64.0', 'semver:patch', 'v1.64.2'],
      // Odd minor numbers are unstable.
      ['v1.64.0', 'semver:minor', 'v1.66.4', { exclude: String.raw`^v1\.\d*[13579](\.|$)` }],
      ['v1.64.0', String.raw`regex:^v1\.(\d*[02468])\.(\d+)$`, 'v1.66.4'],
      ['v1.64', 'semver:minor', 'v1.66'],
      ['unstable-v1.67.14', 'semver:patch', 'unstable-v1.67.32'],
    ],
  ),
  ...casesOf(
    'cloudflare/cloudflared',
    `latest 2024.2.1 2024.4.0 2024.4.1 2024.5.0 2023.10.0 2024.5.0-amd64 2024.4.1-amd64 2024.5.0-arm64 latest-amd64 1748-9a3b2c1 2022.10.3-amd64 2b7c1f8e`,
    [
      ['2024.4.0', 'semver:minor', '2024.5.0'],
      ['2024.4.0', 'semver:patch', '2024.4.1'],
      ['2023.10.0', 'semver:major', '2024.5.0'],
      ['2024.4.1-amd64', 'semver:minor', '2024.5.0-amd64'],
      ['2b7c1f8e', 'semver:major', null],
    ],
  ),
  ...casesOf('ghcr.io/wg-easy/wg-easy', `latest nightly 7 8 9 10 11 12 13 14 7-arm64v8 15.0.0-beta.1 development`, [
    ['9', 'semver:major', '14'],
    ['9', 'semver:minor', null],
    ['9', 'semver:<=13', '13'],
    ['7-arm64v8', 'semver:major', null],
  ]),
  ...casesOf(
    'nodered/node-red',
    `latest latest-18 latest-20 latest-minimal 3 3.1 3.1.8 3.1.9 3.1.9-18 3.1.9-16 3.1.8-18 3.1.9-18-minimal 3.1.8-18-minimal 3.1.9-minimal 4.0.0-beta.3 4.0.0-beta.4 3.1.9-debian 4.0.0-beta.4-20`,
    [
      ['3.1.8', 'semver:patch', '3.1.9'],
      ['3.1.8-18', 'semver:patch', '3.1.9-18'],
      ['3.1.8-18-minimal', 'semver:patch', '3.1.9-18-minimal'],
      ['4.0.0-beta.3', 'semver:patch', '4.0.0-beta.4'],
      ['latest-18', 'semver:major', 'latest-20'],
    ],
  ),
  ...casesOf(
    'plexinc/pms-docker',
    `latest public beta plexpass 1.40.0.7998-c29d4c0c8 1.40.1.8227-c0dd5a73e 1.40.2.8395-c67dce28e 1.40.3.8502-00d27ffca 1.32.8.7639-fb6452ebf`,
    [
      ['1.40.0.7998-c29d4c0c8', 'semver:patch', '1.40.3.8502-00d27ffca', { exclude: 'beta' }],
      ['1.40.1.8227-c0dd5a73e', 'semver:patch', '1.40.3.8502-00d27ffca'],
      ['1.32.8.7639-fb6452ebf', 'semver:minor', '1.40.3.8502-00d27ffca'],
      ['1.32.8.7639-fb6452ebf', 'semver:patch', null],
    ],
  ),
  ...casesOf(
    'jellyfin/jellyfin',
    `latest unstable preview 10 10.8 10.9 10.8.13 10.8.13-1 10.9.0 10.9.1 10.9.2 10.9.0-rc2 10.9.0-rc3 20240512.8-unstable 2024052005 2024051305-unstable 2024052005-unstable 10.9.2.20240520-092141 10.9.1.20240512-042317`,
    [
      ['10.8.13', 'semver:minor', '10.9.2'],
      ['10.9.0', 'semver:patch', '10.9.2'],
      ['10.9.0-rc2', 'semver:patch', '10.9.2'],
      ['10.8', 'semver:minor', '10.9'],
      ['10.9.1.20240512-042317', 'semver:patch', '10.9.2.20240520-092141'],
      ['2024051305-unstable', 'semver:minor', '2024052005-unstable'],
      ['10.8.13-1', 'semver:minor', null],
    ],
  ),
];
