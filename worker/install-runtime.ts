import { DefaultLogger, type LogEntry, makeTelemetryFilterString, Runtime } from '@temporalio/worker';

/** Of what the SDK tells, only what somebody must act on; a worker of activities alone is what we want. */
function worthTelling({ level, message }: LogEntry): boolean {
  return (level === 'WARN' || level === 'ERROR') && !message.startsWith('No workflows registered');
}

let installed = false;

/** Sends the SDK's own log lines to `log` (warnings and errors only). Once per process; later calls change nothing. */
export function installRuntime(log: (line: string) => void): void {
  if (installed) return;
  installed = true;
  const logger = new DefaultLogger('WARN', (entry) => {
    if (worthTelling(entry)) log(`temporal: ${entry.message}`);
  });
  // Signals are the command line's business: it stops the workers in order.
  // Left to itself, the SDK's core writes to standard output, between the lines of a person or into a script's JSON.
  const logging = { filter: makeTelemetryFilterString({ core: 'WARN' }), forward: {} };
  Runtime.install({ logger, shutdownSignals: [], telemetryOptions: { logging } });
}
