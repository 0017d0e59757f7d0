import { casesOf } from './tag-case.ts';

export const APPLICATIONS = [
  ...casesOf(
    'nextcloud',
    `latest stable production apache fpm fpm-alpine 27 28 29 28-apache 29-apache 28-fpm 29-fpm-alpine 28-fpm-alpine 27.1.9 28.0.3 28.0.4 28.0.5 29.0.0 29.0.1 28.0.4-apache 28.0.5-apache 28.0.4-fpm 28.0.5-fpm 29.0.1-fpm 28.0.4-fpm-alpine 28.0.5-fpm-alpine 29.0.1-fpm-alpine 29.0.1-apache 30.0.0beta1 30.0.0rc1-fpm`,
    [
      ['28.0.3', 'semver:patch', '28.0.5'],
      ['28.0.3', 'semver:major', '29.0.1'],
      ['28.0.4-fpm', 'semver:minor', '28.0.5-fpm'],
      ['28.0.4-fpm-alpine', 'semver:major', '29.0.1-fpm-alpine'],
      ['28.0.4-apache', 'semver:28.x', '28.0.5-apache'],
      // Nextcloud may not skip a major version.
      ['27.1.9', 'semver:<29', '28.0.5'],
      ['28-fpm-alpine', 'semver:major', '29-fpm-alpine'],
      ['29-apache', 'semver:major', null],
    ],
  ),
  ...casesOf(
    'ghcr.io/immich-app/immich-server',
    `latest release main v1 v1.103.1 v1.105.0 v1.105.1 v1.106.0 v1.106.0-openvino v1.105.1-cuda v1.106.0-cuda pr-9512 commit-3d5f3a1b9e commit-8e1f2c3d4a v1.106.1-rc.0 pr-9600-cuda`,
    [
      ['v1.103.1', 'semver:minor', 'v1.106.0'],
      ['v1.105.0', 'semver:patch', 'v1.105.1'],
      ['v1.105.1-cuda', 'semver:minor', 'v1.106.0-cuda'],
      ['release', 'semver:minor', null],
      ['commit-3d5f3a1b9e', 'semver:minor', null],
    ],
  ),
  ...casesOf(
    'ghcr.io/paperless-ngx/paperless-ngx',
    `latest dev beta 2 2.7 2.8 2.7.2 2.8.0 2.8.3 2.8.4 2.8.6 feature-documents-async 1.17.4 fix-6782 2.9`,
    [
      ['2.7.2', 'semver:minor', '2.8.6'],
      ['2.8.3', 'semver:patch', '2.8.6'],
      ['2.7', 'semver:minor', '2.9'],
      ['1.17.4', 'semver:minor', null],
      ['fix-6782', 'semver:minor', null],
    ],
  ),
  ...casesOf(
    'vaultwarden/server',
    `latest alpine testing testing-alpine 1.30.3 1.30.5 1.30.5-alpine 1.30.3-alpine 1.31.0 1.31.0-alpine 1.24.0 raspberry mysql 1.8.0-mysql buildcache`,
    [
      ['1.30.3', 'semver:patch', '1.30.5'],
      ['1.30.3-alpine', 'semver:minor', '1.31.0-alpine'],
      ['1.24.0', 'semver:^1.24', '1.31.0'],
      ['testing', 'semver:minor', null],
    ],
  ),
  ...casesOf(
    'gitea/gitea',
    `latest latest-rootless nightly nightly-rootless 1 1-rootless 1.21 1.22 1.21-rootless 1.22-rootless 1.21.10 1.21.11 1.22.0 1.22.0-rc0 1.22.0-rc1 1.21.10-rootless 1.21.11-rootless 1.22.0-rootless 1.22.0-rc1-rootless 1.21-nightly 1.22-nightly 1.21.11-linux-amd64 dev 1.22.0-rc0-rootless`,
    [
      ['1.21.10', 'semver:patch', '1.21.11'],
      ['1.21.10-rootless', 'semver:minor', '1.22.0-rootless'],
      ['1.22.0-rc0', 'semver:patch', '1.22.0'],
      ['1.22.0-rc0-rootless', 'semver:patch', '1.22.0-rootless'],
      ['1.21-nightly', 'semver:minor', '1.22-nightly'],
      ['1.21-rootless', 'semver:minor', '1.22-rootless'],
    ],
  ),
  ...casesOf(
    'codeberg.org/forgejo/forgejo',
    `1.21 1.21-rootless 1.21.11-0 1.21.11-1 1.21.11-1-rootless 1.21.8-0 7 7.0 7.0.2 7.0.3 7.0.3-rootless 7.0.2-rootless 8.0-test 8-test 1.21.8-0-rootless 8.0.0-dev-123`,
    [
      ['7.0.2', 'semver:patch', '7.0.3'],
      ['7.0.2-rootless', 'semver:patch', '7.0.3-rootless'],
      ['1.21.8-0', 'semver:patch', '1.21.11-1'],
      ['1.21.8-0-rootless', 'semver:patch', '1.21.11-1-rootless'],
      ['7', 'semver:major', null],
    ],
  ),
  ...casesOf(
    'gitlab/gitlab-ce',
    `latest nightly rc 16.10.5-ce.0 16.11.1-ce.0 16.11.2-ce.0 16.11.10-ce.0 17.0.0-ce.0 17.0.0-rc42.ce.0 17.0.1-ce.0 15.11.13-ce.0 16.11.1-ee.0`,
    [
      ['16.11.1-ce.0', 'semver:patch', '16.11.10-ce.0'],
      ['16.10.5-ce.0', 'semver:minor', '16.11.10-ce.0'],
      ['16.10.5-ce.0', 'semver:major', '17.0.1-ce.0'],
      ['15.11.13-ce.0', 'semver:15.x', null],
      // GitLab has required stops on the way; its owner says the next one.
      ['15.11.13-ce.0', 'semver:<16.11', '16.10.5-ce.0'],
      ['rc', 'semver:major', null],
    ],
  ),
  ...casesOf(
    'gitlab/gitlab-runner',
    `latest alpine ubuntu bleeding alpine-bleeding v16.11.0 v16.11.1 v17.0.0 alpine-v16.11.0 alpine-v17.0.0 alpine3.18-v16.11.0 alpine3.18-v17.0.0 alpine3.19-v17.0.0 ubuntu-v17.0.0 ubuntu-v16.11.0 alpine3.19-d7ca7e3c alpine3.18-91a27b2a`,
    [
      ['v16.11.0', 'semver:patch', 'v16.11.1'],
      ['alpine-v16.11.0', 'semver:major', 'alpine-v17.0.0'],
      ['alpine3.18-v16.11.0', 'semver:major', 'alpine3.18-v17.0.0'],
      ['ubuntu-v16.11.0', 'semver:minor', null],
    ],
  ),
  ...casesOf(
    'ghcr.io/goauthentik/server',
    `latest beta 2024 2024.2 2024.4 2023.10 2023.10.7 2024.2.2 2024.2.3 2024.4.0 2024.4.0-rc1 2024.4.1 2024.4.2 gh-main gh-main-1715600000-a1b2c3d gh-main-1716200000-b2c3d4e gh-next`,
    [
      ['2024.2.2', 'semver:patch', '2024.2.3'],
      ['2024.2.2', 'semver:minor', '2024.4.2'],
      ['2023.10.7', 'semver:minor', null],
      ['2023.10.7', 'semver:major', '2024.4.2'],
      ['2024.2', 'semver:minor', '2024.4'],
      ['gh-main-1715600000-a1b2c3d', 'semver:minor', 'gh-main-1716200000-b2c3d4e'],
      ['gh-main-1715600000-a1b2c3d', String.raw`regex:^gh-main-(\d+)-[0-9a-f]+$`, 'gh-main-1716200000-b2c3d4e'],
    ],
  ),
  ...casesOf(
    'authelia/authelia',
    `latest master 4 4.37 4.38 4.37.5 4.38.7 4.38.8 v4.38.0-beta3 fix-oidc-claims master-3b5c1f0 feat-x`,
    [
      ['4.37.5', 'semver:minor', '4.38.8'],
      ['4.37', 'semver:minor', '4.38'],
      ['4.38.8', 'semver:minor', null],
      ['v4.38.0-beta3', 'semver:minor', null],
    ],
  ),
  ...casesOf(
    'n8nio/n8n',
    `latest next nightly 1.40.0 1.41.0 1.41.1 1.42.0 1.42.1 0.236.3 1.41.1-debian 1.41.0-debian ai-beta 1.42.1-amd64`,
    [
      ['1.40.0', 'semver:minor', '1.42.1'],
      ['1.41.0-debian', 'semver:minor', '1.41.1-debian'],
      ['1.40.0', 'semver:>=1.40 <1.42', '1.41.1'],
      ['next', 'digest', 'next'],
    ],
  ),
  ...casesOf(
    'wordpress',
    `latest 6 6.4 6.5 6.4.3 6.5.2 6.5.3 6.5.3-apache 6.5.2-apache 6.5.2-php8.1-apache 6.5.3-php8.1-apache 6.5.3-php8.2-apache 6.5.3-php8.3-apache 6.4.3-php8.2-fpm-alpine 6.5.3-php8.2-fpm-alpine 6.5.3-php8.3-fpm-alpine 6.5-php8.2 6.4-php8.2 php8.2 php8.3-fpm beta-6.6-beta1 cli-2.10 cli-2.9-php8.2 cli-2.10-php8.2 cli-2.9.0 cli-2.10.0`,
    [
      ['6.5.2-php8.1-apache', 'semver:minor', '6.5.3-php8.1-apache'],
      ['6.4.3-php8.2-fpm-alpine', 'semver:minor', '6.5.3-php8.2-fpm-alpine'],
      ['6.4-php8.2', 'semver:minor', '6.5-php8.2'],
      ['6.4.3', 'semver:minor', '6.5.3'],
      ['php8.2', 'semver:minor', null],
      ['cli-2.9.0', 'semver:minor', 'cli-2.10.0'],
      ['cli-2.9-php8.2', 'semver:minor', 'cli-2.10-php8.2'],
    ],
  ),
  ...casesOf(
    'ghost',
    `latest alpine 5 5-alpine 5.80 5.82 5.82-alpine 5.80.0 5.81.0 5.82.2 5.82.3 5.82.3-alpine 5.80.0-alpine 4.48.9 5.82.3-alpine3.18 5.80.0-alpine3.18 5.82.3-bookworm`,
    [
      ['5.80.0', 'semver:minor', '5.82.3'],
      ['5.80.0-alpine', 'semver:minor', '5.82.3-alpine'],
      ['5.80.0-alpine3.18', 'semver:minor', '5.82.3-alpine3.18'],
      ['5', 'semver:minor', null],
      ['4.48.9', 'semver:^4', null],
      ['5.80', 'semver:minor', '5.82'],
    ],
  ),
  ...casesOf(
    'matomo',
    `latest fpm fpm-alpine apache 4 5 4-fpm 5-fpm 4.16.1 5.0.2 5.0.3 5.0.2-fpm 5.0.3-fpm 5.0.3-fpm-alpine 5.0.2-fpm-alpine 5.0.2-apache 4.15.1 5.1.0-b1`,
    [
      ['5.0.2-fpm-alpine', 'semver:patch', '5.0.3-fpm-alpine'],
      ['4.15.1', 'semver:minor', '4.16.1'],
      ['4-fpm', 'semver:major', '5-fpm'],
      ['5.0.2-apache', 'semver:patch', null],
    ],
  ),
  ...casesOf('dpage/pgadmin4', `latest snapshot 6.21 7.8 8 8.4 8.5 8.6 2024-05-10-1 9`, [
    ['7.8', 'semver:major', '8.6'],
    ['8.4', 'semver:minor', '8.6'],
    ['8', 'semver:major', '9'],
    ['snapshot', 'semver:major', null],
  ]),
  ...casesOf(
    'louislam/uptime-kuma',
    `latest beta nightly 1 1-alpine 1-debian 1.23.11 1.23.12 1.23.13 1.23.13-alpine 1.23.11-alpine 1.23.11-debian 1.23.13-debian 2.0.0-beta.0 2.0.0-dev.0 nightly2 base-debian pr-test2 beta2 1.23.13-slim`,
    [
      ['1.23.11', 'semver:minor', '1.23.13'],
      ['1.23.11-debian', 'semver:minor', '1.23.13-debian'],
      ['1-alpine', 'semver:major', null],
      ['1.23.13', 'semver:major', null],
      ['2.0.0-beta.0', 'semver:major', null],
    ],
  ),
  ...casesOf(
    'ghcr.io/linkwarden/linkwarden',
    `latest main v2.5.1 v2.5.2 v2.5.3 v2.6.0 a3f9c2d1e b7d8e9f0a1 v2.6.0-dev`,
    [
      ['v2.5.1', 'semver:patch', 'v2.5.3'],
      ['v2.5.1', 'semver:minor', 'v2.6.0'],
      ['a3f9c2d1e', 'semver:minor', null],
    ],
  ),
];
