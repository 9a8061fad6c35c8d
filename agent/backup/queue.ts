/** Work on one thing: any number of readers together, or one writer alone, in the order they came. */
class Queue {
  #writers: Promise<unknown> = Promise.resolve();
  readonly #readers = new Set<Promise<unknown>>();

  shared<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#writers.then(work);
    const over = result.catch(() => {}).finally(() => this.#readers.delete(over));
    this.#readers.add(over);
    return result;
  }

  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = Promise.all([this.#writers, ...this.#readers]).then(work);
    this.#writers = result.catch(() => {});
    return result;
  }
}

/** One {@link Queue} per name, for the life of the process. */
export function createQueues(): (name: string) => Queue {
  const queues = new Map<string, Queue>();
  return (name) => {
    const queue = queues.get(name) ?? new Queue();
    queues.set(name, queue);
    return queue;
  };
}
