/** The engine bundle that tests share; `./berth test` makes it before it runs them. */
export const engineDir = process.env.BERTH_ENGINE ?? '/var/cache/berth-test/engine';
