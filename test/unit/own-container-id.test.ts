import { describe, expect, it } from '@jest/globals';
import { type OwnTraces, ownContainerIds } from '../../domain/own-container-id.ts';

const ID = 'e3c3fa73eabec3d1de47e2fb94d2e6d2bd304db5a2d2b3b4ef368d0352d67782';
const OTHER = 'f3278e41bae20d59124f956db5ee42a48b74cd406960907d698a3442cf080a31';

const found = (traces: Partial<OwnTraces>) =>
  ownContainerIds({ mountinfo: '', cgroup: '', hostname: 'shop', ...traces });

/** Lines as a container sees them: its root, something of the kernel's, a volume, and what the engine mounts. */
const mountinfo = (folder: string) =>
  [
    '620 500 0:184 / / rw,relatime master:18 - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/4KL2:/var/lib/docker/overlay2/l/J654,upperdir=/var/lib/docker/overlay2/6bff/diff,workdir=/var/lib/docker/overlay2/6bff/work',
    '625 624 0:200 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw,mode=755',
    '637 620 254:0 /var/lib/docker/volumes/136b06f971c163d82ccf204ca22b901daa586012df75bf3b4597075c04659ebf/_data /vol rw,relatime master:17 - ext4 /dev/vda rw,discard',
    `639 620 254:0 ${folder}/resolv.conf /etc/resolv.conf rw,relatime - ext4 /dev/vda rw,discard`,
    `640 620 254:0 ${folder}/hostname /etc/hostname rw,relatime - ext4 /dev/vda rw,discard`,
    `641 620 254:0 ${folder}/hosts /etc/hosts rw,relatime - ext4 /dev/vda rw,discard`,
  ].join('\n');

describe('the id of the container that this process runs in', () => {
  it.each([
    ['Docker', `/var/lib/docker/containers/${ID}`],
    ['a moved data root', `/mnt/containers/docker/containers/${ID}`],
    ['Podman', `/var/lib/containers/storage/overlay-containers/${ID}/userdata`],
    ['Docker in Docker', `/var/lib/docker/volumes/inner/_data/containers/${ID}`],
  ])('is in the mounts of %s', (_engine, folder) => expect(found({ mountinfo: mountinfo(folder) })).toEqual([ID]));

  it.each([
    ['version 1', `9:name=systemd:/docker/${ID}\n8:pids:/docker/${ID}\n0::/docker/${ID}`],
    ['version 1 with another parent', `9:name=systemd:/docker-auto-ec1204ee/${ID}`],
    ['version 2 by systemd', `0::/system.slice/docker-${ID}.scope`],
    ['Podman', `0::/machine.slice/libpod-${ID}.scope/container`],
    ['a pod', `11:memory:/kubepods/besteffort/pod8e8e1f4c-7a0a-4d7e-9b1a-2d1f3c4b5a69/${ID}`],
    ['a pod by systemd', `0::/kubepods.slice/kubepods-pod8e8e1f4c.slice/cri-containerd-${ID}.scope`],
  ])('is in the control groups of %s', (_kind, cgroup) => expect(found({ cgroup })).toEqual([ID]));

  it('may be the host name, which is asked for last', () => {
    expect(found({ hostname: ID.slice(0, 12) })).toEqual([ID.slice(0, 12)]);
    expect(found({ mountinfo: mountinfo(`/var/lib/docker/containers/${ID}`), hostname: OTHER.slice(0, 12) })).toEqual([
      ID,
      OTHER.slice(0, 12),
    ]);
  });

  it('is nowhere on a bare machine, although it sees the mounts of all its containers', () => {
    const machine = [
      '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard',
      `812 27 0:52 / /var/lib/docker/containers/${OTHER}/mounts/shm rw,nosuid - tmpfs shm rw,size=65536k`,
      '813 27 0:49 / /var/lib/docker/overlay2/6bff/merged rw,relatime - overlay overlay rw',
    ].join('\n');
    const cgroup = '9:name=systemd:/user.slice/user-1000.slice/session-3.scope\n0::/user.slice/user-1000.slice';
    expect(found({ mountinfo: machine, cgroup })).toEqual([]);
  });

  it('is nowhere in a control group name space of its own', () => {
    expect(found({ cgroup: '0::/' })).toEqual([]);
  });
});
