import { z } from 'zod';
import * as b from '../brands.ts';
import { Id } from '../ids.ts';
import { id, nothing, type Route } from './route.ts';

const hostId = z.object({ id: Id, hostId: Id });
const asset = z.object({ id: Id, asset: b.BrandAsset });

/** Brands: `id` is the reseller's. */
export const brandsRoutes = {
  'brands.get': {
    method: 'GET',
    path: '/brands/{id}',
    summary: 'A reseller’s brand, its names, and where the provider would still show',
    permission: 'brand.read',
    params: id,
    status: 200,
    thing: 'brand',
    response: b.Brand,
  },
  'brands.set': {
    method: 'PUT',
    path: '/brands/{id}',
    summary: 'Set a brand as a whole',
    permission: 'brand.change',
    params: id,
    body: b.SetBrand,
    status: 200,
    thing: 'brand',
    response: b.Brand,
  },
  'brands.setAsset': {
    method: 'PUT',
    path: '/brands/{id}/assets/{asset}',
    summary: 'Put a picture in place: a PNG file, of which the pixels are kept',
    permission: 'brand.change',
    params: asset,
    bytes: 'body',
    status: 200,
    response: b.Brand,
  },
  'brands.removeAsset': {
    method: 'DELETE',
    path: '/brands/{id}/assets/{asset}',
    summary: 'Remove a picture',
    permission: 'brand.change',
    params: asset,
    status: 200,
    response: b.Brand,
  },
  'brands.addHost': {
    method: 'POST',
    path: '/brands/{id}/hosts',
    summary: 'Claim a host name; the answer says how it is proven',
    permission: 'brand.change',
    params: id,
    body: b.AddBrandHost,
    status: 201,
    response: b.BrandHost,
  },
  'brands.proveHost': {
    method: 'POST',
    path: '/brands/{id}/hosts/{hostId}/prove',
    summary: 'Look for the record that proves a host name',
    permission: 'brand.change',
    params: hostId,
    body: z.strictObject({}),
    status: 200,
    response: b.BrandHost,
  },
  'brands.dropHost': {
    method: 'DELETE',
    path: '/brands/{id}/hosts/{hostId}',
    summary: 'Give a host name up',
    permission: 'brand.change',
    params: hostId,
    status: 204,
    response: nothing,
  },
  'brands.previewMail': {
    method: 'POST',
    path: '/brands/{id}/mail-preview',
    summary: 'How a mail would look; nothing is sent',
    permission: 'brand.change',
    params: id,
    body: b.PreviewMail,
    status: 200,
    response: b.MailPreview,
  },
  'brands.ask': {
    method: 'GET',
    path: '/brands/ask',
    summary: 'Whether a name is one of ours, for proxies that get certificates on demand',
    permission: 'public',
    query: b.AskHost,
    status: 204,
    response: nothing,
  },
  'brands.asset': {
    method: 'GET',
    path: '/brand/assets/{asset}',
    summary: 'A picture of the brand under whose name it is asked for',
    permission: 'public',
    params: z.object({ asset: b.BrandAsset }),
    bytes: 'answer',
    status: 200,
    response: nothing,
  },
} as const satisfies Record<string, Route>;
