import type Docker from 'dockerode';

export interface AliasProbe {
  /** Ends the probing once the alias has answered again. @returns the longest time without an answer, in milliseconds */
  stop(): Promise<number>;
}

/** One question doesn't wait for the last one, which may hang on an address that nobody has any more. */
const EVERY_MICROSECONDS = 20_000;

/** Resolved by a program of its own: a statically linked one has no resolver of the C library's. */
function askOnce(alias: string): string {
  const address = `$(nslookup -type=a ${alias} 127.0.0.11 2>/dev/null | awk '/^Name/{n=1} n&&/^Address/{print $2; exit}')`;
  return `a=${address}; [ -n "$a" ] && printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 1 "$a" 80 | grep -q ' 200 '`;
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
    Cmd: ['sh', '-c', `while :; do (${askOnce(alias)} && echo answered) & usleep ${EVERY_MICROSECONDS}; done`],
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
