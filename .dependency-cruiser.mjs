/** Who may import whom: the table of folders in the specification's architecture page, as rules. */
const allowed = {
  domain: [],
  contracts: ['domain'],
  workflows: ['contracts', 'domain'],
  activities: ['contracts', 'domain', 'db'],
  api: ['contracts', 'domain', 'db'],
  worker: ['workflows', 'activities', 'contracts', 'domain'],
  db: ['domain'],
  embedded: [],
};
const folders = [...Object.keys(allowed), 'cli', 'test', 'bin', 'bench'];

const directions = Object.entries(allowed).map(([from, to]) => ({
  name: `${from}-imports-only-${to.join('-') || 'itself'}`,
  comment: `${from}/ may import ${to.join(', ') || 'nothing of ours'}`,
  severity: 'error',
  from: { path: `^${from}/` },
  to: {
    path: `^(${folders.filter((folder) => folder !== from && !to.includes(folder)).join('|')})/`,
    dependencyTypesNot: ['type-only'],
  },
}));

export default {
  forbidden: [
    ...directions,
    {
      name: 'type-imports-follow-the-directions-too',
      comment: 'only workflows/ may look at types of another layer (those of activities/)',
      severity: 'error',
      from: { path: '^(domain|contracts|db|embedded)/' },
      to: { path: '^(workflows|activities|api|worker|cli|test)/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'workflows-run-in-a-sandbox',
      comment: 'workflow code and the rules that it uses are bundled: no Node built-ins there',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'api-never-talks-to-docker', severity: 'error', from: { path: '^api/' }, to: { path: 'dockerode' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(node_modules|coverage|dist|\\.cache)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
