const WINDOWS = 'for Windows containers only; the command line refuses it for a Linux engine';
const CLIENT = 'says what the command line itself does; nothing of it reaches the container';

/** Flags of `docker run` that no shape has, each with its reason. */
export const UNUSED_FLAGS: Readonly<Record<string, string>> = {
  '--help': CLIENT,
  '--quiet': CLIENT,
  '--pull': CLIENT,
  '--sig-proxy': CLIENT,
  '--detach-keys': CLIENT,
  '--disable-content-trust': CLIENT,
  '--cpu-count': WINDOWS,
  '--cpu-percent': WINDOWS,
  '--io-maxbandwidth': WINDOWS,
  '--io-maxiops': WINDOWS,
  '--blkio-weight': 'kernels without the control group’s weights: the engine drops it before it keeps the container',
  '--blkio-weight-device': 'the same as --blkio-weight',
  '--storage-opt': 'the engine refuses it where its storage is not XFS with project quotas',
  '--annotation': 'newer than Engine 20.10: the engine must speak API 1.43',
  '--health-start-interval': 'newer than Engine 20.10: the engine must speak API 1.44',
  '--use-api-socket': 'newer than 20.10’s command line; a bind of the engine’s socket, which shape `bind` stands for',
};
