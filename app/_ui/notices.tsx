'use client';
import { CircleAlert, CircleCheck, Info } from 'lucide-react';
import { Toaster } from 'sonner';

/** Where notices appear: below on a large screen, above the menu on a phone. */
export function Notices() {
  return (
    <Toaster
      // On a phone a dialog's buttons and refusals stand where notices do: those wait below it.
      className="max-md:z-40!"
      position="bottom-right"
      offset={20}
      mobileOffset={{ bottom: 76, left: 12, right: 12 }}
      visibleToasts={4}
      icons={{
        success: <CircleCheck aria-hidden className="size-[18px] text-good" />,
        error: <CircleAlert aria-hidden className="size-[18px] text-bad" />,
        info: <Info aria-hidden className="size-[18px] text-busy" />,
      }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast: 'card font-sans flex w-full items-start gap-3 p-3.5 pr-9 text-[13.5px] shadow-pop md:w-[356px]',
          content: 'min-w-0 flex-1',
          title: 'font-semibold [overflow-wrap:anywhere]',
          description: 'text-[13px] text-muted [overflow-wrap:anywhere]',
          icon: 'mt-px shrink-0',
          closeButton:
            'absolute! top-2! right-2! left-auto! grid size-7! transform-none! place-items-center rounded-md! border-0! bg-transparent! text-muted! hover:bg-sunk!',
        },
      }}
    />
  );
}
