import { casesOf } from './tag-case.ts';

export const OPERATIONS = [
  ...casesOf(
    'grafana/grafana',
    `latest main main-ubuntu 10.3.3 10.4.0 10.4.1 10.4.2 10.4.3 11.0.0 11.0.0-preview 11.0.0-ubuntu 10.4.1-ubuntu 10.4.2-ubuntu 11.0.0-168526 11.1.0-173541pre 10.4.1-security-01 9.5.18 11.0.0-174830 nightly dev-musl 10.4.3-security-01`,
    [
      ['10.4.1', 'semver:patch', '10.4.3'],
      ['10.3.3', 'semver:minor', '10.4.3'],
      ['10.4.1', 'semver:major', '11.0.0'],
      ['10.4.1-ubuntu', 'semver:minor', '10.4.2-ubuntu'],
      ['11.0.0-preview', 'semver:patch', '11.0.0'],
      ['11.0.0-168526', 'semver:patch', '11.0.0-174830'],
      ['11.0.0', 'semver:major', null],
    ],
  ),
  ...casesOf(
    'prom/prometheus',
    `latest main v2 v2.51.0 v2.51.1 v2.51.2 v2.52.0 v2.52.0-rc.0 v2.52.0-rc.1 v2.53.0-rc.1 v3.0.0-beta.0 v2.45.5 v2.45.4 v2.53.0-rc.0`,
    [
      ['v2.51.0', 'semver:patch', 'v2.51.2'],
      ['v2.51.0', 'semver:minor', 'v2.52.0'],
      ['v2.45.4', 'semver:~2.45', 'v2.45.5'],
      ['v2.52.0-rc.0', 'semver:patch', 'v2.52.0'],
      ['v2.52.0-rc.0', 'semver:minor', 'v2.53.0-rc.1'],
      ['v2.52.0', 'semver:major', null],
      ['main', 'semver:major', null],
    ],
  ),
  ...casesOf('prom/alertmanager', `latest main v0.26.0 v0.27.0 v0.27.0-rc.0 v0.28.0-rc.0 v0.25.1 v0.25.0`, [
    ['v0.26.0', 'semver:minor', 'v0.27.0'],
    ['v0.26.0', 'semver:patch', null],
    ['v0.25.0', 'semver:^0.25', 'v0.25.1'],
  ]),
  ...casesOf('prom/node-exporter', `latest master main v1 v1.7.0 v1.8.0 v1.8.1 v1.8.0-rc.1 v0.18.1 0.12.0`, [
    ['v1.7.0', 'semver:minor', 'v1.8.1'],
    ['v0.18.1', 'semver:minor', null],
    ['v0.18.1', 'semver:major', 'v1.8.1'],
    ['0.12.0', 'semver:major', null],
  ]),
  ...casesOf(
    'grafana/loki',
    `latest main 2.9.7 2.9.8 3.0.0 main-2ae4a1c main-b9dd4f1 k200-41a4b5c 2.9.8-amd64 2.9.7-amd64 3.0.0-arm64 weekly-k204-78fa9d2 main-5ad3e9f-amd64`,
    [
      ['2.9.7', 'semver:patch', '2.9.8'],
      ['2.9.7', 'semver:major', '3.0.0'],
      ['2.9.7-amd64', 'semver:major', '2.9.8-amd64'],
      ['main-2ae4a1c', 'semver:major', null],
      ['main', 'digest', 'main'],
    ],
  ),
  ...casesOf(
    'telegraf',
    `latest alpine 1.29 1.30 1.30-alpine 1.30.1 1.30.2 1.30.3 1.30.1-alpine 1.30.3-alpine 1.29.5 1.31.0 nightly 1.29-alpine`,
    [
      ['1.30.1', 'semver:patch', '1.30.3'],
      ['1.30.1-alpine', 'semver:minor', '1.30.3-alpine'],
      ['1.29', 'semver:minor', '1.30'],
      ['1.29-alpine', 'semver:^1', '1.30-alpine'],
    ],
  ),
  ...casesOf(
    'portainer/portainer-ce',
    `latest alpine linux-amd64 2.19.4 2.19.5 2.20.1 2.20.2 2.20.3 2.19.4-alpine 2.20.3-alpine 2.20.1-rc1 linux-amd64-2.20.3 linux-amd64-2.19.4 linux-amd64-2.20.3-alpine sts lts windows1809-amd64-2.20.3 linux-arm-2.20.3`,
    [
      ['2.19.4', 'semver:minor', '2.20.3'],
      ['2.19.4', 'semver:patch', '2.19.5'],
      ['2.19.4-alpine', 'semver:minor', '2.20.3-alpine'],
      ['linux-amd64-2.19.4', 'semver:minor', 'linux-amd64-2.20.3'],
      ['linux-arm-2.20.3', 'semver:minor', null],
      ['sts', 'semver:major', null],
    ],
  ),
  ...casesOf(
    'containrrr/watchtower',
    `latest latest-dev 1.5.3 1.6.0 1.7.0 1.7.1 amd64-1.7.1 amd64-1.7.0 arm64v8-1.7.1 armhf-1.7.1 i386-latest`,
    [
      ['1.5.3', 'semver:minor', '1.7.1'],
      ['amd64-1.7.0', 'semver:patch', 'amd64-1.7.1'],
      ['armhf-1.7.1', 'semver:major', null],
    ],
  ),
  ...casesOf(
    'rabbitmq',
    `latest management alpine 3 3-management 3.12 3.13 3.12-management 3.13-management 3.12.13 3.12.14 3.13.1 3.13.2 3.12.13-management 3.12.14-management 3.13.2-management 3.13.2-management-alpine 3.12.13-management-alpine 3.13.0-rc.5 4.0.0-beta.1 4.0-rc-management 4.0.0-beta.2`,
    [
      ['3.12.13', 'semver:patch', '3.12.14'],
      ['3.12.13-management', 'semver:patch', '3.12.14-management'],
      ['3.12.13-management', 'semver:minor', '3.13.2-management'],
      ['3.12.13-management-alpine', 'semver:minor', '3.13.2-management-alpine'],
      ['3.12-management', 'semver:minor', '3.13-management'],
      ['3.13.2', 'semver:major', null],
      ['4.0.0-beta.1', 'semver:major', '4.0.0-beta.2'],
    ],
  ),
  ...casesOf(
    'confluentinc/cp-kafka',
    `latest 7.5.3 7.6.0 7.6.1 7.6.1-1-ubi8 7.6.0-1-ubi8 7.6.1-2-ubi8 7.6.1-1-ubi8.amd64 7.6.0-1-ubi8.arm64 7.6.1-1-ubi8.arm64 7.7.0-rc240510 latest-ubi8 7.6.1.amd64`,
    [
      ['7.6.0', 'semver:patch', '7.6.1'],
      ['7.6.0-1-ubi8', 'semver:patch', '7.6.1-2-ubi8'],
      ['7.6.0-1-ubi8.arm64', 'semver:minor', '7.6.1-1-ubi8.arm64'],
      ['7.6.1', 'semver:minor', null],
    ],
  ),
  ...casesOf(
    'bitnami/kafka',
    `latest 3.6 3.7 3.6.2-debian-12-r3 3.7.0-debian-12-r0 3.7.0-debian-12-r2 3.7.0-debian-12-r10 3.7.0 3.6.2 3.6.2-debian-11-r9 3.7 3.7-debian-12 3.6-debian-12`,
    [
      ['3.7.0-debian-12-r2', 'semver:patch', '3.7.0-debian-12-r10'],
      ['3.6.2-debian-12-r3', 'semver:minor', '3.7.0-debian-12-r10'],
      ['3.6.2-debian-11-r9', 'semver:minor', null],
      ['3.6-debian-12', 'semver:minor', '3.7-debian-12'],
    ],
  ),
  ...casesOf(
    'zookeeper',
    `latest 3.8 3.9 3.8.3 3.8.4 3.9.1 3.9.2 3.9.1-jre-17 3.9.2-jre-17 3.9.2-jre-21 3.8.4-jre-17 3.8.3-temurin`,
    [
      ['3.8.3', 'semver:patch', '3.8.4'],
      ['3.9.1-jre-17', 'semver:patch', '3.9.2-jre-17'],
      ['3.8.4-jre-17', 'semver:minor', '3.9.2-jre-17'],
    ],
  ),
  ...casesOf(
    'hashicorp/vault',
    `latest 1.15 1.16 1.15.6 1.16.1 1.16.2 1.17.0-rc1 1.16.2-ent 1.16.1-ent 1.16.2-ent.hsm 1.16.1-ent.hsm 1.16.2-ubi 1.16 1.17.0`,
    [
      ['1.15.6', 'semver:minor', '1.17.0'],
      ['1.16.1', 'semver:patch', '1.16.2'],
      ['1.16.1-ent', 'semver:minor', '1.16.2-ent'],
      ['1.16.1-ent.hsm', 'semver:minor', '1.16.2-ent.hsm'],
      ['1.17.0-rc1', 'semver:minor', '1.17.0'],
      ['1.15', 'semver:minor', '1.16'],
    ],
  ),
  ...casesOf(
    'hashicorp/consul',
    `latest 1.17 1.18 1.18.1 1.18.2 1.19.0-rc1 1.18.2-ubi 1.18.1-ubi 1.18 1.17.4 1.18.2-ent`,
    [
      ['1.18.1', 'semver:minor', '1.18.2'],
      ['1.18.1-ubi', 'semver:patch', '1.18.2-ubi'],
      ['1.17.4', 'semver:>1.17.4 <1.19', '1.18.2'],
    ],
  ),
  ...casesOf(
    'nats',
    `latest alpine scratch 2 2.9 2.10 2.10.12 2.10.14 2.10.14-alpine 2.10.12-alpine 2.10.14-alpine3.19 2.10.12-scratch 2.10.14-scratch 2.10.16-alpine3.19 2.10.16-nanoserver-1809 2.11.0-preview.1`,
    [
      ['2.10.12', 'semver:patch', '2.10.14'],
      ['2.10.12-scratch', 'semver:patch', '2.10.14-scratch'],
      ['2.10.14-alpine3.19', 'semver:patch', '2.10.16-alpine3.19'],
      ['2.9', 'semver:minor', '2.10'],
    ],
  ),
  ...casesOf(
    'quay.io/coreos/etcd',
    `latest v3.4.31 v3.4.32 v3.5.12 v3.5.13 v3.5.13-amd64 v3.5.12-amd64 v3.5.13-s390x v3.6.0-alpha.0 v3.5.12-arm64 v3.5.14`,
    [
      ['v3.5.12', 'semver:patch', 'v3.5.14'],
      ['v3.5.12-amd64', 'semver:patch', 'v3.5.13-amd64'],
      ['v3.4.31', 'semver:patch', 'v3.4.32'],
      ['v3.4.31', 'semver:minor', 'v3.5.14'],
    ],
  ),
  ...casesOf(
    'quay.io/keycloak/keycloak',
    `latest nightly 23.0 24.0 23.0.7 23.0.7-0 24.0 24.0.3 24.0.3-0 24.0.4 24.0.4-0 24.0.4-1 legacy 19.0.3-legacy 16.1.1 25.0.0`,
    [
      ['24.0.3', 'semver:patch', '24.0.4'],
      ['23.0.7', 'semver:major', '25.0.0'],
      ['24.0.3-0', 'semver:patch', '24.0.4-1'],
      ['24.0.4-0', 'semver:minor', '24.0.4-1'],
      ['23.0', 'semver:major', '24.0'],
      ['19.0.3-legacy', 'semver:major', null],
    ],
  ),
  ...casesOf('registry.k8s.io/pause', `latest go 0.8.0 1.0 2.0 3.0 3.1 3.2 3.8 3.9 3.10 3.9-windows-ltsc2022 test`, [
    ['3.8', 'semver:minor', '3.10'],
    ['3.9', 'semver:minor', '3.10'],
    ['0.8.0', 'semver:major', null],
  ]),
  ...casesOf('coredns/coredns', `latest 1.9.4 1.10.1 1.11.1 1.11.3 amd64-1.11.3 coredns-amd64 arm64-1.11.1 1.11.2`, [
    ['1.9.4', 'semver:minor', '1.11.3'],
    ['1.11.1', 'semver:patch', '1.11.3'],
    ['arm64-1.11.1', 'semver:minor', null],
  ]),
  ...casesOf(
    'calico/node',
    `latest master v3.26.4 v3.27.2 v3.27.3 v3.28.0 v3.27.3-amd64 v3.28.0-0.dev-653-gabc12de4f0a1 v3.28.0-amd64 v3.28.0-windows-ltsc2022 master-amd64 v3.29.0-0.dev-12-gdeadbe3f1`,
    [
      ['v3.27.2', 'semver:patch', 'v3.27.3'],
      ['v3.27.2', 'semver:minor', 'v3.28.0'],
      ['v3.27.3-amd64', 'semver:minor', 'v3.28.0-amd64'],
    ],
  ),
  ...casesOf(
    'quay.io/metallb/controller',
    `main dev v0.13.12 v0.14.4 v0.14.5 sha-1a2b3c4 release-0.13 v0.14 v0.13 release-0.14 pr-2301`,
    [
      ['v0.14.4', 'semver:patch', 'v0.14.5'],
      ['v0.13.12', 'semver:~0.13.0', null],
      ['v0.13', 'semver:minor', 'v0.14'],
      ['release-0.13', 'semver:minor', 'release-0.14'],
      ['sha-1a2b3c4', 'semver:minor', null],
    ],
  ),
  ...casesOf(
    'quay.io/argoproj/argocd',
    `latest v2.10.8 v2.10.9 v2.11.0 v2.11.0-rc3 v2.11.1 v2.12.0-rc1 v2.9.14 v2.11.1.sig sha256-3b5c1f0e9d8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a3b2c.sig sha256-3b5c1f0e9d8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a3b2c.att`,
    [
      ['v2.10.8', 'semver:patch', 'v2.10.9'],
      ['v2.10.8', 'semver:minor', 'v2.11.1'],
      ['v2.11.1', 'semver:major', null],
    ],
  ),
  ...casesOf(
    'rancher/k3s',
    `latest v1.28.9-k3s1 v1.29.3-k3s1 v1.29.4-k3s1 v1.29.4-k3s2 v1.30.0-k3s1 v1.30.0-rc1-k3s1 v1.29.4-k3s1-amd64 v1.30.1-rc1-k3s1`,
    [
      ['v1.29.3-k3s1', 'semver:patch', 'v1.29.4-k3s2'],
      ['v1.29.4-k3s1', 'semver:patch', 'v1.29.4-k3s2'],
      ['v1.28.9-k3s1', 'semver:minor', 'v1.30.0-k3s1'],
      ['v1.30.0-rc1-k3s1', 'semver:patch', 'v1.30.1-rc1-k3s1'],
    ],
  ),
  ...casesOf(
    'quay.io/jetstack/cert-manager-controller',
    `v1.13.6 v1.14.4 v1.14.5 v1.15.0-alpha.0 v1.15.0-beta.1 canary v1.14.5-alpha.0`,
    [
      ['v1.13.6', 'semver:minor', 'v1.14.5'],
      ['v1.15.0-alpha.0', 'semver:minor', 'v1.15.0-beta.1'],
      ['v1.14.5', 'semver:minor', null],
    ],
  ),
  ...casesOf(
    'jenkins/jenkins',
    `latest lts lts-jdk17 lts-jdk21 lts-alpine 2.440.2 2.440.3 2.452.1 2.459 2.460 2.460-jdk17 2.440.2-lts 2.440.3-lts 2.452.1-lts 2.440.2-jdk17 2.440.3-jdk17 2.452.1-jdk17 2.452.1-jdk21 2.440.3-lts-jdk17 2.452.1-lts-jdk17 2.452.1-lts-jdk21 2.440.3-alpine-jdk17 2.452.1-alpine-jdk17`,
    [
      ['2.440.2', 'semver:patch', '2.440.3'],
      ['2.440.2', 'semver:minor', '2.452.1'],
      ['2.440.2-lts', 'semver:minor', '2.452.1-lts'],
      ['2.440.2-jdk17', 'semver:minor', '2.452.1-jdk17'],
      ['2.440.3-lts-jdk17', 'semver:minor', '2.452.1-lts-jdk17'],
      ['2.440.3-alpine-jdk17', 'semver:minor', '2.452.1-alpine-jdk17'],
      ['2.459', 'semver:minor', '2.460'],
      ['lts-jdk17', 'semver:major', null],
    ],
  ),
  ...casesOf(
    'drone/drone',
    `latest 1 1.10.1 2 2.22 2.22.0 2.23.0 2.23 linux-amd64 2.23.0-linux-amd64 2.22.0-linux-amd64 1.10.0`,
    [
      ['2.22.0', 'semver:minor', '2.23.0'],
      ['1.10.0', 'semver:minor', '1.10.1'],
      ['2.22', 'semver:minor', '2.23'],
    ],
  ),
];
