import type Docker from 'dockerode';

export interface AliasProbe {
  /** Ends the probing once the alias has answered again. @returns the longest time without an answer, in milliseconds */
  stop(): Promise<number>;
}

/**
 * Asks for a page by an alias from a container in the same network, again and again, so that names are resolved as
 * neighbours resolve them. Each answer is a line; what lies between two lines as they arrive here is measured.
 * @param image an image with busybox
 */
export async function probeByAlias(
  docker: Docker,
  { image, network, alias }: { image: string; network: string; alias: string },
): Promise<AliasProbe> {
  const container = await docker.createContainer({
    Image: image,
    Cmd: ['sh', '-c', `while :; do wget -q -T 1 -O /dev/null http://${alias}/ && echo answered; done`],
    StopSignal: 'SIGKILL',
    HostConfig: { NetworkMode: network },
  });
  const stream = await container.attach({ stream: true, stdout: true });
  let last: number | null = null;
  let longest = 0;
  let onAnswer: () => void = () => undefined;
  stream.on('data', () => {
    const now = performance.now();
    if (last !== null) longest = Math.max(longest, now - last);
    last = now;
    onAnswer();
  });
  const nextAnswer = () =>
    new Promise<void>((resolve) => {
      onAnswer = resolve;
    });
  const first = nextAnswer();
  await container.start();
  await first;
  return {
    async stop() {
      await nextAnswer();
      await container.remove({ force: true });
      return longest;
    },
  };
}
