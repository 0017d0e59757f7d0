#!/usr/bin/env node
// The repository's own chores: `node bin/run.mjs test|check|coverage|bench|drill|shapes|format [arguments]`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { prepare, ROOT, runNode } from './bootstrap.mjs';

const QUIET = '--disable-warning=ExperimentalWarning';
const CODE_FOLDERS = 'domain contracts workflows activities api worker db embedded cli test bench bin'.split(' ');

const chores = {
  test: runTests,
  check: runChecks,
  coverage: (node, args) =>
    args[0] === 'docker' ? measureDockerCoverage(node, args.slice(1)) : measureCoverage(node, args),
  mutation: (node, args) => mutateRecreateRules(node, args),
  bench: (node, args) => runNode(node, [QUIET, 'bench/main.ts', ...args]),
  drill: (node, args) =>
    runNode(node, [QUIET, args.includes('--many') ? 'test/drill/many/main.ts' : 'test/drill/main.ts', ...args]),
  shapes: (node, args) => runNode(node, [QUIET, 'test/shapes/main.ts', ...args]),
  format: (node) => runTool(node, '@biomejs/biome/bin/biome', ['check', '--write', '.']),
};

const [chore = '', ...rest] = process.argv.slice(2);
const run = chores[chore];
if (run === undefined) {
  process.stderr.write(`node bin/run.mjs ${Object.keys(chores).join('|')}: there is no "${chore}".\n`);
  process.exit(1);
}
process.chdir(ROOT);
process.exitCode = await run(prepare({ development: true }), rest);

function runTests(node, args) {
  // Unit tests touch nothing, so a run of them alone needs nothing of the machine either.
  const unitOnly =
    args.some((arg) => arg.startsWith('test/')) &&
    args.every((arg) => !arg.startsWith('test/') || arg.startsWith('test/unit'));
  const temporalCli = unitOnly ? null : prepareMachine(node);

  // Two workers: the suites start real engines and databases, and more of them at once only wait for each other.
  // The reporters come first: as a list they would take a following file name for one of theirs.
  const reporters = ['--reporters=default', '--reporters=<rootDir>/test/summary-reporter.mjs'];
  return runTool(node, 'jest/bin/jest.js', [...reporters, '--config=jest.config.mjs', '--maxWorkers=2', ...args], {
    env: {
      NODE_OPTIONS: [process.env.NODE_OPTIONS, '--experimental-vm-modules', QUIET].filter(Boolean).join(' '),
      ...(temporalCli === null ? {} : { TEMPORAL_CLI: temporalCli }),
    },
  });
}

/** How much of the pure core the unit tests reach; fails below 95 % of its lines or branches. */
function measureCoverage(node, args) {
  const wanted = [
    ...['--selectProjects=unit', '--coverage', '--collectCoverageFrom=domain/**/*.ts', '--coverageReporters=text'],
    `--coverageThreshold=${JSON.stringify({ global: { lines: 95, branches: 95 } })}`,
  ];
  return runTool(node, 'jest/bin/jest.js', ['--config=jest.config.mjs', '--maxWorkers=2', ...wanted, ...args], {
    env: { NODE_OPTIONS: [process.env.NODE_OPTIONS, '--experimental-vm-modules', QUIET].filter(Boolean).join(' ') },
  });
}

/**
 * How much of what speaks to the engine is run in the program itself while the integration suites use it, on real engines;
 * fails below 90 % of its lines, and tells of the branches. Takes as long as those suites, some 12 minutes.
 */
async function measureDockerCoverage(node, args) {
  const directory = mkdtempSync(path.join(tmpdir(), 'docker-auto-test-coverage-'));
  process.env.PROGRAM_COVERAGE = directory;
  try {
    const suites = args.length > 0 ? args : ['test/integration'];
    const tested = await runTests(node, suites);
    const reported = await runTool(node, 'c8/bin/c8.js', [
      ...['report', '--temp-directory', directory, '--include', 'activities/docker/**', '--extension', '.ts', '--all'],
      // Types only: nothing in it runs.
      ...['--exclude', 'activities/docker/engine/engine.ts'],
      ...['--reporter', 'text', '--check-coverage', '--lines', '90'],
    ]);
    return tested || reported;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Changes the recreate rules in the ways that Stryker knows, but for what is read once at the start, and sees whether a test notices. */
function mutateRecreateRules(node, args) {
  return runTool(node, '@stryker-mutator/core/bin/stryker.js', ['run', 'test/mutation/stryker.config.mjs', ...args], {
    env: { PROPERTY_RUNS: process.env.PROPERTY_RUNS ?? '60' },
  });
}

/** Installs and builds what is missing; says so as it goes. Ends the run where that fails, since every suite would. */
function prepareMachine(node) {
  const prepared = spawnSync(node, [QUIET, 'test/prepare-machine.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (prepared.status !== 0) process.exit(prepared.status ?? 1);
  return prepared.stdout.trim().split('\n').at(-1);
}

async function runChecks(node) {
  const checks = {
    types: ['typescript/bin/tsc', ['--noEmit', '-p', '.']],
    'lint and format': ['@biomejs/biome/bin/biome', ['check', '.']],
    'import directions': [
      'dependency-cruiser/bin/dependency-cruise.mjs',
      [...CODE_FOLDERS.filter((folder) => existsSync(folder)), '--config', '.dependency-cruiser.mjs'],
    ],
    'unused exports': ['knip/bin/knip.js', []],
  };
  const failed = [];
  for (const [name, [tool, args]] of Object.entries(checks)) {
    process.stdout.write(`\n── ${name}\n`);
    const code = await runTool(node, tool, args);
    if (code > 128) return code;
    if (code !== 0) failed.push(name);
  }
  process.stdout.write(failed.length === 0 ? '\nAll checks passed.\n' : `\nFailed: ${failed.join(', ')}.\n`);
  return failed.length === 0 ? 0 : 1;
}

function runTool(node, tool, args, options = {}) {
  return runNode(node, [path.join(ROOT, 'node_modules', tool), ...args], options);
}
