const lookEveryMs = 500;

type Cancel = {
  wanted(): Promise<boolean>;
  /** Asks the agent to give up. */
  ask(): Promise<unknown>;
  /** Told once: an agent of the version before does not know the order. */
  failed(error: unknown): void;
};

/** Until disposed of: looks whether an operation is to be cancelled, and then asks again and again, for the order to give up may get lost. */
export function heedCancel({ wanted, ask, failed }: Cancel): Disposable {
  let looking = false;
  let told = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    try {
      if (await wanted()) await ask();
    } catch (error) {
      if (!told) failed(error);
      told = true;
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void look(), lookEveryMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
