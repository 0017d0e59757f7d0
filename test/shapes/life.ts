import type { Family } from './shape.ts';

/** Containers that don't simply run. */
export const LIFE: Family = {
  name: 'life',
  shapes: [
    {
      name: 'stopped',
      about: 'stopped, with data and a published port',
      made: {
        by: 'run',
        options: ['-v', '/data', '-v', '{name}-data:/named', '-p', '127.0.0.1:{port1}:80', '--restart', 'always'],
      },
      writes: ['/data/written', '/named/written'],
      afterwards: [['stop', '{name}']],
    },
    {
      name: 'created',
      about: 'created and never started',
      made: { by: 'create', options: ['-v', '/data', '--network', 'host'] },
    },
    {
      name: 'stopped-in-networks',
      about: 'stopped, in two networks, one with a static address',
      made: { by: 'run', options: ['--network', '{name}-front', '--network-alias', 'web'] },
      before: [
        ['network', 'create', '{name}-front'],
        ['network', 'create', '--subnet', '{pool}.211.0/24', '{name}-back'],
      ],
      afterwards: [
        ['network', 'connect', '--ip', '{pool}.211.7', '--alias', 'api', '{name}-back', '{name}'],
        ['stop', '{name}'],
      ],
    },
    {
      name: 'paused',
      about: 'paused',
      made: { by: 'run', options: ['-v', '{name}-data:/data'] },
      writes: ['/data/written'],
      afterwards: [['pause', '{name}']],
    },
    {
      name: 'auto-remove',
      about: 'removed when it ends, with a named volume',
      made: {
        by: 'run',
        options: ['--rm', '-v', '{name}-data:/data', '--network', '{name}-net', '--network-alias', 'web'],
      },
      before: [['network', 'create', '{name}-net']],
      writes: ['/data/written'],
    },
    {
      name: 'auto-remove-anonymous',
      about: 'removed when it ends, with anonymous volumes',
      image: 'volume',
      made: { by: 'run', options: ['--rm', '-v', '/more', '--mount', 'type=volume,target=/third'] },
      writes: ['/data/written', '/more/written', '/third/written'],
    },
    {
      name: 'one-shot-done',
      about: 'did its work and ended with 0',
      made: {
        by: 'run',
        options: ['--restart', 'no', '-v', '{name}-data:/data'],
        command: ['sh', '-c', 'echo done > /data/written'],
      },
      afterwards: [['wait', '{name}']],
    },
    {
      name: 'one-shot-failed',
      about: 'ended with 3',
      made: { by: 'run', options: [], command: ['sh', '-c', 'exit 3'] },
      afterwards: [['wait', '{name}']],
    },
    {
      name: 'one-shot-running',
      about: 'its new version does its work and ends with 0',
      image: 'job',
      made: { by: 'run', options: ['--restart', 'no'] },
      differences: {
        'State.Status': ['running', 'exited'],
        'State.Running': ['true', 'false'],
      },
    },
  ],
};
