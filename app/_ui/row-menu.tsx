'use client';
import { Ellipsis } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { createContext, useCallback, useContext, useMemo, useRef, useState } from 'react';
import { cx } from './cx.ts';

export type MenuItem =
  | {
      label: string;
      /** Why it cannot be chosen now; it stays in the list with the reason below it. */
      reason?: string | null;
      danger?: boolean;
      onSelect: () => void;
    }
  | 'line';

type Open = { x: number; y: number; width: number; height: number; label: string; items: readonly MenuItem[] };
type Menu = {
  open: (button: HTMLButtonElement, label: string, items: readonly MenuItem[]) => void;
  openLabel: string | null;
};
const Context = createContext<Menu | null>(null);

/** One menu for all rows below it: a menu of its own for each row makes a page of fifty three times as slow. */
export function RowMenuProvider({ children }: { children: React.ReactNode }) {
  const [shown, setShown] = useState<Open | null>(null);
  const from = useRef<HTMLButtonElement | null>(null);
  const open = useCallback((button: HTMLButtonElement, label: string, items: readonly MenuItem[]) => {
    const { x, y, width, height } = button.getBoundingClientRect();
    from.current = button;
    setShown({ x, y, width, height, label, items });
  }, []);
  const value = useMemo(() => ({ open, openLabel: shown?.label ?? null }), [open, shown]);
  return (
    <Context value={value}>
      {children}
      {shown !== null && (
        <DropdownMenu.Root open modal={false} onOpenChange={(next) => !next && setShown(null)}>
          <DropdownMenu.Trigger asChild>
            <span
              aria-hidden
              tabIndex={-1}
              className="pointer-events-none fixed"
              style={{ left: shown.x, top: shown.y, width: shown.width, height: shown.height }}
            />
          </DropdownMenu.Trigger>
          <MenuContent items={shown.items} label={shown.label} button={from} />
        </DropdownMenu.Root>
      )}
    </Context>
  );
}

export function RowMenuButton({ label, items }: { label: string; items: readonly MenuItem[] }) {
  const menu = useContext(Context);
  if (menu === null) throw new Error('RowMenuProvider is missing above this component');
  return (
    <button
      type="button"
      aria-label={label}
      aria-haspopup="menu"
      aria-expanded={menu.openLabel === label}
      className="grid size-9 place-items-center rounded-control text-muted hover:bg-sunk hover:text-text max-md:size-11"
      onClick={(event) => menu.open(event.currentTarget, label, items)}
    >
      <Ellipsis aria-hidden className="size-4" />
    </button>
  );
}

/** The same menu with a button of its own, for a page's head. */
export function MenuButton({
  label,
  items,
  children,
}: {
  label: string;
  items: readonly MenuItem[];
  children: React.ReactNode;
}) {
  const button = useRef<HTMLButtonElement | null>(null);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        ref={button}
        aria-label={label}
        className="grid size-9 place-items-center rounded-control border border-line bg-surface text-muted shadow-card hover:bg-sunk hover:text-text max-md:size-11"
      >
        {children}
      </DropdownMenu.Trigger>
      <MenuContent items={items} label={label} button={button} />
    </DropdownMenu.Root>
  );
}

function MenuContent({
  items,
  label,
  button,
}: {
  items: readonly MenuItem[];
  label: string;
  button: React.RefObject<HTMLButtonElement | null>;
}) {
  // Done when the menu has closed and the focus is on its button again: a dialog keeps the focus then, and gives it back there.
  const chosen = useRef<(() => void) | null>(null);
  // Inside the main landmark, so that a screen reader can tell where it is. The server draws no open menu.
  const main = typeof document === 'undefined' ? null : document.getElementById('main');
  return (
    <DropdownMenu.Portal container={main}>
      <DropdownMenu.Content
        align="end"
        sideOffset={4}
        collisionPadding={8}
        aria-label={label}
        className="card pop-in z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-52 max-w-72 overflow-y-auto p-1 shadow-pop"
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          button.current?.focus();
          chosen.current?.();
          chosen.current = null;
        }}
      >
        {items.map((item, index) =>
          item === 'line' ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line has no name and the items never move
            <DropdownMenu.Separator key={index} className="my-1 h-px bg-line" />
          ) : (
            <DropdownMenu.Item
              key={item.label}
              className={cx(
                'cursor-pointer rounded-[6px] px-2.5 py-1.5 outline-none data-highlighted:bg-sunk max-md:py-2.5',
                item.danger && 'text-bad',
                item.reason && 'cursor-not-allowed text-muted',
              )}
              aria-disabled={item.reason ? true : undefined}
              onSelect={(event) => {
                if (item.reason) return event.preventDefault();
                chosen.current = item.onSelect;
              }}
            >
              {item.label}
              {item.reason && <span className="block text-xs">{item.reason}</span>}
            </DropdownMenu.Item>
          ),
        )}
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  );
}
