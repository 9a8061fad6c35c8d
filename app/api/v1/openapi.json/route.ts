import { openapiDocument } from '#lib/http/openapi.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('openapi.get', async () => openapiDocument('1'));
