import { load as loadFor } from '#lib/server/platform/http/load.ts';

export const load = loadFor(async ({ auth, services }) => ({ sharing: await services.sharing.getOwn(auth) }));
