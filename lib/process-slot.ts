/**
 * One value per process, shared by every copy of a module: the custom server and Next's bundles each load their own copy
 * of lib, so a plain module variable would be set in one and missing in another. Set once by a composition root.
 */
export function processSlot<T>(name: string): { set(value: T): void; get(): T; peek(): T | undefined } {
  const key = Symbol.for(`berth.${name}`);
  const store = globalThis as { [key: symbol]: unknown };
  const peek = () => store[key] as T | undefined;
  return {
    set: (value) => {
      store[key] = value;
    },
    get: () => {
      const value = peek();
      if (value === undefined) throw new Error(`this process has no ${name}: its composition root must set it`);
      return value;
    },
    peek,
  };
}
