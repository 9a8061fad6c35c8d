/** Whom a verb asks and where it says what, loaded when it runs: completion and help need neither. */
export async function context() {
  const [{ client }, { account }, { processVoice }] = await Promise.all([
    import('./client.ts'),
    import('./settings.ts'),
    import('./output.ts'),
  ]);
  return { panel: client(account(), processVoice.err), voice: processVoice };
}
