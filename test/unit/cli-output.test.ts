import { describe, expect, it } from '@jest/globals';
import { formatBytes, formatDuration, formatVersion } from '../../cli/output/amounts.ts';
import { closeNames } from '../../cli/output/close-names.ts';
import { exitCodeOf } from '../../cli/output/exit-codes.ts';
import { renderTable } from '../../cli/output/table.ts';
import type { UpdateStatus } from '../../contracts/update.ts';

const colour = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

describe('a table', () => {
  const headings = ['NAME', 'IMAGE', 'WHY'];
  const rows = [
    ['web', 'nginx:1.25', 'the registry has a newer image for this tag'],
    ['database', 'pg', '-'],
  ];

  it('aligns its columns and keeps every row on one line in a pipe', () => {
    expect(renderTable(headings, rows).replaceAll(colour, '').split('\n')).toEqual([
      'NAME      IMAGE       WHY',
      'web       nginx:1.25  the registry has a newer image for this tag',
      'database  pg          -',
    ]);
  });

  it('wraps the last column on a narrow terminal', () => {
    const lines = renderTable(headings, rows, 62).replaceAll(colour, '').split('\n');
    expect(lines).toHaveLength(4);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(62);
  });

  it('puts the last column below its row where hardly any room is left', () => {
    expect(renderTable(headings, rows, 40).replaceAll(colour, '').split('\n')).toEqual([
      'NAME      IMAGE',
      'web       nginx:1.25',
      '  the registry has a newer image for this tag',
      'database  pg',
      '  -',
    ]);
  });

  it('is a heading alone when there are no rows', () => {
    expect(renderTable(headings, []).replaceAll(colour, '')).toBe('NAME  IMAGE  WHY');
  });
});

describe('close names', () => {
  const known = ['web', 'web-api', 'database', 'mail', 'jobs'];

  it.each([
    ['wbe', ['web']],
    ['wxy', []],
    ['wed', ['web']],
    ['databse', ['database']],
    ['data', ['database']],
    ['WEB', ['web', 'web-api']],
    ['job', ['jobs']],
    ['zzz', []],
  ])('for %s are %j', (typed, expected) => {
    expect(closeNames(typed, known)).toEqual(expected);
  });
});

describe('the exit code', () => {
  it.each<[UpdateStatus[], number]>([
    [[], 0],
    [['success', 'up_to_date'], 0],
    [['success', 'rollback'], 2],
    [['rollback', 'failed'], 1],
    [['failed'], 1],
    [['cancelled'], 1],
    [['expired'], 1],
    [['waiting', 'running'], 0],
  ])('of %j is %i', (statuses, expected) => {
    expect(exitCodeOf(statuses)).toBe(expected);
  });
});

describe('amounts', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [999_960, '1.0 MB'],
    [3_140_000, '3.1 MB'],
    [7.2e12, '7.2 TB'],
  ])('%d bytes are %s', (bytes, expected) => {
    expect(formatBytes(bytes)).toBe(expected);
  });

  it.each([
    [0, '0 ms'],
    [85.4, '85 ms'],
    [400, '0.4 s'],
    [59_960, '1 m 00 s'],
    [185_000, '3 m 05 s'],
    [7_800_000, '2 h 10 m'],
  ])('%d milliseconds are %s', (milliseconds, expected) => {
    expect(formatDuration(milliseconds)).toBe(expected);
  });

  it('shows an image by its reference and the start of its digest', () => {
    const digest = `sha256:${'0123456789ab'.repeat(5)}0123`;
    expect(formatVersion({ reference: 'nginx:1.25', digest })).toBe('nginx:1.25@0123456789ab');
    expect(formatVersion({ reference: `nginx@${digest}`, digest })).toBe('nginx@0123456789ab');
    expect(formatVersion({ reference: 'mine', digest: null })).toBe('mine');
    expect(formatVersion(null)).toBe('-');
  });
});
