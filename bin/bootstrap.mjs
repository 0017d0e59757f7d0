// Plain JavaScript on purpose: this file runs on the Node that the machine has, before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const MODULES = path.join(ROOT, 'node_modules');
const WANTED_MAJOR = 24;
const OLDEST_MAJOR = 20;
/** npm explains itself first and then prints its whole manual. */
const SHOWN_LINES = 20;

/**
 * Makes sure that the locked dependencies are installed and returns the path of a Node 24 to run the program with.
 * Says one line when it has to install; npm's own output is shown only when it fails. Ends this process with code 1
 * and a message when the machine can't be set up.
 * @param {{ development: boolean }} options `development` also asks for the packages that only tests and checks need.
 * @returns {string}
 */
export function prepare({ development }) {
  if (major(process.versions.node) < OLDEST_MAJOR) {
    stopWith(`docker-auto needs Node ${OLDEST_MAJOR} or newer to start; this is ${process.versions.node}.`);
  }
  if (!dependenciesAreCurrent(development)) installDependencies();
  return findNode() ?? installNode();
}

/**
 * Runs `node args…` with the terminal passed through and answers with its exit code (128 + signal when one ended it).
 * @param {string} node
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, tether?: boolean }} [options] `tether` opens an IPC channel: when this process is
 *   killed, the child sees it close and can stop in good order.
 * @returns {Promise<number>}
 */
export function runNode(node, args, { env = {}, tether = false } = {}) {
  const child = spawn(node, args, {
    stdio: tether ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit',
    env: { ...process.env, ...env, PATH: [path.dirname(node), process.env.PATH].filter(Boolean).join(path.delimiter) },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // On a terminal Ctrl-C reaches the whole foreground group, so the child has it already.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  return new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`docker-auto could not run ${node}: ${error.message}\n`);
      resolve(1);
    });
    child.once('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]));
  });
}

/** Written into node_modules after an install: the lock file's hash, since npm's own record of it isn't always there. */
const STAMP = path.join(MODULES, '.docker-auto-installed');

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(path.join(ROOT, 'package-lock.json')))
    .digest('hex');
}

/**
 * Whether what is installed is what the lock file says. Somebody's own `npm ci` counts by npm's record of it.
 * @param {boolean} development
 */
function dependenciesAreCurrent(development) {
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lockHash()) return true;
  const installedPath = path.join(MODULES, '.package-lock.json');
  if (!existsSync(installedPath)) return false;
  const locked = readJson(path.join(ROOT, 'package-lock.json')).packages;
  const installed = readJson(installedPath).packages;
  return Object.entries(locked).every(([folder, wanted]) => {
    if (folder === '') return true;
    const present = installed[folder];
    if (present !== undefined) return present.version === wanted.version;
    // Packages for other platforms are left out by npm, and a production install has no development ones.
    return wanted.optional === true || wanted.peer === true || (wanted.dev === true && !development);
  });
}

function installDependencies() {
  process.stderr.write('docker-auto: installing its dependencies with npm (about a minute, only this once)…\n');
  const npm = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (npm.error !== undefined) {
    stopWith(
      `docker-auto could not run npm (${npm.error.message}). Install npm, which comes with Node, and try again.`,
    );
  }
  if (npm.status !== 0) {
    process.stderr.write(`${npm.stderr.trim().split('\n').slice(0, SHOWN_LINES).join('\n')}\n`);
    stopWith('docker-auto could not install its dependencies; npm said why above. Is the package registry reachable?');
  }
  writeFileSync(STAMP, lockHash());
}

/** @returns {string | null} */
function findNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const builds = ['node', 'node-bin'].map((prefix) => `${prefix}-${platform}-${process.arch}/bin/node`);
  const places = [
    path.join(MODULES, 'node/bin/node'),
    ...builds.map((build) => path.join(MODULES, 'node/node_modules', build)),
    ...builds.map((build) => path.join(MODULES, build)),
  ];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  return major(process.versions.node) >= WANTED_MAJOR ? process.execPath : null;
}

/** npm can be told to run no install scripts; then the package `node` is there without its binary. */
function installNode() {
  process.stderr.write(`docker-auto: fetching Node ${WANTED_MAJOR} (about half a minute, only this once)…\n`);
  const installer = spawnSync(process.execPath, ['installArchSpecificPackage.js'], {
    cwd: path.join(MODULES, 'node'),
    encoding: 'utf8',
    env: { ...process.env, npm_config_ignore_scripts: 'false' },
  });
  const found = findNode();
  if (found !== null) return found;
  process.stderr.write(`${installer.stdout ?? ''}${installer.stderr ?? ''}`);
  return stopWith(
    `docker-auto found no Node ${WANTED_MAJOR} and could not fetch it. Install Node ${WANTED_MAJOR} yourself and run it again.`,
  );
}

/** @param {string} version */
function major(version) {
  return Number.parseInt(version, 10);
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** @param {string} message @returns {never} */
function stopWith(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
