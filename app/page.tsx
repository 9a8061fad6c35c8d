import { redirect } from 'next/navigation';
import { actorFor, readerOf } from './_page/reader.ts';

/** Everybody's first page is the first entry of their menu. */
export default async function Page() {
  const { areas } = await readerOf(await actorFor('/'));
  redirect(areas[0]?.href ?? '/account');
}
