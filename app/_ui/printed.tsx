/** Whatever a container printed: shown as text, without its colours. */
export function Printed({ title, text }: { title: string; text: string }) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const plain = text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replace(/[\u0000-\u0008\u000b-\u001f]/g, '');
  return (
    <section>
      <h3 className="mb-1 text-[13px] font-[550]">{title}</h3>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
        tabIndex={0}
        className="max-h-48 overflow-auto rounded-md bg-sunk p-2 text-xs whitespace-pre-wrap [overflow-wrap:anywhere]"
      >
        {plain}
      </pre>
    </section>
  );
}
