#!/usr/bin/env node
import path from 'node:path';
import { prepare, ROOT, runNode } from './bootstrap.mjs';

const node = prepare({ development: false });
const program = path.join(ROOT, 'cli/main.ts');
const args = ['--disable-warning=ExperimentalWarning', program, ...process.argv.slice(2)];
process.exitCode = await runNode(node, args, { tether: true });
