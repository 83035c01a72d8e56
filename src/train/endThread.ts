/**
 * End the worker thread this runs in with an error, never to return: an engine's heap
 * never shrinks and may be in any state, so the next question gets a new one.
 */
export const endThread = (error: unknown): Promise<never> =>
  new Promise(() => {
    setImmediate(() => {
      throw error;
    });
  });
