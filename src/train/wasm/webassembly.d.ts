/** What of the WebAssembly interface is used here: TypeScript has it in the browser's library only. */
declare namespace WebAssembly {
  class Memory {
    constructor(size: { readonly initial: number });
    readonly buffer: ArrayBuffer;
  }
  function validate(bytes: Uint8Array): boolean;
  function instantiate(
    bytes: Uint8Array,
    imports: { readonly env: { readonly memory: Memory } },
  ): Promise<{ readonly instance: { readonly exports: unknown } }>;
}
