// The layer rules of docs/architecture.md. tests/architecture.test.ts plants a violation of each and sees it caught;
// every rule's comment names the remedy.

/** Adapters of the agent: composed by actions, never by each other. */
const adapters = [
  'runtime',
  'cgroups',
  'layers',
  'volumes',
  'rootfs',
  'network',
  'backup',
  'templates',
  'console',
  'metrics',
  'monitor',
  'lxcfs',
  'files',
];

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Split what both need into a third file.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'contract-stands-alone',
      comment:
        'lib/contract is shared by browser, portal, agent and command line: zod (and canonicalize and node:crypto in args-hash, node:net in addresses) only.',
      severity: 'error',
      from: { path: '^lib/contract/' },
      to: {
        pathNot: [
          '^lib/contract/',
          'node_modules/(zod|canonicalize)/',
          '^crypto$',
          '^node:crypto$',
          '^net$',
          '^node:net$',
        ],
      },
    },
    {
      name: 'agent-knows-only-the-contract',
      comment: 'The agent runs where the portal does not: move what both need into lib/contract.',
      severity: 'error',
      from: { path: '^agent/' },
      to: { path: '^(app|lib|server|cli|drizzle|tests)/', pathNot: '^lib/contract/' },
    },
    ...adapters.map((name) => ({
      name: `adapter-${name}-alone`,
      comment: 'Adapters do not import each other; let agent/actions pass what is needed.',
      severity: 'error',
      from: { path: `^agent/${name}/` },
      to: {
        path: `^agent/(${adapters.filter((other) => other !== name).join('|')}|actions|reconcile|http|store|sim)/`,
      },
    })),
    {
      name: 'one-door-to-the-system',
      comment: 'Effects go through agent/sys, where they have a name and a fault point.',
      severity: 'error',
      from: { path: '^agent/', pathNot: '^agent/sys/' },
      to: { path: '^(node:)?(child_process|net|sqlite|worker_threads)$|node_modules/koffi/' },
    },
    {
      name: 'lib-below-app',
      comment: 'lib is the domain; it knows neither pages nor processes nor the agent.',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(app|agent|server|cli|tests)/' },
    },
    {
      name: 'one-importer-of-next-auth',
      comment: 'Ask lib/auth instead.',
      severity: 'error',
      from: { pathNot: '^(lib/auth|tests)/' },
      to: { path: 'node_modules/(next-auth|@auth/core)/' },
    },
    {
      name: 'agent-client-for-workflows',
      comment: 'Pages and routes call verbs; only verbs, workflows and composition roots talk to agents.',
      severity: 'error',
      from: { path: '^app/' },
      to: { path: '^lib/(agent-client|grants|workflows|db)/' },
    },
    {
      name: 'interface-knows-contract-only',
      comment: 'Components of the design system take contract types and speak; data comes in as properties.',
      severity: 'error',
      from: { path: '^app/_ui/' },
      to: {
        path: '^(lib|server|agent|cli|drizzle)/',
        pathNot: ['^lib/contract/(?!args-hash|addresses)', '^lib/language/(?!ambient)'],
      },
    },
    {
      name: 'language-in-the-browser-too',
      comment:
        'What is said is said in browsers, by the portal and by the worker: words only. On a server ambient.ts knows whose request it is.',
      severity: 'error',
      from: { path: '^lib/language/', pathNot: '^lib/language/ambient' },
      to: {
        pathNot: [
          '^lib/(language|contract)/(?!ambient|args-hash|addresses)',
          '^lib/process-slot',
          'node_modules/(intl-messageformat|@formatjs|zod)/',
        ],
      },
    },
    {
      name: 'access-is-pure',
      comment: 'Policy is data: no database, no network, no clock from elsewhere.',
      severity: 'error',
      from: { path: '^lib/access/' },
      to: { pathNot: ['^lib/(access|contract)/', 'node_modules/zod/'] },
    },
    {
      name: 'client-stands-alone',
      comment: 'clients/typescript is copied by others: it knows nothing but itself.',
      severity: 'error',
      from: { path: '^clients/typescript/' },
      to: { pathNot: '^clients/typescript/' },
    },
    {
      name: 'product-free-of-tests',
      comment: 'Fakes are handed in by tests; the product does not know them.',
      severity: 'error',
      from: { path: '^(app|lib|agent|server|drizzle)/' },
      to: { path: '^tests/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(\\.next|\\.build)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
