import { load as loadFor } from '#lib/server/platform/http/load.ts';
import { finishTest } from '#lib/server/features/oauth/oauth-sign-in.http.ts';

export const load = loadFor(({ auth, event }) => finishTest(event, auth));
