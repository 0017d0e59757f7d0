import type { Family, Shape } from './shape.ts';

function run(name: string, about: string, options: string[], more: Partial<Shape> = {}): Shape {
  return { name, about, made: { by: 'run', options }, ...more };
}

/** Never started: this machine can't run it, but the engine keeps its settings all the same. */
function created(name: string, about: string, options: string[]): Shape {
  return { name, about, made: { by: 'create', options } };
}

/** Limits, privileges, devices and all that an operator can say of how a container runs. */
export const RESOURCES: Family = {
  name: 'resources',
  shapes: [
    run('cpu-quota', 'CPU period and quota, shares, pinned to a processor', [
      ...['--cpu-period', '100000', '--cpu-quota', '50000', '--cpu-shares', '512'],
      ...['--cpuset-cpus', '0', '--cpuset-mems', '0'],
    ]),
    run('cpus', 'CPUs as a decimal', ['--cpus', '0.75']),
    run(
      'memory',
      'memory limit, reservation, swap, swappiness 0, no OOM killer',
      [
        ...['--memory', '64m', '--memory-reservation', '32m', '--memory-swap', '128m', '--memory-swappiness', '0'],
        ...['--oom-kill-disable', '--oom-score-adj=250', '--kernel-memory', '48m'],
      ],
      { inside: ['cat /proc/self/oom_score_adj'] },
    ),
    run('unlimited', 'limits that say “none”', ['--memory', '64m', '--memory-swap=-1', '--pids-limit=-1']),
    run(
      'pids-and-ulimits',
      'process limit, ulimits, shared memory',
      [...['--pids-limit', '64', '--ulimit', 'nofile=256:512', '--ulimit', 'nproc=128', '--shm-size', '32m']],
      {
        inside: [
          'grep -e "open files" -e processes /proc/1/limits',
          'busybox df -k /dev/shm | tail -n 1 | busybox awk "{print \\$2}"',
        ],
      },
    ),
    run('disk-rates', 'limits of reading from and writing to a device', [
      ...['--device-read-bps', '/dev/loop0:1mb', '--device-read-iops', '/dev/loop0:100'],
      ...['--device-write-bps', '/dev/loop0:2mb', '--device-write-iops', '/dev/loop0:200'],
    ]),
    run(
      'devices',
      'a device under another name, a rule for others',
      [...['--device', '/dev/zero:/dev/nothing:r', '--device', '/dev/full', '--device-cgroup-rule', 'c 42:* rmw']],
      { inside: ['ls -l /dev/nothing /dev/full | busybox awk "{print \\$1, \\$5, \\$6, \\$NF}"'] },
    ),
    run(
      'capabilities',
      'capabilities added and dropped, no new privileges',
      [
        ...['--cap-add', 'NET_ADMIN', '--cap-add', 'SYS_TIME', '--cap-drop', 'MKNOD', '--cap-drop', 'AUDIT_WRITE'],
        ...['--security-opt', 'no-new-privileges'],
      ],
      { inside: ['grep -E "Cap|NoNewPrivs" /proc/self/status'] },
    ),
    run('drop-all', 'every capability dropped but one', ['--cap-drop', 'ALL', '--cap-add', 'CHOWN'], {
      inside: ['grep Cap /proc/self/status'],
    }),
    run('seccomp-profile', 'a seccomp profile of its own', ['--security-opt', 'seccomp={dir}/profile.json'], {
      files: { 'profile.json': '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[]}' },
    }),
    run('unconfined', 'system paths and seccomp unconfined, no labels', [
      ...['--security-opt', 'systempaths=unconfined', '--security-opt', 'seccomp=unconfined'],
      ...['--security-opt', 'label=disable'],
    ]),
    run('sysctls', 'kernel parameters', ['--sysctl', 'net.core.somaxconn=1024', '--sysctl', 'kernel.shmmax=1000000'], {
      inside: ['cat /proc/sys/net/core/somaxconn /proc/sys/kernel/shmmax'],
    }),
    run('read-only-root', 'read-only root with a tmpfs', ['--read-only', '--tmpfs', '/run:rw,size=1m,mode=1777'], {
      inside: ['touch /x 2>&1; touch /run/x && echo writable', 'grep " /run " /proc/mounts'],
    }),
    run('init', 'an init process, stop signal and time-out', [
      '--init',
      '--stop-signal',
      'SIGKILL',
      '--stop-timeout',
      '3',
    ]),
    run('init-off', 'an init process turned off, no time to stop', ['--init=false', '--stop-timeout', '0']),
    run('namespaces', 'host’s process, IPC, UTS and user namespaces, private control groups', [
      ...['--pid', 'host', '--ipc', 'host', '--uts', 'host', '--userns', 'host', '--cgroupns', 'private'],
    ]),
    run('shareable-ipc', 'IPC that others may join, the host’s control groups', [
      '--ipc',
      'shareable',
      '--cgroupns',
      'host',
    ]),
    run(
      'identity',
      'user, groups, directory, host and domain name',
      [
        ...['--user', '1000:1000', '--group-add', '2000', '--group-add', '3000', '--workdir', '/srv/work'],
        ...['--hostname', 'chosen', '--domainname', 'example.org'],
      ],
      { inside: ['id', 'pwd', 'hostname', 'cat /etc/hostname'] },
    ),
    run('terminal', 'a terminal and an open standard input', ['--tty', '--interactive']),
    {
      name: 'attached',
      about: 'run in the foreground, with output attached',
      made: { by: 'attached run', options: ['--attach', 'stdout', '--attach', 'stderr'] },
    },
    run(
      'variables',
      'variables from flags, files and the shell; labels from a file',
      [
        ...['--env', 'WITH_EQUALS=a=b=c', '--env', 'EMPTY=', '--env', 'FROM_SHELL', '--env', 'APP_VERSION=mine'],
        ...['--env-file', '{dir}/variables', '--label', 'single', '--label', 'quoted=say "hi", $HOME'],
        ...['--label', 'org.example.version=mine', '--label-file', '{dir}/labels'],
      ],
      {
        files: { variables: 'FROM_FILE=1\nLINE=a b  c\n', labels: 'from-file=yes\ndotted.key.x=1\n' },
        keeps: ['Config.Env.APP_VERSION', 'Config.Labels.org.example.version'],
        inside: ['env | grep -v -e HOSTNAME | busybox sort'],
      },
    ),
    run('logging', 'rotated log files', [
      ...['--log-driver', 'json-file', '--log-opt', 'max-size=1m', '--log-opt', 'max-file=3'],
      ...['--log-opt', 'tag={{.Name}}/{{.ID}}'],
    ]),
    run('log-local', 'another log driver', ['--log-driver', 'local', '--log-opt', 'compress=false']),
    run('log-none', 'no log at all', ['--log-driver', 'none']),
    run('control-group', 'a control group of its own, another runtime', [
      ...['--cgroup-parent', '{cgroup}/shapes', '--runtime', 'io.containerd.runc.v2'],
    ]),
    run('platform', 'a platform, isolation and an id file', [
      ...['--platform', 'linux/amd64', '--isolation', 'default', '--cidfile', '{dir}/container-id'],
    ]),
    run('health-check', 'a health check of its own', [
      ...['--health-cmd', 'test -d /bin', '--health-interval', '1s', '--health-timeout', '2s', '--health-retries', '4'],
      ...['--health-start-period', '3s'],
    ]),
    run(
      'updated-by-hand',
      '`docker update` and `docker rename` since it was made',
      ['--memory', '64m', '--name', '{name}-first'],
      {
        afterwards: [
          ['rename', '{name}-first', '{name}'],
          [
            'update',
            '--memory',
            '96m',
            '--memory-swap',
            '96m',
            '--cpu-shares',
            '256',
            '--restart',
            'on-failure:7',
            '{name}',
          ],
        ],
      },
    ),
    ...['no', 'always', 'unless-stopped', 'on-failure:5'].map((policy) =>
      run(`restart-${policy.replace(':', '-')}`, `restart policy ${policy}`, ['--restart', policy]),
    ),
    created('gpus', 'graphics processors (this machine has none)', ['--gpus', 'device=0']),
    created('privileged', 'every privilege (this machine lacks some)', ['--privileged']),
    created('real-time', 'real-time CPU (this kernel gives none)', [
      '--cpu-rt-period',
      '1000000',
      '--cpu-rt-runtime',
      '1000',
    ]),
  ],
};
